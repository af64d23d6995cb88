import { decodeHex, encodeHex, type KeyBlockContents, parseKeyBlock } from '@keywright/crypto';
import { OctetString } from '@peculiar/asn1-schema';
import type { LoadOptions } from '../../pos-terminal.ts';
import { IDTECH_L100 } from '../../profiles/idtech-l100.ts';
import { chooseSlot } from '../../profiles/slot-choice.ts';
import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';
import type { KeyLoaded } from '../../results.ts';
import { refusing } from '../../software/library-errors.ts';
import { badAnswer, placeOf, readFields } from './commands.ts';
import { decodeAnswer, encodeContainer, KeyContainer, KeyToLoad } from './key-container.ts';

/** 2 is in published containers for initial keys; what other keys have is not published. */
const KEY_TYPES = { dukpt: 2, other: 1 } as const;
const KCV_LENGTH = 2;
export const NO_KSN = '0'.repeat(20);

/** A key block on its way to its slot. */
export interface Loading {
  readonly slot: SlotName;
  readonly block: string;
  readonly contents: KeyBlockContents;
  readonly ksn: string | undefined;
  readonly expectedKcv: string;
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

/**
 * Reads what is to be loaded, and refuses what the device has no way to take.
 *
 * @throws TerminalError
 */
export function readLoading(block: string, options: LoadOptions): Loading {
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

export function containerOf({ slot, block, ksn, expectedKcv }: Loading): Uint8Array {
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

export function loaded({ slot, contents, ksn }: Loading, kcv?: string): KeyLoaded {
  const { keyUsage: usage, algorithm, keyVersion } = contents.header;
  const told = { ...(kcv !== undefined && { kcv }), ...(ksn !== undefined && { ksn }) };
  return { ok: true, status: 'LOADED', slot, usage, algorithm, keyVersion, ...told, relaxations: [] };
}

/** Reads what became of the key. @throws TerminalError with the device's reason */
export function readOutcome(data: Uint8Array, loading: Loading): KeyLoaded {
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
