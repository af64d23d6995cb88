import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportKeyInput, KeyAttributes } from '../../src/api/control-plane.generated.ts';
import { publicKeyOf } from '../../src/operations/asymmetric-key.ts';
import { AUTHORITY, issuedBy, keyFile, type Party, selfSigned } from '../pki/openssl.ts';
import { importRoot, pair, publicKey, trusted, USAGES } from './asymmetric.ts';
import { DAY, Service } from './service.ts';

const root = selfSigned({ name: 'root' });
const middle = issuedBy(root, { name: 'middle', extensions: AUTHORITY });
const rsaRoot = selfSigned({ name: 'rsa root', algorithm: 'RSA_2048' });
const rsaLeaf = issuedBy(rsaRoot, { name: 'rsa leaf', algorithm: 'RSA_2048' });

/** At a time at which every certificate is valid that the tests make. */
function now(service: Service): Service {
  service.time = Date.now() + 60_000;
  return service;
}

function asRoot({ base64 }: Party, KeyAttributes: KeyAttributes = publicKey()): ImportKeyInput {
  return { KeyMaterial: { RootCertificatePublicKey: { KeyAttributes, PublicKeyCertificate: base64 } } };
}

const publicKeyIn = async (service: Service, arn: string) => {
  const record = (await service.context.store.findKey('us-east-2', arn.slice(-16)))!;
  return { record, key: await publicKeyOf(record, service.context) };
};

test('a root comes in as a public key that verifies', async (t) => {
  const service = now(new Service(t));
  const { Key } = await service.call('ImportKey', { ...asRoot(root), KeyCheckValueAlgorithm: 'ANSI_X9_24' });
  const { KeyArn, KeyCheckValue, ...rest } = Key;
  assert.deepEqual(rest, {
    KeyAttributes: publicKey(),
    KeyCheckValueAlgorithm: 'SHA_1',
    Enabled: true,
    Exportable: true,
    KeyState: 'CREATE_COMPLETE',
    KeyOrigin: 'EXTERNAL',
    CreateTimestamp: service.time / 1000,
    UsageStartTimestamp: service.time / 1000,
  });
  const { record, key } = await publicKeyIn(service, KeyArn);
  assert.match(KeyCheckValue, /^[0-9A-F]{8}$/);
  assert.ok(key.equals(root.certificate.publicKey));
  assert.equal(record.certificate, root.pem);
  assert.equal(record.authorityKeyId, undefined);
});

test('certificates come in under a root, and under what came in under it', async (t) => {
  const service = now(new Service(t));
  const rootArn = await importRoot(service, root);
  const middleArn = (await service.call('ImportKey', trusted(middle, rootArn))).Key.KeyArn;
  const below = issuedBy(middle, { name: 'below', extensions: AUTHORITY });
  const { Key } = await service.call('ImportKey', trusted(below, middleArn));
  const { record, key } = await publicKeyIn(service, Key.KeyArn);
  assert.equal(record.authorityKeyId, middleArn.slice(-16));
  assert.ok(key.equals(below.certificate.publicKey));
});

test('leaves come in as keys that encrypt, of either usage', async (t) => {
  const service = now(new Service(t));
  const rootArn = await importRoot(service, rsaRoot, 'RSA_2048');
  await service.call('CreateAlias', { AliasName: 'alias/root', KeyArn: rootArn });
  for (const usage of ['D1', 'K2'] as const) {
    const attributes = publicKey('RSA_2048', usage, 'E');
    const { Key } = await service.call('ImportKey', trusted(rsaLeaf, 'alias/root', attributes));
    assert.deepEqual(Key.KeyAttributes, attributes);
    assert.ok((await publicKeyIn(service, Key.KeyArn)).key.equals(rsaLeaf.certificate.publicKey));
  }
});

const S0_PAIR = { ...publicKey(), KeyClass: 'ASYMMETRIC_KEY_PAIR' } as const;
const REFUSED_ROOTS: [string, ImportKeyInput, string | RegExp][] = [
  [
    'of another class',
    asRoot(root, S0_PAIR),
    'KeyClass ASYMMETRIC_KEY_PAIR is not valid for a certificate: use PUBLIC_KEY.',
  ],
  [
    'of another usage',
    asRoot(rsaRoot, publicKey('RSA_2048', 'D1', 'E')),
    `KeyUsage ${USAGES.D1} is not valid for a root certificate: use ${USAGES.S0}.`,
  ],
  [
    'with modes that go with no certificate',
    asRoot(root, publicKey('ECC_NIST_P256', 'S0', 'S')),
    `KeyModesOfUse {Sign} is not valid for ${USAGES.S0}: use {Verify}.`,
  ],
  [
    'of another algorithm',
    asRoot(root, publicKey('ECC_NIST_P384')),
    'KeyAlgorithm ECC_NIST_P384 is not that of the key in PublicKeyCertificate: use ECC_NIST_P256.',
  ],
  [
    'that another issued',
    asRoot(middle),
    'PublicKeyCertificate is not a root, since it was issued by another: import that one as the root, and this one as TrustedCertificatePublicKey.',
  ],
  [
    'that is no authority',
    asRoot(selfSigned({ name: 'plain', extensions: ['basicConstraints=CA:FALSE'] })),
    /^PublicKeyCertificate is not the certificate of an authority/,
  ],
  ['that is no certificate', asRoot({ ...root, base64: 'AAAA' }), /^PublicKeyCertificate cannot be read/],
];

for (const [what, request, expected] of REFUSED_ROOTS) {
  test(`refused, and nothing stored: a root ${what}`, async (t) => {
    const service = now(new Service(t));
    const { code, message } = await service.refusal('ImportKey', request);
    assert.equal(code, 'ValidationException');
    if (typeof expected === 'string') assert.equal(message, expected);
    else assert.match(message, expected);
    assert.equal(await service.count(), 0);
  });
}

test('refused: a root before its time and after it', async (t) => {
  const service = now(new Service(t));
  service.time -= DAY;
  assert.match(
    (await service.refusal('ImportKey', asRoot(root))).message,
    /^PublicKeyCertificate is not yet valid/,
  );
  service.time += 40 * DAY;
  assert.match(
    (await service.refusal('ImportKey', asRoot(root))).message,
    /^PublicKeyCertificate has expired/,
  );
  assert.equal(await service.count(), 0);
});

test('refused: a certificate that its authority does not stand for', async (t) => {
  const service = now(new Service(t));
  const rootArn = await importRoot(service, root);
  const rsaArn = await importRoot(service, rsaRoot, 'RSA_2048');
  const plain = issuedBy(root, { name: 'plain' });
  const plainArn = (await service.call('ImportKey', trusted(plain, rootArn))).Key.KeyArn;
  const stored = await service.count();
  const refused = async (...request: Parameters<typeof trusted>) => {
    const { code, message } = await service.refusal('ImportKey', trusted(...request));
    assert.equal(code, 'ValidationException');
    return message;
  };
  assert.match(
    await refused(middle, rsaArn),
    /^PublicKeyCertificate was not issued by The certificate of key arn:/,
  );
  assert.match(
    await refused(issuedBy(plain, { name: 'x' }), plainArn),
    /^The certificate of key arn:\S+ is not the certificate of an authority/,
  );
  const strong = issuedBy(rsaRoot, { name: 'strong', algorithm: 'RSA_3072' });
  assert.match(
    await refused(strong, rsaArn, publicKey('RSA_3072')),
    /^The certificate of key arn:\S+ has a weaker key \(RSA_2048\) than what it certifies \(RSA_3072\)/,
  );
  assert.match(
    await refused(rsaLeaf, rsaArn, publicKey('RSA_3072', 'D1', 'E')),
    /^KeyAlgorithm RSA_3072 is not that of the key in PublicKeyCertificate: use RSA_2048/,
  );
  assert.match(
    await refused(rsaLeaf, rsaArn, publicKey('RSA_2048', 'D1', 'B')),
    /^KeyModesOfUse \{Encrypt, Decrypt, Wrap, Unwrap\} is not valid for TR31_D1/,
  );
  const impostor = selfSigned({ name: 'root', key: keyFile('ECC_NIST_P256', 'impostor') });
  const forged = issuedBy(impostor, { name: 'forged', extensions: ['authorityKeyIdentifier=none'] });
  assert.match(
    await refused(forged, rootArn),
    /^PublicKeyCertificate has a signature that is not its authority's/,
  );
  assert.equal(await service.count(), stored);
});

test('refused: an authority that is none, is not there, or may not be used', async (t) => {
  const service = now(new Service(t));
  const rootArn = await importRoot(service, root);
  const refusal = (identifier: string) => service.refusal('ImportKey', trusted(middle, identifier));
  const ownPair = (await service.call('CreateKey', pair('S0', 'RSA_2048', 'V'))).Key.KeyArn;
  assert.match(
    (await refusal(ownPair)).message,
    /has no certificate: name the key of a root or trusted certificate/,
  );
  const other = (await service.call('CreateKey', pair('K3', 'ECC_NIST_P256', 'X'))).Key.KeyArn;
  assert.match((await refusal(other)).message, /^KeyUsage of the input key \S+ is invalid for the operation/);
  assert.equal((await refusal('alias/none')).code, 'ResourceNotFoundException');
  await service.call('StopKeyUsage', { KeyIdentifier: rootArn });
  assert.match((await refusal(rootArn)).message, /is disabled; enable it with StartKeyUsage/);
});

test('an imported key has no certificate of the account and signs no request', async (t) => {
  const service = now(new Service(t));
  const KeyIdentifier = await importRoot(service, root);
  const expected = `KeyClass of the key ${KeyIdentifier} is PUBLIC_KEY: use an ASYMMETRIC_KEY_PAIR that was created here.`;
  const request = {
    KeyIdentifier,
    SigningAlgorithm: 'SHA256',
    CertificateSubject: { CommonName: 'x' },
  } as const;
  for (const { code, message } of [
    await service.refusal('GetPublicKeyCertificate', { KeyIdentifier }),
    await service.refusal('GetCertificateSigningRequest', request),
  ]) {
    assert.deepEqual([code, message], ['ValidationException', expected]);
  }
});

test('a disabled pair has neither, and an unknown one is not found', async (t) => {
  const service = now(new Service(t));
  const { Key } = await service.call('CreateKey', pair('K3', 'ECC_NIST_P256', 'X', { Enabled: false }));
  const subject = { SigningAlgorithm: 'SHA256', CertificateSubject: { CommonName: 'x' } } as const;
  const refusals = async (KeyIdentifier: string) => [
    await service.refusal('GetPublicKeyCertificate', { KeyIdentifier }),
    await service.refusal('GetCertificateSigningRequest', { KeyIdentifier, ...subject }),
  ];
  for (const { code, message } of await refusals(Key.KeyArn)) {
    assert.equal(code, 'ValidationException');
    assert.match(message, /is disabled/);
  }
  for (const { code } of await refusals('alias/none')) assert.equal(code, 'ResourceNotFoundException');
});
