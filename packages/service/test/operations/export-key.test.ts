import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, unwrapKeyBlock } from '@keywright/crypto';
import type { ExportKeyInput, KeyAlgorithm, KeyBlockHeaders } from '../../src/api/control-plane.generated.ts';
import { attributes, type KnownKey, Service } from './service.ts';

/** Bytes 11, 22, 33 …, so that no two keys have a part in common. */
function hexOf(length: number, from: number): string {
  return Buffer.from(Array.from({ length }, (_, i) => from + 7 * i))
    .toString('hex')
    .toUpperCase();
}

const LENGTHS: Partial<Record<KeyAlgorithm, number>> = {
  TDES_2KEY: 16,
  TDES_3KEY: 24,
  AES_128: 16,
  AES_192: 24,
  AES_256: 32,
  HMAC_SHA224: 28,
  HMAC_SHA256: 32,
  HMAC_SHA384: 48,
  HMAC_SHA512: 64,
};

const K0 = 'TR31_K0_KEY_ENCRYPTION_KEY';

function kek(algorithm: KeyAlgorithm, changes: Partial<KnownKey> = {}): KnownKey {
  return { usage: K0, algorithm, mode: 'B', hex: hexOf(LENGTHS[algorithm]!, 1), ...changes };
}

function pek(algorithm: KeyAlgorithm, changes: Partial<KnownKey> = {}): KnownKey {
  return {
    usage: algorithm.startsWith('HMAC') ? 'TR31_M7_HMAC_KEY' : 'TR31_P0_PIN_ENCRYPTION_KEY',
    algorithm,
    mode: algorithm.startsWith('HMAC') ? 'C' : 'B',
    hex: hexOf(LENGTHS[algorithm]!, 128),
    ...changes,
  };
}

function request(wrapping: string, key: string, KeyBlockHeaders?: KeyBlockHeaders): ExportKeyInput {
  const block = { WrappingKeyIdentifier: wrapping };
  const Tr31KeyBlock = KeyBlockHeaders === undefined ? block : { ...block, KeyBlockHeaders };
  return { KeyMaterial: { Tr31KeyBlock }, ExportKeyIdentifier: key };
}

function open(kbpkHex: string, block: string) {
  using kbpk = Secret.fromHex(kbpkHex);
  const { header, optionalBlocks, key } = unwrapKeyBlock({ kbpk, block });
  const hex = key.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
  return { header, optionalBlocks, hex };
}

/** Wrapping key, key, and the length of the block: the key's length is masked. */
const PAIRS: [KeyAlgorithm, KeyAlgorithm, string][] = [
  ['TDES_2KEY', 'TDES_2KEY', 'B0096P0TB00E0000'],
  ['TDES_3KEY', 'TDES_2KEY', 'B0096P0TB00E0000'],
  ['TDES_3KEY', 'TDES_3KEY', 'B0096P0TB00E0000'],
  ['AES_128', 'TDES_2KEY', 'D0112P0TB00E0000'],
  ['AES_128', 'TDES_3KEY', 'D0112P0TB00E0000'],
  ['AES_128', 'AES_128', 'D0144P0AB00E0000'],
  ['AES_192', 'AES_192', 'D0144P0AB00E0000'],
  ['AES_256', 'AES_256', 'D0144P0AB00E0000'],
  ['AES_128', 'HMAC_SHA224', 'D0128M7HC00E0200'],
  ['AES_256', 'HMAC_SHA512', 'D0224M7HC00E0200'],
];

for (const [wrapping, algorithm, start] of PAIRS) {
  test(`${algorithm} goes out under ${wrapping} in a key block that holds it`, async (t) => {
    const service = new Service(t);
    const WrappingKeyArn = await service.putKey(kek(wrapping));
    const KeyIdentifier = await service.putKey(pek(algorithm));
    const { WrappedKey } = await service.call('ExportKey', request(WrappingKeyArn, KeyIdentifier));
    const { KeyMaterial, ...rest } = WrappedKey!;
    const { Key } = await service.call('GetKey', { KeyIdentifier });
    const { KeyCheckValue, KeyCheckValueAlgorithm } = Key;
    assert.deepEqual(rest, {
      WrappedKeyMaterialFormat: 'TR31_KEY_BLOCK',
      WrappingKeyArn,
      KeyCheckValue,
      KeyCheckValueAlgorithm,
    });
    assert.equal(KeyMaterial.slice(0, 16), start);
    assert.equal(KeyMaterial.length, Number(start.slice(1, 5)));
    assert.equal(open(kek(wrapping).hex, KeyMaterial).hex, pek(algorithm).hex);
  });
}

test('the example of the user guide: an AES_256 K0 under an AES_256 KEK', async (t) => {
  const service = new Service(t);
  const KeyAttributes = attributes(K0, 'AES_256', 'B');
  const { Key } = await service.call('CreateKey', { KeyAttributes, Exportable: true });
  const { WrappedKey } = await service.call(
    'ExportKey',
    request(await service.putKey(kek('AES_256')), Key.KeyArn),
  );
  assert.match(WrappedKey!.KeyMaterial, /^D0144K0AB00E0000[0-9A-F]{128}$/);
  assert.equal(WrappedKey!.KeyCheckValueAlgorithm, 'CMAC');
});

test('K1 wraps as K0 does, and aliases name both keys', async (t) => {
  const service = new Service(t);
  const K1 = await service.putKey(kek('AES_128', { usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', mode: 'E' }));
  const key = await service.putKey(pek('AES_128'));
  await service.call('CreateAlias', { AliasName: 'alias/kbpk', KeyArn: K1 });
  await service.call('CreateAlias', { AliasName: 'alias/pek', KeyArn: key });
  const { WrappedKey } = await service.call('ExportKey', request('alias/kbpk', 'alias/pek'));
  assert.equal(WrappedKey!.WrappingKeyArn, K1);
});

test('headers restrict the block, and the optional blocks stand in it', async (t) => {
  const service = new Service(t);
  const [wrapping, key] = [await service.putKey(kek('AES_256')), await service.putKey(pek('AES_256'))];
  const headers = {
    KeyModesOfUse: { Encrypt: true, Wrap: true },
    KeyExportability: 'NON_EXPORTABLE',
    KeyVersion: '07',
    OptionalBlocks: { LB: 'lane4' },
  } as const;
  const { WrappedKey } = await service.call('ExportKey', request(wrapping, key, headers));
  assert.match(WrappedKey!.KeyMaterial, /^D0160P0AE07N0200LB09lane4PB07/);
  const { optionalBlocks, hex } = open(kek('AES_256').hex, WrappedKey!.KeyMaterial);
  assert.deepEqual(optionalBlocks[0], { id: 'LB', data: 'lane4' });
  assert.equal(hex, pek('AES_256').hex);
});

test('a key that came in as sensitive goes out as sensitive', async (t) => {
  const service = new Service(t);
  const key = await service.putKey(pek('AES_128', { exportability: 'SENSITIVE' }));
  const { WrappedKey } = await service.call('ExportKey', request(await service.putKey(kek('AES_128')), key));
  assert.match(WrappedKey!.KeyMaterial, /^D0144P0AB00S0000/);
});

async function refusal(service: Service, wrapping: KnownKey, key: KnownKey, headers?: KeyBlockHeaders) {
  const arns = { wrapping: await service.putKey(wrapping), key: await service.putKey(key) };
  return { ...arns, ...(await service.refusal('ExportKey', request(arns.wrapping, arns.key, headers))) };
}

test('a key that is not exportable stays', async (t) => {
  const service = new Service(t);
  const { code, message, key } = await refusal(
    service,
    kek('AES_256'),
    pek('AES_128', { exportability: 'NON_EXPORTABLE' }),
  );
  assert.equal(code, 'ValidationException');
  assert.equal(
    message,
    `Key ${key} is not exportable: use a key that was created or imported as exportable.`,
  );
});

test('a weaker wrapping key is refused', async (t) => {
  const { code, message } = await refusal(new Service(t), kek('TDES_2KEY'), pek('AES_128'));
  assert.equal(code, 'ValidationException');
  assert.equal(message, 'TDES_2KEY cannot protect AES_128: use an AES_128 or stronger wrapping key.');
});

test('the wrapping key must be K0 or K1 and wrap', async (t) => {
  const service = new Service(t);
  const usage = await refusal(service, pek('AES_256'), pek('AES_128'));
  assert.equal(
    usage.message,
    `KeyUsage of the input key ${usage.wrapping} is invalid for the operation. It is TR31_P0_PIN_ENCRYPTION_KEY; use a key with TR31_K0_KEY_ENCRYPTION_KEY or TR31_K1_KEY_BLOCK_PROTECTION_KEY.`,
  );
  const mode = await refusal(service, kek('AES_256', { mode: 'D' }), pek('AES_128'));
  assert.equal(
    mode.message,
    `KeyModesOfUse of the input key ${mode.wrapping} is invalid for the operation. It is {Decrypt, Unwrap}; use a key with Wrap or NoRestrictions.`,
  );
});

test('disabled keys neither go out nor wrap', async (t) => {
  const service = new Service(t);
  const wrapping = await refusal(service, kek('AES_256', { Enabled: false }), pek('AES_128'));
  assert.equal(wrapping.code, 'ConflictException');
  assert.equal(
    wrapping.message,
    `Key ${wrapping.wrapping} is not usable: it is disabled; enable it with StartKeyUsage.`,
  );
  const key = await refusal(service, kek('AES_256'), pek('AES_128', { Enabled: false }));
  assert.equal(key.code, 'ConflictException');
  assert.equal(key.message, `Key ${key.key} is not usable: it is disabled; enable it with StartKeyUsage.`);
  const [kekArn, pekArn] = [await service.putKey(kek('AES_256')), await service.putKey(pek('AES_128'))];
  await service.call('DeleteKey', { KeyIdentifier: pekArn });
  const { code, message } = await service.refusal('ExportKey', request(kekArn, pekArn));
  assert.equal(code, 'ConflictException');
  assert.equal(
    message,
    `Key ${pekArn} is not usable: it is in state DELETE_PENDING; use a key in state CREATE_COMPLETE.`,
  );
});

test('headers that would free the key are refused', async (t) => {
  const service = new Service(t);
  const key = pek('AES_128', { exportability: 'SENSITIVE', mode: 'E' });
  const exportability = await refusal(service, kek('AES_256'), key, { KeyExportability: 'EXPORTABLE' });
  assert.match(exportability.message, /^KeyBlockHeaders\.KeyExportability EXPORTABLE is less restrictive/);
  const modes = await refusal(service, kek('AES_256'), key, {
    KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
  });
  assert.match(
    modes.message,
    /^KeyBlockHeaders\.KeyModesOfUse \{Encrypt, Decrypt, Wrap, Unwrap\} is not more/,
  );
});

test('unknown keys are not found', async (t) => {
  const service = new Service(t);
  const arn = await service.putKey(kek('AES_256'));
  for (const [wrapping, key] of [
    ['alias/none', arn],
    [arn, 'alias/none'],
  ] as const) {
    const { code, members } = await service.refusal('ExportKey', request(wrapping, key));
    assert.deepEqual([code, members], ['ResourceNotFoundException', { ResourceId: 'alias/none' }]);
  }
});

test('a check value algorithm may be asked for with an initial key only', async (t) => {
  const service = new Service(t);
  const [wrapping, key] = [await service.putKey(kek('AES_256')), await service.putKey(pek('AES_128'))];
  const ExportAttributes = { KeyCheckValueAlgorithm: 'CMAC' } as const;
  const { message } = await service.refusal('ExportKey', { ...request(wrapping, key), ExportAttributes });
  assert.equal(
    message,
    'ExportAttributes.KeyCheckValueAlgorithm is for ExportDukptInitialKey only: leave it out.',
  );
});
