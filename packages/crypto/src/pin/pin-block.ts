import { xor } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipherName } from '../cipher/engine.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { type PinBlockFormat, panField, rulesOf } from './format.ts';
import { PinBlockError } from './pin-block-error.ts';
import { decodePinField, encodePinField } from './pin-field.ts';

/** How a PIN block is written: its format, the key that it is under, and the PAN that it is bound to. */
export interface PinBlockBinding {
  readonly format: PinBlockFormat;
  /** TDES (formats 0 to 3): 16 or 24 bytes; AES (format 4): 16, 24 or 32 */
  readonly key: Secret;
  readonly algorithm: BlockCipherName;
  /** 12 to 19 digits with the check digit, for the formats 0, 3 and 4; the formats 1 and 2 have none. */
  readonly pan?: string | undefined;
}

/** @throws PinBlockError unless key and PAN are right for the format; returns the PAN field */
export function assertBinding({ format, key, algorithm, pan }: PinBlockBinding): Uint8Array | undefined {
  const { algorithm: fitting, keyLengths } = rulesOf(format);
  if (algorithm !== fitting || !keyLengths.includes(key.length)) {
    const right = `${format} takes ${fitting} keys of ${keyLengths.join(' or ')} bytes`;
    throw new PinBlockError('KEY_NOT_FOR_FORMAT', `${right}, got ${algorithm} and ${key.length}`);
  }
  return panField(format, pan);
}

function add(field: Secret, pan: Uint8Array | undefined): Secret {
  return pan === undefined ? field.clone() : Secret.take(field.expose((bytes) => xor(bytes, pan)));
}

/**
 * Builds the clear block of the formats 0 to 3, as a card takes it in (ISO 9564-1:2017, 9.3).
 *
 * @param options.pin 4 to 12 ASCII digits
 * @returns 8 bytes
 * @throws PinBlockError
 */
export function buildPinBlock(options: {
  format: Exclude<PinBlockFormat, 'ISO_4'>;
  pin: Secret;
  pan?: string | undefined;
  random?: RandomSource;
}): Secret {
  const pan = panField(options.format, options.pan);
  using field = encodePinField(rulesOf(options.format), options.pin, options.random ?? randomBytes);
  return add(field, pan);
}

/**
 * Reads the PIN from a clear block of the formats 0 to 3 (ISO 9564-1:2017, 9.3).
 *
 * @param options.block 8 bytes
 * @returns the PIN's ASCII digits
 * @throws PinBlockError; PIN_BLOCK_INVALID whatever was wrong inside of the block
 */
export function parsePinBlock(options: {
  format: Exclude<PinBlockFormat, 'ISO_4'>;
  block: Secret;
  pan?: string | undefined;
}): Secret {
  const rules = rulesOf(options.format);
  assertBlockLength(options.block, rules.blockLength);
  using field = add(options.block, panField(options.format, options.pan));
  return decodePinField(rules, field);
}

export function assertBlockLength(block: { readonly length: number }, length: number): void {
  if (block.length !== length) {
    const message = `PIN block must be ${length} bytes, got ${block.length}`;
    throw new PinBlockError('PIN_BLOCK_LENGTH', message);
  }
}

/** Encrypts under a key, and for a PAN field, that `assertBinding` let pass. */
export function sealPin(
  { format, algorithm, key }: PinBlockBinding,
  pan: Uint8Array | undefined,
  pin: Secret,
  random: RandomSource = randomBytes,
): Uint8Array {
  const cipher = cipherOf(algorithm, key);
  using field = encodePinField(rulesOf(format), pin, random);
  if (format === 'ISO_4') {
    using inner = Secret.take(field.expose((bytes) => cipher.encryptEcb(bytes)));
    using bound = add(inner, pan);
    return bound.expose((bytes) => cipher.encryptEcb(bytes));
  }
  using block = add(field, pan);
  return block.expose((bytes) => cipher.encryptEcb(bytes));
}

/** Decrypts under a key, and for a PAN field, that `assertBinding` let pass. */
export function openPin(
  { format, algorithm, key }: PinBlockBinding,
  pan: Uint8Array | undefined,
  block: Uint8Array,
): Secret {
  const rules = rulesOf(format);
  assertBlockLength(block, rules.blockLength);
  const cipher = cipherOf(algorithm, key);
  using decrypted = Secret.take(cipher.decryptEcb(block));
  using unbound = add(decrypted, pan);
  if (format !== 'ISO_4') return decodePinField(rules, unbound);
  using field = Secret.take(unbound.expose((bytes) => cipher.decryptEcb(bytes)));
  return decodePinField(rules, field);
}

/**
 * Encrypts a PIN: ISO 9564-1:2017, 9.3 (formats 0 to 3) and 9.4.2.3 (format 4).
 *
 * @param options.pin 4 to 12 ASCII digits
 * @param options.random fills the formats 1, 3 and 4
 * @returns 8 bytes; 16 for format 4
 * @throws PinBlockError
 */
export function encryptPinBlock(
  options: PinBlockBinding & { pin: Secret; random?: RandomSource },
): Uint8Array {
  return sealPin(options, assertBinding(options), options.pin, options.random);
}

/**
 * Decrypts a PIN: ISO 9564-1:2017, 9.3 (formats 0 to 3) and 9.4.2.4 (format 4).
 *
 * @param options.block 8 bytes; 16 for format 4
 * @returns the PIN's ASCII digits
 * @throws PinBlockError; PIN_BLOCK_INVALID whatever was wrong inside of the block
 */
export function decryptPinBlock(options: PinBlockBinding & { block: Uint8Array }): Secret {
  return openPin(options, assertBinding(options), options.block);
}
