import { concat, xor } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { randomBytes } from '../cipher/random.ts';
import { rulesOf } from '../pin/format.ts';
import { ASCII_ZERO } from '../pin/pin.ts';
import { buildPinBlock } from '../pin/pin-block.ts';
import { encodePinField } from '../pin/pin-field.ts';
import { assertKey, assertPin } from './fields.ts';
import { type CommandDataLayout, encryptCommandData, issuerScriptMac } from './issuer-script.ts';
import { deriveMessagingKey } from './scheme-key.ts';

/** How a scheme's cards take a new PIN, and what the keys of secure messaging are derived from. */
export type PinChangeMethod =
  | {
      readonly scheme: 'AMEX' | 'VISA';
      /** ATC: 2 bytes. */
      readonly applicationTransactionCounter: Uint8Array;
      /** The card's master key for application cryptograms (UDK): 16 bytes. */
      readonly cryptogramMasterKey: Secret;
      /** The PIN until now, for a command that proves that the issuer knows it: 4 to 12 ASCII digits. */
      readonly currentPin?: Secret;
    }
  | {
      readonly scheme: 'EMV2000';
      /** ATC: 2 bytes. */
      readonly applicationTransactionCounter: Uint8Array;
    }
  | {
      readonly scheme: 'MASTERCARD';
      /** Of the transaction: 8 bytes. */
      readonly applicationCryptogram: Uint8Array;
    }
  | {
      readonly scheme: 'EMV_COMMON';
      /** Of the transaction: 8 bytes. */
      readonly applicationCryptogram: Uint8Array;
      readonly layout: CommandDataLayout;
      readonly mode: 'ECB' | 'CBC';
    };

export interface PinChangeInput {
  /** The new PIN: 4 to 12 ASCII digits. */
  readonly pin: Secret;
  /** The card's master key for confidentiality, of the issuer's IMK-SMC: 16 bytes. */
  readonly confidentialityMasterKey: Secret;
  /** The card's master key for integrity, of the issuer's IMK-SMI: 16 bytes. */
  readonly integrityMasterKey: Secret;
  /** What the MAC covers before the encrypted block: the command's header, and what the scheme adds to it. */
  readonly message: Uint8Array;
  readonly method: PinChangeMethod;
}

/** A PIN's digits, two in a byte, with zeros behind. */
function packDigits(pin: Secret): Secret {
  return pin.expose((digits) => {
    const digit = (i: number) => (i < digits.length ? digits[i]! - ASCII_ZERO : 0);
    return Secret.take(new Uint8Array(8).map((_, i) => (digit(2 * i) << 4) | digit(2 * i + 1)));
  });
}

/** The last 4 bytes of the left half of a card's key, behind zeros: they prove that the block comes from the issuer. */
function authenticationCode(cryptogramMasterKey: Secret): Secret {
  return cryptogramMasterKey.expose((key) => Secret.take(concat(new Uint8Array(4), key.subarray(4, 8))));
}

function add(left: Secret, right: Secret): Secret {
  return Secret.take(left.expose((a) => right.expose((b) => xor(a, b))));
}

/**
 * The clear PIN block that Visa's cards take with a PIN change (Visa Integrated Circuit Card Specification, C.11): the PIN field
 * of ISO 9564-1 format 0, a part of the card's key, and the current PIN when there is one, added to each other. HSMs call it
 * format 41, and 42 with the current PIN.
 *
 * @param o.cryptogramMasterKey the card's master key for application cryptograms: 16 bytes
 * @param o.pin the new PIN: 4 to 12 ASCII digits
 * @param o.currentPin 4 to 12 ASCII digits
 * @returns 8 bytes
 * @throws EmvError
 */
export function buildVisaPinBlock(o: {
  cryptogramMasterKey: Secret;
  pin: Secret;
  currentPin?: Secret;
}): Secret {
  assertKey(o.cryptogramMasterKey, 'cryptogram master key');
  assertPin(o.pin, 'PIN');
  using field = encodePinField(rulesOf('ISO_0'), o.pin, randomBytes);
  using code = authenticationCode(o.cryptogramMasterKey);
  if (o.currentPin === undefined) return add(field, code);
  assertPin(o.currentPin, 'current PIN');
  using current = packDigits(o.currentPin);
  using delta = add(field, current);
  return add(delta, code);
}

function pinBlock(pin: Secret, method: PinChangeMethod): Secret {
  if (method.scheme === 'AMEX' || method.scheme === 'VISA') return buildVisaPinBlock({ ...method, pin });
  assertPin(pin, 'PIN');
  return buildPinBlock({ format: 'ISO_2', pin });
}

function encryption(method: PinChangeMethod): { layout: CommandDataLayout; mode: 'ECB' | 'CBC' } {
  switch (method.scheme) {
    case 'AMEX':
    case 'VISA':
      return { layout: 'LENGTH_AND_PADDED', mode: 'ECB' };
    case 'EMV2000':
    case 'MASTERCARD':
      return { layout: 'PADDED_IF_NEEDED', mode: 'CBC' };
    case 'EMV_COMMON':
      return method;
  }
}

/**
 * Makes the two parts of a PIN CHANGE/UNBLOCK command that only the issuer can make: the new PIN, encrypted for the card, and the
 * MAC over the message and the encrypted block (EMV 4.3 Book 2, 9.2 and 9.3; Book 3, 6.5.10).
 *
 * Visa and American Express have the block of `buildVisaPinBlock`, the others ISO 9564-1 format 2.
 *
 * @returns encryptedPinBlock: 16 bytes, or 8 where the layout adds nothing to the block; mac: 8 bytes
 * @throws EmvError
 */
export function generatePinChange(o: PinChangeInput): { encryptedPinBlock: Uint8Array; mac: Uint8Array } {
  using confidentialityKey = deriveMessagingKey(o.confidentialityMasterKey, o.method);
  using integrityKey = deriveMessagingKey(o.integrityMasterKey, o.method);
  using block = pinBlock(o.pin, o.method);
  const encryptedPinBlock = block.expose((data) =>
    encryptCommandData({ key: confidentialityKey, data, ...encryption(o.method) }),
  );
  const mac = issuerScriptMac({ key: integrityKey, message: concat(o.message, encryptedPinBlock) });
  return { encryptedPinBlock, mac };
}
