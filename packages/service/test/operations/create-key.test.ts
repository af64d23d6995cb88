import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasOddParity } from '@keywright/crypto';
import type { CreateKeyInput, SymmetricKeyAlgorithm } from '../../src/api/control-plane.generated.ts';
import { generateKey } from '../../src/operations/generate-key.ts';
import { isGoodTdesKey } from '../../src/policy/tdes-quality.ts';
import { attributes, Service, START } from './service.ts';

const BDK = attributes('TR31_B0_BASE_DERIVATION_KEY', 'AES_128', 'X');
const REQUEST: CreateKeyInput = { KeyAttributes: BDK, Exportable: true };

test('a created key is complete, enabled, and shows all nine modes of use', async (t) => {
  const service = new Service(t);
  const KeyModesOfUse = { DeriveKey: true };
  const { Key } = await service.call('CreateKey', { ...REQUEST, KeyAttributes: { ...BDK, KeyModesOfUse } });
  const { KeyArn, KeyCheckValue, ...rest } = Key;
  assert.match(KeyArn, /^arn:aws:payment-cryptography:us-east-2:111122223333:key\/[a-z2-7]{16}$/);
  assert.match(KeyCheckValue, /^[0-9A-F]{6}$/);
  assert.deepEqual(rest, {
    KeyAttributes: {
      KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: {
        Encrypt: false,
        Decrypt: false,
        Wrap: false,
        Unwrap: false,
        Generate: false,
        Sign: false,
        Verify: false,
        DeriveKey: true,
        NoRestrictions: false,
      },
    },
    KeyCheckValueAlgorithm: 'CMAC',
    Enabled: true,
    Exportable: true,
    KeyState: 'CREATE_COMPLETE',
    KeyOrigin: 'AWS_PAYMENT_CRYPTOGRAPHY',
    CreateTimestamp: START / 1000,
    UsageStartTimestamp: START / 1000,
  });
  assert.deepEqual(await service.call('GetKey', { KeyIdentifier: KeyArn }), { Key });
});

test('a key may be created disabled, not exportable, with tags and another check value', async (t) => {
  const service = new Service(t);
  const { Key } = await service.call('CreateKey', {
    KeyAttributes: BDK,
    Exportable: false,
    Enabled: false,
    KeyCheckValueAlgorithm: 'ANSI_X9_24',
    Tags: [{ Key: 'team', Value: 'acquiring' }],
  });
  assert.equal(Key.Exportable, false);
  assert.equal(Key.Enabled, false);
  assert.equal(Key.UsageStartTimestamp, undefined);
  assert.equal(Key.KeyCheckValueAlgorithm, 'ANSI_X9_24');
  const { Tags } = await service.call('ListTagsForResource', { ResourceArn: Key.KeyArn });
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'acquiring' }]);
});

test('keys have the length of their algorithm, HMAC keys that of their hash; TDES keys are good', async (t) => {
  const service = new Service(t);
  const lengths: Record<SymmetricKeyAlgorithm, number> = {
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
  for (const [algorithm, length] of Object.entries(lengths) as [SymmetricKeyAlgorithm, number][]) {
    const KeyAttributes = attributes('TR31_M7_HMAC_KEY', algorithm, 'C');
    const { Key } = await service.call('CreateKey', { KeyAttributes, Exportable: true });
    const keyId = Key.KeyArn.slice(-16);
    const record = await service.context.store.findKey('us-east-2', keyId);
    using key = await service.context.vault.openKey(record!);
    assert.equal(key.length, length, algorithm);
    if (algorithm.startsWith('TDES')) assert.ok(hasOddParity(key) && isGoodTdesKey(key));
  }
});

test('random bytes that make a bad TDES key are thrown away', () => {
  const draws = [
    '01'.repeat(16),
    'A1'.repeat(16),
    '00'.repeat(8) + '5A'.repeat(8),
    '1122334455667788'.padEnd(32, '9'),
  ];
  const expected = '1023324554677689'.padEnd(32, '98');
  using key = generateKey('TDES_2KEY', () => new Uint8Array(Buffer.from(draws.shift()!, 'hex')));
  assert.equal(draws.length, 0);
  assert.equal(
    key.expose((bytes) => Buffer.from(bytes).toString('hex')),
    expected,
  );
});

const REFUSED: [string, Partial<CreateKeyInput>, string][] = [
  [
    'attributes that do not go together',
    { KeyAttributes: attributes('TR31_B0_BASE_DERIVATION_KEY', 'AES_128', 'B') },
    'KeyModesOfUse {Encrypt, Decrypt, Wrap, Unwrap} is not valid for TR31_B0_BASE_DERIVATION_KEY: use {DeriveKey} or {NoRestrictions}.',
  ],
  [
    'DeriveKeyUsage without key agreement',
    { DeriveKeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY' },
    'DeriveKeyUsage is not valid for TR31_B0_BASE_DERIVATION_KEY: it is for TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT; leave it out.',
  ],
  [
    'replication to its own region',
    { ReplicationRegions: ['us-east-2'] },
    'ReplicationRegions has us-east-2, where the key itself is: name other regions.',
  ],
  [
    'a check value that the algorithm does not have',
    { KeyCheckValueAlgorithm: 'HMAC' },
    'KeyCheckValueAlgorithm HMAC is not valid for AES_128: use CMAC or ANSI_X9_24.',
  ],
  [
    'a reserved tag',
    { Tags: [{ Key: 'AWS:x', Value: 'y' }] },
    'Tag key AWS:x is reserved: use one that does not start with aws:.',
  ],
  [
    'a tag key twice',
    {
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    },
    'Tag key a is given more than once: give each key once.',
  ],
];

for (const [what, change, message] of REFUSED) {
  test(`refused, and nothing stored: ${what}`, async (t) => {
    const service = new Service(t);
    const refusal = await service.refusal('CreateKey', { ...REQUEST, ...change });
    assert.deepEqual([refusal.code, refusal.message], ['ValidationException', message]);
    assert.equal(await service.count(), 0);
  });
}

test('more than 50 tags are over the quota', async (t) => {
  const service = new Service(t);
  const tags = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
  const { code } = await service.refusal('CreateKey', { ...REQUEST, Tags: tags });
  assert.equal(code, 'ServiceQuotaExceededException');
  assert.equal(await service.count(), 0);
  await service.call('CreateKey', { ...REQUEST, Tags: tags.slice(1) });
});
