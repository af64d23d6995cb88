import type { Duplex } from 'node:stream';
import { decodeHex } from '@keywright/crypto';
import type { KeyCryptogram, LoadOptions, PinRequest } from '../../pos-terminal.ts';
import { rulesOf } from '../../profiles/index.ts';
import { QPOS } from '../../profiles/qpos.ts';
import { TerminalError } from '../../refusals.ts';
import { answering, refusedBy } from '../../refused.ts';
import type { KeyLoaded, LoadResult, TerminalInfo } from '../../results.ts';
import { type DriverOptions, LineTerminal } from '../line-terminal.ts';
import {
  type Command,
  GET_POS_ID,
  GET_POS_INFO,
  getPin,
  type InitialKeyCryptogram,
  type KeySet,
  readFirmware,
  readPinBlock,
  readPosId,
  setMasterKey,
  updateInitialKeys,
  updateWorkKey,
  WORK_KEYS,
} from './commands.ts';
import { createQposParser } from './frame.ts';
import { CANCEL, QposTalk, type Unit } from './talk.ts';

export interface QposOptions extends DriverOptions {
  /** Milliseconds for each answer, 5,000 unless given. */
  readonly timeout?: number;
  /** Milliseconds for a PIN, 90,000 unless given. */
  readonly pinTimeout?: number;
  /** Milliseconds between two questions whether the device is ready, 200 unless given. */
  readonly poll?: number;
}

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
    return this.#talk(async (talk) => {
      const { posId, masterKeys } = readPosId(await talk.run(GET_POS_ID));
      const firmware = readFirmware(await talk.run(GET_POS_INFO));
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
    const answer = await this.#talk((talk) => talk.run(getPin(index, pan)));
    const block = readPinBlock(answer);
    if ((block.ksn === undefined) === (name === 'PIK')) return block;
    throw new TerminalError('BAD_ANSWER', `the device encrypted the PIN with another key than ${slot}`);
  }

  async #load(slots: readonly string[], make: () => Command, ksn?: string): Promise<LoadResult> {
    const result = await answering(async (): Promise<KeyLoaded> => {
      const command = make();
      await this.#talk(async (talk) => {
        // So that the device's latest command is another one until it has run this.
        await talk.run(GET_POS_ID);
        await talk.run(command);
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

  #talk<T>(run: (talk: QposTalk) => Promise<T>): Promise<T> {
    const { timeout = 5_000, pinTimeout = 90_000, poll = 200 } = this.#options;
    const timings = { timeout, pinTimeout, poll };
    return this.exchange((exchange) => run(new QposTalk(exchange, timings, () => this.line.isClosed)));
  }
}
