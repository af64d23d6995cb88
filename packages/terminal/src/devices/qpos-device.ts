import type { Duplex } from 'node:stream';
import { concat, decodeHex, encodeAscii, encodeHex } from '@keywright/crypto';
import { COMMAND_IDS, KEY_SETS, WORK_KEYS } from '../drivers/qpos/commands.ts';
import { createQposParser, encodeQposFrame, type QposFrame } from '../drivers/qpos/frame.ts';
import type { KeyCryptogram, PosTerminal } from '../pos-terminal.ts';
import { LineDevice } from './line-device.ts';
import type { Keypad } from './pp791-device.ts';
import { refusedAs } from './refusing-device.ts';

export interface QposDeviceOptions {
  readonly keypad?: Keypad;
}

type Outcome = { readonly result: number; readonly data?: Uint8Array } | { readonly commandId: number };

/** The only published result is 0. */
const FAILED = 1;
const KEY_LENGTH = 16;
const KCV_LENGTH = 8;
const KSN_LENGTH = 10;
const SET_LENGTH = KSN_LENGTH + KEY_LENGTH + KCV_LENGTH;
const MASTER_KEYS = 5;
const SLOTS_OF_SETS = { track: 'DUKPT-TRK', emv: 'DUKPT-EMV', pin: 'DUKPT-PIN' } as const;

function field(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length), bytes);
}

/** A check value filled up with zeros to 8 bytes: the zeros prove nothing. */
function kcvOf(bytes: Uint8Array): string {
  const digits = encodeHex(bytes);
  return /^[0-9A-F]{6}0{10}$/.test(digits) ? digits.slice(0, 6) : digits;
}

/** The device's side of the QPOS frames, their published commands, in front of a terminal of the profile `qpos`. */
export class QposDevice extends LineDevice<QposFrame> {
  readonly #terminal: PosTerminal;
  readonly #keypad: Keypad;
  #latest: Uint8Array | undefined;

  constructor(
    stream: Duplex,
    terminal: PosTerminal,
    { keypad = async () => undefined }: QposDeviceOptions = {},
  ) {
    super(stream, createQposParser());
    this.#terminal = terminal;
    this.#keypad = keypad;
  }

  protected override async *answerTo(frame: QposFrame): AsyncIterable<Uint8Array> {
    if (frame.commandId === COMMAND_IDS.query)
      yield this.#latest ?? this.#word(frame, COMMAND_IDS.notAvailable);
    if (frame.commandId !== COMMAND_IDS.request) return;
    this.#latest = undefined;
    const outcome = await this.#run(frame);
    this.#latest =
      'commandId' in outcome ? this.#word(frame, outcome.commandId) : this.#completed(frame, outcome);
    yield this.#latest;
  }

  protected override answerToDamage(): Uint8Array {
    return this.#word({ command: 0, subcommand: 0 }, COMMAND_IDS.crcError);
  }

  #word({ command, subcommand }: Pick<QposFrame, 'command' | 'subcommand'>, commandId: number): Uint8Array {
    return encodeQposFrame({ commandId, command, subcommand, timeoutOrResult: 0, data: new Uint8Array() });
  }

  #completed({ command, subcommand }: QposFrame, outcome: { result: number; data?: Uint8Array }): Uint8Array {
    const { result, data = new Uint8Array() } = outcome;
    return encodeQposFrame({
      commandId: COMMAND_IDS.completed,
      command,
      subcommand,
      timeoutOrResult: result,
      data,
    });
  }

  async #run({ command, subcommand, data }: QposFrame): Promise<Outcome> {
    const run = this.#commands[(command << 8) | subcommand];
    if (run === undefined) return { commandId: COMMAND_IDS.notAvailable };
    return refusedAs<Outcome>(
      () => run(data),
      () => ({ result: FAILED }),
    );
  }

  readonly #commands: Readonly<Record<number, (data: Uint8Array) => Promise<Outcome>>> = {
    4096: async () => ({ result: 0, data: await this.#posId() }),
    4400: async () => ({ result: 0, data: this.#posInfo() }),
    4209: (data) => this.#pin(data),
    4322: (data) => this.#masterKey(data),
    4336: (data) => this.#workKeys(data),
    4338: (data) => this.#initialKeys(data),
  };

  async #posId(): Promise<Uint8Array> {
    const { serial, keys } = await this.#terminal.info();
    const states = Array.from({ length: MASTER_KEYS }, (_, index) =>
      Uint8Array.of(keys.some(({ slot }) => slot === `TMK-${index}`) ? 1 : 0),
    );
    const texts = ['', '', 'KEYWRIGHT', '', '', ''].map((text) => encodeAscii(text));
    const posId = /^(?:[0-9A-F]{2})+$/.test(serial) ? decodeHex(serial) : encodeAscii(serial);
    return concat(...[texts[0]!, posId, ...texts.slice(1, 6), ...states].map(field));
  }

  #posInfo(): Uint8Array {
    return concat(...['BOOT 1', 'SIM 1.00', 'A01'].map((text) => field(encodeAscii(text))));
  }

  async #load(input: KeyCryptogram): Promise<boolean> {
    return (await this.#terminal.loadKeyCryptogram({ overwrite: true, ...input })).ok;
  }

  async #masterKey(data: Uint8Array): Promise<Outcome> {
    if (data.length !== KEY_LENGTH + KCV_LENGTH + 1) return { result: FAILED };
    const slot = `TMK-${data.at(-1)}`;
    const cryptogram = encodeHex(data.subarray(0, KEY_LENGTH));
    const expectedKcv = kcvOf(data.subarray(KEY_LENGTH, -1));
    return { result: (await this.#load({ slot, kbpk: slot, cryptogram, expectedKcv })) ? 0 : FAILED };
  }

  async #workKeys(data: Uint8Array): Promise<Outcome> {
    const index = data.at(-1);
    let position = 0;
    for (const name of WORK_KEYS) {
      const length = data[position] ?? 0;
      const bytes = data.subarray(position + 1, position + 1 + length);
      position += 1 + length;
      if (length === 0) continue;
      const [cryptogram, kcv] = [bytes.subarray(0, KEY_LENGTH), bytes.subarray(KEY_LENGTH)];
      const input = { slot: `${name}-${index}`, kbpk: `TMK-${index}`, cryptogram: encodeHex(cryptogram) };
      if (!(await this.#load({ ...input, expectedKcv: kcvOf(kcv) }))) return { result: FAILED };
    }
    return { result: position === data.length - 1 ? 0 : FAILED };
  }

  async #initialKeys(data: Uint8Array): Promise<Outcome> {
    const group = data[2];
    if (data.length !== 3 + KEY_SETS.length * SET_LENGTH) return { result: FAILED };
    for (const [i, name] of KEY_SETS.entries()) {
      const set = data.subarray(3 + i * SET_LENGTH, 3 + (i + 1) * SET_LENGTH);
      const taken = await this.#load({
        slot: `${SLOTS_OF_SETS[name]}-${group}`,
        kbpk: `TMK-${group}`,
        ksn: encodeHex(set.subarray(0, KSN_LENGTH)),
        cryptogram: encodeHex(set.subarray(KSN_LENGTH, KSN_LENGTH + KEY_LENGTH)),
        expectedKcv: kcvOf(set.subarray(KSN_LENGTH + KEY_LENGTH)),
      });
      if (!taken) return { result: FAILED };
    }
    return { result: 0 };
  }

  async #pin(data: Uint8Array): Promise<Outcome> {
    const index = data[3];
    const panStart = 7 + (data[5] ?? 0);
    const pan = Buffer.from(data.subarray(panStart, panStart + (data[panStart - 1] ?? 0))).toString('latin1');
    using pin = await this.#keypad();
    if (pin === undefined) return { commandId: COMMAND_IDS.cancel };
    const { keys } = await this.#terminal.info();
    const slot = [`DUKPT-PIN-${index}`, `PIK-${index}`].find((name) => keys.some((key) => key.slot === name));
    if (slot === undefined) return { commandId: 0x40 };
    const { pinBlock, ksn = '' } = await this.#terminal.encryptPin({ slot, pin, pan, format: 0 });
    const fields = [decodeHex(ksn), decodeHex(pinBlock)].map(field);
    return { result: 0, data: concat(new Uint8Array(4), ...fields) };
  }
}
