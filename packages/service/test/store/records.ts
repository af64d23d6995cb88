import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import type { KeyReplicationState } from '../../src/api/control-plane.generated.ts';
import type { AliasRecord } from '../../src/store/records/alias.ts';
import type { AuthorityRecord } from '../../src/store/records/authority.ts';
import type { KeyRecord, Replication } from '../../src/store/records/key.ts';
import type { TokenRecord } from '../../src/store/records/token.ts';
import type { TransferRecord } from '../../src/store/records/transfer.ts';

// Records for tests: ones of a fixed kind with a few fields given, and arbitrary ones.

const KEY_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

export function newKeyId(): string {
  return Array.from({ length: 16 }, () => KEY_ID_LETTERS[randomInt(KEY_ID_LETTERS.length)]).join('');
}

/** A complete key with made-up sealed bytes. */
export function someKey(fields: Partial<KeyRecord> = {}): KeyRecord {
  return {
    region: 'us-east-2',
    keyId: newKeyId(),
    attributes: {
      KeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_256',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true, Sign: false },
    },
    checkValue: '0A1B2C',
    checkValueAlgorithm: 'CMAC',
    origin: 'AWS_PAYMENT_CRYPTOGRAPHY',
    exportable: true,
    exportability: 'EXPORTABLE',
    enabled: true,
    state: 'CREATE_COMPLETE',
    createdAt: 1_785_000_000_123,
    usageStartedAt: 1_785_000_000_123,
    sealed: Uint8Array.of(1, 2, 3, 0, 255),
    revision: 1,
    ...fields,
  };
}

export function someAlias(fields: Partial<AliasRecord> = {}): AliasRecord {
  return { region: 'us-east-2', aliasName: 'alias/kek', ...fields };
}

export function someTransfer(fields: Partial<TransferRecord> = {}): TransferRecord {
  return {
    region: 'us-east-2',
    keyId: newKeyId(),
    direction: 'OUT',
    way: 'Tr31KeyBlock',
    counterpart: `key/${newKeyId()}`,
    party: undefined,
    ksn: undefined,
    firstAt: 1_785_000_000_000,
    ...fields,
  };
}

export function someToken(fields: Partial<TokenRecord> = {}): TokenRecord {
  return {
    region: 'us-east-2',
    tokenId: `import-token-${newKeyId()}`,
    purpose: 'IMPORT',
    materialType: 'TR34_KEY_BLOCK',
    keyAlgorithm: 'RSA_3072',
    certificate: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
    certificateChain: '-----BEGIN CERTIFICATE-----\nAQ==\n-----END CERTIFICATE-----\n',
    validUntil: 1_787_592_000_000,
    createdAt: 1_785_000_000_000,
    sealed: Uint8Array.of(9, 8, 7),
    ...fields,
  };
}

export function someAuthority(fields: Partial<AuthorityRecord> = {}): AuthorityRecord {
  return {
    region: 'us-east-2',
    generation: 1,
    certificate: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
    createdAt: 1_785_000_000_000,
    sealed: Uint8Array.of(6, 5, 4),
    ...fields,
  };
}

/** The replication of a primary of us-east-2, with a status for each region. */
export function somePrimary(statuses: Record<string, KeyReplicationState>): Replication {
  const regions = Object.entries(statuses).map(([region, Status]) => [region, { Status }]);
  return {
    type: 'PRIMARY',
    primaryRegion: 'us-east-2',
    regions: Object.fromEntries(regions),
    usingDefaults: false,
  };
}

export const SOME_REPLICA: Replication = {
  type: 'REPLICA',
  primaryRegion: 'us-east-2',
  regions: {},
  usingDefaults: false,
};

/** Objects as literals are, the only ones that a store gives back. */
const PLAIN = { noNullPrototype: true } as const;
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const optionalTime = fc.option(time, { nil: undefined });

/** Any key record, optional fields present or not; all of one id. */
export const anyKey: fc.Arbitrary<KeyRecord> = fc.record(
  {
    region: fc.constantFrom('us-east-1', 'us-east-2', 'eu-central-1'),
    keyId: fc.constant('aaaaaaaaaaaaaaaa'),
    attributes: fc.record(
      {
        KeyUsage: fc.constantFrom('TR31_B0_BASE_DERIVATION_KEY', 'TR31_P0_PIN_ENCRYPTION_KEY'),
        KeyClass: fc.constantFrom('SYMMETRIC_KEY', 'ASYMMETRIC_KEY_PAIR', 'PUBLIC_KEY'),
        KeyAlgorithm: fc.constantFrom('TDES_2KEY', 'AES_128', 'RSA_4096'),
        KeyModesOfUse: fc.record(
          { Encrypt: fc.boolean(), DeriveKey: fc.boolean(), NoRestrictions: fc.boolean() },
          { ...PLAIN, requiredKeys: [] },
        ),
      },
      PLAIN,
    ),
    deriveKeyUsage: fc.constantFrom(undefined, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'),
    checkValue: fc.constantFrom('0A1B2C', '00000000', 'FFFFFF'),
    checkValueAlgorithm: fc.constantFrom('CMAC', 'ANSI_X9_24', 'HMAC', 'SHA_1'),
    origin: fc.constantFrom('EXTERNAL', 'AWS_PAYMENT_CRYPTOGRAPHY'),
    exportable: fc.boolean(),
    exportability: fc.constantFrom('EXPORTABLE', 'NON_EXPORTABLE', 'SENSITIVE'),
    enabled: fc.boolean(),
    state: fc.constantFrom('CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'DELETE_PENDING', 'DELETE_COMPLETE'),
    createdAt: time,
    usageStartedAt: optionalTime,
    usageStoppedAt: optionalTime,
    deletePendingAt: optionalTime,
    deletedAt: optionalTime,
    replication: fc.constantFrom(undefined, somePrimary({ 'us-west-2': 'SYNCHRONIZED' }), SOME_REPLICA),
    sealed: fc.option(fc.uint8Array({ maxLength: 3000 }), { nil: undefined }),
    revision: fc.integer({ min: 0, max: 1000 }),
  } as const,
  PLAIN,
) as fc.Arbitrary<KeyRecord>;

/** A record without the fields that are undefined: to a store, absent and undefined are the same. */
export function present<T extends object>(record: T | undefined): Partial<T> | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
