import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributes, Service } from './service.ts';

const KEK = { KeyAttributes: attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B'), Exportable: true };
const BDK = { KeyAttributes: attributes('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'X'), Exportable: true };

const idOf = (arn: string) => arn.split('/').at(-1)!;

test('an export is on record once for each counterpart and terminal, an import with its key', async (t) => {
  const service = new Service(t);
  const { store, region } = service.context;
  const kek = (await service.call('CreateKey', KEK)).Key.KeyArn;
  const bdk = (await service.call('CreateKey', BDK)).Key.KeyArn;
  const request = {
    ExportKeyIdentifier: bdk,
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek } },
  };
  const { WrappedKey } = await service.call('ExportKey', request);
  service.time += 1000;
  await service.call('ExportKey', request);
  for (const KeySerialNumber of ['FFFF9876543210E00001', 'FFFF9876543210E0000F']) {
    const ExportAttributes = { ExportDukptInitialKey: { KeySerialNumber } };
    await service.call('ExportKey', { ...request, ExportAttributes });
  }
  const counterpart = `key/${idOf(kek)}`;
  const found = await store.transfersUnder(region, counterpart);
  assert.deepEqual(
    found.map(({ keyId, direction, way, ksn, firstAt }) => [
      keyId,
      direction,
      way,
      ksn,
      service.time - firstAt,
    ]),
    [
      [idOf(bdk), 'OUT', 'Tr31KeyBlock', undefined, 1000],
      [idOf(bdk), 'OUT', 'Tr31KeyBlock', 'FFFF9876543210E00000', 0],
    ],
  );

  const block = { WrappingKeyIdentifier: kek, WrappedKeyBlock: WrappedKey!.KeyMaterial };
  const { Key } = await service.call('ImportKey', { KeyMaterial: { Tr31KeyBlock: block } });
  const [came, ...more] = await store.transfersOf(region, idOf(Key.KeyArn));
  assert.deepEqual([came?.direction, came?.counterpart, more.length], ['IN', counterpart, 0]);
});

test('a refused export and a refused import leave no record', async (t) => {
  const service = new Service(t);
  const { store, region } = service.context;
  const kek = (await service.call('CreateKey', KEK)).Key.KeyArn;
  const fixed = (await service.call('CreateKey', { ...BDK, Exportable: false })).Key.KeyArn;
  const Tr31KeyBlock = { WrappingKeyIdentifier: kek };
  await service.refusal('ExportKey', { ExportKeyIdentifier: fixed, KeyMaterial: { Tr31KeyBlock } });
  const WrappedKeyBlock = `D0112K0AB00E0000${'0'.repeat(96)}`;
  await service.refusal('ImportKey', { KeyMaterial: { Tr31KeyBlock: { ...Tr31KeyBlock, WrappedKeyBlock } } });
  assert.deepEqual(await store.transfersUnder(region, `key/${idOf(kek)}`), []);
});
