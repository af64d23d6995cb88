import { keyCheckValue } from '@keywright/crypto';
import { CIPHERS, type SlotName } from '../profiles/slots.ts';
import type { KeyInfo } from '../results.ts';
import type { StoredKey } from './terminal-state.ts';

/**
 * The check value of a key; of a DUKPT key set that of its initial key, which alone is kept of it.
 *
 * @throws RangeError unless the length is 1 to 8 bytes
 */
export function kcvOf({ dukpt, attributes, material }: StoredKey, length: number): string {
  if (dukpt === undefined) return keyCheckValue(CIPHERS[attributes.algorithm]!, material, length);
  if (Number.isInteger(length) && length >= 1 && length <= 8) return dukpt.initialKeyKcv.slice(0, 2 * length);
  throw new RangeError(`KCV length must be 1 to 8 bytes, got ${length}`);
}

/** What may be told of a key. */
export function describeKey(slot: SlotName, key: StoredKey): KeyInfo {
  const { attributes, dukpt, relaxations } = key;
  return { slot, ...attributes, kcv: kcvOf(key, 3), ...(dukpt && { ksn: dukpt.ksn }), relaxations };
}
