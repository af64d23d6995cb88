import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import type { KeyModesOfUse } from '../../src/api/control-plane.generated.ts';
import { SealError } from '../../src/custody/main-key.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { createVault } from '../../src/custody/vault.ts';
import type { AuthorityRecord } from '../../src/store/records/authority.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import type { TokenRecord } from '../../src/store/records/token.ts';
import { someAccessKey } from '../store/approval-contract.ts';
import { someAuthority, someKey, someToken } from '../store/records.ts';

const vaultOf = (byte: number) => createVault(sealUnder(Secret.take(new Uint8Array(32).fill(byte))));
const vault = vaultOf(1);
const clear = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');

const REPLICATION = {
  type: 'PRIMARY',
  primaryRegion: 'us-east-2',
  regions: { 'eu-west-1': { Status: 'SYNCHRONIZED' } },
  usingDefaults: false,
} as const;
const APPROVAL = {
  teamArn: 'arn:team',
  sessionArn: 'arn:session',
  status: 'PENDING',
  statusMessage: 'waiting',
  requestedAt: 1_785_000_000_001,
} as const;

const fullKey = (fields: Partial<KeyRecord> = {}) =>
  someKey({
    deriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
    usageStoppedAt: 1_785_000_000_456,
    deletePendingAt: 1_785_000_000_789,
    deletedAt: 1_785_000_000_999,
    certificate: '-----BEGIN CERTIFICATE-----',
    authorityKeyId: 'bbbbbbbbbbbbbbbb',
    replication: REPLICATION,
    approval: APPROVAL,
    ...fields,
  });

/** Another value, or several, for every field; the compiler asks for one when a record gets a new field. */
const OTHER_KEY_FIELDS: {
  [Field in keyof Required<Omit<KeyRecord, 'sealed' | 'revision' | 'attributes'>>]: KeyRecord[Field][];
} = {
  region: ['us-east-1', ''],
  keyId: ['aaaaaaaaaaaaaaaa'],
  deriveKeyUsage: [undefined, 'TR31_P0_PIN_ENCRYPTION_KEY'],
  checkValue: ['0A1B2D', '0a1b2c', '0A1B2C00'],
  checkValueAlgorithm: ['ANSI_X9_24', 'HMAC', 'SHA_1'],
  origin: ['EXTERNAL'],
  exportable: [false],
  exportability: ['NON_EXPORTABLE', 'SENSITIVE'],
  enabled: [false],
  state: ['CREATE_IN_PROGRESS', 'DELETE_PENDING', 'DELETE_COMPLETE'],
  createdAt: [1_785_000_000_124],
  usageStartedAt: [undefined, 1_785_000_000_124],
  usageStoppedAt: [undefined, 1_785_000_000_457],
  deletePendingAt: [undefined, 1_785_000_000_790],
  deletedAt: [undefined, 1_785_000_001_000],
  certificate: [undefined, '-----BEGIN CERTIFICATE----'],
  authorityKeyId: [undefined, 'bbbbbbbbbbbbbbbc'],
  replication: [
    undefined,
    { ...REPLICATION, type: 'REPLICA' },
    { ...REPLICATION, primaryRegion: 'us-east-1' },
    { ...REPLICATION, regions: {} },
    { ...REPLICATION, usingDefaults: true },
  ],
  approval: [
    undefined,
    { ...APPROVAL, teamArn: 'arn:other' },
    { ...APPROVAL, sessionArn: 'arn:other' },
    { ...APPROVAL, status: 'APPROVED' },
    { ...APPROVAL, statusMessage: undefined },
    { ...APPROVAL, requestedAt: 1_785_000_000_002 },
  ],
};

const MODES: { [Mode in keyof Required<KeyModesOfUse>]: true } = {
  Encrypt: true,
  Decrypt: true,
  Wrap: true,
  Unwrap: true,
  Generate: true,
  Sign: true,
  Verify: true,
  DeriveKey: true,
  NoRestrictions: true,
};

/** Every record that differs from the given one in one field. */
function changedKeys(record: KeyRecord): KeyRecord[] {
  const { attributes } = record;
  const modes = attributes.KeyModesOfUse;
  const changedModes = Object.keys(MODES).flatMap((mode) =>
    [true, false, undefined]
      .filter((value) => value !== modes[mode as keyof KeyModesOfUse])
      .map((value) => ({ ...modes, [mode]: value })),
  );
  const changedAttributes = [
    { ...attributes, KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY' as const },
    { ...attributes, KeyClass: 'PRIVATE_KEY' as const },
    { ...attributes, KeyAlgorithm: 'AES_128' as const },
    ...changedModes.map((KeyModesOfUse) => ({ ...attributes, KeyModesOfUse })),
  ];
  return [
    ...changedAttributes.map((changed) => ({ ...record, attributes: changed as KeyRecord['attributes'] })),
    ...Object.entries(OTHER_KEY_FIELDS).flatMap(([field, values]) =>
      values.map((value) => ({ ...record, [field]: value }) as KeyRecord),
    ),
  ];
}

const OTHER_TOKEN_FIELDS: { [Field in keyof Omit<TokenRecord, 'sealed'>]: TokenRecord[Field] } = {
  region: 'us-east-1',
  tokenId: 'import-token-aaaaaaaaaaaaaaaa',
  purpose: 'EXPORT',
  materialType: 'KEY_CRYPTOGRAM',
  keyAlgorithm: 'RSA_4096',
  certificate: 'another',
  certificateChain: 'another',
  validUntil: 1,
  createdAt: 1,
};

const OTHER_AUTHORITY_FIELDS: { [Field in keyof Omit<AuthorityRecord, 'sealed'>]: AuthorityRecord[Field] } = {
  region: 'us-east-1',
  generation: 2,
  certificate: 'another',
  createdAt: 1,
};

/** All that damage to sealed bytes can be: cut anywhere, and each bit changed. */
function* damaged(sealed: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < sealed.length; length++) yield sealed.slice(0, length);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    yield changed;
  }
}

async function assertOpens(record: KeyRecord): Promise<void> {
  using opened = await vault.openKey(record);
  assert.ok(opened.equals(clear));
}

describe('vault: keys', () => {
  it('opens what it sealed and leaves the clear key to its owner', async () => {
    const { sealed: _, ...record } = fullKey();
    const sealed = await vault.sealKey(record, clear);
    await assertOpens(sealed);
    assert.equal(clear.length, 16);
    assert.deepEqual({ ...sealed, sealed: undefined }, { ...record, sealed: undefined });
  });

  it('opens whatever the order in which attributes were written', async () => {
    const sealed = await vault.sealKey(fullKey(), clear);
    const { KeyUsage, KeyClass, KeyAlgorithm, KeyModesOfUse } = sealed.attributes;
    const modes = Object.fromEntries(Object.entries(KeyModesOfUse).toReversed());
    await assertOpens({ ...sealed, attributes: { KeyModesOfUse: modes, KeyAlgorithm, KeyClass, KeyUsage } });
  });

  it('opens whatever the revision, which the store counts', async () => {
    await assertOpens({ ...(await vault.sealKey(fullKey(), clear)), revision: 77 });
  });

  it('does not open when any field of the record was changed', async () => {
    const sealed = await vault.sealKey(fullKey(), clear);
    const changed = changedKeys(sealed);
    // 3 attributes, 9 modes with 2 other values each, and the fields above.
    assert.equal(changed.length, 3 + 18 + Object.values(OTHER_KEY_FIELDS).flat().length);
    for (const record of changed) {
      await assert.rejects(vault.openKey(record), SealError, JSON.stringify(record));
    }
  });

  it('does not open when text moved from one field to its neighbour', async () => {
    const sealed = await vault.sealKey(fullKey({ region: 'ab', keyId: 'c' }), clear);
    await assert.rejects(vault.openKey({ ...sealed, region: 'a', keyId: 'bc' }), SealError);
    const quoted = await vault.sealKey(fullKey({ region: 'a","b', keyId: 'c' }), clear);
    await assert.rejects(vault.openKey({ ...quoted, region: 'a', keyId: 'b","c' }), SealError);
  });

  it('does not open with the sealed bytes of another record', async () => {
    const one = await vault.sealKey(fullKey(), clear);
    const other = await vault.sealKey(fullKey(), clear);
    await assert.rejects(vault.openKey({ ...one, sealed: other.sealed }), SealError);
    await assert.rejects(vault.openKey({ ...other, sealed: one.sealed }), SealError);
  });

  it('does not open damaged bytes, or none', async () => {
    const record = await vault.sealKey(fullKey(), clear);
    for (const sealed of damaged(record.sealed!)) {
      await assert.rejects(vault.openKey({ ...record, sealed }), SealError);
    }
    await assert.rejects(vault.openKey({ ...record, sealed: undefined }), SealError);
  });

  it('does not open under another main key', async () => {
    await assert.rejects(vaultOf(2).openKey(await vault.sealKey(fullKey(), clear)), SealError);
  });

  it('seals a change anew, and old fields do not open the new bytes', async () => {
    const old = await vault.sealKey(fullKey({ deletePendingAt: undefined }), clear);
    const changes = { state: 'DELETE_PENDING', enabled: false, deletePendingAt: 5 } as const;
    const changed = await vault.resealKey(old, changes);
    assert.deepEqual({ ...changed, sealed: undefined }, { ...old, ...changes, sealed: undefined });
    await assertOpens(changed);
    await assertOpens(old);
    await assert.rejects(vault.openKey({ ...old, sealed: changed.sealed }), SealError);
    await assert.rejects(vault.openKey({ ...changed, sealed: old.sealed }), SealError);
  });

  it('does not seal a change of a record that does not open', async () => {
    const record = await vault.sealKey(fullKey({ exportable: false }), clear);
    await assert.rejects(vault.resealKey({ ...record, exportable: true }, { enabled: false }), SealError);
    await assert.rejects(vault.resealKey({ ...record, sealed: undefined }, { enabled: false }), SealError);
  });
});

describe('vault: tokens', () => {
  it('opens what it sealed', async () => {
    using opened = await vault.openToken(await vault.sealToken(someToken(), clear));
    assert.ok(opened.equals(clear));
  });

  it('does not open when any field was changed, the bytes damaged, or under another main key', async () => {
    const token = await vault.sealToken(someToken(), clear);
    for (const [field, value] of Object.entries(OTHER_TOKEN_FIELDS)) {
      await assert.rejects(vault.openToken({ ...token, [field]: value }), SealError, field);
    }
    for (const sealed of damaged(token.sealed)) {
      await assert.rejects(vault.openToken({ ...token, sealed }), SealError);
    }
    await assert.rejects(vaultOf(2).openToken(token), SealError);
  });

  it('and keys do not open each other', async () => {
    const token = await vault.sealToken(someToken(), clear);
    const key = await vault.sealKey(fullKey(), clear);
    await assert.rejects(vault.openKey({ ...key, sealed: token.sealed }), SealError);
    await assert.rejects(vault.openToken({ ...token, sealed: key.sealed! }), SealError);
  });
});

describe('vault: authorities', () => {
  it('opens what it sealed', async () => {
    using opened = await vault.openAuthority(await vault.sealAuthority(someAuthority(), clear));
    assert.ok(opened.equals(clear));
  });

  it('does not open when any field was changed, the bytes damaged, or under another main key', async () => {
    const authority = await vault.sealAuthority(someAuthority(), clear);
    for (const [field, value] of Object.entries(OTHER_AUTHORITY_FIELDS)) {
      await assert.rejects(vault.openAuthority({ ...authority, [field]: value }), SealError, field);
    }
    for (const sealed of damaged(authority.sealed)) {
      await assert.rejects(vault.openAuthority({ ...authority, sealed }), SealError);
    }
    await assert.rejects(vaultOf(2).openAuthority(authority), SealError);
    const token = await vault.sealToken(someToken(), clear);
    await assert.rejects(vault.openAuthority({ ...authority, sealed: token.sealed }), SealError);
  });
});

describe('vault: access keys', () => {
  it('opens what it sealed', async () => {
    using opened = await vault.openAccessKey(await vault.sealAccessKey(someAccessKey(), clear));
    assert.ok(opened.equals(clear));
  });

  it('does not open for another user, under another id or main key, or when it was made at another time', async () => {
    const key = await vault.sealAccessKey(someAccessKey(), clear);
    for (const change of [
      { user: 'mallory' },
      { accessKeyId: 'AKIAQRSTUVWXYZ234567' },
      { createdAt: key.createdAt + 1 },
    ]) {
      await assert.rejects(vault.openAccessKey({ ...key, ...change }), SealError);
    }
    for (const sealed of damaged(key.sealed)) {
      await assert.rejects(vault.openAccessKey({ ...key, sealed }), SealError);
    }
    await assert.rejects(vaultOf(2).openAccessKey(key), SealError);
  });
});
