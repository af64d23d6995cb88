import { decodeHex, encodeHex } from '@keywright/crypto';
import { TerminalError } from '../refusals.ts';

/**
 * The text that a published demo of Dspread's hands to `sendTR31Key`, taken apart. The vendor does not document it: the places of
 * the parts were observed in one sample, their meaning is inferred.
 */
export interface QposEnvelope {
  /** When it was made, by its own account: ISO 8601, without a time zone. */
  readonly timestamp: string;
  /** Inferred: the key block protection key under the device's public key. How it is padded is not known. */
  readonly wrappedKbpk: Uint8Array;
  /** 8 bytes; inferred: which device, or which of its keys. */
  readonly recipient: Uint8Array;
  /** 20 hexadecimal digits. */
  readonly ksn: string;
  readonly block: string;
  /** Inferred: of the key server, over what comes before. Neither its key nor what exactly it covers is known. */
  readonly signature: Uint8Array;
}

const VERSION = 0x01;
const TIMESTAMP = [1, 8] as const;
const LENGTH_FIELD = 8;
const CRYPTOGRAM_START = 10;
const CRYPTOGRAM_LENGTH = 256;
const RECIPIENT_START = CRYPTOGRAM_START + CRYPTOGRAM_LENGTH;
const KSN_START = RECIPIENT_START + 8;
const BLOCK_START = KSN_START + 10;
/** What stands between the block and the signature, in the sample. */
const SEPARATOR = 0x23;
const SIGNATURE_LENGTH = 256;

function malformed(what: string): TerminalError {
  return new TerminalError('ENVELOPE', `QPOS envelope: ${what}`);
}

/** Whether a text can only be an envelope: key blocks begin with a letter, and a scheme letter before them is one, too. */
export function looksLikeQposEnvelope(text: string): boolean {
  return /^01[0-9A-Fa-f]{14}0100/.test(text);
}

/** Seven bytes of decimal digits: year, month, day, hour, minute, second. */
function readTimestamp(bytes: Uint8Array): string {
  const digits = encodeHex(bytes);
  const text = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6');
  const time = new Date(`${text}Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== `${text}.000Z`) {
    throw malformed('bytes 1 to 7 must be a time, in decimal digits');
  }
  return text;
}

function readBlock(bytes: Uint8Array, end: number): string {
  if (end <= BLOCK_START || bytes[end] !== SEPARATOR) {
    throw malformed(`a key block from byte ${BLOCK_START}, byte 23 and ${SIGNATURE_LENGTH} bytes expected`);
  }
  return Buffer.from(bytes.subarray(BLOCK_START, end)).toString('latin1');
}

/**
 * Takes an envelope apart. Nothing of it is verified but its form.
 *
 * @throws TerminalError ENVELOPE
 */
export function readQposEnvelope(text: string): QposEnvelope {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(text)) throw malformed('it must be hexadecimal');
  const bytes = decodeHex(text);
  if (bytes[0] !== VERSION) throw malformed('byte 0 must be 01');
  const end = bytes.length - SIGNATURE_LENGTH - 1;
  const block = readBlock(bytes, end);
  const length = new DataView(bytes.buffer).getUint16(LENGTH_FIELD);
  if (length !== CRYPTOGRAM_LENGTH)
    throw malformed(`bytes 8 and 9 must be 0100, the length of the cryptogram`);
  return {
    timestamp: readTimestamp(bytes.subarray(...TIMESTAMP)),
    wrappedKbpk: bytes.slice(CRYPTOGRAM_START, RECIPIENT_START),
    recipient: bytes.slice(RECIPIENT_START, KSN_START),
    ksn: encodeHex(bytes.subarray(KSN_START, BLOCK_START)),
    block,
    signature: bytes.slice(end + 1),
  };
}
