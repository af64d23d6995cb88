import { equal } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { retailMac } from '../cipher/retail-mac.ts';
import { EmvError } from './emv-error.ts';
import { assertKey } from './fields.ts';

/**
 * How the data of a command are laid out before they are encrypted.
 * - `PADDED_IF_NEEDED`: 80 and zeros, unless the data are whole blocks (Mastercard M/Chip)
 * - `PADDED`: 80 and zeros always (EMV 4.3 Book 2, 9.3.3)
 * - `LENGTH_AND_PADDED`: a byte with the length of the data before them, 80 and zeros always (Visa)
 */
export type CommandDataLayout = 'PADDED_IF_NEEDED' | 'PADDED' | 'LENGTH_AND_PADDED';

const BLOCK = 8;

function assertMacLength(length: number): void {
  if (!Number.isInteger(length) || length < 4 || length > 8) {
    throw new EmvError('MAC_LENGTH', `MAC must be 4 to 8 bytes, got ${length}`);
  }
}

/**
 * The MAC of a command of an issuer's script: secure messaging for integrity, EMV 4.3 Book 2, 9.2.
 *
 * @param o.key what `deriveMessagingKey` gives of the card's key for integrity: 16 bytes
 * @param o.message the command's header and data with what the scheme puts between, as the ATC and the application cryptogram
 * @param o.length bytes of the result, the leftmost ones: 4 to 8
 * @throws EmvError
 */
export function issuerScriptMac(o: { key: Secret; message: Uint8Array; length?: number }): Uint8Array {
  const { key, message, length = 8 } = o;
  assertKey(key, 'integrity key');
  assertMacLength(length);
  return retailMac(key, message, 2, length);
}

/**
 * Verifies the MAC of a command, in constant time.
 *
 * @param o.mac 4 to 8 bytes, the leftmost ones
 * @throws EmvError
 */
export function verifyIssuerScriptMac(o: { key: Secret; message: Uint8Array; mac: Uint8Array }): boolean {
  return equal(o.mac, issuerScriptMac({ ...o, length: o.mac.length }));
}

function layOut(data: Uint8Array, layout: CommandDataLayout): Uint8Array {
  if (layout === 'PADDED_IF_NEEDED' && data.length % BLOCK === 0) return Uint8Array.from(data);
  const start = layout === 'LENGTH_AND_PADDED' ? 1 : 0;
  const end = start + data.length;
  const laidOut = new Uint8Array((Math.floor(end / BLOCK) + 1) * BLOCK);
  if (start === 1) laidOut[0] = data.length;
  laidOut.set(data, start);
  laidOut[end] = 0x80;
  return laidOut;
}

/**
 * Encrypts the data of a command: secure messaging for confidentiality, EMV 4.3 Book 2, 9.3.
 *
 * @param o.key what `deriveMessagingKey` gives of the card's key for confidentiality: 16 bytes
 * @param o.data 1 to 255 bytes
 * @param o.mode Visa has ECB, others CBC from a zero IV
 * @returns whole blocks of 8 bytes
 * @throws EmvError
 */
export function encryptCommandData(o: {
  key: Secret;
  data: Uint8Array;
  layout: CommandDataLayout;
  mode: 'ECB' | 'CBC';
}): Uint8Array {
  assertKey(o.key, 'confidentiality key');
  if (o.data.length < 1 || o.data.length > 255) {
    throw new EmvError('COMMAND_DATA_INVALID', `command data must be 1 to 255 bytes, got ${o.data.length}`);
  }
  const tdes = cipherOf('TDES', o.key);
  const laidOut = layOut(o.data, o.layout);
  const encrypted =
    o.mode === 'CBC' ? tdes.encryptCbc(new Uint8Array(BLOCK), laidOut) : tdes.encryptEcb(laidOut);
  laidOut.fill(0);
  return encrypted;
}
