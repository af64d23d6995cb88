import type { Secret } from '@keywright/crypto';
import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import type { AllowedKeys, Unusable } from '../policy/key-use.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { arnOf } from './key-identifier.ts';
import type { Context } from './operation.ts';
import { findUsableKey } from './usable-key.ts';

/** A key that protects key blocks: a stored one, or one that two parties agreed on. */
export interface ProtectionKey {
  /** Of the stored key, or of the one that took part in the agreement. */
  readonly arn: string;
  readonly algorithm: KeyAlgorithm;
  /** What to compare when a key block that came under it does not verify. */
  readonly ifWrong: string;
  /** Once everything is checked; the caller disposes of the result. */
  open(): Promise<Secret>;
}

/** Keys that protect key blocks: K0 and K1 are the same here. */
const PROTECTION_KEYS: Omit<AllowedKeys, 'modes'> = {
  usages: ['TR31_K0_KEY_ENCRYPTION_KEY', 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'],
  algorithms: ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'],
};

/** Finds the key that protects a key block, and checks that it may. */
export function findProtectionKey(
  identifier: string,
  mode: 'Wrap' | 'Unwrap',
  context: Context,
  unusable: Unusable = 'ConflictException',
): Promise<KeyRecord> {
  return findUsableKey(identifier, { ...PROTECTION_KEYS, modes: [mode] }, context, unusable);
}

/**
 * The stored key that protects a key block.
 *
 * @param unusable how to say that it is disabled or being deleted
 */
export async function storedProtectionKey(
  identifier: string,
  mode: 'Wrap' | 'Unwrap',
  context: Context,
  unusable?: Unusable,
): Promise<ProtectionKey> {
  const record = await findProtectionKey(identifier, mode, context, unusable);
  return {
    arn: arnOf(record, context),
    algorithm: record.attributes.KeyAlgorithm,
    ifWrong: 'the check values of the wrapping key on both sides',
    open: () => context.vault.openKey(record),
  };
}
