import { createHash } from 'node:crypto';
import { concat } from '../bytes/bytes.ts';
import { decodeHex } from '../bytes/hex.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { decimalizeInTwoScans } from '../decimalize.ts';
import { EmvError } from './emv-error.ts';
import { assertKey } from './fields.ts';
import { oddParityKey } from './odd-parity-key.ts';

/** Master key derivation of EMV Book 2: A for every card, B for PANs of more than 16 digits. */
export type MasterKeyDerivation = 'A' | 'B';

/** Digits that go into the derivation: one block of the cipher. */
const BLOCK_DIGITS = 16;

/** The rightmost 16 digits of PAN and sequence number, with zeros before when they are fewer (A1.4.1). */
function optionA(pan: string, psn: string): Uint8Array {
  return decodeHex((pan + psn).slice(-BLOCK_DIGITS).padStart(BLOCK_DIGITS, '0'), 'PAN');
}

/** The first 16 decimal digits of a SHA-1 over PAN and sequence number; its letters count as 0 to 5, behind (A1.4.2). */
function optionB(pan: string, psn: string): Uint8Array {
  if (pan.length <= 16) return optionA(pan, psn);
  const digits = pan + psn;
  const padded = digits.padStart(digits.length + (digits.length % 2), '0');
  const hash = createHash('sha1').update(decodeHex(padded, 'PAN')).digest();
  return decodeHex(decimalizeInTwoScans(hash).slice(0, BLOCK_DIGITS), 'PAN');
}

const OPTIONS: Record<MasterKeyDerivation, (pan: string, psn: string) => Uint8Array> = {
  A: optionA,
  B: optionB,
};

function assertCard(pan: string, psn: string): void {
  if (!/^[0-9]{12,19}$/.test(pan)) {
    throw new EmvError('PAN_INVALID', `PAN must be 12 to 19 digits, got ${pan.length} characters`);
  }
  if (!/^[0-9]{2}$/.test(psn)) {
    const message = `PAN sequence number must be 2 digits, got ${psn.length} characters`;
    throw new EmvError('SEQUENCE_NUMBER_INVALID', message);
  }
}

/**
 * Derives a card's master key, or unique DEA key (UDK), from the issuer's: EMV 4.3 Book 2, A1.4. The issuer has one master key
 * each for application cryptograms (E0), confidentiality (E1), integrity (E2), dynamic numbers (E4) and others; the card, one of
 * each.
 *
 * Option B makes the same key as option A when the PAN has 16 digits or fewer.
 *
 * @param imk issuer master key: 16 bytes
 * @param pan 12 to 19 digits with the check digit
 * @param psn PAN sequence number: 2 digits; 00 for a card without one
 * @returns 16 bytes of odd parity
 * @throws EmvError
 */
export function deriveIccMasterKey(
  imk: Secret,
  pan: string,
  psn: string,
  option: MasterKeyDerivation,
): Secret {
  assertKey(imk, 'issuer master key');
  assertCard(pan, psn);
  if (!Object.hasOwn(OPTIONS, option)) throw new RangeError('option must be A or B');
  const left = OPTIONS[option](pan, psn);
  const right = left.map((byte) => byte ^ 0xff);
  const tdes = cipherOf('TDES', imk);
  return oddParityKey(tdes.encryptEcb(concat(left, right)));
}
