import type { AllowedKeys, Unusable } from '../policy/key-use.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { Context } from './operation.ts';
import { findUsableKey } from './usable-key.ts';

/** Keys that protect cryptograms of keys: K0 alone, since K1 protects key blocks. */
const KEKS: Omit<AllowedKeys, 'modes'> = {
  usages: ['TR31_K0_KEY_ENCRYPTION_KEY'],
  algorithms: ['TDES_2KEY', 'TDES_3KEY'],
};

/** Finds the KEK of AS 2805, and checks that it may be used. */
export function findAs2805Kek(
  identifier: string,
  mode: 'Wrap' | 'Unwrap',
  context: Context,
  unusable: Unusable = 'ConflictException',
): Promise<KeyRecord> {
  return findUsableKey(identifier, { ...KEKS, modes: [mode] }, context, unusable);
}
