import { concat, xor } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { assertBytes, assertCounter, assertKey } from './fields.ts';
import { oddParityKey } from './odd-parity-key.ts';

const MASTER_KEY = 'ICC master key';
const SIX_ZEROS = new Uint8Array(6);

function encryptHalves(iccMasterKey: Secret, left: Uint8Array, right: Uint8Array): Secret {
  const tdes = cipherOf('TDES', iccMasterKey);
  return oddParityKey(tdes.encryptEcb(concat(left, right)));
}

/** The counter behind six zero bytes, for the left half of a key; inverted, for the right half. */
function counterBlocks(applicationTransactionCounter: Uint8Array): [left: Uint8Array, right: Uint8Array] {
  assertCounter(applicationTransactionCounter);
  const inverted = applicationTransactionCounter.map((byte) => byte ^ 0xff);
  return [concat(SIX_ZEROS, applicationTransactionCounter), concat(SIX_ZEROS, inverted)];
}

/**
 * The common session key (CSK): EMV 4.3 Book 2, A1.3.1. The third byte of what it is derived from makes the halves differ: F0 for
 * the left, 0F for the right.
 *
 * @param iccMasterKey 16 bytes
 * @param diversification 8 bytes. Cryptograms: the ATC and zeros; Mastercard's SKD puts the unpredictable number into the last
 * 4 bytes. Secure messaging: the application cryptogram. The third byte counts for nothing.
 * @returns 16 bytes of odd parity
 * @throws EmvError
 */
export function deriveCommonSessionKey(iccMasterKey: Secret, diversification: Uint8Array): Secret {
  assertKey(iccMasterKey, MASTER_KEY);
  assertBytes(diversification, 8, 'DIVERSIFICATION_INVALID', 'session derivation data');
  return encryptHalves(iccMasterKey, diversification.with(2, 0xf0), diversification.with(2, 0x0f));
}

/**
 * The session key of secure messaging with cards of Visa, American Express and JCB: the counter is added to the left half of the
 * card's key and, inverted, to the right half (Visa Integrated Circuit Card Specification, B.4).
 *
 * @param iccMasterKey 16 bytes
 * @param applicationTransactionCounter 2 bytes
 * @returns 16 bytes of odd parity
 * @throws EmvError
 */
export function deriveVisaSessionKey(
  iccMasterKey: Secret,
  applicationTransactionCounter: Uint8Array,
): Secret {
  assertKey(iccMasterKey, MASTER_KEY);
  const mask = concat(...counterBlocks(applicationTransactionCounter));
  return oddParityKey(iccMasterKey.expose((key) => xor(key, mask)));
}

/**
 * The session key of UnionPay cards: the counter, and the counter inverted, encrypted under the card's key (PBOC 3.0, JR/T 0025,
 * session key generation).
 *
 * @param iccMasterKey 16 bytes
 * @param applicationTransactionCounter 2 bytes
 * @returns 16 bytes of odd parity
 * @throws EmvError
 */
export function deriveUnionPaySessionKey(
  iccMasterKey: Secret,
  applicationTransactionCounter: Uint8Array,
): Secret {
  assertKey(iccMasterKey, MASTER_KEY);
  return encryptHalves(iccMasterKey, ...counterBlocks(applicationTransactionCounter));
}
