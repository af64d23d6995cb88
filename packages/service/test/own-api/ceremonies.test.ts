import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { combineComponents, keyCheckValue, Secret } from '@keywright/crypto';
import { OwnService } from './own-service.ts';

const COMPONENTS = ['7A5B0C9E3D1F48266B8D20F1C4E3A597', '1F2E3D4C5B6A79880716253443526170'];
const REGION_KEY = /^arn:aws:payment-cryptography:us-east-1:111122223333:key\//;
const CUSTODIANS = ['alice', 'bob'];

interface Staff {
  readonly service: OwnService;
  readonly manager: string;
  readonly custodians: readonly string[];
}

async function staffOf(t: TestContext): Promise<Staff> {
  const service = await OwnService.start(t);
  const manager = await (await service.person('manager', 'key-manager')).signIn();
  const custodians: string[] = [];
  for (const name of CUSTODIANS) custodians.push(await (await service.person(name, 'custodian')).signIn());
  return { service, manager, custodians };
}

const open = {
  keyName: 'ZMK-7',
  party: 'acquirer',
  custodians: CUSTODIANS,
  usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
  algorithm: 'AES_128',
};

test('a KEK comes in by two custodians, each at his own sign-in', async (t) => {
  const { service, manager, custodians } = await staffOf(t);
  const { ceremonyId } = await service.done('POST', '/ceremonies/receive', open, manager);
  const place = `/ceremonies/${ceremonyId}`;
  for (const [i, token] of custodians.entries()) {
    using component = Secret.fromHex(COMPONENTS[i]!);
    const checkValue = keyCheckValue('AES', component);
    const input = { component: COMPONENTS[i], checkValue, bagSerial: `BAG-${i}` };
    assert.deepEqual(await service.done('POST', `${place}/component`, input, token), {
      number: i + 1,
      checkValue,
    });
  }
  const seen = await service.done('GET', place, undefined, custodians[0]);
  assert.deepEqual(
    seen.components.map(({ checkValue }: { checkValue?: string }) => checkValue !== undefined),
    [true, false],
  );
  const components = COMPONENTS.map((digits) => Secret.fromHex(digits));
  const { kcv } = combineComponents({ algorithm: 'AES', components });
  const completed = await service.done('POST', `${place}/complete-receive`, { checkValue: kcv }, manager);
  assert.deepEqual([completed.status, completed.checkValue], ['COMPLETED', kcv]);
  assert.match(completed.keyArn, REGION_KEY);
  const { body } = await service.aws('GetKey', { KeyIdentifier: completed.keyArn }, service.operator, {
    region: 'us-east-1',
  });
  assert.equal(body.Key.KeyCheckValue, kcv);
});

test('whoever is not a custodian, or not of the ceremony, neither enters nor prints', async (t) => {
  const { service, manager } = await staffOf(t);
  const carol = await (await service.person('carol', 'custodian')).signIn();
  const { ceremonyId } = await service.done('POST', '/ceremonies/receive', open, manager);
  const input = { component: COMPONENTS[0], bagSerial: 'BAG-1' };
  for (const by of [manager, carol, service.operator, undefined]) {
    const { status } = await service.own('POST', `/ceremonies/${ceremonyId}/component`, input, by);
    assert.ok(status === 403 || status === 400 || status === 401, String(status));
    assert.notEqual(status, 200);
  }
  const { ceremonies } = await service.done('GET', '/ceremonies', undefined, carol);
  assert.deepEqual(ceremonies, []);
});

test('no component is in an answer to another, the log or the database', async (t) => {
  const { service, manager, custodians } = await staffOf(t);
  const { ceremonyId } = await service.done('POST', '/ceremonies/receive', open, manager);
  const place = `/ceremonies/${ceremonyId}`;
  for (const [i, token] of custodians.entries()) {
    await service.done('POST', `${place}/component`, { component: COMPONENTS[i], bagSerial: 'BAG' }, token);
  }
  await service.own('POST', `${place}/complete-receive`, { checkValue: '00000000' }, manager);
  await service.stop();
  const places = ['keywright.db', 'keywright.db-wal'].map((file) => `${service.directory}/${file}`);
  const files = places.flatMap((file) => {
    try {
      return [readFileSync(file)];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
  assert.ok(files.length > 0);
  const texts = [...service.answers, ...service.log, ...files.map((file) => file.toString('latin1'))];
  for (const digits of COMPONENTS) {
    const raw = Buffer.from(digits, 'hex');
    for (const form of [digits, digits.toLowerCase(), raw.toString('base64'), raw.toString('latin1')]) {
      assert.ok(!texts.some((text) => text.includes(form)), 'a component leaked');
    }
  }
});
