import assert from 'node:assert/strict';
import { createPublicKey, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import type { CreateKeyInput } from '../../src/api/control-plane.generated.ts';
import { openPrivateKey, publicKeyOf } from '../../src/operations/asymmetric-key.ts';
import { algorithmOf } from '../../src/pki/public-key.ts';
import { openssl, put } from '../pki/openssl.ts';
import { pair, USAGES } from './asymmetric.ts';
import { attributes, Service, START } from './service.ts';

const recordOf = async (service: Service, arn: string) =>
  (await service.context.store.findKey('us-east-2', arn.slice(-16)))!;

/** The check value by openssl: SHA-1 over the key without its algorithm, which a certificate request shows as the key's name. */
function expectedCheckValue(publicKey: string): string {
  const config = put('[req]\ndistinguished_name=dn\n[dn]\n[ext]\nsubjectKeyIdentifier=hash\n');
  const signer = put(openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'));
  const how = ['-x509', '-new', '-key', signer, '-subj', '/CN=x', '-config', config, '-extensions', 'ext'];
  const issuer = put(openssl('req', ...how));
  const request = put(openssl('req', '-new', '-key', signer, '-subj', '/CN=y', '-config', config));
  const subject = [
    '-force_pubkey',
    put(publicKey),
    '-extfile',
    config,
    '-extensions',
    'ext',
    '-CAcreateserial',
  ];
  const text = openssl('x509', '-req', '-in', request, '-CA', issuer, '-CAkey', signer, ...subject, '-text');
  return /Subject Key Identifier:\s*([0-9A-F:]{11})/.exec(text)![1]!.replaceAll(':', '');
}

const PAIRS = [
  pair('D1', 'RSA_2048', 'B'),
  pair('D1', 'RSA_3072', 'D'),
  pair('S0', 'RSA_2048', 'S'),
  pair('S0', 'RSA_3072', 'V'),
  pair('K2', 'RSA_2048', 'D'),
  pair('K2', 'RSA_4096', 'X'),
  pair('K3', 'ECC_NIST_P256', 'X'),
  pair('K3', 'ECC_NIST_P384', 'X', { DeriveKeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY' }),
  pair('K3', 'ECC_NIST_P521', 'X'),
];

for (const request of PAIRS) {
  const { KeyUsage, KeyAlgorithm } = request.KeyAttributes;
  test(`a pair ${KeyAlgorithm} for ${KeyUsage}`, async (t) => {
    const service = new Service(t);
    const { Key } = await service.call('CreateKey', request);
    const { KeyArn, KeyCheckValue, ...rest } = Key;
    assert.deepEqual(rest, {
      KeyAttributes: request.KeyAttributes,
      KeyCheckValueAlgorithm: 'SHA_1',
      Enabled: true,
      Exportable: true,
      KeyState: 'CREATE_COMPLETE',
      KeyOrigin: 'AWS_PAYMENT_CRYPTOGRAPHY',
      CreateTimestamp: START / 1000,
      UsageStartTimestamp: START / 1000,
      ...(request.DeriveKeyUsage === undefined ? {} : { DeriveKeyUsage: request.DeriveKeyUsage }),
    });
    assert.deepEqual(await service.call('GetKey', { KeyIdentifier: KeyArn }), { Key });
    const record = await recordOf(service, KeyArn);
    const privateKey = await openPrivateKey(record, service.context);
    const publicKey = await publicKeyOf(record, service.context);
    assert.equal(algorithmOf(privateKey), KeyAlgorithm);
    assert.ok(publicKey.equals(createPublicKey(privateKey)));
    assert.ok(verify('sha256', Buffer.of(1), publicKey, sign('sha256', Buffer.of(1), privateKey)));
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    assert.equal(KeyCheckValue, expectedCheckValue(pem));
  });
}

test('a pair goes through its life like any key', async (t) => {
  const service = new Service(t);
  const { Key } = await service.call('CreateKey', pair('K3', 'ECC_NIST_P256', 'X', { Enabled: false }));
  const KeyIdentifier = Key.KeyArn;
  const before = await publicKeyOf(await recordOf(service, KeyIdentifier), service.context);
  await service.call('StartKeyUsage', { KeyIdentifier });
  await service.call('DeleteKey', { KeyIdentifier });
  await service.call('RestoreKey', { KeyIdentifier });
  const after = await publicKeyOf(await recordOf(service, KeyIdentifier), service.context);
  assert.ok(before.equals(after));
});

const REFUSED: [string, CreateKeyInput, string][] = [
  [
    'key agreement without a purpose',
    { KeyAttributes: pair('K3', 'ECC_NIST_P256', 'X').KeyAttributes, Exportable: true },
    `DeriveKeyUsage is required for ${USAGES.K3}: give the usage of the keys to be derived.`,
  ],
  [
    'a purpose without key agreement',
    pair('S0', 'RSA_2048', 'S', { DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' }),
    `DeriveKeyUsage is not valid for ${USAGES.S0}: it is for ${USAGES.K3}; leave it out.`,
  ],
  [
    'a purpose that no derived key can have',
    pair('K3', 'ECC_NIST_P256', 'X', {
      DeriveKeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE' as never,
    }),
    "at 'deriveKeyUsage' failed to satisfy constraint: Member must satisfy enum value set",
  ],
  [
    'an algorithm of another usage',
    pair('S0', 'ECC_NIST_P256', 'S'),
    `KeyAlgorithm ECC_NIST_P256 is not valid for ${USAGES.S0}: use RSA_2048, RSA_3072 or RSA_4096.`,
  ],
  [
    'a mode of another usage',
    pair('S0', 'RSA_2048', 'B'),
    `KeyModesOfUse {Encrypt, Decrypt, Wrap, Unwrap} is not valid for ${USAGES.S0}: use {Sign} or {Verify}.`,
  ],
  [
    'a public key, which is imported',
    {
      ...pair('D1', 'RSA_2048', 'E'),
      KeyAttributes: { ...pair('D1', 'RSA_2048', 'E').KeyAttributes, KeyClass: 'PUBLIC_KEY' },
    },
    'KeyClass PUBLIC_KEY cannot be created: import the certificate of a public key.',
  ],
  [
    'a check value of symmetric keys',
    pair('S0', 'RSA_2048', 'S', { KeyCheckValueAlgorithm: 'CMAC' }),
    'KeyCheckValueAlgorithm CMAC is not valid for RSA_2048: use SHA_1.',
  ],
];

for (const [what, request, message] of REFUSED) {
  test(`refused, and nothing stored: ${what}`, async (t) => {
    const service = new Service(t);
    const refusal = await service.refusal('CreateKey', request);
    assert.equal(refusal.code, 'ValidationException');
    assert.ok(refusal.message.includes(message), refusal.message);
    assert.equal(await service.count(), 0);
  });
}

test('a pair does not leave in a key block', async (t) => {
  const service = new Service(t);
  const { Key } = await service.call('CreateKey', pair('S0', 'RSA_2048', 'S'));
  const KeyAttributes = attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'AES_256', 'B');
  const kek = (await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key.KeyArn;
  const { code, message } = await service.refusal('ExportKey', {
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek } },
    ExportKeyIdentifier: Key.KeyArn,
  });
  assert.equal(code, 'ValidationException');
  assert.match(message, /^AES_256 cannot protect RSA_2048: keys of this algorithm cannot be wrapped/);
});
