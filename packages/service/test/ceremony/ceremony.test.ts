import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { combineComponents, keyCheckValue, Secret } from '@keywright/crypto';
import { PEOPLE, type Person, peopleIn } from '../../src/access/person.ts';
import { CEREMONY_TIME, type CeremonyContext } from '../../src/ceremony/ceremony.ts';
import { enterComponent, printComponent } from '../../src/ceremony/component.ts';
import {
  abortCeremony,
  completeReceive,
  completeSend,
  endCeremonies,
} from '../../src/ceremony/end-ceremony.ts';
import { openReceive, openSend, type ReceiveCeremony } from '../../src/ceremony/open-ceremony.ts';
import type { CeremonyRecord } from '../../src/store/records/ceremony.ts';
import { Service } from '../operations/service.ts';

// The components and check values are those of a public sample of AWS's (vectors of TR-34 import): XOR gives a TDES key.
const COMPONENTS = [
  'AAAABBBBCCCCDDDD1111222233334444',
  '1111222233334444AAAABBBBCCCCDDDD',
  'FFFF0000FFFF00000000FFFF0000FFFF',
];
const CUSTODIANS = ['alice', 'bob', 'carol'];
const RECEIVE: ReceiveCeremony = {
  keyName: 'ZMK-7',
  party: 'acquirer',
  custodians: CUSTODIANS,
  usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
  algorithm: 'AES_128',
};
const bagSerial = 'BAG-0001';

function as(service: Service, user: string): CeremonyContext {
  return { ...service.context, user, caller: `arn:aws:iam::111122223333:user/${user}` };
}

function wholeKey(): Secret {
  const components = COMPONENTS.map((digits) => Secret.fromHex(digits));
  return combineComponents({ algorithm: 'AES', components }).key;
}

const KCV = keyCheckValue('AES', wholeKey());

/** A service with some people who may be custodians. */
async function peopled(t: TestContext): Promise<Service> {
  const service = new Service(t);
  const names = ['alice', 'bob', 'carol', 'dave', 'erin', ...Array.from({ length: 10 }, (_, i) => `c${i}`)];
  for (const id of names) {
    const body: Person = { roles: ['custodian'], status: 'active', createdAt: 0, generation: 0, lastStep: 0 };
    await service.context.store.writeDocuments([
      await peopleIn(service.context).insert({ id, group: PEOPLE, body }),
    ]);
  }
  return service;
}

async function opened(t: TestContext): Promise<{ service: Service; ceremony: CeremonyRecord }> {
  const service = await peopled(t);
  return { service, ceremony: await openReceive(RECEIVE, as(service, 'manager')) };
}

async function enterAll(service: Service, { ceremonyId }: CeremonyRecord, components = COMPONENTS) {
  for (const [i, user] of CUSTODIANS.entries()) {
    await enterComponent(ceremonyId, { component: components[i]!, bagSerial }, as(service, user));
  }
}

async function componentsOf(service: Service, { region, ceremonyId }: CeremonyRecord) {
  return service.context.store.listComponents(region, ceremonyId);
}

async function assertNothingLeft(service: Service, ceremony: CeremonyRecord) {
  for (const component of await componentsOf(service, ceremony)) assert.equal(component.sealed, undefined);
}

test('a key comes in when every custodian has entered his component and the sender states its check value', async (t) => {
  const { service, ceremony } = await opened(t);
  const { ceremonyId } = ceremony;
  const manager = as(service, 'manager');
  await assert.rejects(
    completeReceive(ceremonyId, { checkValue: KCV }, manager),
    /waits for components 1, 2, 3/,
  );
  await enterAll(service, ceremony);
  const completed = await completeReceive(ceremonyId, { checkValue: KCV.toLowerCase() }, manager);
  assert.deepEqual([completed.status, completed.checkValue], ['COMPLETED', KCV]);
  await assertNothingLeft(service, ceremony);
  const { store, vault, region } = service.context;
  const record = (await store.findKey(region, completed.keyId!))!;
  using key = await vault.openKey(record);
  assert.ok(key.equals(wholeKey()));
  assert.deepEqual(
    [record.origin, record.exportable, record.attributes.KeyUsage],
    ['EXTERNAL', false, RECEIVE.usage],
  );
  const [transfer] = await store.transfersOf(region, record.keyId);
  assert.deepEqual(
    [transfer?.direction, transfer?.way, transfer?.counterpart, transfer?.party],
    ['IN', 'Components', `ceremony/${ceremonyId}`, 'acquirer'],
  );
});

test('a mismatch destroys every component, and brings no key', async (t) => {
  const { service, ceremony } = await opened(t);
  await enterAll(service, ceremony);
  await assert.rejects(
    completeReceive(ceremony.ceremonyId, { checkValue: '000000' }, as(service, 'manager')),
    /do not make the key/,
  );
  await assertNothingLeft(service, ceremony);
  assert.equal(await service.count(), 0);
  await assert.rejects(
    completeReceive(ceremony.ceremonyId, { checkValue: KCV }, as(service, 'manager')),
    /it is MISMATCH/,
  );
});

test('components that cancel each other are a mismatch, not a fault', async (t) => {
  const { service, ceremony } = await opened(t);
  await enterAll(service, ceremony, [COMPONENTS[0]!, COMPONENTS[0]!, COMPONENTS[1]!]);
  await assert.rejects(
    completeReceive(ceremony.ceremonyId, { checkValue: KCV }, as(service, 'manager')),
    /do not make the key/,
  );
  await assertNothingLeft(service, ceremony);
});

test('nobody enters for another, twice, or a component of another length or check value', async (t) => {
  const { service, ceremony } = await opened(t);
  const { ceremonyId } = ceremony;
  const [component] = COMPONENTS as [string];
  const enter = (user: string, input: object) =>
    enterComponent(ceremonyId, { component, bagSerial, ...input }, as(service, user));
  await assert.rejects(enter('manager', {}), { code: 'AccessDeniedException' });
  await assert.rejects(enter('mallory', {}), { code: 'AccessDeniedException' });
  await assert.rejects(enter('alice', { component: component.slice(2) }), /must be 32 hexadecimal digits/);
  await assert.rejects(
    enter('alice', { component: `${component.slice(1)}x` }),
    /must be 32 hexadecimal digits/,
  );
  await assert.rejects(enter('alice', { checkValue: '000000' }), /not that of component/);
  using key = Secret.fromHex(component);
  const { checkValue } = await enter('alice', { checkValue: keyCheckValue('AES_LEGACY_ECB', key) });
  assert.equal(checkValue, keyCheckValue('AES', key));
  await assert.rejects(enter('alice', {}), /is ENTERED already/);
  for (const message of await Promise.allSettled([enter('bob', { component: 'Q'.repeat(32) })])) {
    assert.equal(message.status, 'rejected');
    assert.ok(!String(message.reason).includes('QQQQ'));
  }
});

test('who has seen a component of a key never sees another of it, across ceremonies', async (t) => {
  const { service, ceremony } = await opened(t);
  await enterComponent(ceremony.ceremonyId, { component: COMPONENTS[0]!, bagSerial }, as(service, 'alice'));
  await abortCeremony(ceremony.ceremonyId, as(service, 'manager'));
  const manager = as(service, 'manager');
  await assert.rejects(openReceive({ ...RECEIVE, custodians: ['bob', 'alice', 'carol'] }, manager), {
    code: 'AccessDeniedException',
    message: /alice has seen another component/,
  });
  await openReceive(RECEIVE, manager);
  await openReceive({ ...RECEIVE, keyName: 'ZMK-8', custodians: ['bob', 'alice', 'carol'] }, manager);
});

test('a key that came in by custodians does not go out by them', async (t) => {
  const { service, ceremony } = await opened(t);
  const manager = as(service, 'manager');
  await enterAll(service, ceremony);
  const { keyId } = await completeReceive(ceremony.ceremonyId, { checkValue: KCV }, manager);
  const keyIdentifier = `arn:aws:payment-cryptography:us-east-2:111122223333:key/${keyId}`;
  const send = { keyName: 'another name', party: 'bank', keyIdentifier };
  await assert.rejects(openSend({ ...send, custodians: ['alice', 'dave'] }, manager), /not exportable/);
});

test('a key goes out in sheets that are printed once, and make the key', async (t) => {
  const service = await peopled(t);
  const manager = as(service, 'manager');
  const hex = 'C1D0F8FB4958670DBA40AB1F3752EF0D';
  const key = { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: 'TDES_2KEY', mode: 'B', hex } as const;
  const keyIdentifier = await service.putKey(key);
  const request = { keyName: 'ZMK-9', party: 'bank', keyIdentifier, custodians: CUSTODIANS };
  const ceremony = await openSend(request, manager);
  const { ceremonyId } = ceremony;
  await assert.rejects(completeSend(ceremonyId, manager), /waits for components 1, 2, 3/);
  const sheets = [];
  for (const user of CUSTODIANS)
    sheets.push(await printComponent(ceremonyId, { bagSerial }, as(service, user)));
  assert.deepEqual(
    sheets.map((sheet) => [sheet.number, sheet.of]),
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  );
  for (const { component: digits, checkValue } of sheets) {
    using component = Secret.fromHex(digits);
    assert.equal(keyCheckValue('TDES', component), checkValue);
  }
  const components = sheets.map(({ component }) => Secret.fromHex(component));
  const combined = combineComponents({ algorithm: 'TDES', components });
  assert.equal(combined.kcv, sheets[0]!.keyCheckValue);
  assert.ok(combined.key.equals(Secret.fromHex(hex)));
  await assertNothingLeft(service, ceremony);
  await assert.rejects(printComponent(ceremonyId, { bagSerial }, as(service, 'alice')), /is PRINTED already/);
  assert.equal((await completeSend(ceremonyId, manager)).status, 'COMPLETED');
  await assert.rejects(
    openSend({ ...request, custodians: ['alice', 'dave'] }, manager),
    /has seen another component/,
  );
  await openSend({ ...request, custodians: ['dave', 'erin'] }, manager);
});

test('a component that was printed is gone even if its answer was lost, and two requests for it give one', async (t) => {
  const service = await peopled(t);
  const manager = as(service, 'manager');
  const hex = '0123456789ABCDEFFEDCBA9876543210';
  const key = { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: 'AES_128', mode: 'B', hex } as const;
  const keyIdentifier = await service.putKey(key);
  const request = { keyName: 'ZMK-9', party: 'bank', keyIdentifier, custodians: CUSTODIANS };
  const { ceremonyId } = await openSend(request, manager);
  const print = () => printComponent(ceremonyId, { bagSerial }, as(service, 'alice'));
  const outcomes = await Promise.allSettled([print(), print(), print()]);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a ceremony that is aborted, or whose time is over, leaves nothing', async (t) => {
  const { service, ceremony } = await opened(t);
  await enterAll(service, ceremony);
  const second = await openReceive({ ...RECEIVE, keyName: 'other' }, as(service, 'manager'));
  await abortCeremony(second.ceremonyId, as(service, 'manager'));
  service.time += CEREMONY_TIME;
  await assert.rejects(
    completeReceive(ceremony.ceremonyId, { checkValue: KCV }, as(service, 'manager')),
    /has expired/,
  );
  await endCeremonies(service.context);
  await assertNothingLeft(service, ceremony);
  const found = await service.context.store.findCeremony(ceremony.region, ceremony.ceremonyId);
  assert.equal(found?.status, 'EXPIRED');
});

test('a component that was moved to another custodian or ceremony does not open', async (t) => {
  const { service, ceremony } = await opened(t);
  await enterAll(service, ceremony);
  const { vault } = service.context;
  const [first, second] = await componentsOf(service, ceremony);
  await vault.openComponent(first!);
  await assert.rejects(vault.openComponent({ ...first!, custodian: 'mallory' }), { name: 'SealError' });
  await assert.rejects(vault.openComponent({ ...second!, sealed: first!.sealed }), { name: 'SealError' });
});

test('custodians are 2 to 9 different people, without who opens the ceremony', async (t) => {
  const service = await peopled(t);
  const open = (custodians: string[]) => openReceive({ ...RECEIVE, custodians }, as(service, 'manager'));
  await assert.rejects(open(['alice']), /2 to 9 components/);
  await assert.rejects(open(Array.from({ length: 10 }, (_, i) => `c${i}`)), /2 to 9 components/);
  await assert.rejects(open(['alice', 'alice']), /everybody once/);
  await assert.rejects(open(['alice', 'manager']), /must not name who opens/);
  await assert.rejects(open(['alice', 'mallory']), /mallory, who is not an active person/);
  await open(Array.from({ length: 9 }, (_, i) => `c${i}`));
});
