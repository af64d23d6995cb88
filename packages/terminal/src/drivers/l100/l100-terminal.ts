import type { Duplex } from 'node:stream';
import { decodeHex, encodeHex, type KeyBlockContents, parseKeyBlock } from '@keywright/crypto';
import { OctetString } from '@peculiar/asn1-schema';
import type { LoadOptions, PinRequest } from '../../pos-terminal.ts';
import { IDTECH_L100 } from '../../profiles/idtech-l100.ts';
import { rulesOf } from '../../profiles/index.ts';
import { chooseSlot } from '../../profiles/slot-choice.ts';
import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';
import { answering } from '../../refused.ts';
import type { KeyInfo, KeyLoaded, LoadResult, TerminalInfo } from '../../results.ts';
import { refusing } from '../../software/library-errors.ts';
import type { Damaged } from '../frame-parser.ts';
import type { Exchange } from '../line.ts';
import { type DriverOptions, LineTerminal } from '../line-terminal.ts';
import {
  ACK,
  answerData,
  badAnswer,
  command,
  enterPin,
  FUNCTIONS,
  type KeyStatus,
  LOAD_FUNCTIONS,
  type LoadFunction,
  loadKeys,
  NAK,
  placeOf,
  readFields,
  readKeyStatus,
  slotAt,
  TASKS,
} from './commands.ts';
import { createL100Parser, encodeL100Frame, type L100Frame } from './frame.ts';
import { decodeAnswer, encodeContainer, KeyContainer, KeyToLoad } from './key-container.ts';

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

type Unit = L100Frame | Damaged;

/** Questions are asked this often; a load is repeated as often, when it is certain that the one before did nothing. */
const ATTEMPTS = 3;

/** 2 is in published containers for initial keys; what other keys have is not published. */
const KEY_TYPES = { dukpt: 2, other: 1 } as const;
const KCV_LENGTH = 2;
const NO_KSN = '0'.repeat(20);

/** The task of the answer to a load (manual, pages 69 and 71). */
const ANSWERING_TASKS = [0x56, 0x57, 0x67];
/** Milliseconds in which what was hidden behind damage comes out; then the question is asked again. */
const AFTER_DAMAGE = 100;

interface Loading {
  readonly slot: SlotName;
  readonly block: string;
  readonly contents: KeyBlockContents;
  readonly ksn: string | undefined;
  readonly expectedKcv: string;
}

/** Whether a body with ACK can be the answer to a question. */
type IsAnswer = (body: Uint8Array) => boolean;

const isText: IsAnswer = (body) =>
  body[0] === ACK && /^[\x20-\x7E]{0,80}$/.test(Buffer.from(body.subarray(1)).toString('latin1'));
const isPin: IsAnswer = (body) => body[0] === ACK && [1, 37].includes(body.length);

const isKeyStatus: IsAnswer = (body) => {
  try {
    return body[0] === ACK && readKeyStatus(body.subarray(1)).length >= 0;
  } catch (error) {
    if (error instanceof TerminalError) return false;
    throw error;
  }
};

function isLoadAnswer(fn: LoadFunction): IsAnswer {
  const beginnings = ANSWERING_TASKS.map((task) => [ACK, task, 0x46, LOAD_FUNCTIONS[fn]]);
  return (body) => beginnings.some((beginning) => beginning.every((byte, i) => body[i] === byte));
}

function unsupported(message: string): TerminalError {
  return new TerminalError('NOT_SUPPORTED', message);
}

/** Key index and key slot can stand in the block itself, in the optional blocks 01 and 02 (manual, page 69). */
function assertPlace(slot: SlotName, { optionalBlocks }: KeyBlockContents): void {
  const { keyIndex, keySlot } = placeOf(slot);
  const wanted = { '01': keyIndex, '02': keySlot };
  for (const { id, data } of optionalBlocks) {
    if (id !== '01' && id !== '02') continue;
    if (Number.parseInt(data, 16) === wanted[id]) continue;
    throw new TerminalError(
      'USAGE_NOT_FOR_SLOT',
      `optional block ${id} of the key block names another slot than ${slot}`,
    );
  }
}

function readLoading(block: string, options: LoadOptions): Loading {
  const contents = refusing(() => parseKeyBlock(block));
  const slot = chooseSlot(IDTECH_L100, contents.header.keyUsage, options);
  if (contents.header.version !== 'B')
    throw new TerminalError('BLOCK_VERSION', 'an L100 takes key blocks of version B');
  if (options.kbpk !== undefined && options.kbpk !== 'LCL-KEK') {
    throw unsupported('an L100 opens key blocks with its LCL-KEK only');
  }
  if (options.counter === 'zero') throw unsupported('an L100 goes on after the counter of the KSN');
  if (options.expectedKcv === undefined || options.expectedKcv.length < 2 * KCV_LENGTH) {
    throw unsupported('an L100 asks for the check value of the key: give expectedKcv, 4 digits or more');
  }
  assertPlace(slot, contents);
  const inside = contents.optionalBlocks.find(({ id }) => id === 'KS')?.data;
  if (inside && options.ksn && inside.toUpperCase() !== options.ksn.toUpperCase())
    throw new TerminalError('KSN_CONFLICT');
  const ksn = options.ksn ?? inside;
  if (contents.header.keyUsage === 'B1' && ksn === undefined) throw new TerminalError('KSN_REQUIRED');
  return { slot, block, contents, ksn, expectedKcv: options.expectedKcv.toUpperCase() };
}

function containerOf({ slot, block, ksn, expectedKcv }: Loading): Uint8Array {
  const container = new KeyContainer();
  container.keys = [
    Object.assign(new KeyToLoad(), {
      tr31Key: block,
      keyType: ksn === undefined ? KEY_TYPES.other : KEY_TYPES.dukpt,
      ksn: new OctetString(decodeHex(ksn ?? NO_KSN, 'ksn')),
      keySlot: placeOf(slot).keySlot,
      keyName: slot,
      kcv: new OctetString(decodeHex(expectedKcv.slice(0, 2 * KCV_LENGTH), 'expectedKcv')),
    }),
  ];
  return encodeContainer(container);
}

function loaded({ slot, contents, ksn }: Loading, kcv?: string): KeyLoaded {
  const { keyUsage: usage, algorithm, keyVersion } = contents.header;
  const told = { ...(kcv !== undefined && { kcv }), ...(ksn !== undefined && { ksn }) };
  return { ok: true, status: 'LOADED', slot, usage, algorithm, keyVersion, ...told, relaxations: [] };
}

/** Reads what became of the key. @throws TerminalError with the device's reason */
function readOutcome(data: Uint8Array, loading: Loading): KeyLoaded {
  const fields = readFields(data.subarray(3));
  const answer = fields?.length === 1 ? decodeAnswer(fields[0]!) : undefined;
  const key = answer?.keys.find(({ keyName }) => keyName === loading.slot);
  if (key === undefined) throw badAnswer('loading a key');
  if (key.errorCode !== 0) {
    const words = key.errorMessage?.slice(0, 60);
    const message = `the device has not loaded the key${words === undefined ? '' : `: ${words}`}`;
    throw new TerminalError('REFUSED', message, String(key.errorCode));
  }
  const kcv = encodeHex(new Uint8Array(key.kcv.buffer));
  if (loading.expectedKcv.startsWith(kcv) || kcv.startsWith(loading.expectedKcv)) return loaded(loading, kcv);
  throw new TerminalError('KCV_MISMATCH', `the device has loaded a key of check value ${kcv}: do not use it`);
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
    return this.exchange(async (exchange) => {
      const serial = await this.#text(exchange, FUNCTIONS.serial, 'get serial number');
      // Between two texts, so that a double of the first is not taken for the second.
      const present = (await this.#status(exchange)).filter(({ status }) => status !== 'absent');
      const firmware = await this.#text(exchange, FUNCTIONS.firmware, 'get firmware version');
      const slots = present.map(slotAt).filter((slot) => slot !== undefined);
      const model = `ID TECH SmartPIN L100 ${firmware}`.trim();
      return { serial, state: 'READY', model, keys: slots.map((slot) => ({ slot })) };
    });
  }

  override async getKeyInfo(slot: SlotName): Promise<KeyInfo> {
    rulesOf(IDTECH_L100, slot);
    const status = await this.exchange((exchange) => this.#statusOf(exchange, slot));
    if (status === 'absent') throw new TerminalError('SLOT_EMPTY', `${slot} has no key`);
    if (status === 'stopped') throw new TerminalError('DUKPT_EXHAUSTED');
    return { slot };
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    const result = await answering(() => {
      const loading = readLoading(block, options);
      return this.exchange((exchange) => this.#load(exchange, loading));
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
    return this.exchange(async (exchange) => {
      const { pinTimeout = 200_000 } = this.#options;
      let data = answerData(
        await this.#once(exchange, enterPin(pan), isPin, pinTimeout),
        'get encrypted PIN',
      );
      // A bare ACK says that the cardholder is typing.
      if (data.length === 0)
        data = answerData(await this.#receive(exchange, isPin, pinTimeout), 'get encrypted PIN');
      const match = /^([0-9A-F]{20})([0-9A-F]{16})$/.exec(Buffer.from(data).toString('latin1'));
      if (match === null) throw badAnswer('get encrypted PIN');
      return { ksn: match[1]!, pinBlock: match[2]! };
    });
  }

  /** When the answer is lost, the key status says whether the slot has a key now; only when it has none, it is repeated. */
  async #load(exchange: Exchange<Unit>, loading: Loading): Promise<KeyLoaded> {
    const before = await this.#statusOf(exchange, loading.slot);
    const { loadFunction = '3B', rklKsn = NO_KSN } = this.#options;
    const body = loadKeys(loadFunction, containerOf(loading), rklKsn);
    for (let load = 1; load <= ATTEMPTS; load += 1) {
      const answer = await this.#onceIfAny(exchange, body, isLoadAnswer(loadFunction));
      if (answer !== undefined) return readOutcome(answerData(answer, 'loading a key'), loading);
      const after = await this.#statusOf(exchange, loading.slot);
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

  async #text(exchange: Exchange<Unit>, fn: number, what: string): Promise<string> {
    const body = await this.#ask(exchange, command(TASKS.general, fn), isText);
    return Buffer.from(answerData(body, what)).toString('latin1');
  }

  async #status(exchange: Exchange<Unit>): Promise<KeyStatus[]> {
    const question = command(TASKS.general, FUNCTIONS.keyStatus);
    return readKeyStatus(answerData(await this.#ask(exchange, question, isKeyStatus), 'get key status'));
  }

  async #statusOf(exchange: Exchange<Unit>, slot: SlotName): Promise<KeyStatus['status']> {
    const { keyIndex, keySlot } = placeOf(slot);
    const all = await this.#status(exchange);
    return all.find((key) => key.keyIndex === keyIndex && key.keySlot === keySlot)?.status ?? 'absent';
  }

  /** Asks until there is an answer. @throws TerminalError NO_ANSWER */
  async #ask(exchange: Exchange<Unit>, body: Uint8Array, isAnswer: IsAnswer): Promise<Uint8Array> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      const answer = await this.#onceIfAny(exchange, body, isAnswer);
      if (answer !== undefined) return answer;
    }
    return this.#once(exchange, body, isAnswer);
  }

  async #onceIfAny(
    exchange: Exchange<Unit>,
    body: Uint8Array,
    isAnswer: IsAnswer,
  ): Promise<Uint8Array | undefined> {
    try {
      return await this.#once(exchange, body, isAnswer);
    } catch (error) {
      if (error instanceof TerminalError && error.code === 'NO_ANSWER' && !this.line.isClosed)
        return undefined;
      throw error;
    }
  }

  async #once(
    exchange: Exchange<Unit>,
    body: Uint8Array,
    isAnswer: IsAnswer,
    timeout?: number,
  ): Promise<Uint8Array> {
    exchange.drain();
    await exchange.send(encodeL100Frame(body));
    return this.#receive(exchange, isAnswer, timeout);
  }

  /** The protocol has no number that ties an answer to its question: what can not be the answer is a late or a double one. */
  async #receive(
    exchange: Exchange<Unit>,
    isAnswer: IsAnswer,
    timeout = this.#options.timeout ?? 5_000,
  ): Promise<Uint8Array> {
    for (let patience = timeout; ; ) {
      const unit = await exchange.receive(patience);
      if (unit.kind === 'damaged') patience = Math.min(patience, AFTER_DAMAGE);
      else if (unit.body[0] === NAK || isAnswer(unit.body)) return unit.body;
    }
  }
}
