// The messages of PP791 Programmer's Manual r06, sections 5, 9 and 10, that deal with keys.

import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';
import { type Envelope, FS } from './frame.ts';

/** A message as text between its delimiters. */
export interface Text {
  readonly envelope: Envelope;
  readonly text: string;
  /** It moves something on in the device: unless the device says NAK, it is not sent again before the state is known. */
  readonly once?: true;
}

const admin = (text: string): Text => ({ envelope: 'admin', text });
const transaction = (text: string): Text => ({ envelope: 'transaction', text });
const once = (text: string): Text => ({ envelope: 'transaction', text, once: true });

/** A P0 or M3 key is used as it is: the session key in the message is then all zeros. */
const NO_SESSION_KEY = '0'.repeat(32);
const DEBIT = 'D';
/** Goes to the display. */
const AMOUNT = '0.00';
/** In units of 30 seconds. */
const LONGEST_PIN_ENTRY = '9';

export const KEY_SETS: Readonly<Record<SlotName, { load: '90' | '94'; select: '0' | '1' }>> = {
  IPEK0: { load: '90', select: '0' },
  IPEK1: { load: '94', select: '1' },
};

export const loadMasterKey = (slot: SlotName, block: string): Text => admin(`02${slot}${block}`);
export const checkMasterKey = (slot: SlotName): Text => admin(`04${slot}1`);
export const getSerialNumber: Text = admin('06');
export const selectMasterKey = (slot: SlotName): Text => admin(`08${slot}`);
export const loadInitialKey = (slot: SlotName, block: string): Text =>
  once(`${KEY_SETS[slot]!.load}${block}`);
export const selectKeySet = (slot: SlotName): Text => transaction(`96${KEY_SETS[slot]!.select}`);
export const enterDukptPin = (pan: string): Text => once(`70${pan}${FS}${DEBIT}${AMOUNT}`);
export const testDukptPin = (pan: string): Text => once(`76${pan}${FS}${DEBIT}${AMOUNT}`);
export const enterStaticPin = (pan: string): Text =>
  once(`70.${pan}${FS}${NO_SESSION_KEY}${AMOUNT}${FS}${LONGEST_PIN_ENTRY}`);

/** Kinds of Z66 messages with binary data (VeriFone's guide for the same family, MX800, page 336). */
export const MAC_PARTS = { last: '6', notLast: '7' } as const;
/** Characters of a message in one Z66: 112 bytes in hexadecimal. */
export const LONGEST_MAC_PART = 224;

export function requestMac(slot: SlotName, part: string, sequence: number, isLast: boolean): Text {
  const kind = isLast ? MAC_PARTS.last : MAC_PARTS.notLast;
  const number = String(sequence).padStart(2, '0');
  return transaction(`Z66${kind}${number}${slot}${FS}${NO_SESSION_KEY}${FS}${FS}${part}`);
}

export function badAnswer(message: string): TerminalError {
  return new TerminalError('BAD_ANSWER', `the device's answer to message ${message} can not be read`);
}

/** What message 04 tells of a key; undefined: the slot is empty. */
export interface MasterKeyInfo {
  readonly keyUsage?: string;
  readonly modeOfUse?: string;
  readonly algorithm?: string;
}

/** @throws TerminalError BAD_ANSWER */
export function readMasterKeyInfo(text: string): MasterKeyInfo | undefined {
  if (text === '040') return undefined;
  const match = /^04F(?:([A-Z][0-9]) ([A-Z]) ([A-Z]))?$/.exec(text.replaceAll(FS, ' '));
  if (match === null) throw badAnswer('04');
  const [, keyUsage, modeOfUse, algorithm] = match;
  return keyUsage === undefined ? {} : { keyUsage, modeOfUse: modeOfUse!, algorithm: algorithm! };
}

/** A PIN block, or the code for why there is none. */
export type PinAnswer = { readonly pinBlock: string; readonly ksn?: string } | { readonly code: string };

/** Leading Fs of a KSN are left out on the line unless message 7A asks for them. */
const KSN_LENGTH = 20;

/** @throws TerminalError BAD_ANSWER */
export function readPin(text: string): PinAnswer {
  const code = /^71([0-9A-Z])$/.exec(text);
  if (code !== null) return { code: code[1]! };
  const fixed = /^71\.0(?:0[4-9]|1[0-2])01([0-9A-F]{16})$/.exec(text);
  if (fixed !== null) return { pinBlock: fixed[1]! };
  const dukpt = /^710([0-9A-F]{10,20})([0-9A-F]{16})$/.exec(text);
  if (dukpt === null) throw badAnswer('70');
  return { pinBlock: dukpt[2]!, ksn: dukpt[1]!.padStart(KSN_LENGTH, 'F') };
}
