import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combineComponents, Secret } from '@keywright/crypto';
import { PEOPLE, type Person, peopleIn } from '../../src/access/person.ts';
import type { CeremonyContext } from '../../src/ceremony/ceremony.ts';
import { enterComponent, printComponent } from '../../src/ceremony/component.ts';
import { abortCeremony, completeReceive, completeSend } from '../../src/ceremony/end-ceremony.ts';
import { openReceive, openSend } from '../../src/ceremony/open-ceremony.ts';
import { failingStore } from '../operations/failing-store.ts';
import { Service } from '../operations/service.ts';

const COMPONENTS = ['7A5B0C9E3D1F48266B8D20F1C4E3A597', '1F2E3D4C5B6A79880716253443526170'];
const CUSTODIANS = ['alice', 'bob'];
const PARTIES = { keyName: 'ZMK-7', party: 'acquirer', custodians: CUSTODIANS };
const bagSerial = 'BAG';

async function peopled(t: import('node:test').TestContext): Promise<Service> {
  const service = new Service(t);
  for (const id of CUSTODIANS) {
    const body: Person = { roles: ['custodian'], status: 'active', createdAt: 0, generation: 0, lastStep: 0 };
    const person = await peopleIn(service.context).insert({ id, group: PEOPLE, body });
    await service.context.store.writeDocuments([person]);
  }
  return service;
}

function as(service: Service, user: string, store = service.context.store): CeremonyContext {
  return { ...service.context, store, user, caller: `arn:aws:iam::111122223333:user/${user}` };
}

function kcv(): string {
  const components = COMPONENTS.map((digits) => Secret.fromHex(digits));
  return combineComponents({ algorithm: 'AES', components }).kcv;
}

type Step = (context: (user: string) => CeremonyContext) => Promise<unknown>;

/** Carries a step out with the store dying at its first write, its second, and so on, until one run lives; every death is survived. */
async function throughDeaths(service: Service, step: Step, check: () => Promise<void>): Promise<void> {
  for (let writes = 0; writes < 20; writes += 1) {
    const { store, died } = failingStore(service.context.store, writes);
    const outcome = await Promise.allSettled([step((user) => as(service, user, store))]);
    await check();
    if (!died()) {
      if (outcome[0]!.status === 'rejected') throw outcome[0]!.reason;
      return;
    }
  }
  throw new Error('the step never lived');
}

test('a ceremony that receives a key survives a crash at every write, with one key in the end', async (t) => {
  const service = await peopled(t);
  const { store, region } = service.context;
  const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
  const open: Step = (by) => openReceive({ ...PARTIES, usage, algorithm: 'AES_128' }, by('manager'));
  await throughDeaths(service, open, async () => assert.equal(await service.count(), 0));
  const [{ ceremonyId } = { ceremonyId: '' }] = await store.listCeremonies(region);
  for (const [i, user] of CUSTODIANS.entries()) {
    const enter: Step = (by) =>
      enterComponent(ceremonyId, { component: COMPONENTS[i]!, bagSerial }, by(user));
    await throughDeaths(service, enter, async () => assert.equal(await service.count(), 0));
  }
  const complete: Step = (by) => completeReceive(ceremonyId, { checkValue: kcv() }, by('manager'));
  await throughDeaths(service, complete, async () => assert.ok((await service.count()) <= 1));
  assert.equal(await service.count(), 1);
  for (const component of await store.listComponents(region, ceremonyId))
    assert.equal(component.sealed, undefined);
});

test('a ceremony that sends a key gives each sheet once at the most, wherever it crashes', async (t) => {
  const service = await peopled(t);
  const { store, region } = service.context;
  const hex = '0123456789ABCDEFFEDCBA9876543210';
  const keyIdentifier = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_128',
    mode: 'B',
    hex,
  });
  const { ceremonyId } = await openSend({ ...PARTIES, keyIdentifier }, as(service, 'manager'));
  const sheets: string[] = [];
  for (const user of CUSTODIANS) {
    const print: Step = async (by) => {
      sheets.push((await printComponent(ceremonyId, { bagSerial }, by(user))).component);
    };
    await throughDeaths(service, print, async () => undefined);
  }
  const components = sheets.map((digits) => Secret.fromHex(digits));
  assert.equal(components.length, CUSTODIANS.length);
  assert.ok(combineComponents({ algorithm: 'AES', components }).key.equals(Secret.fromHex(hex)));
  const complete: Step = (by) => completeSend(ceremonyId, by('manager'));
  await throughDeaths(service, complete, async () => undefined);
  assert.equal((await store.findCeremony(region, ceremonyId))?.status, 'COMPLETED');
});

test('a ceremony that is aborted in a crash is whole or gone', async (t) => {
  const service = await peopled(t);
  const { store, region } = service.context;
  const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
  const { ceremonyId } = await openReceive(
    { ...PARTIES, usage, algorithm: 'AES_128' },
    as(service, 'manager'),
  );
  await enterComponent(ceremonyId, { component: COMPONENTS[0]!, bagSerial }, as(service, 'alice'));
  const abort: Step = (by) => abortCeremony(ceremonyId, by('manager'));
  await throughDeaths(service, abort, async () => {
    const ceremony = (await store.findCeremony(region, ceremonyId))!;
    const [first] = await store.listComponents(region, ceremonyId);
    assert.equal(ceremony.status === 'OPEN', first!.sealed !== undefined);
  });
});
