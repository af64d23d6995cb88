import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { keyCheckValue, Secret, unwrapKeyBlock } from '@keywright/crypto';
import { keyArn } from '../../src/operations/key-identifier.ts';
import { findBlastRadius } from '../../src/rotation/blast-radius.ts';
import { completeRotation, rollBackRotation } from '../../src/rotation/end-rotation.ts';
import { exportItems } from '../../src/rotation/export-items.ts';
import { startRotation } from '../../src/rotation/start-rotation.ts';
import type { RotationItemRecord } from '../../src/store/records/rotation.ts';
import { Service } from '../operations/service.ts';

const KEK_HEX = '88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6';
const BDK_HEX = '0123456789ABCDEFFEDCBA9876543210';
const PEK_HEX = '545E2AADE3D43D89C4D5B3B2D0EA5B38';
const KSN = 'FFFF9876543210E00000';

const idOf = (arn: string) => arn.split('/').at(-1)!;

interface Parties {
  readonly service: Service;
  readonly kek: string;
  readonly bdk: string;
  readonly pek: string;
}

/** A KEK by ceremony; a PEK and a BDK's initial key that went out under it; an alias on each. */
async function partiesOf(t: TestContext): Promise<Parties> {
  const service = new Service(t);
  const kek = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_256',
    mode: 'B',
    hex: KEK_HEX,
  });
  const bdk = await service.putKey({
    usage: 'TR31_B0_BASE_DERIVATION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'X',
    hex: BDK_HEX,
  });
  const pek = await service.putKey({
    usage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    algorithm: 'AES_128',
    mode: 'B',
    hex: PEK_HEX,
  });
  const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek } };
  await service.call('ExportKey', { ExportKeyIdentifier: pek, KeyMaterial });
  const ExportAttributes = { ExportDukptInitialKey: { KeySerialNumber: KSN } };
  await service.call('ExportKey', { ExportKeyIdentifier: bdk, KeyMaterial, ExportAttributes });
  for (const [AliasName, KeyArn] of [
    ['alias/kek', kek],
    ['alias/acquirer', kek],
    ['alias/bdk', bdk],
  ] as const) {
    await service.call('CreateAlias', { AliasName, KeyArn });
  }
  return { service, kek, bdk, pek };
}

const contextOf = ({ service }: Parties) => ({ ...service.context, action: 'ExportKey' as const });

async function openedAs(block: string, kbpk: Secret): Promise<Secret> {
  return unwrapKeyBlock({ kbpk, block, profile: 'tolerant' }).key;
}

async function clearOf({ service }: Parties, keyId: string): Promise<Secret> {
  const { store, vault, region } = service.context;
  return vault.openKey((await store.findKey(region, keyId))!);
}

async function exportAll(parties: Parties, rotationId: string): Promise<RotationItemRecord[]> {
  return exportItems(rotationId, {}, contextOf(parties));
}

async function aliasTargets({ service }: Parties): Promise<Record<string, string>> {
  const { Aliases } = await service.call('ListAliases', {});
  return Object.fromEntries(Aliases.map(({ AliasName, KeyArn }) => [AliasName, idOf(KeyArn!)]));
}

test('a KEK is replaced with all that hangs under it, and the partner who has the old one can open every block', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const before = await aliasTargets(parties);
  const rotation = await startRotation({ keyIdentifier: 'alias/kek' }, context);
  const items = await exportAll(parties, rotation.rotationId);
  assert.deepEqual(
    items.map(({ keyId, ksn, state }) => [keyId, ksn, state]),
    [
      [rotation.successorId, undefined, 'DONE'],
      ...[
        [idOf(parties.bdk), KSN, 'DONE'],
        [idOf(parties.pek), undefined, 'DONE'],
      ].sort(),
    ],
  );
  const [kekBlock, ...others] = items.map(({ block }) => block!);
  using oldKek = Secret.fromHex(KEK_HEX);
  using newKek = await openedAs(kekBlock!, oldKek);
  using stored = await clearOf(parties, rotation.successorId);
  assert.ok(newKek.equals(stored));
  assert.ok(!newKek.equals(oldKek));
  assert.equal(kekBlock!.slice(9, 11), '01');
  const opened = await Promise.all(others.map((block) => openedAs(block, newKek)));
  const kcvs = opened.map((key, i) =>
    keyCheckValue(key.length === 16 && others[i]![7] === 'A' ? 'AES' : 'TDES', key),
  );
  assert.deepEqual(
    kcvs.map(String).sort(),
    items
      .slice(1)
      .map(({ checkValue }) => checkValue!)
      .sort(),
  );
  assert.ok(opened.some((key) => key.equals(Secret.fromHex(PEK_HEX))));

  assert.deepEqual(await aliasTargets(parties), before);
  await completeRotation(rotation.rotationId, { stopOldKey: true }, context);
  const { successorId } = rotation;
  assert.deepEqual(await aliasTargets(parties), {
    ...before,
    'alias/kek': successorId,
    'alias/acquirer': successorId,
  });
  const { Key } = await parties.service.call('GetKey', { KeyIdentifier: parties.kek });
  assert.equal(Key.Enabled, false);
  await assert.rejects(rollBackRotation(rotation.rotationId, context), { code: 'ConflictException' });
});

test('the next rotation counts the key version on', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  for (const version of ['01', '02']) {
    const { rotationId } = await startRotation({ keyIdentifier: 'alias/kek' }, context);
    const [first] = await exportAll(parties, rotationId);
    assert.equal(first!.block!.slice(9, 11), version);
    await completeRotation(rotationId, {}, context);
  }
});

test('a BDK goes anew to every terminal, under the KEK that the terminal has', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const { rotationId, successorId } = await startRotation({ keyIdentifier: 'alias/bdk' }, context);
  const [item, ...more] = await exportAll(parties, rotationId);
  assert.deepEqual(
    [more.length, item!.keyId, item!.ksn, item!.block!.slice(5, 7)],
    [0, successorId, KSN, 'B1'],
  );
});

test('until it is completed a rotation can be rolled back, and then nothing has changed', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const before = await aliasTargets(parties);
  const { rotationId, successorId } = await startRotation({ keyIdentifier: parties.kek }, context);
  await exportAll(parties, rotationId);
  await assert.rejects(startRotation({ keyIdentifier: parties.kek }, context), { code: 'ConflictException' });
  await rollBackRotation(rotationId, context);
  assert.deepEqual(await aliasTargets(parties), before);
  const { Key } = await parties.service.call('GetKey', {
    KeyIdentifier: keyArn('111122223333', 'us-east-2', successorId),
  });
  assert.equal(Key.KeyState, 'DELETE_PENDING');
  await startRotation({ keyIdentifier: parties.kek }, context);
});

test('what fails is said, blocks the end, and is tried again', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const { rotationId } = await startRotation({ keyIdentifier: parties.kek }, context);
  await parties.service.call('StopKeyUsage', { KeyIdentifier: parties.pek });
  const items = await exportAll(parties, rotationId);
  const failed = items.filter(({ state }) => state === 'FAILED');
  assert.deepEqual(
    failed.map(({ keyId }) => keyId),
    [idOf(parties.pek)],
  );
  assert.match(failed[0]!.message!, /disabled/);
  await assert.rejects(completeRotation(rotationId, {}, context), /1 that failed/);
  await parties.service.call('StartKeyUsage', { KeyIdentifier: parties.pek });
  const again = await exportAll(parties, rotationId);
  assert.deepEqual(
    again.map(({ keyId, state }) => [keyId, state]),
    [[idOf(parties.pek), 'DONE']],
  );
  await completeRotation(rotationId, {}, context);
});

test('a crash before the successor was stored leaves a rotation that makes it when it goes on', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const { store, region } = context;
  const broken = { ...store, insertKey: () => Promise.reject(new Error('power cut')) };
  await assert.rejects(
    startRotation({ keyIdentifier: parties.kek }, { ...context, store: broken }),
    /power cut/,
  );
  const [rotation, ...more] = await store.listRotations(region);
  assert.equal(more.length, 0);
  assert.equal(await store.findKey(region, rotation!.successorId), undefined);
  assert.equal((await exportAll(parties, rotation!.rotationId)).length, 3);
  await completeRotation(rotation!.rotationId, {}, context);
});

test('a crash in the middle of the exports loses none and repeats none', async (t) => {
  const parties = await partiesOf(t);
  const context = contextOf(parties);
  const { rotationId } = await startRotation({ keyIdentifier: parties.kek }, context);
  const [first] = await exportItems(rotationId, { limit: 1 }, context);
  const rest = await exportAll(parties, rotationId);
  assert.deepEqual([first!.position, ...rest.map(({ position }) => position)], [1, 2, 3]);
  const all = await context.store.listRotationItems(
    (await context.store.findRotation(context.region, rotationId))!,
    { limit: 9 },
  );
  assert.deepEqual(all, [first, ...rest]);
});

test('a successor of another kind, the key itself, and a key pair are refused', async (t) => {
  const parties = await partiesOf(t);
  const { kek, pek } = parties;
  const context = contextOf(parties);
  const refused = async (input: Parameters<typeof startRotation>[0], message: RegExp) =>
    assert.rejects(startRotation(input, context), message);
  await refused({ keyIdentifier: kek, successorIdentifier: pek }, /it must be as the key/);
  await refused({ keyIdentifier: kek, successorIdentifier: 'alias/kek' }, /names the key itself/);
  assert.deepEqual(await context.store.listRotations(context.region), []);
});

test('who has a KEK can have what went under it, all the way down, and no more', async (t) => {
  const parties = await partiesOf(t);
  const { service, kek, bdk, pek } = parties;
  const inner = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_128',
    mode: 'B',
    hex: PEK_HEX,
  });
  const Tr31KeyBlock = { WrappingKeyIdentifier: kek };
  await service.call('ExportKey', { ExportKeyIdentifier: inner, KeyMaterial: { Tr31KeyBlock } });
  await service.call('ExportKey', {
    ExportKeyIdentifier: bdk,
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: inner } },
  });
  const context = contextOf(parties);
  const ids = async (identifier: string) =>
    (await findBlastRadius(identifier, context)).keys.map(({ key }) => key.keyId);
  assert.deepEqual((await ids(kek)).sort(), [kek, inner, pek, bdk].map(idOf).sort());
  assert.deepEqual((await ids(inner)).sort(), [inner, bdk].map(idOf).sort());
  assert.deepEqual(await ids(pek), [idOf(pek)]);
  const { terminals, keys } = await findBlastRadius(bdk, context);
  assert.deepEqual(
    terminals.map(({ ksn, under }) => [ksn, under]),
    [[KSN, `key/${idOf(kek)}`]],
  );
  assert.deepEqual(keys[0]!.aliases, ['alias/bdk']);
});
