import { encodeAscii } from '../bytes/ascii.ts';
import { equal } from '../bytes/bytes.ts';
import { decodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { decimalizeInTwoScans } from '../decimalize.ts';
import { ASCII_ZERO, assertPin } from './pin.ts';
import { PinVerificationError } from './pin-verification-error.ts';
import { expandVerificationKey } from './verification-key.ts';

export interface PinVerificationInput {
  /** PVK pair: 16 or 24 bytes. */
  readonly key: Secret;
  /** PVKI, which of the issuer's keys it is: 0 to 6. */
  readonly keyIndex: number;
  /** 12 to 19 digits with the check digit */
  readonly pan: string;
  /** 4 to 12 ASCII digits, of which the first 4 count */
  readonly pin: Secret;
}

function assertInput({ keyIndex, pan, pin }: PinVerificationInput): void {
  if (!Number.isInteger(keyIndex) || keyIndex < 0 || keyIndex > 6) {
    throw new PinVerificationError('KEY_INDEX_INVALID', `key index must be 0 to 6, got ${keyIndex}`);
  }
  if (!/^[0-9]{12,19}$/.test(pan)) {
    const message = `PAN must be 12 to 19 digits, got ${pan.length} characters`;
    throw new PinVerificationError('PAN_INVALID', message);
  }
  assertPin(pin);
}

/** The transformed security parameter: 11 digits of the PAN before its check digit, the key index, 4 digits of the PIN. */
function securityParameter({ keyIndex, pan, pin }: PinVerificationInput): Secret {
  const parameter = new Uint8Array(8);
  parameter.set(decodeHex(`${pan.slice(-12, -1)}${keyIndex}`, 'security parameter'));
  pin.expose((digits) => {
    const digit = (i: number) => digits[i]! - ASCII_ZERO;
    parameter[6] = (digit(0) << 4) | digit(1);
    parameter[7] = (digit(2) << 4) | digit(3);
  });
  return Secret.take(parameter);
}

/**
 * Visa's PIN verification value (PVV; Visa Payment Technology Standards Manual, PVV method).
 *
 * Several PINs have the same PVV: it tells a wrong PIN, not which is the right one.
 *
 * @returns 4 digits
 * @throws PinVerificationError
 */
export function pinVerificationValue(o: PinVerificationInput): string {
  assertInput(o);
  const tdes = expandVerificationKey(o.key);
  using parameter = securityParameter(o);
  const encrypted = parameter.expose((bytes) => tdes.encryptEcb(bytes));
  return decimalizeInTwoScans(encrypted).slice(0, 4);
}

/**
 * Verifies a PIN by its PVV, in constant time.
 *
 * @param o.value 4 digits
 * @throws PinVerificationError
 */
export function verifyPinVerificationValue(o: PinVerificationInput & { value: string }): boolean {
  if (!/^[0-9]{4}$/.test(o.value)) {
    const message = `PIN verification value must be 4 digits, got ${o.value.length} characters`;
    throw new PinVerificationError('VERIFICATION_VALUE_INVALID', message);
  }
  return equal(encodeAscii(o.value), encodeAscii(pinVerificationValue(o)));
}
