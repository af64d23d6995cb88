import {
  type BlockCipherName,
  cbcMac,
  encodeHex,
  encryptPinBlock,
  expandKey,
  type PinBlockFormat,
  retailMac,
  Secret,
} from '@keywright/crypto';
import type { DataRequest, MacRequest, PinRequest } from '../pos-terminal.ts';
import { CIPHERS } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import type { StoredKey } from './terminal-state.ts';

/** ISO 9564-1: format 0 is a block for TDES, format 4 for AES. */
const FORMATS: Readonly<Record<0 | 4, { name: PinBlockFormat; cipher: BlockCipherName }>> = {
  0: { name: 'ISO_0', cipher: 'TDES' },
  4: { name: 'ISO_4', cipher: 'AES' },
};

export function cipherOf(key: StoredKey): BlockCipherName {
  return CIPHERS[key.attributes.algorithm]!;
}

/** @throws TerminalError FORMAT_NOT_FOR_KEY; RangeError when the format is another than 0 and 4 */
export function checkFormat(format: 0 | 4, cipher: BlockCipherName): void {
  if (!Object.hasOwn(FORMATS, format)) throw new RangeError('format must be 0 or 4');
  if (FORMATS[format].cipher === cipher) return;
  const message = `format ${format} is for ${FORMATS[format].cipher}, the key is ${cipher}`;
  throw new TerminalError('FORMAT_NOT_FOR_KEY', message);
}

/** @throws TerminalError DATA_LENGTH; RangeError when the IV is not one block */
export function checkData({ data, iv }: DataRequest, cipher: BlockCipherName): void {
  const blockLength = cipher === 'AES' ? 16 : 8;
  if (data.length === 0 || data.length % blockLength !== 0) {
    const message = `data must be whole blocks of ${blockLength} bytes, got ${data.length} bytes`;
    throw new TerminalError('DATA_LENGTH', message);
  }
  if (iv !== undefined && iv.length !== blockLength) {
    throw new RangeError(`IV must be ${blockLength} bytes, got ${iv.length}`);
  }
}

/** @throws RangeError */
export function checkMacLength({ length = 8 }: MacRequest): void {
  if (!Number.isInteger(length) || length < 4 || length > 8) {
    throw new RangeError(`MAC length must be 4 to 8 bytes, got ${length}`);
  }
}

/** The software terminal has no keypad: the PIN comes with the request. */
export function takePin({ pin }: PinRequest): Secret {
  if (pin !== undefined) return pin;
  throw new TerminalError(
    'NOT_SUPPORTED',
    'the software terminal has no keypad: give the PIN with the request',
  );
}

export function pinBlockUnder(key: Secret, cipher: BlockCipherName, request: PinRequest): string {
  const { pan, format } = request;
  const pin = takePin(request);
  return encodeHex(encryptPinBlock({ format: FORMATS[format].name, key, algorithm: cipher, pin, pan }));
}

export function cbcUnder(key: Secret, cipher: BlockCipherName, request: DataRequest): string {
  using expanded = expandKey(cipher, key);
  const { data, iv = new Uint8Array(expanded.blockLength) } = request;
  return encodeHex(expanded.encryptCbc(iv, data));
}

function cmacUnder(key: Secret, cipher: BlockCipherName, message: Uint8Array): Uint8Array {
  using expanded = expandKey(cipher, key);
  return expanded.cmac(message);
}

/** ISO 9797-1 algorithm 1 with single DES is the same with EDE of equal keys. */
function cbcMacUnder(key: Secret, message: Uint8Array, length: number): Uint8Array {
  using doubled = Secret.take(
    key.expose((bytes) => (bytes.length === 8 ? Uint8Array.of(...bytes, ...bytes) : Uint8Array.from(bytes))),
  );
  return cbcMac(doubled, message, 1, length);
}

/** MAC algorithms by key usage (ANSI X9.143:2021, 6.3.1); of DUKPT keys the cipher says it. */
export function macUnder(
  key: Secret,
  { attributes }: StoredKey,
  { message, length = 8 }: MacRequest,
): string {
  const { keyUsage, algorithm } = attributes;
  if (keyUsage === 'M1') return encodeHex(cbcMacUnder(key, message, length));
  if (keyUsage === 'M6' || algorithm === 'A') {
    return encodeHex(cmacUnder(key, CIPHERS[algorithm]!, message).subarray(0, length));
  }
  return encodeHex(retailMac(key, message, 1, length));
}
