import type { Duplex } from 'node:stream';
import { concat, encodeHex, type KeyBlockContents, parseKeyBlock } from '@keywright/crypto';
import type { LoadOptions, MacRequest, PinRequest } from '../../pos-terminal.ts';
import { chooseSlot } from '../../profiles/slot-choice.ts';
import type { SlotName } from '../../profiles/slots.ts';
import { UIC_PP791 } from '../../profiles/uic-pp791.ts';
import { TerminalError } from '../../refusals.ts';
import { answering } from '../../refused.ts';
import type { KeyInfo, LoadResult, TerminalInfo } from '../../results.ts';
import { refusing } from '../../software/library-errors.ts';
import { type DriverOptions, LineTerminal } from '../line-terminal.ts';
import { MAC_CODES, PIN_CODES, refusalOf } from './codes.ts';
import { CONTROL_BYTES, Pp791Parser, type Unit } from './frame.ts';
import { type Loading, loadInitial, loadMaster } from './load-key.ts';
import {
  badAnswer,
  checkMasterKey,
  enterDukptPin,
  enterStaticPin,
  getSerialNumber,
  KEY_SETS,
  LONGEST_MAC_PART,
  readMasterKeyInfo,
  readPin,
  requestMac,
  selectKeySet,
  selectMasterKey,
  testDukptPin,
} from './messages.ts';
import { Talk, TIMINGS, type Timings } from './talk.ts';

export interface Pp791Options extends DriverOptions {
  readonly timings?: Partial<Timings>;
}

const MASTER_SLOTS = [...UIC_PP791.slots.keys()].filter((slot) => !(slot in KEY_SETS));
const DES_BLOCK_LENGTH = 8;
/** Z66 has two digits for the number of a part. */
const MOST_MAC_PARTS = 100;

function unsupported(message: string): TerminalError {
  return new TerminalError('NOT_SUPPORTED', message);
}

/** The device takes everything from the block itself, and knows no versions. */
function assertInBlock(contents: KeyBlockContents, { ksn, kbpk, counter, expectedKcv }: LoadOptions): void {
  const inside = contents.optionalBlocks.find(({ id }) => id === 'KS')?.data;
  if (kbpk !== undefined && kbpk !== 'F')
    throw unsupported('a PP791 opens key blocks with the key in slot F only');
  if (expectedKcv !== undefined) throw unsupported('a PP791 tells no check value: prove the key by using it');
  if (counter === 'zero') throw unsupported('a PP791 goes on after the counter of the KSN');
  if (contents.header.keyUsage === 'B1' && inside === undefined) {
    throw new TerminalError('KSN_REQUIRED', 'a PP791 takes the KSN in the block only: optional block KS');
  }
  if (ksn !== undefined && ksn.toUpperCase() !== inside?.toUpperCase())
    throw new TerminalError('KSN_CONFLICT');
}

function assertPin({ pin, pan, format }: PinRequest): void {
  if (format !== 0) throw new TerminalError('FORMAT_NOT_FOR_KEY', 'a PP791 makes PIN blocks of format 0');
  if (!/^[0-9]{8,19}$/.test(pan)) throw new RangeError('PAN must be 8 to 19 digits');
  if (pin === undefined) return;
  const isTestPin = pin.expose((digits) => Buffer.from(digits).equals(Buffer.from('1234')));
  if (!isTestPin)
    throw unsupported('a PP791 takes no PIN from the host but 1234, of its own test (message 76)');
}

/** The message, filled up with zeros to whole blocks (ISO 9797-1, padding method 1), in hexadecimal and in parts. */
function macParts(message: Uint8Array): string[] {
  const missing = (DES_BLOCK_LENGTH - (message.length % DES_BLOCK_LENGTH)) % DES_BLOCK_LENGTH;
  const digits = encodeHex(concat(message, new Uint8Array(missing)));
  const count = Math.ceil(digits.length / LONGEST_MAC_PART);
  if (count < 1 || count > MOST_MAC_PARTS) {
    throw new TerminalError('DATA_LENGTH', 'a PP791 makes MACs of 1 to 11,200 bytes');
  }
  return Array.from({ length: count }, (_, i) =>
    digits.slice(i * LONGEST_MAC_PART, (i + 1) * LONGEST_MAC_PART),
  );
}

/**
 * A UIC PP791, or a PIN pad of its family, at a serial line (docs/drivers/uic-pp791.md). Its slots are those of the profile
 * `uic-pp791`. It tells no check values, erases nothing, and encrypts no data.
 */
export class Pp791Terminal extends LineTerminal<Unit> {
  readonly #timings: Timings;

  constructor(stream: Duplex, options: Pp791Options = {}) {
    super(stream, { parser: new Pp791Parser(), farewell: CONTROL_BYTES.EOT }, options);
    this.#timings = { ...TIMINGS, ...options.timings };
  }

  override async info(): Promise<TerminalInfo> {
    return this.#talk(async (talk) => {
      const answer = await talk.ask(getSerialNumber);
      await talk.ended();
      if (!/^06[0-9A-Za-z]{0,12}$/.test(answer)) throw badAnswer('06');
      const keys: KeyInfo[] = [];
      for (const slot of MASTER_SLOTS) {
        const info = await this.#infoOf(talk, slot);
        if (info !== undefined) keys.push({ slot, ...info });
      }
      return { serial: answer.slice(2), state: 'READY', model: 'UIC PP791', keys };
    });
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    const result = await answering(async () => {
      const contents = refusing(() => parseKeyBlock(block));
      const slot = chooseSlot(UIC_PP791, contents.header.keyUsage, options);
      assertInBlock(contents, options);
      return this.#load({ slot, block, contents });
    });
    if (result.ok) this.events.emit({ type: 'key-loaded', slot: result.slot, usage: result.usage });
    else this.events.emit({ type: 'refused', operation: 'sendTR31Key', status: result.status });
    return result;
  }

  override async getKeyInfo(slot: SlotName): Promise<KeyInfo> {
    if (slot in KEY_SETS) throw unsupported('a PP791 tells nothing of its DUKPT key sets');
    chooseSlot(UIC_PP791, 'K0', { slot });
    const info = await this.#talk((talk) => this.#infoOf(talk, slot));
    if (info === undefined) throw new TerminalError('SLOT_EMPTY', `${slot} has no key`);
    return { slot, ...info };
  }

  override async encryptPin(request: PinRequest): Promise<{ pinBlock: string; ksn?: string }> {
    assertPin(request);
    const { slot, pin, pan } = request;
    if (slot in KEY_SETS) {
      return this.#pin(selectKeySet(slot), pin === undefined ? enterDukptPin(pan) : testDukptPin(pan));
    }
    chooseSlot(UIC_PP791, 'P0', { slot });
    if (pin !== undefined) throw unsupported('the test PIN of a PP791 is for its DUKPT key sets');
    return this.#pin(selectMasterKey(slot), enterStaticPin(pan));
  }

  override async generateMac({ slot, message, length = 8 }: MacRequest): Promise<{ mac: string }> {
    chooseSlot(UIC_PP791, 'M3', { slot });
    if (!Number.isInteger(length) || length < 4 || length > 8) {
      throw new RangeError(`MAC length must be 4 to 8 bytes, got ${length}`);
    }
    const parts = macParts(message);
    return this.#talk(async (talk) => {
      for (const [i, part] of parts.entries()) {
        const answer = await talk.ask(requestMac(slot, part, i, i === parts.length - 1));
        const mac = /^Z670([0-9A-F]{16})$/.exec(answer);
        if (mac !== null && i === parts.length - 1) return { mac: mac[1]!.slice(0, 2 * length) };
        if (answer === 'Z671' && i < parts.length - 1) continue;
        throw /^Z67.$/.test(answer) ? refusalOf(MAC_CODES, answer[3]!) : badAnswer('Z66');
      }
      throw badAnswer('Z66');
    });
  }

  #talk<T>(run: (talk: Talk) => Promise<T>): Promise<T> {
    return this.exchange((exchange) => run(new Talk(exchange, this.#timings)));
  }

  #load(loading: Loading) {
    return this.#talk((talk) =>
      loading.slot in KEY_SETS ? loadInitial(talk, loading) : loadMaster(talk, loading),
    );
  }

  async #infoOf(talk: Talk, slot: SlotName) {
    const info = readMasterKeyInfo(await talk.ask(checkMasterKey(slot)));
    await talk.ended();
    return info;
  }

  #pin(select: ReturnType<typeof selectKeySet>, enter: ReturnType<typeof enterDukptPin>) {
    return this.#talk(async (talk) => {
      if (select.envelope === 'admin') {
        const selected = await talk.ask(select);
        await talk.ended();
        if (selected !== '080') throw refusalOf({}, selected.slice(2));
      } else await talk.send(select);
      const answer = await this.#typed(talk, enter);
      if (!('code' in answer)) return answer;
      throw refusalOf(PIN_CODES, answer.code);
    });
  }

  /** EOT in place of an answer: the cardholder cancelled, or the time ran out. */
  async #typed(talk: Talk, enter: ReturnType<typeof enterDukptPin>) {
    const taken = await talk.send(enter);
    const answer = 'text' in taken ? taken.text : await talk.answer(this.#timings.pinEntry);
    if (answer === 'EOT') throw new TerminalError('CANCELLED');
    await talk.control('ACK');
    return readPin(answer);
  }
}
