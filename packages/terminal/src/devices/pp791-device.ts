import type { Duplex } from 'node:stream';
import { decodeHex, encodeAscii, Secret } from '@keywright/crypto';
import { codeOf, INITIAL_KEY_CODES, MAC_CODES, MASTER_KEY_CODES, PIN_CODES } from '../drivers/pp791/codes.ts';
import { FS, type Message } from '../drivers/pp791/frame.ts';
import { KEY_SETS, MAC_PARTS } from '../drivers/pp791/messages.ts';
import type { PosTerminal } from '../pos-terminal.ts';
import type { SlotName } from '../profiles/slots.ts';
import type { Refusal } from '../refusals.ts';
import { type Answer, Pp791DeviceLine } from './pp791-device-line.ts';
import { refusedAs } from './refusing-device.ts';

/** Who is at the keypad: gives the PIN that was typed, or undefined when it was cancelled. */
export type Keypad = () => Promise<Secret | undefined>;

export interface Pp791DeviceOptions {
  readonly keypad?: Keypad;
  /** Milliseconds that the device waits for ACK; 5,000 unless given. */
  readonly patience?: number;
}

/** The device's code for what it has no other for. */
const INTERNAL = '4';

/** The manual's "incompatible key usage" is all of these. */
const ATTRIBUTES: readonly Refusal[] = [
  'USAGE',
  'USAGE_NOT_FOR_SLOT',
  'ALGORITHM',
  'MODE_OF_USE',
  'KEY_LENGTH',
  'BDK',
];

/**
 * The device's side of the PP791 protocol in front of a terminal of the profile `uic-pp791`: what a PIN pad of this family would
 * answer.
 */
export class Pp791Device extends Pp791DeviceLine {
  readonly #terminal: PosTerminal;
  readonly #keypad: Keypad;
  #selected: SlotName | undefined;
  #keySet: SlotName = 'IPEK0';
  #macParts: string[] = [];

  constructor(stream: Duplex, terminal: PosTerminal, options: Pp791DeviceOptions = {}) {
    super(stream, options.patience ?? 5_000);
    this.#terminal = terminal;
    this.#keypad = options.keypad ?? (async () => undefined);
  }

  /** What the device answers; nothing but ACK to what it does not know, or has no answer to. */
  protected override async answerTo({ envelope, text }: Message): Promise<Answer | 'EOT' | undefined> {
    const answers = envelope === 'admin' ? this.#administration : this.#transactions;
    const id = text.startsWith('70.') ? '70.' : /^(?:Z66|[0-9]{2})/.exec(text)?.[0];
    const answer = id === undefined ? undefined : answers[id];
    return answer === undefined ? 'EOT' : answer(text.slice(id!.length));
  }

  readonly #administration: Record<string, (fields: string) => Promise<Answer | 'EOT'>> = {
    '02': async (fields) => this.#loadMasterKey(fields[0] ?? '', fields.slice(1)),
    '04': async (fields) => ({
      text: `04${await this.#masterKeyInfo(fields[0] ?? '', fields[1] === '1')}`,
      ends: true,
    }),
    '06': async () => ({ text: `06${(await this.#terminal.info()).serial.slice(0, 12)}`, ends: true }),
    '08': async (fields) => ({ text: `08${this.#select(fields)}`, ends: true }),
  };

  readonly #transactions: Record<string, (fields: string) => Promise<Answer | 'EOT' | undefined>> = {
    '70.': async (fields) => this.#enterPin(fields.split(FS)[0]!, this.#selected),
    '70': async (fields) => this.#enterPin(fields.split(FS)[0]!, this.#keySet),
    '76': async (fields) =>
      this.#encryptPin(fields.split(FS)[0]!, this.#keySet, Secret.take(encodeAscii('1234'))),
    '90': async (block) => ({ text: `91${await this.#loadInitialKey('IPEK0', block)}` }),
    '94': async (block) => ({ text: `91${await this.#loadInitialKey('IPEK1', block)}` }),
    '96': async (fields) => {
      this.#keySet = Object.keys(KEY_SETS).find((slot) => KEY_SETS[slot]!.select === fields) ?? this.#keySet;
      return undefined;
    },
    Z66: async (fields) => ({ text: `Z67${await this.#mac(fields)}` }),
  };

  #loadMasterKey(slot: SlotName, block: string): Answer | 'EOT' {
    if (!/^[0-9A-G]$/.test(slot) || !/^[A-D][0-9]{4}[A-Z]/.test(block)) return 'EOT';
    const store = async () => {
      const result = await this.#terminal.sendTR31Key(block, { slot, overwrite: true });
      if (result.ok) return undefined;
      const otherwise = ATTRIBUTES.includes(result.status) ? 'E' : INTERNAL;
      return `02?${codeOf(MASTER_KEY_CODES, result.status, otherwise)}`;
    };
    return { text: `02${slot}${block}`, onTaken: () => refusedAs(store, () => '02?E'), ends: true };
  }

  async #masterKeyInfo(slot: SlotName, withInfo: boolean): Promise<string> {
    const { keys } = await this.#terminal.info();
    const key = keys.find((candidate) => candidate.slot === slot);
    if (key === undefined) return '0';
    return withInfo ? `F${key.keyUsage}${FS}${key.modeOfUse}${FS}${key.algorithm}` : 'F';
  }

  #select(slot: string): string {
    if (!/^[0-9]$/.test(slot)) return '1';
    this.#selected = slot;
    return '0';
  }

  async #loadInitialKey(slot: SlotName, block: string): Promise<string> {
    const load = async () => {
      const result = await this.#terminal.sendTR31Key(block, { slot, overwrite: true });
      return result.ok ? '0' : `1${codeOf(INITIAL_KEY_CODES, result.status, INTERNAL)}`;
    };
    return refusedAs(load, () => '1A');
  }

  async #enterPin(pan: string, slot: SlotName | undefined): Promise<Answer | 'EOT'> {
    const pin = await this.#keypad();
    return pin === undefined || slot === undefined ? 'EOT' : this.#encryptPin(pan, slot, pin);
  }

  async #encryptPin(pan: string, slot: SlotName, pin: Secret): Promise<Answer> {
    using typed = pin;
    const encrypt = async () => {
      const { pinBlock, ksn } = await this.#terminal.encryptPin({ slot, pin: typed, pan, format: 0 });
      if (ksn !== undefined) return `710${ksn.replace(/^F{1,10}/, '')}${pinBlock}`;
      return `71.0${String(typed.length).padStart(2, '0')}01${pinBlock}`;
    };
    return { text: await refusedAs(encrypt, (error) => `71${codeOf(PIN_CODES, error?.code, '4')}`) };
  }

  async #mac(fields: string): Promise<string> {
    const [kind, sequence, slot, part] = [
      fields[0],
      Number(fields.slice(1, 3)),
      fields[3] ?? '',
      fields.split(FS)[3] ?? '',
    ];
    if (kind !== MAC_PARTS.last && kind !== MAC_PARTS.notLast) return '6';
    if (sequence === 0) this.#macParts = [];
    if (sequence !== this.#macParts.length) return '2';
    if (part.length === 0 || part.length % 2 !== 0) return '5';
    if (!/^[0-9A-F]*$/.test(part)) return '7';
    this.#macParts.push(part);
    if (kind === MAC_PARTS.notLast) return '1';
    const message = decodeHex(this.#macParts.join(''));
    const compute = async () => `0${(await this.#terminal.generateMac({ slot, message })).mac}`;
    return refusedAs(compute, (error) => codeOf(MAC_CODES, error?.code, '3'));
  }
}
