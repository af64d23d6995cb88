import type { KeyAttributes, KeyModesOfUse } from '../api/control-plane.generated.ts';
import type { SealedRecords, SealedTable } from '../store/custody-store.ts';
import type { Approval } from '../store/records/approval.ts';
import type { Replication } from '../store/records/key.ts';
import type {
  UnsealedAccessKey,
  UnsealedAuthority,
  UnsealedComponent,
  UnsealedDocument,
  UnsealedKeyRecord,
  UnsealedToken,
} from './vault.ts';

type Field = string | number | boolean | undefined;

/**
 * The associated data of a key's material: every field of its record but `revision`.
 *
 * The store counts the revision up by itself, after the record was sealed. Binding it would win nothing: no seal of a row
 * tells that a newer one existed, when the whole older row is put back. That is for the tree of all rows to tell
 * (store/hash-tree/).
 */
export function bindingOfKey(record: UnsealedKeyRecord): Uint8Array {
  const fields: Record<
    keyof Omit<UnsealedKeyRecord, 'revision' | 'attributes' | 'replication' | 'approval'>,
    Field
  > = {
    region: record.region,
    keyId: record.keyId,
    deriveKeyUsage: record.deriveKeyUsage,
    checkValue: record.checkValue,
    checkValueAlgorithm: record.checkValueAlgorithm,
    origin: record.origin,
    exportable: record.exportable,
    exportability: record.exportability,
    enabled: record.enabled,
    state: record.state,
    createdAt: record.createdAt,
    usageStartedAt: record.usageStartedAt,
    usageStoppedAt: record.usageStoppedAt,
    deletePendingAt: record.deletePendingAt,
    deletedAt: record.deletedAt,
    certificate: record.certificate,
    authorityKeyId: record.authorityKeyId,
  };
  return encode(
    'keywright key 1',
    fields,
    attributeFields(record.attributes),
    modeFields(record.attributes.KeyModesOfUse),
    replicationFields(record.replication),
    approvalFields(record.approval),
  );
}

/** The associated data of an token's private key: every field of its record. */
export function bindingOfToken(token: UnsealedToken): Uint8Array {
  const fields: Record<keyof UnsealedToken, Field> = {
    region: token.region,
    tokenId: token.tokenId,
    purpose: token.purpose,
    materialType: token.materialType,
    keyAlgorithm: token.keyAlgorithm,
    certificate: token.certificate,
    certificateChain: token.certificateChain,
    validUntil: token.validUntil,
    createdAt: token.createdAt,
  };
  return encode('keywright token 1', fields);
}

/** The associated data of an access key's secret: every field of its record. */
export function bindingOfAccessKey(key: UnsealedAccessKey): Uint8Array {
  const fields: Record<keyof UnsealedAccessKey, Field> = {
    user: key.user,
    accessKeyId: key.accessKeyId,
    createdAt: key.createdAt,
  };
  return encode('keywright access key 1', fields);
}

/** The associated data of a key component: whose it is, in which ceremony; not how far it is, which changes. */
export function bindingOfComponent(component: UnsealedComponent): Uint8Array {
  const { region, ceremonyId, number, custodian } = component;
  return encode('keywright component 1', { region, ceremonyId, number, custodian });
}

/** The associated data of an authority's private key: every field of its record. */
export function bindingOfAuthority(authority: UnsealedAuthority): Uint8Array {
  const fields: Record<keyof UnsealedAuthority, Field> = {
    region: authority.region,
    generation: authority.generation,
    certificate: authority.certificate,
    createdAt: authority.createdAt,
  };
  return encode('keywright authority 1', fields);
}

/** The associated data of a document: every field of its record but `revision`, for the reason given above. */
export function bindingOfDocument(document: UnsealedDocument): Uint8Array {
  const fields: Record<keyof Omit<UnsealedDocument, 'revision'>, Field> = {
    kind: document.kind,
    id: document.id,
    group: document.group,
    body: document.body,
    expiresAt: document.expiresAt,
  };
  return encode('keywright document 1', fields);
}

/** The associated data of every kind of record that has sealed bytes. */
export const BINDINGS: { readonly [Table in SealedTable]: (record: SealedRecords[Table]) => Uint8Array } = {
  keys: bindingOfKey,
  tokens: bindingOfToken,
  authorities: bindingOfAuthority,
  access_keys: bindingOfAccessKey,
  documents: bindingOfDocument,
  ceremony_components: bindingOfComponent,
};

function attributeFields(
  attributes: KeyAttributes,
): Record<keyof Omit<KeyAttributes, 'KeyModesOfUse'>, Field> {
  return {
    KeyUsage: attributes.KeyUsage,
    KeyClass: attributes.KeyClass,
    KeyAlgorithm: attributes.KeyAlgorithm,
  };
}

/** How far each replica is changes by itself and binds nothing; which regions there are does. */
function replicationFields(replication: Replication | undefined): Record<string, Field> {
  return {
    type: replication?.type,
    primaryRegion: replication?.primaryRegion,
    usingDefaults: replication?.usingDefaults,
    regions: replication && Object.keys(replication.regions).sort().join(' '),
  };
}

function approvalFields(approval: Approval | undefined): Record<keyof Approval, Field> {
  return {
    teamArn: approval?.teamArn,
    sessionArn: approval?.sessionArn,
    status: approval?.status,
    statusMessage: approval?.statusMessage,
    requestedAt: approval?.requestedAt,
  };
}

function modeFields(modes: KeyModesOfUse): Record<keyof KeyModesOfUse, Field> {
  return {
    Encrypt: modes.Encrypt,
    Decrypt: modes.Decrypt,
    Wrap: modes.Wrap,
    Unwrap: modes.Unwrap,
    Generate: modes.Generate,
    Sign: modes.Sign,
    Verify: modes.Verify,
    DeriveKey: modes.DeriveKey,
    NoRestrictions: modes.NoRestrictions,
  };
}

/**
 * One byte string for one set of fields: a JSON array of the purpose and of the values in the order written above, an
 * absent one as null. Quotes and brackets are the encoding's own, so that no value runs into the next. The order is
 * part of the format: a change of it needs another number in the purpose.
 */
function encode(purpose: string, ...groups: readonly Record<string, Field>[]): Uint8Array {
  const values = groups.map((group) => Object.values(group).map((value) => value ?? null));
  return new TextEncoder().encode(JSON.stringify([purpose, ...values]));
}
