import {
  type BlockCipherName,
  cbcMac,
  type DukptUsage,
  encodeHex,
  encryptPinBlock,
  expandKey,
  type PinBlockFormat,
  retailMac,
  type Secret,
} from '@keywright/crypto';
import type { PolicyName } from './policy.ts';
import type { PosTerminal } from './pos-terminal.ts';
import { TerminalError } from './refusals.ts';
import { assertSlot, CIPHERS, checkAttributes, type Purpose, purposeOf, type SlotName } from './slots.ts';
import type { StoredKey, TerminalState } from './terminal-state.ts';

/** What a request of an operation of the terminal is. */
export type Request<Operation extends 'encryptPin' | 'encryptData' | 'generateMac'> = Parameters<
  PosTerminal[Operation]
>[0];

/** An operation, by the purpose of the static keys that it takes and the usage of DUKPT keys. */
export interface Operation {
  readonly purpose: Purpose;
  readonly usage: DukptUsage;
}

export const PIN: Operation = { purpose: 'PIN', usage: 'pin' };
export const DATA: Operation = { purpose: 'DATA', usage: 'data-request' };
export const MAC: Operation = { purpose: 'MAC', usage: 'mac-request' };

export function cipherOf(key: StoredKey): BlockCipherName {
  return CIPHERS[key.attributes.algorithm]!;
}

/** @throws TerminalError SLOT_EMPTY; RangeError when there is no such slot */
export function findKey(state: TerminalState, slot: SlotName): StoredKey {
  assertSlot(slot);
  const key = state.keys.get(slot);
  if (key === undefined) throw new TerminalError('SLOT_EMPTY', `${slot} has no key`);
  return key;
}

/**
 * The key for an operation, its header checked again: the policy may be stricter than when it was loaded.
 *
 * @throws TerminalError SLOT_EMPTY, WRONG_KEY, or what loading it would be refused with
 */
export function findKeyFor(
  { purpose }: Operation,
  state: TerminalState,
  slot: SlotName,
  policy: PolicyName,
): StoredKey {
  const key = findKey(state, slot);
  if (purposeOf(slot) !== purpose && purposeOf(slot) !== 'DUKPT') {
    const message = `a key in ${purpose} or DUKPT is for this, ${slot} is not`;
    throw new TerminalError('WRONG_KEY', message);
  }
  checkAttributes(key.attributes, slot, policy);
  return key;
}

/** ISO 9564-1: format 0 is a block for TDES, format 4 for AES. */
const FORMATS: Readonly<Record<0 | 4, { name: PinBlockFormat; cipher: BlockCipherName }>> = {
  0: { name: 'ISO_0', cipher: 'TDES' },
  4: { name: 'ISO_4', cipher: 'AES' },
};

/** @throws TerminalError FORMAT_NOT_FOR_KEY; RangeError when the format is another than 0 and 4 */
export function checkFormat(format: 0 | 4, cipher: BlockCipherName): void {
  if (!Object.hasOwn(FORMATS, format)) throw new RangeError('format must be 0 or 4');
  if (FORMATS[format].cipher === cipher) return;
  const message = `format ${format} is for ${FORMATS[format].cipher}, the key is ${cipher}`;
  throw new TerminalError('FORMAT_NOT_FOR_KEY', message);
}

/** @throws TerminalError DATA_LENGTH; RangeError when the IV is not one block */
export function checkData({ data, iv }: Request<'encryptData'>, cipher: BlockCipherName): void {
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
export function checkMacLength({ length = 8 }: Request<'generateMac'>): void {
  if (!Number.isInteger(length) || length < 4 || length > 8) {
    throw new RangeError(`MAC length must be 4 to 8 bytes, got ${length}`);
  }
}

export function pinBlockUnder(key: Secret, cipher: BlockCipherName, request: Request<'encryptPin'>): string {
  const { pin, pan, format } = request;
  return encodeHex(encryptPinBlock({ format: FORMATS[format].name, key, algorithm: cipher, pin, pan }));
}

export function cbcUnder(key: Secret, cipher: BlockCipherName, request: Request<'encryptData'>): string {
  using expanded = expandKey(cipher, key);
  const { data, iv = new Uint8Array(expanded.blockLength) } = request;
  return encodeHex(expanded.encryptCbc(iv, data));
}

function cmacUnder(key: Secret, cipher: BlockCipherName, message: Uint8Array): Uint8Array {
  using expanded = expandKey(cipher, key);
  return expanded.cmac(message);
}

/** MAC algorithms by key usage (ANSI X9.143:2021, 6.3.1); of DUKPT keys the cipher says it. */
export function macUnder(
  key: Secret,
  { attributes }: StoredKey,
  { message, length = 8 }: Request<'generateMac'>,
): string {
  const { keyUsage, algorithm } = attributes;
  if (keyUsage === 'M1') return encodeHex(cbcMac(key, message, 1, length));
  if (keyUsage === 'M6' || algorithm === 'A') {
    return encodeHex(cmacUnder(key, CIPHERS[algorithm]!, message).subarray(0, length));
  }
  return encodeHex(retailMac(key, message, 1, length));
}
