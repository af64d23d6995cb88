import type {
  Alias,
  Key,
  KeyAttributes,
  KeySummary,
  MpaStatus,
  Timestamp,
} from '../api/control-plane.generated.ts';
import { completeModes } from '../policy/modes-of-use.ts';
import type { AliasRecord } from '../store/records/alias.ts';
import type { Approval } from '../store/records/approval.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { arnOf, keyArn } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** Seconds since 1970 with a fraction, as the wire has it. */
export function toTimestamp(milliseconds: number): Timestamp {
  return milliseconds / 1000;
}

/** A member for an answer, left out when there is no such time. */
function timestamp<Name extends string>(
  name: Name,
  at: number | undefined,
): Partial<Record<Name, Timestamp>> {
  return at === undefined ? {} : ({ [name]: toTimestamp(at) } as Record<Name, Timestamp>);
}

function attributesOf({ attributes }: KeyRecord): KeyAttributes {
  return { ...attributes, KeyModesOfUse: completeModes(attributes.KeyModesOfUse) };
}

/** A replica names its primary's region; a primary's own is in its ARN. */
function multiRegionSummary({ replication }: KeyRecord): Partial<KeySummary> {
  if (replication === undefined) return {};
  const { type, primaryRegion } = replication;
  return { MultiRegionKeyType: type, ...(type === 'REPLICA' ? { PrimaryRegion: primaryRegion } : {}) };
}

/** How far the replicas are: the primary knows. */
function replicationAnswer({ replication }: KeyRecord): Partial<Key> {
  if (replication?.type !== 'PRIMARY') return {};
  const { regions, usingDefaults } = replication;
  return { ReplicationStatus: regions, UsingDefaultReplicationRegions: usingDefaults };
}

function approvalAnswer({ approval }: KeyRecord): Partial<Key> {
  return approval === undefined ? {} : { MpaStatus: mpaStatus(approval) };
}

export function mpaStatus({ sessionArn, status, requestedAt, statusMessage }: Approval): MpaStatus {
  return {
    MpaSessionArn: sessionArn,
    Status: status,
    InitiationDate: toTimestamp(requestedAt),
    ...(statusMessage === undefined ? {} : { StatusMessage: statusMessage }),
  };
}

export function summaryAnswer(record: KeyRecord, context: Context): KeySummary {
  return {
    KeyArn: arnOf(record, context),
    KeyAttributes: attributesOf(record),
    KeyCheckValue: record.checkValue,
    Enabled: record.enabled,
    Exportable: record.exportable,
    KeyState: record.state,
    ...multiRegionSummary(record),
  };
}

export function keyAnswer(record: KeyRecord, context: Context): Key {
  return {
    ...summaryAnswer(record, context),
    KeyCheckValueAlgorithm: record.checkValueAlgorithm,
    KeyOrigin: record.origin,
    CreateTimestamp: toTimestamp(record.createdAt),
    ...timestamp('UsageStartTimestamp', record.usageStartedAt),
    ...timestamp('UsageStopTimestamp', record.usageStoppedAt),
    ...timestamp('DeletePendingTimestamp', record.deletePendingAt),
    ...timestamp('DeleteTimestamp', record.deletedAt),
    ...(record.deriveKeyUsage === undefined ? {} : { DeriveKeyUsage: record.deriveKeyUsage }),
    ...replicationAnswer(record),
    ...approvalAnswer(record),
  };
}

export function aliasAnswer({ aliasName, keyId }: AliasRecord, { account, region }: Context): Alias {
  return {
    AliasName: aliasName,
    ...(keyId === undefined ? {} : { KeyArn: keyArn(account, region, keyId) }),
  };
}
