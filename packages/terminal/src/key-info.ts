import { keyCheckValue } from '@keywright/crypto';
import { cipherOf } from './key-use.ts';
import type { KeyInfo } from './pos-terminal.ts';
import type { SlotName } from './slots.ts';
import type { StoredKey } from './terminal-state.ts';

/**
 * The check value of a key; of a DUKPT key set that of its initial key, which alone is kept of it.
 *
 * @throws RangeError unless the length is 1 to 8 bytes
 */
export function kcvOf(key: StoredKey, length: number): string {
  if (key.dukpt === undefined) return keyCheckValue(cipherOf(key), key.material, length);
  if (Number.isInteger(length) && length >= 1 && length <= 8) {
    return key.dukpt.initialKeyKcv.slice(0, 2 * length);
  }
  throw new RangeError(`KCV length must be 1 to 8 bytes, got ${length}`);
}

/** What may be told of a key. */
export function describe(slot: SlotName, key: StoredKey): KeyInfo {
  return { slot, ...key.attributes, kcv: kcvOf(key, 3), ...(key.dukpt && { ksn: key.dukpt.ksn }) };
}
