import { cipherOf } from '../cipher/block-cipher.ts';
import type { CompositeOperations, PinBlockEnd } from '../cipher/engine.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { cipherEngine } from '../cipher/selection.ts';
import { type FormatRules, rulesOf } from './format.ts';
import { assertBinding, assertBlockLength, openPin, type PinBlockBinding, sealPin } from './pin-block.ts';
import { invalidPinBlock, PinBlockError } from './pin-block-error.ts';
import { randomHalf } from './pin-field.ts';

function assertAllowed(incoming: PinBlockBinding, outgoing: PinBlockBinding): void {
  const { translatesTo } = rulesOf(incoming.format);
  if (!translatesTo.includes(outgoing.format)) {
    const right = translatesTo.length > 0 ? `only ${translatesTo.join(', ')}` : 'nothing';
    const message = `${incoming.format} must not become ${outgoing.format}, ${right}`;
    throw new PinBlockError('TRANSLATION_NOT_ALLOWED', message);
  }
  if (incoming.pan !== undefined && incoming.pan !== outgoing.pan) {
    throw new PinBlockError('PAN_CHANGED', 'the PAN must be the same on the way in and on the way out');
  }
}

interface End extends PinBlockEnd {
  readonly rules: FormatRules;
}

/** @throws PinBlockError unless key and PAN are right for the format */
function endOf(binding: PinBlockBinding): End {
  const panField = assertBinding(binding);
  const { algorithm, key, format } = binding;
  return { cipher: cipherOf(algorithm, key), rules: rulesOf(format), panField };
}

/** The engine's way of doing it in one call. Fill of several digits is drawn digit by digit, as many as the PIN leaves. */
function inOneCall({ cipher }: End, outgoing: End): CompositeOperations | undefined {
  const [lowest, highest] = outgoing.rules.fill;
  const { composite } = cipherEngine();
  return lowest === highest && composite?.translatesPin(cipher, outgoing.cipher) ? composite : undefined;
}

function translateInOneCall(
  { translatePin }: CompositeOperations,
  incoming: End,
  outgoing: End,
  block: Uint8Array,
  random: RandomSource,
): Uint8Array {
  assertBlockLength(block, incoming.rules.blockLength);
  const translated = translatePin(incoming, outgoing, block, randomHalf(outgoing.rules, random));
  if (translated === undefined) throw invalidPinBlock();
  return translated;
}

/**
 * Translates a PIN block from one key and format to another (ISO 9564-1:2017, section 9; PCI PIN Security, requirement 3).
 *
 * A block that is bound to a PAN stays bound to the same: it never becomes format 1, and its PAN does not change. Format 2
 * neither comes nor goes.
 *
 * @param options.block 8 bytes; 16 for format 4
 * @param options.random fills the formats 1, 3 and 4
 * @throws PinBlockError; PIN_BLOCK_INVALID whatever was wrong inside of the incoming block
 */
export function translatePinBlock(options: {
  incoming: PinBlockBinding;
  outgoing: PinBlockBinding;
  block: Uint8Array;
  random?: RandomSource;
}): Uint8Array {
  const { incoming, outgoing, block, random = randomBytes } = options;
  assertAllowed(incoming, outgoing);
  // Before the block is decrypted: afterwards there is one way to fail.
  const to = endOf(outgoing);
  const from = endOf(incoming);
  const composite = inOneCall(from, to);
  if (composite !== undefined) return translateInOneCall(composite, from, to, block, random);
  using pin = openPin(incoming, from.panField, block);
  return sealPin(outgoing, to.panField, pin, random);
}
