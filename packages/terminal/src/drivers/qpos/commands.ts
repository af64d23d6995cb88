// The key commands that the vendor's own sample programs send (DspreadOrg/qpos, fulldemoBle&USB/lib: keyManager.js, getPosInfo.js,
// pinOperation.js, CmdId.js; DspreadOrg/LinuxSDK: EMV_config.c). They are examples, not a specification.
import { concat, decodeHex, encodeHex } from '@keywright/crypto';
import { type Refusal, TerminalError } from '../../refusals.ts';

/** What a frame is: of the host the first three, of the device the others. */
export const COMMAND_IDS = {
  reset: 0x20,
  request: 0x21,
  query: 0x22,
  cancel: 0x28,
  waiting: 0x23,
  completed: 0x24,
  crcError: 0x27,
  part: 0x36,
  notAvailable: 0x35,
} as const;

/** The device's words that end a command without a result. */
const REFUSALS: Readonly<Record<number, { refusal: Refusal; meaning: string }>> = {
  0: { refusal: 'NOT_SUPPORTED', meaning: 'the device does not know the command' },
  32: { refusal: 'REFUSED', meaning: 'the device was reset' },
  37: { refusal: 'CANCELLED', meaning: "the device's time for it ran out" },
  38: { refusal: 'TAMPERED', meaning: 'the device has destroyed its keys' },
  40: { refusal: 'CANCELLED', meaning: 'somebody cancelled at the device' },
  41: { refusal: 'REFUSED', meaning: 'the device asks for a MAC over the command' },
  53: { refusal: 'NOT_SUPPORTED', meaning: 'the device has no such command, or not now' },
  57: { refusal: 'REFUSED', meaning: 'the device can not read or write its memory' },
  64: { refusal: 'SLOT_EMPTY', meaning: 'the device has no work key for it' },
};

export function refusalFor(commandId: number): TerminalError {
  const code = commandId.toString(16).toUpperCase().padStart(2, '0');
  const known = REFUSALS[commandId];
  if (known === undefined)
    return new TerminalError('REFUSED', 'the device ended the command with a word unknown here', code);
  return new TerminalError(known.refusal, known.meaning, code);
}

export interface Command {
  readonly command: number;
  readonly subcommand: number;
  /** Seconds that the device has for it. */
  readonly seconds: number;
  readonly data: Uint8Array;
}

const SECONDS = 5;
const PIN_SECONDS = 60;

function commandOf(command: number, subcommand: number, data: Uint8Array = new Uint8Array()): Command {
  return { command, subcommand, seconds: SECONDS, data };
}

export const GET_POS_ID = commandOf(0x10, 0x00);
export const GET_POS_INFO = commandOf(0x11, 0x30);

/** Check values have 8 bytes on the line: fewer are filled up with zeros. */
const KCV_LENGTH = 8;

/** @param kcv 6 to 16 hexadecimal digits */
export function kcvBytes(kcv: string): Uint8Array {
  return decodeHex(kcv.padEnd(2 * KCV_LENGTH, '0'), 'expectedKcv');
}

export function setMasterKey(index: number, cryptogram: Uint8Array, kcv: string): Command {
  return commandOf(0x10, 0xe2, concat(cryptogram, kcvBytes(kcv), Uint8Array.of(index)));
}

/** The three work keys of an index, in the order of the command. */
export const WORK_KEYS = ['PIK', 'TDK', 'MCK'] as const;
export type WorkKey = (typeof WORK_KEYS)[number];

export function updateWorkKey(index: number, which: WorkKey, cryptogram: Uint8Array, kcv: string): Command {
  const field = concat(cryptogram, kcvBytes(kcv));
  const fields = WORK_KEYS.map((name) =>
    name === which ? concat(Uint8Array.of(field.length), field) : Uint8Array.of(0),
  );
  return commandOf(0x10, 0xf0, concat(...fields, Uint8Array.of(index)));
}

/** The three DUKPT key sets of a group, in the order of the command. */
export const KEY_SETS = ['track', 'emv', 'pin'] as const;
export type KeySet = (typeof KEY_SETS)[number];

/** An initial key under the master key of its index. */
export interface InitialKeyCryptogram {
  /** 20 hexadecimal digits. */
  readonly ksn: string;
  /** TDES in ECB mode, 32 hexadecimal digits. */
  readonly cryptogram: string;
  /** 6 to 16 hexadecimal digits. */
  readonly kcv: string;
}

const RESERVED = Uint8Array.of(0, 0);

export function updateInitialKeys(
  group: number,
  keys: Readonly<Record<KeySet, InitialKeyCryptogram>>,
): Command {
  const sets = KEY_SETS.map((name) => {
    const { ksn, cryptogram, kcv } = keys[name];
    return concat(decodeHex(ksn, 'ksn'), decodeHex(cryptogram, 'cryptogram'), kcvBytes(kcv));
  });
  return commandOf(0x10, 0xf2, concat(RESERVED, Uint8Array.of(group), ...sets));
}

const LONGEST_PIN = 12;
const PROMPT = Buffer.from('PIN\0', 'latin1');

export function getPin(index: number, pan: string): Command {
  const data = concat(
    RESERVED,
    Uint8Array.of(0, index, LONGEST_PIN, PROMPT.length),
    PROMPT,
    Uint8Array.of(pan.length),
    Buffer.from(pan, 'latin1'),
    Uint8Array.of(0, PIN_SECONDS),
  );
  return { ...commandOf(0x10, 0x71, data), seconds: PIN_SECONDS };
}

function badAnswer(what: string): TerminalError {
  return new TerminalError('BAD_ANSWER', `the device's answer to ${what} can not be read`);
}

/** A list of fields, each with its length in one byte before it. @throws TerminalError BAD_ANSWER */
export function readList(data: Uint8Array, what: string): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let position = 0; position < data.length; ) {
    const end = position + 1 + data[position]!;
    if (end > data.length) throw badAnswer(what);
    fields.push(data.subarray(position + 1, end));
    position = end;
  }
  return fields;
}

export interface PosId {
  readonly posId: string;
  readonly masterKeys: readonly boolean[];
}

const POS_ID_FIELD = 1;
const MASTER_KEY_FIELDS = { from: 7, to: 12 } as const;

/** Fields: psamId, posId, merchantId, vendorCode, deviceNumber, psamNo, csn, status of five master keys. @throws TerminalError */
export function readPosId(data: Uint8Array): PosId {
  const fields = readList(data, 'get POS id');
  const posId = fields[POS_ID_FIELD];
  if (posId === undefined) throw badAnswer('get POS id');
  const states = fields.slice(MASTER_KEY_FIELDS.from, MASTER_KEY_FIELDS.to);
  return { posId: encodeHex(posId), masterKeys: states.map((state) => state.some((byte) => byte !== 0)) };
}

/** Fields: boot loader, firmware, hardware …; what is not ASCII is left out. */
export function readFirmware(data: Uint8Array): string {
  const [, firmware = new Uint8Array()] = readList(data, 'get POS info');
  return Buffer.from(firmware)
    .toString('latin1')
    .replace(/[^\x20-\x7E]/g, '');
}

/** Two reserved bytes, two of the mode, KSN and PIN block with their lengths. @throws TerminalError BAD_ANSWER */
export function readPinBlock(data: Uint8Array): { pinBlock: string; ksn?: string } {
  const [ksn, pinBlock, ...more] = readList(data.subarray(4), 'get PIN');
  if (ksn === undefined || pinBlock?.length !== 8 || more.length > 0) throw badAnswer('get PIN');
  if (ksn.length === 0) return { pinBlock: encodeHex(pinBlock) };
  if (ksn.length !== 10) throw badAnswer('get PIN');
  return { pinBlock: encodeHex(pinBlock), ksn: encodeHex(ksn) };
}
