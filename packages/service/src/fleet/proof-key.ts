import { AwsException } from '../api/exceptions.ts';
import { findNamedKey } from '../operations/key-identifier.ts';
import type { ProfileRecord } from '../store/fleet/fleet-store.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { FleetContext } from './fleet-context.ts';

/** The PIN encryption key that test PINs are translated to, so that the fleet can look at them. */
export const PROOF_KEY = 'alias/keywright/fleet-proof';

export function findProofKey(context: FleetContext): Promise<KeyRecord> {
  return findNamedKey(PROOF_KEY, { ...context, action: 'TranslatePinData' });
}

async function hasProofKey(context: FleetContext): Promise<boolean> {
  return (await context.store.findAlias(context.region, PROOF_KEY))?.keyId !== undefined;
}

/** Creates the key if a profile needs it and it is not there. */
export async function ensureProofKey({ keys }: ProfileRecord, context: FleetContext): Promise<void> {
  if (!keys.some(({ purpose }) => purpose === 'PIN') || (await hasProofKey(context))) return;
  const { Key } = await context.perform('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
    Exportable: false,
  });
  try {
    await context.perform('CreateAlias', { AliasName: PROOF_KEY, KeyArn: Key.KeyArn });
  } catch (error) {
    // Another run, started at the same time, was first: its key serves as well.
    if (!(error instanceof AwsException) || !(await hasProofKey(context))) throw error;
    await context.perform('DeleteKey', { KeyIdentifier: Key.KeyArn });
  }
}
