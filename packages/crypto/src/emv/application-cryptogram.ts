import { concat, equal, xor } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { retailMac } from '../cipher/retail-mac.ts';
import { EmvError } from './emv-error.ts';
import { assertBytes, assertCryptogram, assertKey } from './fields.ts';

const KEY = 'cryptogram key';

export interface ArqcInput {
  /** What `deriveCryptogramKey` gives: 16 bytes. */
  readonly key: Secret;
  /**
   * What the card's cryptogram version lists, in its order, padded as it asks: with 80 and zeros (EMV), or with zeros (Visa's
   * version 10). Data that don't fill the last block are padded with zeros.
   */
  readonly transactionData: Uint8Array;
}

/**
 * The application cryptogram of a transaction: ARQC, and as well TC and AAC (EMV 4.3 Book 2, 8.1.2). It is a retail MAC.
 *
 * @returns 8 bytes
 * @throws EmvError
 */
export function generateArqc({ key, transactionData }: ArqcInput): Uint8Array {
  assertKey(key, KEY);
  if (transactionData.length === 0) {
    throw new EmvError('TRANSACTION_DATA_INVALID', 'transaction data must not be empty');
  }
  return retailMac(key, transactionData, 1);
}

/**
 * Verifies an application cryptogram, in constant time.
 *
 * @param o.cryptogram 8 bytes
 * @throws EmvError
 */
export function verifyArqc(o: ArqcInput & { cryptogram: Uint8Array }): boolean {
  assertCryptogram(o.cryptogram);
  return equal(o.cryptogram, generateArqc(o));
}

/** What an issuer answers a cryptogram with. */
export interface ArpcInput {
  /** What `deriveCryptogramKey` gives, or with some of the schemes' cards their master key itself: 16 bytes. */
  readonly key: Secret;
  /** ARQC: 8 bytes. */
  readonly cryptogram: Uint8Array;
}

/**
 * The authorization response cryptogram (ARPC) by method 1: EMV 4.3 Book 2, 8.2.1.
 *
 * @param o.responseCode authorization response code (ARC): 2 bytes
 * @returns 8 bytes
 * @throws EmvError
 */
export function generateArpcMethod1(o: ArpcInput & { responseCode: Uint8Array }): Uint8Array {
  assertKey(o.key, KEY);
  assertCryptogram(o.cryptogram);
  assertBytes(o.responseCode, 2, 'RESPONSE_CODE_INVALID', 'authorization response code');
  const tdes = cipherOf('TDES', o.key);
  return tdes.encryptEcb(xor(o.cryptogram, concat(o.responseCode, new Uint8Array(6))));
}

/**
 * The authorization response cryptogram (ARPC) by method 2: EMV 4.3 Book 2, 8.2.2.
 *
 * @param o.cardStatusUpdate CSU: 4 bytes
 * @param o.proprietaryData proprietary authentication data: at most 8 bytes
 * @returns 4 bytes
 * @throws EmvError
 */
export function generateArpcMethod2(
  o: ArpcInput & { cardStatusUpdate: Uint8Array; proprietaryData?: Uint8Array },
): Uint8Array {
  const proprietaryData = o.proprietaryData ?? new Uint8Array();
  assertKey(o.key, KEY);
  assertCryptogram(o.cryptogram);
  assertBytes(o.cardStatusUpdate, 4, 'CARD_STATUS_UPDATE_INVALID', 'card status update');
  if (proprietaryData.length > 8) {
    const message = `proprietary authentication data must be at most 8 bytes, got ${proprietaryData.length}`;
    throw new EmvError('PROPRIETARY_DATA_INVALID', message);
  }
  return retailMac(o.key, concat(o.cryptogram, o.cardStatusUpdate, proprietaryData), 2, 4);
}
