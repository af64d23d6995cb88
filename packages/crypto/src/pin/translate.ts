import type { RandomSource } from '../cipher/random.ts';
import { rulesOf } from './format.ts';
import { assertBinding, openPin, type PinBlockBinding, sealPin } from './pin-block.ts';
import { PinBlockError } from './pin-block-error.ts';

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
  const { incoming, outgoing, block, random } = options;
  assertAllowed(incoming, outgoing);
  // Before the block is decrypted: afterwards there is one way to fail.
  const outgoingPan = assertBinding(outgoing);
  using pin = openPin(incoming, assertBinding(incoming), block);
  return sealPin(outgoing, outgoingPan, pin, random);
}
