import { concat, xor } from '../bytes/bytes.ts';
import { decodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { DukptWalk } from '../cipher/engine.ts';
import { cipherEngine } from '../cipher/selection.ts';
import { assertKeyLength, DukptError } from './dukpt-error.ts';
import { formatTdesKsn, type Ksn, parseTdesKsn, tdesKsnBytes } from './ksn.ts';
import { type DukptScheme, deriveCurrentKey, type WorkingKey } from './scheme.ts';
import type { DukptKeyType, DukptUsage } from './usage.ts';

/** Makes the second half differ from the first, of the initial key (A.6) and of each key after it (A.2). */
const KEY_MASK = decodeHex('C0C0C0C000000000C0C0C0C000000000');

interface Variant {
  readonly mask: Uint8Array;
  /** Data keys go through a one-way step as well, so that one that leaks does not give the PIN key. */
  readonly oneWay: boolean;
}

/** The variants of table A-1. TDES DUKPT has no key for both directions. */
const VARIANTS: Record<DukptUsage, Variant | undefined> = {
  pin: { mask: decodeHex('00000000000000FF00000000000000FF'), oneWay: false },
  'mac-request': { mask: decodeHex('000000000000FF00000000000000FF00'), oneWay: false },
  'mac-response': { mask: decodeHex('00000000FF00000000000000FF000000'), oneWay: false },
  'mac-both': undefined,
  'data-request': { mask: decodeHex('0000000000FF00000000000000FF0000'), oneWay: true },
  'data-response': { mask: decodeHex('000000FF00000000000000FF00000000'), oneWay: true },
  'data-both': undefined,
};

/** Leaves a current key as it is. */
const NO_VARIANT: Variant = { mask: new Uint8Array(16), oneWay: false };

function mask(key: Secret, bits: Uint8Array): Secret {
  return Secret.take(key.expose((bytes) => xor(bytes, bits)));
}

function join(left: Uint8Array, right: Uint8Array): Secret {
  const joined = concat(left, right);
  left.fill(0);
  right.fill(0);
  return Secret.take(joined);
}

function encrypt(key: Secret, data: Uint8Array): Uint8Array {
  const tdes = cipherOf('TDES', key);
  return tdes.encryptEcb(data);
}

/** One half of the non-reversible key generation process (A.2): DES under the left half, between two additions of the right. */
function deriveHalf(key: Secret, data: Uint8Array): Uint8Array {
  using left = key.expose((bytes) => Secret.copyOf(bytes.subarray(0, 8)));
  return key.expose((bytes) => {
    const right = bytes.subarray(8);
    using masked = Secret.take(xor(data, right));
    using encrypted = Secret.take(masked.expose((input) => encrypt(left, input)));
    return encrypted.expose((output) => xor(output, right));
  });
}

function deriveNextKey(key: Secret, ksn: Ksn): Secret {
  // The KSN register: the rightmost 8 bytes of the KSN.
  const register = tdesKsnBytes(ksn).subarray(2);
  using masked = mask(key, KEY_MASK);
  return join(deriveHalf(masked, register), deriveHalf(key, register));
}

function deriveInitialKey(bdk: Secret, initialKeyId: Uint8Array): Secret {
  assertKeyLength(bdk, [16], 'TDES BDK');
  const derived = deriveAtOnce(bdk, { fromBdk: true, initialKeyId, counter: 0 });
  if (derived !== undefined) return derived;
  using masked = mask(bdk, KEY_MASK);
  return join(encrypt(bdk, initialKeyId), encrypt(masked, initialKeyId));
}

function deriveAtOnce(key: Secret, walk: DukptWalk, working?: WorkingKey): Secret | undefined {
  const { mask, oneWay } = working === undefined ? NO_VARIANT : VARIANTS[working.usage]!;
  return cipherEngine().composite?.tdesDukptKey(key, walk, mask, oneWay);
}

/** @throws DukptError (KEY_TYPE or USAGE) */
function assertWorkingKey(_key: Secret, usage: DukptUsage, keyType: DukptKeyType): void {
  if (keyType !== 'TDES_2KEY') {
    throw new DukptError('KEY_TYPE', `TDES DUKPT derives TDES_2KEY keys only, not ${keyType}`);
  }
  if (VARIANTS[usage] !== undefined) return;
  const message = `TDES DUKPT has no ${usage} key: its keys are for the request or for the response`;
  throw new DukptError('USAGE', message);
}

export const TDES: DukptScheme = {
  name: 'TDES',
  counterBits: 21,
  mostOneBits: 10,
  keyLengths: [16],
  parseKsn: parseTdesKsn,
  formatKsn: formatTdesKsn,
  deriveInitialKey,
  deriveNextKey,
  typeOf: () => 'TDES_2KEY',
  assertWorkingKey,
  deriveWorkingKey: (currentKey, _ksn, usage) => deriveTdesWorkingKey(currentKey, usage),
  deriveAtOnce,
};

/**
 * Derives a terminal's initial key (IPEK) from the BDK: ANSI X9.24-1:2009, A.6. Its parity is not adjusted.
 *
 * @param bdk 16 bytes
 * @param ksn 20 hexadecimal digits, or 16; its counter is masked out
 * @returns 16 bytes
 * @throws DukptError
 */
export function deriveTdesInitialKey(bdk: Secret, ksn: string): Secret {
  return deriveInitialKey(bdk, parseTdesKsn(ksn).initialKeyId);
}

/**
 * Derives the current key of a transaction from the initial key, as the host does: ANSI X9.24-1:2009, A.3. No message is
 * encrypted with it; that is for the working keys.
 *
 * @param initialKey 16 bytes
 * @param ksn 20 hexadecimal digits, or 16; its counter is not 0
 * @returns 16 bytes
 * @throws DukptError
 */
export function deriveTdesCurrentKey(initialKey: Secret, ksn: string): Secret {
  return deriveCurrentKey(TDES, initialKey, parseTdesKsn(ksn));
}

/**
 * Makes a transaction's working key out of its current key: ANSI X9.24-1:2009, A.4.1, table A-1. Its parity is not adjusted.
 *
 * @param currentKey 16 bytes
 * @returns 16 bytes
 * @throws DukptError (USAGE) for `mac-both` and `data-both`, which TDES DUKPT does not have
 */
export function deriveTdesWorkingKey(currentKey: Secret, usage: DukptUsage): Secret {
  assertKeyLength(currentKey, [16], 'TDES DUKPT key');
  assertWorkingKey(currentKey, usage, 'TDES_2KEY');
  const variant = VARIANTS[usage]!;
  const key = mask(currentKey, variant.mask);
  if (!variant.oneWay) return key;
  using masked = key;
  return Secret.take(masked.expose((bytes) => encrypt(masked, bytes)));
}
