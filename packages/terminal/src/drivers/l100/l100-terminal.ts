import type { Duplex } from 'node:stream';
import type { LoadOptions, PinRequest } from '../../pos-terminal.ts';
import { IDTECH_L100 } from '../../profiles/idtech-l100.ts';
import { rulesOf } from '../../profiles/index.ts';
import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';
import { answering } from '../../refused.ts';
import type { KeyInfo, KeyLoaded, LoadResult, TerminalInfo } from '../../results.ts';
import { type DriverOptions, LineTerminal } from '../line-terminal.ts';
import {
  answerData,
  badAnswer,
  command,
  enterPin,
  FUNCTIONS,
  type KeyStatus,
  type LoadFunction,
  loadKeys,
  placeOf,
  readKeyStatus,
  slotAt,
  TASKS,
} from './commands.ts';
import { createL100Parser } from './frame.ts';
import { containerOf, type Loading, loaded, NO_KSN, readLoading, readOutcome } from './loading.ts';
import { ATTEMPTS, isKeyStatus, isLoadAnswer, isPin, isText, L100Talk, type Unit } from './talk.ts';

export interface L100Options extends DriverOptions {
  /** Which function loads keys: 3B unless given; 3C answers with check values of 3 bytes instead of 2. */
  readonly loadFunction?: LoadFunction;
  /** KSN that the LCL-KEK, a DUKPT key in the device, protected the blocks at: 20 hexadecimal digits. */
  readonly rklKsn?: string;
  /** Milliseconds for an answer, 5,000 unless given. */
  readonly timeout?: number;
  /** Milliseconds for a PIN, 200,000 unless given. */
  readonly pinTimeout?: number;
}

function unsupported(message: string): TerminalError {
  return new TerminalError('NOT_SUPPORTED', message);
}

/**
 * An ID TECH SmartPIN L100 at a serial line (docs/drivers/idtech-l100.md). Its slots are those of the profile `idtech-l100`. It takes
 * key blocks in a container of ASN.1, and answers with check values.
 */
export class L100Terminal extends LineTerminal<Unit> {
  readonly #options: L100Options;

  constructor(stream: Duplex, options: L100Options = {}) {
    super(stream, { parser: createL100Parser() }, options);
    this.#options = options;
  }

  override async info(): Promise<TerminalInfo> {
    return this.#talk(async (talk) => {
      const serial = await this.#text(talk, FUNCTIONS.serial, 'get serial number');
      // Between two texts, so that a double of the first is not taken for the second.
      const present = (await this.#status(talk)).filter(({ status }) => status !== 'absent');
      const firmware = await this.#text(talk, FUNCTIONS.firmware, 'get firmware version');
      const slots = present.map(slotAt).filter((slot) => slot !== undefined);
      const model = `ID TECH SmartPIN L100 ${firmware}`.trim();
      return { serial, state: 'READY', model, keys: slots.map((slot) => ({ slot })) };
    });
  }

  override async getKeyInfo(slot: SlotName): Promise<KeyInfo> {
    rulesOf(IDTECH_L100, slot);
    const status = await this.#talk((talk) => this.#statusOf(talk, slot));
    if (status === 'absent') throw new TerminalError('SLOT_EMPTY', `${slot} has no key`);
    if (status === 'stopped') throw new TerminalError('DUKPT_EXHAUSTED');
    return { slot };
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    const result = await answering(() => {
      const loading = readLoading(block, options);
      return this.#talk((talk) => this.#load(talk, loading));
    });
    if (result.ok) {
      const { slot, usage, kcv } = result;
      this.events.emit({ type: 'key-loaded', slot, usage, ...(kcv !== undefined && { kcv }) });
    } else this.events.emit({ type: 'refused', operation: 'sendTR31Key', status: result.status });
    return result;
  }

  override async encryptPin({
    slot,
    pin,
    pan,
    format,
  }: PinRequest): Promise<{ pinBlock: string; ksn?: string }> {
    rulesOf(IDTECH_L100, slot);
    if (slot !== 'PIN-DUKPT') throw new TerminalError('WRONG_KEY', 'an L100 encrypts PINs with PIN-DUKPT');
    if (pin !== undefined) throw unsupported('an L100 takes no PIN from the host: the cardholder types it');
    if (format !== 0) throw new TerminalError('FORMAT_NOT_FOR_KEY', 'an L100 makes PIN blocks of format 0');
    if (!/^[0-9]{16}$/.test(pan)) throw new RangeError('PAN must be 16 digits for an L100');
    return this.#talk(async (talk) => {
      const { pinTimeout = 200_000 } = this.#options;
      let data = answerData(await talk.once(enterPin(pan), isPin, pinTimeout), 'get encrypted PIN');
      // A bare ACK says that the cardholder is typing.
      if (data.length === 0) data = answerData(await talk.receive(isPin, pinTimeout), 'get encrypted PIN');
      const match = /^([0-9A-F]{20})([0-9A-F]{16})$/.exec(Buffer.from(data).toString('latin1'));
      if (match === null) throw badAnswer('get encrypted PIN');
      return { ksn: match[1]!, pinBlock: match[2]! };
    });
  }

  /** When the answer is lost, the key status says whether the slot has a key now; only when it has none, it is repeated. */
  async #load(talk: L100Talk, loading: Loading): Promise<KeyLoaded> {
    const before = await this.#statusOf(talk, loading.slot);
    const { loadFunction = '3B', rklKsn = NO_KSN } = this.#options;
    const body = loadKeys(loadFunction, containerOf(loading), rklKsn);
    for (let load = 1; load <= ATTEMPTS; load += 1) {
      const answer = await talk.onceIfAny(body, isLoadAnswer(loadFunction));
      if (answer !== undefined) return readOutcome(answerData(answer, 'loading a key'), loading);
      const after = await this.#statusOf(talk, loading.slot);
      if (after === 'absent') continue;
      if (before === 'absent') return loaded(loading);
      const message =
        'the answer was lost, and the slot had a key before: whether it has the new one, is not known';
      throw new TerminalError('NO_ANSWER', message);
    }
    throw new TerminalError(
      'NO_ANSWER',
      `the device answered none of ${ATTEMPTS} loads, and has not taken the key`,
    );
  }

  async #text(talk: L100Talk, fn: number, what: string): Promise<string> {
    const body = await talk.ask(command(TASKS.general, fn), isText);
    return Buffer.from(answerData(body, what)).toString('latin1');
  }

  async #status(talk: L100Talk): Promise<KeyStatus[]> {
    const question = command(TASKS.general, FUNCTIONS.keyStatus);
    return readKeyStatus(answerData(await talk.ask(question, isKeyStatus), 'get key status'));
  }

  async #statusOf(talk: L100Talk, slot: SlotName): Promise<KeyStatus['status']> {
    const { keyIndex, keySlot } = placeOf(slot);
    const all = await this.#status(talk);
    return all.find((key) => key.keyIndex === keyIndex && key.keySlot === keySlot)?.status ?? 'absent';
  }

  #talk<T>(run: (talk: L100Talk) => Promise<T>): Promise<T> {
    const { timeout = 5_000 } = this.#options;
    return this.exchange((exchange) => run(new L100Talk(exchange, timeout, () => this.line.isClosed)));
  }
}
