import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import type { KeySummary } from '../../src/api/control-plane.generated.ts';
import { storeNewKey } from '../../src/operations/new-key.ts';
import { assertSettled, EUROPE, getKey, HOME, inRegion, newKey, REGIONS, WEST } from './regions.ts';
import { attributes, DAY, Service, START } from './service.ts';

const SYNCHRONIZED = { Status: 'SYNCHRONIZED' };
const ID = /key\/([a-z2-7]{16})$/;

test('a new key is in every region that it names, with the same id', async (t) => {
  const service = new Service(t);
  const primary = await newKey(service, [WEST, EUROPE]);
  const { MultiRegionKeyType, ReplicationStatus, UsingDefaultReplicationRegions, KeyArn, ...common } =
    primary;
  assert.equal(MultiRegionKeyType, 'PRIMARY');
  assert.deepEqual(ReplicationStatus, { [WEST]: SYNCHRONIZED, [EUROPE]: SYNCHRONIZED });
  assert.equal(UsingDefaultReplicationRegions, false);
  assert.equal('PrimaryRegion' in primary, false);
  assert.deepEqual(await getKey(service, KeyArn), primary);
  for (const region of [WEST, EUROPE]) {
    assert.deepEqual(await getKey(service, KeyArn, region), {
      ...common,
      KeyArn: inRegion(KeyArn, region),
      MultiRegionKeyType: 'REPLICA',
      PrimaryRegion: HOME,
    });
  }
  await assertSettled(service.context);
});

test('a key of one region says nothing of replication', async (t) => {
  const key = await newKey(new Service(t));
  const members = [
    'MultiRegionKeyType',
    'PrimaryRegion',
    'ReplicationStatus',
    'UsingDefaultReplicationRegions',
  ];
  assert.deepEqual(
    members.filter((member) => member in key),
    [],
  );
});

test('lists show what is primary and what replica, page by page, each region its own', async (t) => {
  const service = new Service(t);
  const primaries = [await newKey(service, [WEST]), await newKey(service, [WEST, EUROPE])];
  const single = await newKey(service);
  const walk = async (region: string) => {
    const keys: KeySummary[] = [];
    for (let NextToken: string | undefined; ; ) {
      const request = { MaxResults: 1, ...(NextToken === undefined ? {} : { NextToken }) };
      const page = await service.call('ListKeys', request, { region });
      keys.push(...page.Keys);
      NextToken = page.NextToken;
      if (NextToken === undefined) return keys;
    }
  };
  const summary = (keys: KeySummary[]) =>
    keys.map(({ KeyArn, MultiRegionKeyType, PrimaryRegion }) => [KeyArn, MultiRegionKeyType, PrimaryRegion]);
  const sorted = (rows: (string | undefined)[][]) => rows.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  const replica = (arn: string, region: string) => [inRegion(arn, region), 'REPLICA', HOME];
  const [one, both] = primaries.map(({ KeyArn }) => KeyArn) as [string, string];
  assert.deepEqual(
    summary(await walk(HOME)),
    sorted([...[one, both].map((arn) => [arn, 'PRIMARY', undefined]), [single.KeyArn, undefined, undefined]]),
  );
  assert.deepEqual(summary(await walk(WEST)), sorted([replica(one, WEST), replica(both, WEST)]));
  assert.deepEqual(summary(await walk(EUROPE)), [replica(both, EUROPE)]);
});

// NIST SP 800-38A, F.1.1: ECB-AES128.
const NIST = {
  key: '2B7E151628AED2A6ABF7158809CF4F3C',
  clear: '6BC1BEE22E409F96E93D7E117393172A',
  encrypted: '3AD77BB40D7A3660A89ECAF32466EF97',
};

test('a replica encrypts, and is exported and imported, in its region', async (t) => {
  const service = new Service(t);
  const data = await service.putKey({
    usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY',
    algorithm: 'AES_128',
    mode: 'B',
    hex: NIST.key,
    ReplicationRegions: [WEST],
  });
  const { Key: kek } = await service.call('CreateKey', {
    KeyAttributes: attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'AES_256', 'B'),
    Exportable: true,
    ReplicationRegions: [WEST],
  });
  for (const region of [HOME, WEST]) {
    const encrypted = await service.call(
      'EncryptData',
      {
        KeyIdentifier: inRegion(data, region),
        PlainText: NIST.clear,
        EncryptionAttributes: { Symmetric: { Mode: 'ECB' } },
      },
      { region },
    );
    assert.equal(encrypted.CipherText, NIST.encrypted);
  }
  const WrappingKeyIdentifier = inRegion(kek.KeyArn, WEST);
  const { WrappedKey } = await service.call(
    'ExportKey',
    { KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier } }, ExportKeyIdentifier: inRegion(data, WEST) },
    { region: WEST },
  );
  const WrappedKeyBlock = WrappedKey!.KeyMaterial;
  const { Key: imported } = await service.call('ImportKey', {
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek.KeyArn, WrappedKeyBlock } },
    ReplicationRegions: [EUROPE],
  });
  assert.deepEqual(imported.ReplicationStatus, { [EUROPE]: SYNCHRONIZED });
  const { KeyCheckValue } = await getKey(service, data);
  assert.equal((await getKey(service, imported.KeyArn, EUROPE)).KeyCheckValue, KeyCheckValue);
  await assertSettled(service.context);
});

test('default regions are added, listed in order, taken away, and each region has its own', async (t) => {
  const service = new Service(t);
  const get = async (region: string) =>
    (await service.call('GetDefaultKeyReplicationRegions', {}, { region })).EnabledReplicationRegions;
  const enable = async (...ReplicationRegions: string[]) =>
    (await service.call('EnableDefaultKeyReplicationRegions', { ReplicationRegions }))
      .EnabledReplicationRegions;
  const disable = async (...ReplicationRegions: string[]) =>
    (await service.call('DisableDefaultKeyReplicationRegions', { ReplicationRegions }))
      .EnabledReplicationRegions;
  assert.deepEqual(await get(HOME), []);
  assert.deepEqual(await enable(WEST), [WEST]);
  assert.deepEqual(await enable(WEST, EUROPE, 'ap-south-1'), ['ap-south-1', EUROPE, WEST]);
  assert.deepEqual(await get(WEST), []);
  assert.deepEqual(await disable(EUROPE), ['ap-south-1', WEST]);
  assert.deepEqual(await disable(EUROPE, 'ap-south-1'), [WEST]);
  assert.deepEqual(await get(HOME), [WEST]);
});

test('default regions are for exportable keys made later that name none themselves', async (t) => {
  const service = new Service(t);
  const before = await newKey(service);
  await service.call('EnableDefaultKeyReplicationRegions', { ReplicationRegions: [WEST] });
  assert.deepEqual(await getKey(service, before.KeyArn), before);

  const byDefault = await newKey(service);
  assert.deepEqual(byDefault.ReplicationStatus, { [WEST]: SYNCHRONIZED });
  assert.equal(byDefault.UsingDefaultReplicationRegions, true);
  assert.equal((await getKey(service, byDefault.KeyArn, WEST)).MultiRegionKeyType, 'REPLICA');

  const itsOwn = await newKey(service, [EUROPE]);
  assert.deepEqual(itsOwn.ReplicationStatus, { [EUROPE]: SYNCHRONIZED });
  assert.equal(itsOwn.UsingDefaultReplicationRegions, false);
  assert.equal((await newKey(service, [])).MultiRegionKeyType, undefined);
  assert.equal((await newKey(service, undefined, false)).MultiRegionKeyType, undefined);

  await service.call('DisableDefaultKeyReplicationRegions', { ReplicationRegions: [WEST] });
  assert.deepEqual(await getKey(service, byDefault.KeyArn), byDefault);
  assert.equal((await newKey(service)).MultiRegionKeyType, undefined);

  const ReplicationRegions = [EUROPE];
  const added = await service.call('AddKeyReplicationRegions', {
    KeyIdentifier: byDefault.KeyArn,
    ReplicationRegions,
  });
  assert.equal(added.Key.UsingDefaultReplicationRegions, false);
  await assertSettled(service.context);
});

test('regions are added to a key and taken away again', async (t) => {
  const service = new Service(t);
  const key = await newKey(service);
  const KeyIdentifier = key.KeyArn;
  const change = async (name: 'Add' | 'Remove', ...ReplicationRegions: string[]) =>
    (await service.call(`${name}KeyReplicationRegions`, { KeyIdentifier, ReplicationRegions })).Key;
  const inWest = {
    ...key,
    MultiRegionKeyType: 'PRIMARY',
    ReplicationStatus: { [WEST]: SYNCHRONIZED },
    UsingDefaultReplicationRegions: false,
  };
  assert.deepEqual(await change('Add', WEST), inWest);
  assert.deepEqual(await change('Add', WEST), inWest);
  const both = { ...inWest, ReplicationStatus: { [WEST]: SYNCHRONIZED, [EUROPE]: SYNCHRONIZED } };
  assert.deepEqual(await change('Add', WEST, EUROPE), both);
  await assertSettled(service.context);

  service.time += DAY;
  assert.deepEqual(await change('Remove', EUROPE), inWest);
  const gone = await getKey(service, KeyIdentifier, EUROPE);
  assert.deepEqual([gone.KeyState, gone.Enabled], ['DELETE_COMPLETE', false]);
  assert.deepEqual(
    [gone.DeleteTimestamp, gone.UsageStopTimestamp],
    [(START + DAY) / 1000, (START + DAY) / 1000],
  );
  await assertSettled(service.context);

  assert.deepEqual(await change('Add', EUROPE), both);
  assert.equal((await getKey(service, KeyIdentifier, EUROPE)).KeyState, 'CREATE_COMPLETE');
  await assertSettled(service.context);
  assert.deepEqual(await change('Remove', EUROPE, WEST), key);
  assert.deepEqual(await getKey(service, KeyIdentifier), key);
  await assertSettled(service.context);
});

test('replicas stop and start with their primary', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service, [WEST, EUROPE]);
  const replicas = async () => [
    await getKey(service, KeyIdentifier, WEST),
    await getKey(service, KeyIdentifier, EUROPE),
  ];
  service.time += 1000;
  await service.call('StopKeyUsage', { KeyIdentifier });
  for (const replica of await replicas()) {
    assert.equal(replica.Enabled, false);
    assert.equal(replica.UsageStopTimestamp, (START + 1000) / 1000);
  }
  await assertSettled(service.context);
  const { Key } = await service.call('StartKeyUsage', { KeyIdentifier });
  assert.deepEqual(Key.ReplicationStatus, { [WEST]: SYNCHRONIZED, [EUROPE]: SYNCHRONIZED });
  for (const replica of await replicas()) assert.equal(replica.Enabled, true);
  await assertSettled(service.context);
});

test('a key that is disabled is replicated, disabled', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  await service.call('StopKeyUsage', { KeyIdentifier });
  await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] });
  assert.equal((await getKey(service, KeyIdentifier, WEST)).Enabled, false);
  await assertSettled(service.context);
});

test('replicas go at once when their primary is to be deleted, and do not come back with it', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service, [WEST, EUROPE]);
  const { Key: pending } = await service.call('DeleteKey', { KeyIdentifier });
  assert.equal(pending.KeyState, 'DELETE_PENDING');
  assert.equal(pending.ReplicationStatus, undefined);
  const states = async () =>
    Promise.all(REGIONS.map(async (region) => (await getKey(service, KeyIdentifier, region)).KeyState));
  assert.deepEqual(await states(), ['DELETE_PENDING', 'DELETE_COMPLETE', 'DELETE_COMPLETE']);
  await assertSettled(service.context);
  const early = await service.refusal('AddKeyReplicationRegions', {
    KeyIdentifier,
    ReplicationRegions: [WEST],
  });
  assert.equal(early.code, 'ConflictException');

  const { Key: restored } = await service.call('RestoreKey', { KeyIdentifier });
  assert.equal(restored.MultiRegionKeyType, undefined);
  assert.deepEqual(await states(), ['CREATE_COMPLETE', 'DELETE_COMPLETE', 'DELETE_COMPLETE']);
  await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] });
  assert.deepEqual(await states(), ['CREATE_COMPLETE', 'CREATE_COMPLETE', 'DELETE_COMPLETE']);
  await assertSettled(service.context);
});

test('aliases and tags are each region’s own, and a replica may have some', async (t) => {
  const service = new Service(t);
  const tag = { Key: 'team', Value: 'issuing' };
  const { Key } = await service.call('CreateKey', {
    KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B'),
    Exportable: true,
    Tags: [tag],
    ReplicationRegions: [WEST],
  });
  const AliasName = 'alias/pek';
  await service.call('CreateAlias', { AliasName, KeyArn: Key.KeyArn });
  const region = WEST;
  const ResourceArn = inRegion(Key.KeyArn, WEST);
  assert.equal(
    (await service.refusal('GetAlias', { AliasName }, { region })).code,
    'ResourceNotFoundException',
  );
  const tags = async () => (await service.call('ListTagsForResource', { ResourceArn }, { region })).Tags;
  assert.deepEqual(await tags(), []);
  await service.call('TagResource', { ResourceArn, Tags: [{ ...tag, Value: 'acquiring' }] }, { region });
  await service.call('CreateAlias', { AliasName, KeyArn: ResourceArn }, { region });
  await service.call('StopKeyUsage', { KeyIdentifier: AliasName });
  assert.deepEqual(await tags(), [{ ...tag, Value: 'acquiring' }]);
  const home = await service.call('ListTagsForResource', { ResourceArn: Key.KeyArn });
  assert.deepEqual(home.Tags, [tag]);
  assert.equal((await service.call('GetKey', { KeyIdentifier: AliasName }, { region })).Key.Enabled, false);

  await service.call('RemoveKeyReplicationRegions', {
    KeyIdentifier: AliasName,
    ReplicationRegions: [WEST],
  });
  assert.deepEqual((await service.call('GetAlias', { AliasName }, { region })).Alias, { AliasName });
});

const CHANGES = {
  DeleteKey: {},
  RestoreKey: {},
  StartKeyUsage: {},
  StopKeyUsage: {},
  AddKeyReplicationRegions: { ReplicationRegions: [EUROPE] },
  RemoveKeyReplicationRegions: { ReplicationRegions: [EUROPE] },
};

test('a replica can’t be changed; the refusal names the primary', async (t) => {
  const service = new Service(t);
  const { KeyArn } = await newKey(service, [WEST]);
  const before = await getKey(service, KeyArn, WEST);
  const KeyIdentifier = before.KeyArn;
  for (const [operation, members] of Object.entries(CHANGES)) {
    const { code, message } = await service.refusal(
      operation as 'AddKeyReplicationRegions',
      { KeyIdentifier, ...members } as { KeyIdentifier: string; ReplicationRegions: string[] },
      { region: WEST },
    );
    assert.equal(code, 'ConflictException', operation);
    assert.equal(
      message,
      `Key ${KeyIdentifier} is a replica and read-only: change its primary key ${KeyArn} in region ${HOME}.`,
    );
  }
  assert.deepEqual(await getKey(service, KeyArn, WEST), before);
  await assertSettled(service.context);
});

const TOO_MANY = Array.from({ length: 51 }, (_, i) => `eu-west-${i + 1}`);

/** Lists of regions that no request may have, with the message. */
const WRONG_LISTS: [string[], string, string][] = [
  [
    [HOME],
    'ValidationException',
    `ReplicationRegions has ${HOME}, where the key itself is: name other regions.`,
  ],
  [
    [WEST, EUROPE, WEST],
    'ValidationException',
    `ReplicationRegions has ${WEST} more than once: name each region once.`,
  ],
  [TOO_MANY, 'ServiceQuotaExceededException', 'A key is replicated to at most 50 regions.'],
  [['Oregon'], 'ValidationException', ''],
  [['us-west-2 '], 'ValidationException', ''],
];

test('refused: regions that a request may not name', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  const requests = {
    CreateKey: { KeyAttributes, Exportable: true },
    AddKeyReplicationRegions: { KeyIdentifier },
    RemoveKeyReplicationRegions: { KeyIdentifier },
    EnableDefaultKeyReplicationRegions: {},
    DisableDefaultKeyReplicationRegions: {},
  };
  for (const [operation, members] of Object.entries(requests)) {
    const refusal = (ReplicationRegions: string[]) =>
      service.refusal(
        operation as 'CreateKey',
        { ...members, ReplicationRegions } as unknown as Parameters<typeof service.call<'CreateKey'>>[1],
      );
    for (const [regions, code, message] of WRONG_LISTS) {
      const refused = await refusal(regions);
      assert.equal(refused.code, code, operation);
      assert.match(refused.message, /regions/i);
      if (message !== '') assert.equal(refused.message, message);
    }
    if (operation === 'CreateKey') continue;
    const empty = await refusal([]);
    assert.equal(empty.message, 'ReplicationRegions is empty: name at least one region.');
  }
  assert.equal(await service.count(), 1);
  assert.deepEqual((await service.call('GetDefaultKeyReplicationRegions', {})).EnabledReplicationRegions, []);
});

test('refused: more regions together than a key or a region may have', async (t) => {
  const service = new Service(t);
  const regions = TOO_MANY.slice(1);
  await service.call('EnableDefaultKeyReplicationRegions', { ReplicationRegions: regions });
  const more = { ReplicationRegions: TOO_MANY.slice(0, 1) };
  const defaults = await service.refusal('EnableDefaultKeyReplicationRegions', more);
  assert.equal(defaults.code, 'ServiceQuotaExceededException');
  const { EnabledReplicationRegions } = await service.call('GetDefaultKeyReplicationRegions', {});
  assert.equal(EnabledReplicationRegions.length, 50);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const added = await service.refusal('AddKeyReplicationRegions', { KeyIdentifier, ...more });
  assert.equal(added.code, 'ServiceQuotaExceededException');
  assert.equal(Object.keys((await getKey(service, KeyIdentifier)).ReplicationStatus!).length, 50);
});

test('refused: replication of a key that is not exportable', async (t) => {
  const service = new Service(t);
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  const ReplicationRegions = [WEST];
  const created = await service.refusal('CreateKey', {
    KeyAttributes,
    Exportable: false,
    ReplicationRegions,
  });
  const rule = "is not exportable and can't be replicated: ReplicationRegions needs an exportable key.";
  assert.deepEqual([created.code, created.message], ['ValidationException', `The new key ${rule}`]);
  assert.equal(await service.count(), 0);
  const { KeyArn: KeyIdentifier } = await newKey(service, [], false);
  const added = await service.refusal('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions });
  assert.deepEqual([added.code, added.message], ['ValidationException', `Key ${KeyIdentifier} ${rule}`]);
});

test('a key pair is replicated as a symmetric key is', async (t) => {
  const service = new Service(t);
  const { Key } = await service.call('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
      KeyClass: 'ASYMMETRIC_KEY_PAIR',
      KeyAlgorithm: 'ECC_NIST_P256',
      KeyModesOfUse: { DeriveKey: true },
    },
    DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
    Exportable: true,
    ReplicationRegions: [WEST],
  });
  const replica = await getKey(service, Key.KeyArn, WEST);
  assert.deepEqual([replica.KeyCheckValue, replica.DeriveKeyUsage], [Key.KeyCheckValue, Key.DeriveKeyUsage]);
  await assertSettled(service.context);
});

test('public keys stay in their region: whom a region trusts is decided there', async (t) => {
  const service = new Service(t);
  using sealed = Secret.copyOf(Buffer.from('what is sealed for a public key'));
  const made = {
    attributes: {
      KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
      KeyClass: 'PUBLIC_KEY',
      KeyAlgorithm: 'ECC_NIST_P256',
      KeyModesOfUse: { Verify: true },
    },
    origin: 'EXTERNAL',
    exportability: 'EXPORTABLE',
    check: { checkValue: '0A1B2C', checkValueAlgorithm: 'SHA_1' },
  } as const;
  const ReplicationRegions = [WEST];
  const rule = "is a PUBLIC_KEY and can't be replicated: import its certificate in each region.";
  await assert.rejects(storeNewKey(sealed, made, { ReplicationRegions }, service.context), {
    code: 'ValidationException',
    message: `The new key ${rule}`,
  });
  await service.call('EnableDefaultKeyReplicationRegions', { ReplicationRegions });
  const { KeyArn: KeyIdentifier, MultiRegionKeyType } = await storeNewKey(sealed, made, {}, service.context);
  assert.equal(MultiRegionKeyType, undefined);
  const added = await service.refusal('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions });
  assert.deepEqual([added.code, added.message], ['ValidationException', `Key ${KeyIdentifier} ${rule}`]);
  assert.equal(await service.context.store.findKey(WEST, KeyIdentifier.slice(-16)), undefined);
});

test('refused: regions to remove where there is no replica, keys that are not there', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service, [WEST]);
  const remove = (KeyArn: string, ...ReplicationRegions: string[]) =>
    service.refusal('RemoveKeyReplicationRegions', { KeyIdentifier: KeyArn, ReplicationRegions });
  const other = await remove(KeyIdentifier, WEST, EUROPE);
  assert.equal(other.code, 'ValidationException');
  assert.equal(
    other.message,
    `ReplicationRegions has ${EUROPE}, where key ${KeyIdentifier} has no replica: it is replicated to ${WEST}.`,
  );
  assert.deepEqual((await getKey(service, KeyIdentifier)).ReplicationStatus, { [WEST]: SYNCHRONIZED });
  const { KeyArn: single } = await newKey(service);
  assert.match((await remove(single, WEST)).message, /has no replica: it has no replicas\.$/);
  assert.equal((await remove('alias/nobody', WEST)).code, 'ResourceNotFoundException');
  const nobody = { KeyIdentifier: 'alias/nobody', ReplicationRegions: [WEST] };
  assert.equal((await service.refusal('AddKeyReplicationRegions', nobody)).code, 'ResourceNotFoundException');
});

test('a region where another key has the id fails, and that key is left alone', async (t) => {
  const service = new Service(t);
  const { store, vault } = service.context;
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const keyId = ID.exec(KeyIdentifier)![1]!;
  const other = await store.findKey(HOME, ID.exec((await newKey(service)).KeyArn)![1]!);
  await store.insertKey(await vault.resealKey(other!, { region: WEST, keyId, revision: 0 }), []);
  const before = await store.findKey(WEST, keyId);

  const ReplicationRegions = [WEST, EUROPE];
  const FAILED = {
    Status: 'FAILED',
    StatusMessage: `Region ${WEST} has another key with the id ${keyId}.`,
  };
  const added = await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions });
  assert.deepEqual(added.Key.ReplicationStatus, { [WEST]: FAILED, [EUROPE]: SYNCHRONIZED });
  await service.call('StopKeyUsage', { KeyIdentifier });
  const again = await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions });
  assert.deepEqual(again.Key.ReplicationStatus, { [WEST]: FAILED, [EUROPE]: SYNCHRONIZED });
  assert.deepEqual(await store.findKey(WEST, keyId), before);

  const removed = await service.call('RemoveKeyReplicationRegions', {
    KeyIdentifier,
    ReplicationRegions: [WEST],
  });
  assert.deepEqual(removed.Key.ReplicationStatus, { [EUROPE]: SYNCHRONIZED });
  await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] });
  await service.call('DeleteKey', { KeyIdentifier });
  assert.deepEqual(await store.findKey(WEST, keyId), before);
  await assertSettled(service.context);
});
