import { concat } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { deriveTreeSessionKey } from './emv2000-tree.ts';
import { assertBytes, assertCounter, assertCryptogram, assertKey } from './fields.ts';
import { deriveCommonSessionKey, deriveUnionPaySessionKey, deriveVisaSessionKey } from './session-key.ts';

/** How a scheme's cards come from their master key to the key of an application cryptogram. */
export type CryptogramKeyDerivation =
  | { readonly scheme: 'AMEX' | 'VISA' }
  | {
      readonly scheme: 'EMV2000' | 'EMV_COMMON' | 'UNION_PAY';
      /** ATC: 2 bytes. */
      readonly applicationTransactionCounter: Uint8Array;
    }
  | {
      readonly scheme: 'MASTERCARD';
      /** ATC: 2 bytes. */
      readonly applicationTransactionCounter: Uint8Array;
      /** UN: 4 bytes. */
      readonly unpredictableNumber: Uint8Array;
    };

/** How a scheme's cards come from their master key to the key of secure messaging. */
export type MessagingKeyDerivation =
  | {
      readonly scheme: 'AMEX' | 'EMV2000' | 'UNION_PAY' | 'VISA';
      /** ATC: 2 bytes. */
      readonly applicationTransactionCounter: Uint8Array;
    }
  | {
      readonly scheme: 'EMV_COMMON' | 'MASTERCARD';
      /** Of the transaction: 8 bytes. Each script after a transaction's first takes it one higher than the last did. */
      readonly applicationCryptogram: Uint8Array;
    };

function commonKeyOfCounter(iccMasterKey: Secret, counter: Uint8Array, rest: Uint8Array): Secret {
  assertCounter(counter);
  return deriveCommonSessionKey(iccMasterKey, concat(counter, rest));
}

function commonKeyOfCryptogram(iccMasterKey: Secret, applicationCryptogram: Uint8Array): Secret {
  assertCryptogram(applicationCryptogram);
  return deriveCommonSessionKey(iccMasterKey, applicationCryptogram);
}

function masterKeyItself(iccMasterKey: Secret): Secret {
  assertKey(iccMasterKey, 'ICC master key');
  return iccMasterKey.clone();
}

/**
 * Derives the key of an application cryptogram (ARQC, TC, AAC) as a scheme has it.
 *
 * - `AMEX`, `VISA` (cryptogram version 10, 17): the card's master key itself
 * - `EMV_COMMON` (Visa's version 18 and 22, Mastercard's 20 and 21, JCB's 04): the common session key of the ATC
 * - `EMV2000`: the session key of the tree, branch factor 4, from a zero IV
 * - `MASTERCARD` (SKD; version 10 to 17): the common session key of the ATC and the unpredictable number
 * - `UNION_PAY`: the ATC and its inverse, encrypted
 *
 * @param iccMasterKey derived from the issuer's master key for cryptograms: 16 bytes
 * @returns 16 bytes, which the caller disposes of
 * @throws EmvError
 */
export function deriveCryptogramKey(iccMasterKey: Secret, derivation: CryptogramKeyDerivation): Secret {
  switch (derivation.scheme) {
    case 'AMEX':
    case 'VISA':
      return masterKeyItself(iccMasterKey);
    case 'EMV2000':
      return deriveTreeSessionKey({ iccMasterKey, ...derivation });
    case 'EMV_COMMON':
      return commonKeyOfCounter(iccMasterKey, derivation.applicationTransactionCounter, new Uint8Array(6));
    case 'MASTERCARD': {
      const number = derivation.unpredictableNumber;
      assertBytes(number, 4, 'UNPREDICTABLE_NUMBER_INVALID', 'unpredictable number');
      const rest = concat(new Uint8Array(2), number);
      return commonKeyOfCounter(iccMasterKey, derivation.applicationTransactionCounter, rest);
    }
    case 'UNION_PAY':
      return deriveUnionPaySessionKey(iccMasterKey, derivation.applicationTransactionCounter);
  }
}

/**
 * Derives the key of secure messaging, for the integrity of an issuer's script or for its confidentiality, as a scheme has it.
 *
 * - `AMEX`, `VISA`: the card's master key with the ATC added
 * - `EMV_COMMON`, `MASTERCARD`: the common session key of the transaction's application cryptogram
 * - `EMV2000`: the session key of the tree, branch factor 4, from a zero IV
 * - `UNION_PAY`: the ATC and its inverse, encrypted
 *
 * @param iccMasterKey derived from the issuer's master key for integrity, or for confidentiality: 16 bytes
 * @returns 16 bytes, which the caller disposes of
 * @throws EmvError
 */
export function deriveMessagingKey(iccMasterKey: Secret, derivation: MessagingKeyDerivation): Secret {
  switch (derivation.scheme) {
    case 'AMEX':
    case 'VISA':
      return deriveVisaSessionKey(iccMasterKey, derivation.applicationTransactionCounter);
    case 'EMV2000':
      return deriveTreeSessionKey({ iccMasterKey, ...derivation });
    case 'EMV_COMMON':
    case 'MASTERCARD':
      return commonKeyOfCryptogram(iccMasterKey, derivation.applicationCryptogram);
    case 'UNION_PAY':
      return deriveUnionPaySessionKey(iccMasterKey, derivation.applicationTransactionCounter);
  }
}
