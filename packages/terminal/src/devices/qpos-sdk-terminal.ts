import { parseKeyBlock } from '@keywright/crypto';
import type { LoadOptions } from '../pos-terminal.ts';
import { rulesOf } from '../profiles/index.ts';
import { QPOS } from '../profiles/qpos.ts';
import { chooseSlot } from '../profiles/slot-choice.ts';
import type { SlotIndex, SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { answering } from '../refused.ts';
import { RefusingTerminal } from '../refusing-terminal.ts';
import type { LoadResult, TerminalInfo } from '../results.ts';
import { refusing } from '../software/library-errors.ts';

/**
 * What the vendor's SDK on the device does, as promises: a thin layer of the app turns its calls and callbacks into these. In brackets
 * the names of SDK 8.5.4 (Dspread).
 */
export interface QposSdk {
  /** `getQposId`, `onQposIdResult`. */
  getQposId(): Promise<{ posId: string }>;
  /** `sendTR31Key(block)`, `onRequestSendTR31KeyResult(boolean)`. */
  sendTR31Key(block: string): Promise<boolean>;
  /** `updateKeyByTR_31(index, block)`, `onReturnUpdateKeyByTR_31Result(boolean)`. */
  updateKeyByTR_31(index: number, block: string): Promise<boolean>;
  /** `getKeyCheckValue(index, type)`, `onGetKeyCheckValue(table)`: the value of the type that was asked for. */
  getKeyCheckValue(index: number, type: string): Promise<string>;
  /** `getTR31Token()`, `onRetuenGetTR31Token(token)`. */
  getTR31Token(): Promise<string>;
}

/** The SDK's names for check values and KSNs (CHECKVALUE_KEYTYPE), by the slots of the profile `qpos`. */
const KCV_TYPES: Readonly<Record<string, string>> = {
  TMK: 'MKSK_TMK',
  PIK: 'MKSK_PIK',
  TDK: 'MKSK_TDK',
  MCK: 'MKSK_MCK',
  'DUKPT-TRK': 'DUKPT_TRK_IPEK',
  'DUKPT-EMV': 'DUKPT_EMV_IPEK',
  'DUKPT-PIN': 'DUKPT_PIN_IPEK',
};

function partsOf(slot: SlotName): { name: string; index: SlotIndex } {
  const { index } = rulesOf(QPOS, slot);
  return { name: slot.slice(0, slot.lastIndexOf('-')), index };
}

function hexadecimal(value: string, length: number): string {
  if (new RegExp(`^[0-9A-Fa-f]{${2 * length},}$`).test(value))
    return value.slice(0, 2 * length).toUpperCase();
  throw new TerminalError('BAD_ANSWER', 'the SDK gave something other than a check value or a KSN');
}

/**
 * A QPOS through its vendor's SDK: what an app on the device puts behind `BridgeClient`. The SDK answers a load with true or false, so
 * that the check value, read back from the slot, is what says more.
 */
export class QposSdkTerminal extends RefusingTerminal {
  readonly #pos: QposSdk;

  constructor(pos: QposSdk) {
    super();
    this.#pos = pos;
  }

  override async info(): Promise<TerminalInfo> {
    const { posId } = await this.#pos.getQposId();
    return { serial: posId, state: 'READY', model: 'Dspread QPOS', keys: [] };
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    return answering(async (): Promise<LoadResult> => {
      const { keyUsage: usage, algorithm, keyVersion } = refusing(() => parseKeyBlock(block)).header;
      const slot = chooseSlot(QPOS, usage, options);
      if (!(await this.#hand(block, options)))
        throw new TerminalError('REFUSED', 'the SDK answered false', 'false');
      const kcv = await this.getKeyCheckValue(slot);
      if (options.expectedKcv !== undefined && !options.expectedKcv.toUpperCase().startsWith(kcv)) {
        throw new TerminalError('KCV_MISMATCH', `${slot} has a key of check value ${kcv}: do not use it`);
      }
      return { ok: true, status: 'LOADED', slot, usage, algorithm, keyVersion, kcv, relaxations: [] };
    });
  }

  override async getKeyCheckValue(slot: SlotName, length = 3): Promise<string> {
    const { name, index } = partsOf(slot);
    return hexadecimal(await this.#pos.getKeyCheckValue(index, KCV_TYPES[name]!), length);
  }

  override async getKsn(slot: SlotName): Promise<string> {
    const { name, index } = partsOf(slot);
    if (!name.startsWith('DUKPT'))
      throw new TerminalError('WRONG_KEY', `${slot} is no DUKPT key set: it has no KSN`);
    const type = KCV_TYPES[name]!.replace('IPEK', 'KSN');
    return hexadecimal(await this.#pos.getKeyCheckValue(index, type), 10);
  }

  #hand(block: string, { index }: LoadOptions): Promise<boolean> {
    return index === undefined ? this.#pos.sendTR31Key(block) : this.#pos.updateKeyByTR_31(index, block);
  }

  override async getTR31Token(): Promise<string> {
    return this.#pos.getTR31Token();
  }
}
