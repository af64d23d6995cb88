import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, unwrapKeyBlock } from '@keywright/crypto';
import type { Context } from '../../src/operations/operation.ts';
import { completeRotation, rollBackRotation } from '../../src/rotation/end-rotation.ts';
import { exportItems } from '../../src/rotation/export-items.ts';
import { startRotation } from '../../src/rotation/start-rotation.ts';
import { failingStore } from '../operations/failing-store.ts';
import { Service } from '../operations/service.ts';

const KEK_HEX = '88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6';
const PEK_HEX = '545E2AADE3D43D89C4D5B3B2D0EA5B38';

async function exported(t: import('node:test').TestContext): Promise<Service> {
  const service = new Service(t);
  const kek = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_256',
    mode: 'B',
    hex: KEK_HEX,
  });
  const pek = await service.putKey({
    usage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    algorithm: 'AES_128',
    mode: 'B',
    hex: PEK_HEX,
  });
  await service.call('CreateAlias', { AliasName: 'alias/kek', KeyArn: kek });
  const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek } };
  await service.call('ExportKey', { ExportKeyIdentifier: pek, KeyMaterial });
  return service;
}

/** Carries a step out with the power cut before its first write, its second, and so on, until one run lives. */
async function throughPowerCuts(
  service: Service,
  step: (context: Context) => Promise<unknown>,
): Promise<void> {
  for (let writes = 0; writes < 30; writes += 1) {
    const { store, died } = failingStore(service.context.store, writes);
    const [outcome] = await Promise.allSettled([step({ ...service.context, store, action: 'ExportKey' })]);
    if (died()) continue;
    if (outcome!.status === 'rejected') throw outcome!.reason;
    return;
  }
  throw new Error('the step never lived');
}

async function aliasOf(service: Service): Promise<string> {
  const { Alias } = await service.call('GetAlias', { AliasName: 'alias/kek' });
  return Alias.KeyArn!.split('/').at(-1)!;
}

async function onlyRotation({ context: { store, region } }: Service) {
  const [rotation, ...more] = await store.listRotations(region);
  assert.equal(more.length, 0);
  return rotation!;
}

test('a rotation goes on after a crash at every write, to one successor and whole blocks', async (t) => {
  const service = await exported(t);
  const { store, region } = service.context;
  const old = await aliasOf(service);
  await throughPowerCuts(service, async (context) => {
    const going = (await store.listRotations(region))[0];
    if (going === undefined) await startRotation({ keyIdentifier: 'alias/kek' }, context);
    else await exportItems(going.rotationId, { limit: 1 }, context);
  });
  const { rotationId, successorId } = await onlyRotation(service);
  assert.equal(await aliasOf(service), old);
  await throughPowerCuts(service, (context) => exportItems(rotationId, {}, context));
  await throughPowerCuts(service, async (context) => {
    const { status } = await onlyRotation(service);
    if (status === 'STARTED') await completeRotation(rotationId, { stopOldKey: true }, context);
  });
  assert.equal(await aliasOf(service), successorId);
  assert.equal(await service.count(), 3);
  const items = await store.listRotationItems(await onlyRotation(service), { limit: 9 });
  using kbpk = Secret.fromHex(KEK_HEX);
  const successor = unwrapKeyBlock({ kbpk, block: items[0]!.block! }).key;
  const pek = unwrapKeyBlock({ kbpk: successor, block: items[1]!.block! }).key;
  assert.ok(pek.equals(Secret.fromHex(PEK_HEX)));
});

test('a rotation that is rolled back in a crash leaves the key as it was', async (t) => {
  const service = await exported(t);
  const old = await aliasOf(service);
  const { rotationId } = await startRotation(
    { keyIdentifier: 'alias/kek' },
    { ...service.context, action: 'ExportKey' },
  );
  await throughPowerCuts(service, async (context) => {
    const { status } = await onlyRotation(service);
    if (status === 'STARTED') await rollBackRotation(rotationId, context);
  });
  assert.equal((await onlyRotation(service)).status, 'ROLLED_BACK');
  assert.equal(await aliasOf(service), old);
});
