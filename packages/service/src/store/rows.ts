import type { Tag } from '../api/control-plane.generated.ts';
import type { AliasRecord } from './records/alias.ts';
import type { KeyRecord, Replication } from './records/key.ts';
import type { TokenRecord } from './records/token.ts';

// How records are written as rows and read back. A row's properties are its table's columns, in the table's order.

export type KeyRow = ReturnType<typeof keyRow>;
export type AliasRow = ReturnType<typeof aliasRow>;
export type DefaultRegionRow = ReturnType<typeof defaultRegionRow>;
export type TagRow = ReturnType<typeof tagRow>;
export type TokenRow = ReturnType<typeof tokenRow>;

function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function fromJson<T>(text: string | null): T | undefined {
  return text === null ? undefined : JSON.parse(text);
}

/** Whether a replica is still to be written or destroyed. */
function isReplicating(replication: Replication | undefined): boolean {
  const statuses = Object.values(replication?.regions ?? {});
  return statuses.some(({ Status }) => Status === 'IN_PROGRESS' || Status === 'DELETE_IN_PROGRESS');
}

export function keyRow(record: KeyRecord) {
  return {
    region: record.region,
    key_id: record.keyId,
    attributes: JSON.stringify(record.attributes),
    derive_key_usage: record.deriveKeyUsage ?? null,
    check_value: record.checkValue,
    check_value_algorithm: record.checkValueAlgorithm,
    origin: record.origin,
    exportable: Number(record.exportable),
    exportability: record.exportability,
    enabled: Number(record.enabled),
    state: record.state,
    created_at: record.createdAt,
    usage_started_at: record.usageStartedAt ?? null,
    usage_stopped_at: record.usageStoppedAt ?? null,
    delete_pending_at: record.deletePendingAt ?? null,
    deleted_at: record.deletedAt ?? null,
    certificate: record.certificate ?? null,
    authority_key_id: record.authorityKeyId ?? null,
    replication: toJson(record.replication),
    // Follows from the replication, for an index to find it.
    replicating: Number(isReplicating(record.replication)),
    approval: toJson(record.approval),
    sealed: record.sealed ?? null,
    revision: record.revision,
  };
}

export function keyRecord(row: KeyRow): KeyRecord {
  return {
    region: row.region,
    keyId: row.key_id,
    attributes: JSON.parse(row.attributes),
    deriveKeyUsage: row.derive_key_usage ?? undefined,
    checkValue: row.check_value,
    checkValueAlgorithm: row.check_value_algorithm,
    origin: row.origin,
    exportable: row.exportable === 1,
    exportability: row.exportability,
    enabled: row.enabled === 1,
    state: row.state,
    createdAt: row.created_at,
    usageStartedAt: row.usage_started_at ?? undefined,
    usageStoppedAt: row.usage_stopped_at ?? undefined,
    deletePendingAt: row.delete_pending_at ?? undefined,
    deletedAt: row.deleted_at ?? undefined,
    certificate: row.certificate ?? undefined,
    authorityKeyId: row.authority_key_id ?? undefined,
    replication: fromJson(row.replication),
    approval: fromJson(row.approval),
    sealed: row.sealed ?? undefined,
    revision: row.revision,
  };
}

export function aliasRow(alias: AliasRecord) {
  return { region: alias.region, alias_name: alias.aliasName, key_id: alias.keyId ?? null };
}

export function aliasRecord(row: AliasRow): AliasRecord {
  return { region: row.region, aliasName: row.alias_name, keyId: row.key_id ?? undefined };
}

export function defaultRegionRow(region: string, replicationRegion: string) {
  return { region, replication_region: replicationRegion };
}

export function tagRow(region: string, keyId: string, tag: Tag) {
  return { region, key_id: keyId, tag_key: tag.Key, tag_value: tag.Value };
}

export function tagRecord(row: TagRow): Tag {
  return { Key: row.tag_key, Value: row.tag_value };
}

export function tokenRow(token: TokenRecord) {
  return {
    region: token.region,
    token_id: token.tokenId,
    purpose: token.purpose,
    material_type: token.materialType,
    key_algorithm: token.keyAlgorithm,
    certificate: token.certificate,
    certificate_chain: token.certificateChain,
    valid_until: token.validUntil,
    created_at: token.createdAt,
    sealed: token.sealed,
  };
}

export function tokenRecord(row: TokenRow): TokenRecord {
  return {
    region: row.region,
    tokenId: row.token_id,
    purpose: row.purpose,
    materialType: row.material_type,
    keyAlgorithm: row.key_algorithm,
    certificate: row.certificate,
    certificateChain: row.certificate_chain,
    validUntil: row.valid_until,
    createdAt: row.created_at,
    sealed: row.sealed,
  };
}
