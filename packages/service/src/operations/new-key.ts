import type { Secret } from '@keywright/crypto';
import type {
  DeriveKeyUsage,
  Key,
  KeyAttributes,
  KeyCheckValueAlgorithm,
  KeyExportability,
  KeyOrigin,
  Regions,
  Tags,
} from '../api/control-plane.generated.ts';
import type { UnsealedKeyRecord } from '../custody/vault.ts';
import { type CheckValue, checkValueOf } from '../policy/check-value.ts';
import { completeModes } from '../policy/modes-of-use.ts';
import { quotaExceeded } from '../policy/quotas.ts';
import { checkTags } from '../policy/tags.ts';
import { TooManyRecordsError } from '../store/errors.ts';
import type { ApprovalSessionRecord } from '../store/records/approval.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { approvalOf } from './approval/approval.ts';
import type { Counterpart } from './counterpart.ts';
import { keyAnswer } from './key-answer.ts';
import { arnOf } from './key-identifier.ts';
import { replicationOfNewKey } from './new-replication.ts';
import type { Context } from './operation.ts';
import { randomId } from './random-id.ts';
import { replicateKey } from './replicate-keys.ts';

/** What is known of a key that is about to be stored. */
export interface NewKey {
  /** A random one unless given. */
  readonly keyId?: string;
  readonly attributes: KeyAttributes;
  readonly origin: KeyOrigin;
  readonly exportability: KeyExportability;
  readonly deriveKeyUsage?: DeriveKeyUsage | undefined;
  readonly certificate?: string;
  readonly authorityKeyId?: string;
  /** Computed from the clear key unless given. */
  readonly check?: CheckValue;
}

/** What a caller may ask for with a new key, created or imported. */
export interface NewKeySettings {
  readonly KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
  readonly Enabled?: boolean;
  readonly Tags?: Tags;
  readonly ReplicationRegions?: Regions;
  /** The session that the key has to wait for. */
  readonly approval?: ApprovalSessionRecord | undefined;
  /** Under what the key came in; none for a key that was made here, or is public. */
  readonly counterpart?: Counterpart | undefined;
}

function newKeyRecord(
  clear: Secret,
  { keyId, attributes, check, ...key }: NewKey,
  { KeyCheckValueAlgorithm, Enabled = true, approval }: NewKeySettings,
  context: Context,
): UnsealedKeyRecord {
  const { region } = context;
  const createdAt = context.now();
  return {
    region,
    keyId: keyId ?? randomId(),
    attributes: { ...attributes, KeyModesOfUse: completeModes(attributes.KeyModesOfUse) },
    ...(check ?? checkValueOf(clear, attributes.KeyAlgorithm, KeyCheckValueAlgorithm)),
    ...key,
    exportable: key.exportability !== 'NON_EXPORTABLE',
    enabled: Enabled,
    state: approval ? 'CREATE_IN_PROGRESS' : 'CREATE_COMPLETE',
    createdAt,
    usageStartedAt: Enabled && !approval ? createdAt : undefined,
    approval: approval && approvalOf(approval, context),
    revision: 0,
  };
}

async function storeWithinQuota(
  record: KeyRecord,
  { Tags: tags = [], approval, counterpart }: NewKeySettings,
  { store, quotas: { keys: most } }: Context,
): Promise<void> {
  const { region, keyId, createdAt } = record;
  const session = approval && { ...approval, keyId };
  const transfer = counterpart && {
    region,
    keyId,
    direction: 'IN' as const,
    ...counterpart,
    firstAt: createdAt,
  };
  try {
    await store.insertKey(record, tags, { session, most, transfer });
  } catch (error) {
    if (!(error instanceof TooManyRecordsError)) throw error;
    throw quotaExceeded('keys', most!, record.region);
  }
}

/** A key that has passed every rule, sealed, and not yet stored; `clear` stays the caller's to dispose of. */
export async function prepareNewKey(
  clear: Secret,
  key: NewKey,
  settings: NewKeySettings,
  context: Context,
): Promise<KeyRecord> {
  checkTags(settings.Tags ?? []);
  const made = newKeyRecord(clear, key, settings, context);
  const replication = await replicationOfNewKey(made, settings.ReplicationRegions, context.store);
  return await context.vault.sealKey({ ...made, replication }, clear);
}

/** Seals and stores a key that has passed every rule, then its replicas; `clear` stays the caller's to dispose of. */
export async function storeNewKey(
  clear: Secret,
  key: NewKey,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const record = await prepareNewKey(clear, key, settings, context);
  context.noteKey(arnOf(record, context));
  await storeWithinQuota(record, settings, context);
  return keyAnswer(await replicateKey(record, context), context);
}
