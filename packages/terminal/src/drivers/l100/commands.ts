// Commands of the SmartPIN L100 manual Rev H that deal with keys: task, 46, function, data.
import { concat, decodeHex, encodeAscii, encodeHex } from '@keywright/crypto';
import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';

export const TASKS = { general: 0x78, pinPad: 0x75 } as const;
const COMMAND = 0x46;

export const FUNCTIONS = { firmware: 0x01, serial: 0x02, keyStatus: 0x30, encryptedPin: 0x07 } as const;
/** Both load keys; they differ in the length of the check values in the answer. */
export const LOAD_FUNCTIONS = { '3B': 0x3b, '3C': 0x3c } as const;

export type LoadFunction = keyof typeof LOAD_FUNCTIONS;

export const ACK = 0x06;
export const NAK = 0x15;

/** A key of the manual's list (page 35): its index, and which of its kind. */
export interface KeyPlace {
  readonly keyIndex: number;
  readonly keySlot: number;
}

/** The slots of the profile `idtech-l100`. */
const KEY_INDEXES: Readonly<Record<string, number>> = {
  'MASTER-DUKPT': 0x00,
  'PIN-DUKPT': 0x01,
  'PIN-PAIRING': 0x03,
  'DATA-PAIRING': 0x04,
  'PIN-MASTER': 0x08,
  'LCL-KEK': 0x14,
};

export function placeOf(slot: SlotName): KeyPlace {
  const [, name, keySlot = '0'] = /^(.*?)(?:-([0-9]))?$/.exec(slot)!;
  return { keyIndex: KEY_INDEXES[name!]!, keySlot: Number(keySlot) };
}

/** Undefined for a key that no slot of the profile is. */
export function slotAt({ keyIndex, keySlot }: KeyPlace): SlotName | undefined {
  const name = Object.keys(KEY_INDEXES).find((candidate) => KEY_INDEXES[candidate] === keyIndex);
  if (name === 'PIN-MASTER') return keySlot < 10 ? `${name}-${keySlot}` : undefined;
  return keySlot === 0 ? name : undefined;
}

export function command(task: number, fn: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return concat(Uint8Array.of(task, COMMAND, fn), data);
}

/** Lengths inside a body have two bytes, the low one first, as that of the frame has. */
export function withLength(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length & 0xff, bytes.length >> 8), bytes);
}

/** Takes fields with their lengths apart; undefined when the lengths do not come out. */
export function readFields(bytes: Uint8Array): Uint8Array[] | undefined {
  const fields: Uint8Array[] = [];
  for (let position = 0; position < bytes.length; ) {
    const length = (bytes[position] ?? 0) + 256 * (bytes[position + 1] ?? 0);
    const end = position + 2 + length;
    if (position + 2 > bytes.length || end > bytes.length) return undefined;
    fields.push(bytes.subarray(position + 2, end));
    position = end;
  }
  return fields;
}

export function loadKeys(fn: LoadFunction, container: Uint8Array, rklKsn: string): Uint8Array {
  const data = concat(withLength(container), withLength(decodeHex(rklKsn, 'rklKsn')));
  return command(TASKS.pinPad, LOAD_FUNCTIONS[fn], withLength(data));
}

const DUKPT_TDES_CLEAR_PAN = 0x01;
const PROMPT = 'ENTER PIN';

export function enterPin(pan: string): Uint8Array {
  const prompt = encodeAscii(PROMPT);
  const data = concat(
    Uint8Array.of(DUKPT_TDES_CLEAR_PAN),
    encodeAscii(pan),
    Uint8Array.of(prompt.length),
    prompt,
  );
  return command(TASKS.pinPad, FUNCTIONS.encryptedPin, data);
}

export function badAnswer(what: string): TerminalError {
  return new TerminalError('BAD_ANSWER', `the device's answer to ${what} can not be read`);
}

/** What an answer brings after its ACK. @throws TerminalError with the device's reason, or BAD_ANSWER */
export function answerData(body: Uint8Array, what: string): Uint8Array {
  if (body[0] === ACK) return body.subarray(1);
  if (body[0] !== NAK || body.length < 3) throw badAnswer(what);
  const code = encodeHex(body.subarray(1, 3));
  // 0400 is published for the K100 of the same maker: no key for it.
  if (code === '0400') throw new TerminalError('SLOT_EMPTY', 'the device has no key for it', code);
  throw new TerminalError('REFUSED', `the device refused ${what}`, code);
}

export type KeyStatus = KeyPlace & { readonly status: 'absent' | 'present' | 'stopped' };

const STATUS: Readonly<Record<number, KeyStatus['status']>> = { 0: 'absent', 1: 'present', 255: 'stopped' };
const STATUS_LENGTH = 4;

/**
 * The blocks of key status: index, slot in two bytes with the high one first, status. Their number comes before them, the low byte
 * first; one published answer has 0 there and a block all the same, so that the blocks themselves count.
 *
 * @throws TerminalError BAD_ANSWER
 */
export function readKeyStatus(data: Uint8Array): KeyStatus[] {
  const blocks = data.subarray(2);
  if (data.length < 2 || blocks.length % STATUS_LENGTH !== 0) throw badAnswer('get key status');
  return Array.from({ length: blocks.length / STATUS_LENGTH }, (_, i) => {
    const [keyIndex, high, low, status] = blocks.subarray(i * STATUS_LENGTH, (i + 1) * STATUS_LENGTH);
    const known = STATUS[status!];
    if (known === undefined) throw badAnswer('get key status');
    return { keyIndex: keyIndex!, keySlot: 256 * high! + low!, status: known };
  });
}

export function encodeKeyStatus(keys: readonly KeyStatus[]): Uint8Array {
  const blocks = keys.map(({ keyIndex, keySlot, status }) =>
    Uint8Array.of(
      keyIndex,
      keySlot >> 8,
      keySlot & 0xff,
      Number(Object.keys(STATUS).find((code) => STATUS[Number(code)] === status)),
    ),
  );
  return concat(Uint8Array.of(keys.length & 0xff, keys.length >> 8), ...blocks);
}
