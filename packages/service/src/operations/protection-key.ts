import { type AllowedKeys, checkKeyUse } from '../policy/key-use.ts';
import type { KeyRecord } from '../store/store.ts';
import { arnOf, resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** Keys that protect key blocks: K0 and K1 are the same here. */
const PROTECTION_KEYS: Omit<AllowedKeys, 'modes'> = {
  usages: ['TR31_K0_KEY_ENCRYPTION_KEY', 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'],
  algorithms: ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'],
};

/** Finds the key that protects a key block, and checks that it may. */
export async function findProtectionKey(
  identifier: string,
  mode: 'Wrap' | 'Unwrap',
  context: Context,
): Promise<KeyRecord> {
  const record = await resolveKey(identifier, context);
  checkKeyUse(record, arnOf(record, context), { ...PROTECTION_KEYS, modes: [mode] }, 'ConflictException');
  return record;
}
