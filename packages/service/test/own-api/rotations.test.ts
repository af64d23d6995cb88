import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributes } from '../operations/service.ts';
import { OwnService } from './own-service.ts';

const KEK = { KeyAttributes: attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B'), Exportable: true };
const PEK = { KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B'), Exportable: true };

async function exported(t: import('node:test').TestContext) {
  const service = await OwnService.start(t);
  const { operator } = service;
  const aws = async (name: string, input: object) => (await service.aws(name, input, operator)).body;
  const kek = (await aws('CreateKey', KEK)).Key.KeyArn as string;
  const pek = (await aws('CreateKey', PEK)).Key.KeyArn as string;
  await aws('CreateAlias', { AliasName: 'alias/kek', KeyArn: kek });
  const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek } };
  await aws('ExportKey', { ExportKeyIdentifier: pek, KeyMaterial });
  return { service, operator, aws, kek, pek };
}

test('a KEK is rotated over the own interface, alias last', async (t) => {
  const { service, operator, aws, kek, pek } = await exported(t);
  const started = await service.done('POST', '/rotations', { keyIdentifier: 'alias/kek' }, operator);
  assert.deepEqual([started.status, started.items.WAITING], ['STARTED', 2]);
  const place = `/rotations/${started.rotationId}`;
  const { status, body } = await service.own('POST', `${place}/complete`, {}, operator);
  assert.deepEqual([status === 200, /2 items that wait/.test(body.message)], [false, true]);
  const { items } = await service.done('POST', `${place}/export`, {}, operator);
  assert.deepEqual(
    items.map(({ keyArn, state }: { keyArn: string; state: string }) => [keyArn, state]),
    [
      [started.successorArn, 'DONE'],
      [pek, 'DONE'],
    ],
  );
  assert.match(items[1].keyMaterial, /^D0\d{3}P0A/);
  assert.equal((await aws('GetAlias', { AliasName: 'alias/kek' })).Alias.KeyArn, kek);
  const ended = await service.done('POST', `${place}/complete`, { stopOldKey: true }, operator);
  assert.equal(ended.status, 'COMPLETED');
  assert.equal((await aws('GetAlias', { AliasName: 'alias/kek' })).Alias.KeyArn, started.successorArn);
  const listed = await service.done('GET', `${place}/items`, undefined, operator);
  assert.deepEqual(listed.items, items);
});

test('a compromise lists what is exposed, and disables the key only when told to', async (t) => {
  const { service, operator, aws, kek, pek } = await exported(t);
  const ask = (disable: boolean) =>
    service.done('POST', '/compromises', { keyIdentifier: 'alias/kek', disable }, operator);
  const { keys } = await ask(false);
  assert.deepEqual(
    keys.map(({ keyArn, under }: { keyArn: string; under?: string }) => [keyArn, under]),
    [
      [kek, undefined],
      [pek, kek],
    ],
  );
  assert.equal((await aws('GetKey', { KeyIdentifier: kek })).Key.Enabled, true);
  await ask(true);
  assert.equal((await aws('GetKey', { KeyIdentifier: kek })).Key.Enabled, false);
  assert.equal((await aws('GetKey', { KeyIdentifier: pek })).Key.Enabled, true);
});
