import type { Duplex } from 'node:stream';
import { concat, decodeHex, encodeAscii, encodeHex } from '@keywright/crypto';
import { OctetString } from '@peculiar/asn1-schema';
import {
  ACK,
  command,
  encodeKeyStatus,
  FUNCTIONS,
  LOAD_FUNCTIONS,
  NAK,
  placeOf,
  readFields,
  slotAt,
  TASKS,
  withLength,
} from '../drivers/l100/commands.ts';
import { createL100Parser, encodeL100Frame, type L100Frame } from '../drivers/l100/frame.ts';
import {
  decodeContainer,
  encodeContainer,
  type KeyToLoad,
  LoadAnswer,
  LoadedKey,
} from '../drivers/l100/key-container.ts';
import type { PosTerminal } from '../pos-terminal.ts';
import { IDTECH_L100 } from '../profiles/idtech-l100.ts';
import { LineDevice } from './line-device.ts';
import type { Keypad } from './pp791-device.ts';
import { refusedAs } from './refusing-device.ts';

export interface L100DeviceOptions {
  readonly keypad?: Keypad;
}

/** Error codes other than 0 are not published. */
const FAILED = 1;
/** The task of an answer is that of the command with its digits the other way round. */
const ANSWERING = 0x57;
const BAD_PAN = '0702';
const NO_KEY = '0400';
/** No published code: of an unknown command, and of a command that is malformed. */
const UNKNOWN = '0100';

const KCV_LENGTHS: Readonly<Record<number, number>> = {
  [LOAD_FUNCTIONS['3B']]: 2,
  [LOAD_FUNCTIONS['3C']]: 3,
};

function ack(...data: Uint8Array[]): Uint8Array {
  return encodeL100Frame(concat(Uint8Array.of(ACK), ...data));
}

function nak(code: string): Uint8Array {
  return encodeL100Frame(concat(Uint8Array.of(NAK), decodeHex(code)));
}

/** The device's side of the SmartPIN L100 protocol in front of a terminal of the profile `idtech-l100`. */
export class L100Device extends LineDevice<L100Frame> {
  readonly #terminal: PosTerminal;
  readonly #keypad: Keypad;

  constructor(
    stream: Duplex,
    terminal: PosTerminal,
    { keypad = async () => undefined }: L100DeviceOptions = {},
  ) {
    super(stream, createL100Parser());
    this.#terminal = terminal;
    this.#keypad = keypad;
  }

  protected override async *answerTo({ body }: L100Frame): AsyncIterable<Uint8Array> {
    const [task, , fn] = body;
    const data = body.subarray(3);
    if (task === TASKS.general && fn === FUNCTIONS.firmware) yield ack(encodeAscii('L100 SIM V1.00'));
    else if (task === TASKS.general && fn === FUNCTIONS.serial) yield ack(encodeAscii(await this.#serial()));
    else if (task === TASKS.general && fn === FUNCTIONS.keyStatus) yield ack(await this.#keyStatus());
    else if (task === TASKS.pinPad && fn === FUNCTIONS.encryptedPin) yield* this.#encryptedPin(data);
    else if (task === TASKS.pinPad && KCV_LENGTHS[fn ?? 0] !== undefined)
      yield await this.#loadKeys(fn!, data);
    else yield nak(UNKNOWN);
  }

  async #serial(): Promise<string> {
    return (await this.#terminal.info()).serial;
  }

  async #keyStatus(): Promise<Uint8Array> {
    const { keys } = await this.#terminal.info();
    const slots = [...IDTECH_L100.slots.keys()];
    return encodeKeyStatus(
      slots.map((slot) => ({
        ...placeOf(slot),
        status: keys.some((key) => key.slot === slot) ? ('present' as const) : ('absent' as const),
      })),
    );
  }

  async *#encryptedPin(data: Uint8Array): AsyncIterable<Uint8Array> {
    const pan = Buffer.from(data.subarray(1, 17)).toString('latin1');
    if (!/^[0-9]{16}$/.test(pan)) return yield nak(BAD_PAN);
    yield ack();
    using pin = await this.#keypad();
    if (pin === undefined) return yield nak(UNKNOWN);
    const encrypt = async () => {
      const { ksn, pinBlock } = await this.#terminal.encryptPin({ slot: 'PIN-DUKPT', pin, pan, format: 0 });
      return ack(encodeAscii(`${ksn}${pinBlock}`));
    };
    yield await refusedAs(encrypt, (error) => nak(error?.code === 'SLOT_EMPTY' ? NO_KEY : UNKNOWN));
  }

  async #loadKeys(fn: number, data: Uint8Array): Promise<Uint8Array> {
    const fields = readFields(readFields(data)?.[0] ?? new Uint8Array());
    const container = fields?.length === 2 ? decodeContainer(fields[0]!) : undefined;
    if (container === undefined) return nak(UNKNOWN);
    const answer = new LoadAnswer();
    for (const key of container.keys) answer.keys.push(await this.#loadKey(key, KCV_LENGTHS[fn]!));
    return ack(command(ANSWERING, fn, withLength(encodeContainer(answer))));
  }

  async #loadKey(key: KeyToLoad, kcvLength: number): Promise<LoadedKey> {
    const loaded = Object.assign(new LoadedKey(), { keyName: key.keyName });
    const slot = [...IDTECH_L100.slots.keys()].find((name) => name === key.keyName);
    if (slot === undefined || slotAt(placeOf(slot)) === undefined) {
      return Object.assign(loaded, { errorCode: FAILED, errorMessage: 'USAGE_NOT_FOR_SLOT' });
    }
    const ksn = encodeHex(new Uint8Array(key.ksn.buffer));
    const expectedKcv = encodeHex(new Uint8Array(key.kcv.buffer));
    const isDukpt = !/^0*$/.test(ksn);
    const load = async () => {
      const options = { slot, expectedKcv, overwrite: true, ...(isDukpt && { ksn }) };
      const result = await this.#terminal.sendTR31Key(key.tr31Key, options);
      if (!result.ok) return { errorCode: FAILED, errorMessage: result.status.replaceAll('_', ' ') };
      return { kcv: new OctetString(decodeHex(result.kcv!.slice(0, 2 * kcvLength))) };
    };
    const malformed = { errorCode: FAILED, errorMessage: 'MALFORMED' };
    return Object.assign(loaded, await refusedAs<Partial<LoadedKey>>(load, () => malformed));
  }
}
