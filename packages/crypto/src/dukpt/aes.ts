import { concat } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { DukptWalk } from '../cipher/engine.ts';
import { cipherEngine } from '../cipher/selection.ts';
import { assertKeyLength, DukptError } from './dukpt-error.ts';
import { formatAesKsn, type Ksn, parseAesKsn } from './ksn.ts';
import { type DukptScheme, deriveCurrentKey, type WorkingKey } from './scheme.ts';
import type { DukptKeyType, DukptUsage } from './usage.ts';

const KEY_LENGTHS = [16, 24, 32];

/** Key usage indicators (6.3.2, tables 2 and 3). */
const USAGES: Record<DukptUsage | 'key-derivation' | 'initial-key', number> = {
  pin: 0x1000,
  'mac-request': 0x2000,
  'mac-response': 0x2001,
  'mac-both': 0x2002,
  'data-request': 0x3000,
  'data-response': 0x3001,
  'data-both': 0x3002,
  'key-derivation': 0x8000,
  'initial-key': 0x8001,
};

interface KeyType {
  readonly indicator: number;
  readonly length: 16 | 24 | 32;
  /** Orders the types: a key must not come from a weaker one. */
  readonly strength: number;
}

/** Algorithm indicators (6.3.2, tables 2 and 3), with lengths in bytes and strengths in bits (NIST SP 800-57 part 1, table 2). */
const KEY_TYPES: Record<DukptKeyType, KeyType> = {
  TDES_2KEY: { indicator: 0, length: 16, strength: 80 },
  TDES_3KEY: { indicator: 1, length: 24, strength: 112 },
  AES_128: { indicator: 2, length: 16, strength: 128 },
  AES_192: { indicator: 3, length: 24, strength: 192 },
  AES_256: { indicator: 4, length: 32, strength: 256 },
};

function ownType(key: Secret): DukptKeyType {
  assertKeyLength(key, KEY_LENGTHS, 'AES DUKPT key');
  return `AES_${key.length * 8}` as DukptKeyType;
}

/** The derivation data of 6.3.2; `context` is the initial key ID, or its right half and the counter. */
function derivationData(usage: number, type: KeyType, context: Uint8Array): Uint8Array {
  const data = new Uint8Array(16);
  const view = new DataView(data.buffer);
  view.setUint8(0, 1);
  view.setUint16(2, usage);
  view.setUint16(4, type.indicator);
  view.setUint16(6, type.length * 8);
  data.set(context, 8);
  return data;
}

/** Derives a key (6.3.1): as many blocks as it takes, each with its number in byte 1, and of the last what is needed. */
function derive(key: Secret, usage: keyof typeof USAGES, keyType: DukptKeyType, context: Uint8Array): Secret {
  const type = KEY_TYPES[keyType];
  const first = derivationData(USAGES[usage], type, context);
  const second = Uint8Array.from(first);
  first[1] = 1;
  second[1] = 2;
  const aes = cipherOf('AES', key);
  const blocks = aes.encryptEcb(type.length > 16 ? concat(first, second) : first);
  const derived = blocks.slice(0, type.length);
  blocks.fill(0);
  return Secret.take(derived);
}

function counterContext(ksn: Ksn): Uint8Array {
  const context = ksn.initialKeyId.slice(4);
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, ksn.counter);
  return concat(context, counter);
}

function deriveInitialKey(bdk: Secret, initialKeyId: Uint8Array): Secret {
  const type = ownType(bdk);
  return (
    deriveAtOnce(bdk, { fromBdk: true, initialKeyId, counter: 0 }) ??
    derive(bdk, 'initial-key', type, initialKeyId)
  );
}

function deriveAtOnce(key: Secret, walk: DukptWalk, working?: WorkingKey): Secret | undefined {
  const { composite } = cipherEngine();
  if (composite === undefined || working === undefined) return composite?.aesDukptKey(key, walk);
  const { indicator, length } = KEY_TYPES[working.keyType];
  return composite.aesDukptKey(key, walk, { usage: USAGES[working.usage], algorithm: indicator, length });
}

/** @throws DukptError (KEY_TYPE) */
function assertWorkingKey(key: Secret, _usage: DukptUsage, keyType: DukptKeyType): void {
  const own = ownType(key);
  if (KEY_TYPES[keyType].strength <= KEY_TYPES[own].strength) return;
  throw new DukptError(
    'KEY_TYPE',
    `an ${keyType} key must not be derived from an ${own} key, which is weaker`,
  );
}

export const AES: DukptScheme = {
  name: 'AES',
  counterBits: 32,
  mostOneBits: 16,
  keyLengths: KEY_LENGTHS,
  parseKsn: parseAesKsn,
  formatKsn: formatAesKsn,
  deriveInitialKey,
  deriveNextKey: (key, ksn) => derive(key, 'key-derivation', ownType(key), counterContext(ksn)),
  typeOf: ownType,
  assertWorkingKey,
  deriveWorkingKey: (currentKey, ksn, usage, keyType) =>
    derive(currentKey, usage, keyType, counterContext(ksn)),
  deriveAtOnce,
};

/**
 * Derives a terminal's initial key from the BDK: ANSI X9.24-3:2017, 6.3.
 *
 * @param bdk 16, 24 or 32 bytes
 * @param initialKeyId 16 hexadecimal digits, or a KSN of 24, whose counter is left aside
 * @returns as many bytes as the BDK
 * @throws DukptError
 */
export function deriveAesInitialKey(bdk: Secret, initialKeyId: string): Secret {
  return AES.deriveInitialKey(bdk, parseAesKsn(initialKeyId).initialKeyId);
}

/**
 * Derives the intermediate derivation key of a transaction from the initial key, as the host does: ANSI X9.24-3:2017, 6.3
 * and 6.4.
 *
 * @param initialKey 16, 24 or 32 bytes
 * @param ksn 24 hexadecimal digits; its counter is not 0
 * @returns as many bytes as the initial key
 * @throws DukptError
 */
export function deriveAesCurrentKey(initialKey: Secret, ksn: string): Secret {
  return deriveCurrentKey(AES, initialKey, parseAesKsn(ksn));
}

/**
 * Derives a transaction's working key from its intermediate derivation key: ANSI X9.24-3:2017, 6.3.
 *
 * A request's MAC key is the standard's key for MAC generation and a response's the one for verification, since the standard
 * speaks from the terminal's side; in the same way data encryption is the request's and decryption the response's. TDES keys
 * come as derived: their parity is not adjusted.
 *
 * @param currentKey 16, 24 or 32 bytes
 * @param keyType not stronger than `currentKey`
 * @param initialKeyId 16 hexadecimal digits
 * @param counter the transaction's, 1 to FFFFFFFF
 * @throws DukptError
 * @throws RangeError when the counter is out of range
 */
export function deriveAesWorkingKey(
  currentKey: Secret,
  keyType: DukptKeyType,
  usage: DukptUsage,
  initialKeyId: string,
  counter: number,
): Secret {
  if (!Number.isInteger(counter) || counter < 1 || counter > 0xffffffff) {
    throw new RangeError(`counter must be 1 to ${0xffffffff}, got ${counter}`);
  }
  const ksn = { ...parseAesKsn(initialKeyId), counter };
  assertWorkingKey(currentKey, usage, keyType);
  return AES.deriveWorkingKey(currentKey, ksn, usage, keyType);
}
