import type { Duplex } from 'node:stream';
import { concat, decodeHex } from '@keywright/crypto';
import type { KeyCryptogram, LoadOptions, PinRequest } from '../../pos-terminal.ts';
import { rulesOf } from '../../profiles/index.ts';
import { QPOS } from '../../profiles/qpos.ts';
import { TerminalError } from '../../refusals.ts';
import { answering, refusedBy } from '../../refused.ts';
import type { KeyLoaded, LoadResult, TerminalInfo } from '../../results.ts';
import type { Damaged } from '../frame-parser.ts';
import type { Exchange } from '../line.ts';
import { type DriverOptions, LineTerminal } from '../line-terminal.ts';
import {
  COMMAND_IDS,
  type Command,
  GET_POS_ID,
  GET_POS_INFO,
  getPin,
  type InitialKeyCryptogram,
  type KeySet,
  readFirmware,
  readPinBlock,
  readPosId,
  refusalFor,
  setMasterKey,
  updateInitialKeys,
  updateWorkKey,
  WORK_KEYS,
} from './commands.ts';
import { createQposParser, encodeQposFrame, LONGEST_DATA, type QposFrame } from './frame.ts';

export interface QposOptions extends DriverOptions {
  /** Milliseconds for each answer, 5,000 unless given. */
  readonly timeout?: number;
  /** Milliseconds for a PIN, 90,000 unless given. */
  readonly pinTimeout?: number;
  /** Milliseconds between two questions whether the device is ready, 200 unless given. */
  readonly poll?: number;
}

type Unit = QposFrame | Damaged;

/** A frame is sent this often. */
const ATTEMPTS = 3;

function control(commandId: number, subcommand: number, seconds: number): Uint8Array {
  return encodeQposFrame({
    commandId,
    command: 0,
    subcommand,
    timeoutOrResult: seconds,
    data: new Uint8Array(),
  });
}

const CANCEL = control(COMMAND_IDS.cancel, 0, 5);
const QUERY = control(COMMAND_IDS.query, 0, 5);
const NEXT_PART = control(COMMAND_IDS.part, 0, 5);

function unsupported(message: string): TerminalError {
  return new TerminalError('NOT_SUPPORTED', message);
}

const ONLY_BY_BRIDGE =
  'no command of the QPOS for key blocks is published: use the bridge to the vendor SDK on the device';

/** Name and index of a slot: TMK-0, DUKPT-PIN-3. */
function partsOf(slot: string): { name: string; index: number } {
  const { index } = rulesOf(QPOS, slot);
  return { name: slot.slice(0, slot.lastIndexOf('-')), index };
}

function commandFor({ slot, cryptogram, kbpk, expectedKcv, ksn, counter }: KeyCryptogram): Command {
  const { name, index } = partsOf(slot);
  if (name.startsWith('DUKPT'))
    throw unsupported('a QPOS takes the three initial keys of a group at once: loadInitialKeys');
  if (kbpk !== undefined && kbpk !== `TMK-${index}`)
    throw unsupported(`a QPOS opens keys of index ${index} with TMK-${index} only`);
  if (ksn !== undefined || counter !== undefined)
    throw unsupported(`${slot} is no DUKPT key set: it has no KSN`);
  if (expectedKcv === undefined || !/^[0-9A-F]{6,16}$/i.test(expectedKcv)) {
    throw unsupported('a QPOS asks for the check value of the key: give expectedKcv, 6 to 16 digits');
  }
  const bytes = decodeHex(cryptogram, 'cryptogram');
  if (bytes.length !== 16) throw new TerminalError('KEY_LENGTH', 'a QPOS takes key cryptograms of 16 bytes');
  const which = WORK_KEYS.find((work) => work === name);
  if (which === undefined) return setMasterKey(index, bytes, expectedKcv);
  return updateWorkKey(index, which, bytes, expectedKcv);
}

const USAGES: Readonly<Record<string, string>> = { TMK: 'K0', PIK: 'P0', TDK: 'D0', MCK: 'M3' };

/**
 * A Dspread QPOS at a serial line, as far as its commands are published (docs/drivers/qpos.md): the symmetric ones, in which keys are
 * bare cryptograms under the master key of their index. Key blocks go through the bridge. Its slots are those of the profile `qpos`.
 */
export class QposTerminal extends LineTerminal<Unit> {
  readonly #options: QposOptions;

  constructor(stream: Duplex, options: QposOptions = {}) {
    super(stream, { parser: createQposParser(), farewell: CANCEL }, options);
    this.#options = options;
  }

  override async info(): Promise<TerminalInfo> {
    return this.exchange(async (exchange) => {
      const { posId, masterKeys } = readPosId(await this.#run(exchange, GET_POS_ID));
      const firmware = readFirmware(await this.#run(exchange, GET_POS_INFO));
      const slots = masterKeys.flatMap((present, index) => (present ? [`TMK-${index}`] : []));
      return {
        serial: posId,
        state: 'READY',
        model: `Dspread QPOS ${firmware}`.trim(),
        keys: slots.map((slot) => ({ slot })),
      };
    });
  }

  override async sendTR31Key(_block: string, _options?: LoadOptions): Promise<LoadResult> {
    return refusedBy(unsupported(ONLY_BY_BRIDGE));
  }

  override async loadKeyCryptogram(input: KeyCryptogram): Promise<LoadResult> {
    return this.#load([input.slot], () => commandFor(input));
  }

  /**
   * Loads the three initial keys of a DUKPT group, which the device takes at once, from cryptograms under the master key of the same
   * index.
   *
   * @param group 0 to 9
   */
  async loadInitialKeys(
    group: number,
    keys: Readonly<Record<KeySet, InitialKeyCryptogram>>,
  ): Promise<LoadResult> {
    const slots = ['TRK', 'EMV', 'PIN'].map((name) => `DUKPT-${name}-${group}`);
    for (const slot of slots) rulesOf(QPOS, slot);
    return this.#load(slots, () => updateInitialKeys(group, keys), keys.pin.ksn);
  }

  override async encryptPin({
    slot,
    pin,
    pan,
    format,
  }: PinRequest): Promise<{ pinBlock: string; ksn?: string }> {
    const { name, index } = partsOf(slot);
    if (name !== 'DUKPT-PIN' && name !== 'PIK') throw new TerminalError('WRONG_KEY');
    if (pin !== undefined) throw unsupported('a QPOS takes no PIN from the host: the cardholder types it');
    if (format !== 0)
      throw new TerminalError('FORMAT_NOT_FOR_KEY', 'a QPOS makes PIN blocks of format 0 by this command');
    if (!/^[0-9]{12,19}$/.test(pan)) throw new RangeError('PAN must be 12 to 19 digits');
    const answer = await this.exchange((exchange) => this.#run(exchange, getPin(index, pan)));
    const block = readPinBlock(answer);
    if ((block.ksn === undefined) === (name === 'PIK')) return block;
    throw new TerminalError('BAD_ANSWER', `the device encrypted the PIN with another key than ${slot}`);
  }

  async #load(slots: readonly string[], make: () => Command, ksn?: string): Promise<LoadResult> {
    const result = await answering(async (): Promise<KeyLoaded> => {
      const command = make();
      await this.exchange(async (exchange) => {
        // So that the device's latest command is another one until it has run this.
        await this.#run(exchange, GET_POS_ID);
        await this.#run(exchange, command);
      });
      const slot = slots.at(-1)!;
      const usage = USAGES[partsOf(slot).name] ?? 'B1';
      const told = ksn === undefined ? {} : { ksn };
      return {
        ok: true,
        status: 'LOADED',
        slot,
        usage,
        algorithm: 'T',
        keyVersion: '00',
        ...told,
        relaxations: [],
      };
    });
    if (!result.ok)
      this.events.emit({ type: 'refused', operation: 'loadKeyCryptogram', status: result.status });
    else for (const slot of slots) this.events.emit({ type: 'key-loaded', slot, usage: result.usage });
    return result;
  }

  /**
   * Runs a command to its end. When the answer is lost, the device is asked for the result of its latest command; the command is sent
   * again only when that is another one, or when the device said that it came damaged.
   *
   * @returns the data of the answer
   * @throws TerminalError with the device's reason, NO_ANSWER when its word is not to be had
   */
  async #run(exchange: Exchange<Unit>, command: Command): Promise<Uint8Array> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const answer = await this.#ask(exchange, command);
      if (answer !== undefined) return this.#complete(exchange, command, answer);
    }
    throw new TerminalError('NO_ANSWER', `the device took the command none of ${ATTEMPTS} times`);
  }

  /** Undefined when the device has not run the command. */
  async #ask(exchange: Exchange<Unit>, command: Command): Promise<QposFrame | undefined> {
    const { seconds, ...rest } = command;
    const request = { commandId: COMMAND_IDS.request, timeoutOrResult: seconds, ...rest };
    let frame = await this.#once(exchange, encodeQposFrame(request));
    const questions = ATTEMPTS + Math.ceil(this.#patience(command) / (this.#options.poll ?? 200));
    for (let question = 0; question < questions; question += 1) {
      if (frame?.commandId === COMMAND_IDS.crcError) return undefined;
      if (frame !== undefined && frame.commandId !== COMMAND_IDS.waiting) {
        const isOurs = frame.command === command.command && frame.subcommand === command.subcommand;
        return isOurs ? frame : undefined;
      }
      if (frame?.commandId === COMMAND_IDS.waiting) await this.#pause(exchange);
      frame = await this.#once(exchange, QUERY);
    }
    throw new TerminalError('NO_ANSWER', 'the device does not tell what became of its latest command');
  }

  #patience({ command, subcommand }: Command): number {
    const { timeout = 5_000, pinTimeout = 90_000 } = this.#options;
    return command === 0x10 && subcommand === 0x71 ? pinTimeout : timeout;
  }

  /** Nothing comes while it waits, or what comes is late. */
  async #pause(exchange: Exchange<Unit>): Promise<void> {
    try {
      await exchange.receive(this.#options.poll ?? 200);
    } catch (error) {
      if (!this.#isSilence(error)) throw error;
    }
  }

  async #complete(exchange: Exchange<Unit>, command: Command, first: QposFrame): Promise<Uint8Array> {
    let data = first.data;
    let frame = first;
    while (frame.commandId === COMMAND_IDS.part && data.length <= LONGEST_DATA) {
      const next = await this.#once(exchange, NEXT_PART);
      if (next === undefined) throw new TerminalError('NO_ANSWER', 'a part of the answer was lost');
      frame = next;
      data = concat(data, frame.data);
    }
    if (frame.commandId !== COMMAND_IDS.completed) throw refusalFor(frame.commandId);
    if (frame.command !== command.command || frame.subcommand !== command.subcommand) {
      throw new TerminalError('BAD_ANSWER', 'the answer is one to another command');
    }
    if (frame.timeoutOrResult === 0) return data;
    const code = frame.timeoutOrResult.toString(16).toUpperCase().padStart(2, '0');
    throw new TerminalError('REFUSED', 'the device refused: what its result means is not published', code);
  }

  /** Undefined when no whole frame came back. */
  async #once(exchange: Exchange<Unit>, frame: Uint8Array): Promise<QposFrame | undefined> {
    exchange.drain();
    await exchange.send(frame);
    try {
      for (let patience = this.#options.timeout ?? 5_000; ; patience = Math.min(patience, 100)) {
        const unit = await exchange.receive(patience);
        if (unit.kind === 'frame') return unit;
      }
    } catch (error) {
      if (!this.#isSilence(error)) throw error;
      return undefined;
    }
  }

  #isSilence(error: unknown): boolean {
    return error instanceof TerminalError && error.code === 'NO_ANSWER' && !this.line.isClosed;
  }
}
