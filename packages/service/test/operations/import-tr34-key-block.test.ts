import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  createRandomNumberToken,
  createUnbindToken,
  encodeHex,
  type KeyPairOwner,
  TR34_ERROR_CODES,
  Tr34Error,
  type Tr34ErrorCode,
} from '@keywright/crypto';
import samples from '../../../../vectors/tr34-aws-samples.json' with { type: 'json' };
import type { ImportTr34KeyBlock, KeyAlgorithm } from '../../src/api/control-plane.generated.ts';
import { AwsException } from '../../src/api/exceptions.ts';
import { tr34Refusal } from '../../src/operations/import/tr34-refusal.ts';
import { element } from '../pki/der.ts';
import { issuedBy, keyFile, openssl, type Party, put, selfSigned } from '../pki/openssl.ts';
import { giveAuthority, importRoot, pair } from './asymmetric.ts';
import { Service } from './service.ts';
import {
  AES_KEY,
  derOf,
  makePartner,
  NONCE,
  ownerOf,
  PUBLISHED_TIME,
  published,
  publishedCertificate,
  publishedCrl,
  putPair,
  resigned,
  TDES_KEY,
  tokenFor,
} from './tr34-partner.ts';

const KRD = published('krd');
const KDH = published('kdh');

/** A service at the time of the published parties, with the device's key pair and the host's authority in it. */
async function publishedService(t: TestContext): Promise<{ service: Service; material: ImportTr34KeyBlock }> {
  const service = new Service(t);
  service.time = PUBLISHED_TIME;
  const caKdh = publishedCertificate('caKdh');
  const material = {
    CertificateAuthorityPublicKeyIdentifier: await importRoot(
      service,
      { base64: caKdh } as Party,
      'RSA_2048',
    ),
    SigningKeyCertificate: publishedCertificate('kdh'),
    WrappingKeyIdentifier: await putPair(service, KRD.privateKey, ['K2', 'RSA_2048', 'D']),
    WrappingKeyCertificate: publishedCertificate('krd'),
    WrappedKeyBlock: tokenFor(KRD.certificate, KDH),
    KeyBlockFormat: 'X9_TR34_2012',
    RandomNonce: NONCE,
  } as const;
  return { service, material };
}

function importing(Tr34KeyBlock: ImportTr34KeyBlock) {
  return { KeyMaterial: { Tr34KeyBlock } };
}

/** The same material without some members. */
function without(material: ImportTr34KeyBlock, ...members: (keyof ImportTr34KeyBlock)[]): ImportTr34KeyBlock {
  return Object.fromEntries(
    Object.entries(material).filter(([member]) => !members.includes(member as keyof ImportTr34KeyBlock)),
  ) as unknown as ImportTr34KeyBlock;
}

async function importToken(service: Service, WrappingKeyAlgorithm: KeyAlgorithm) {
  await giveAuthority(service.context);
  return service.call('GetParametersForImport', { KeyMaterialType: 'TR34_KEY_BLOCK', WrappingKeyAlgorithm });
}

test('a key comes in under an import token, again and again until it expires', async (t) => {
  const { service, material } = await publishedService(t);
  const { ImportToken, WrappingKeyCertificate, ParametersValidUntilTimestamp } = await importToken(
    service,
    'RSA_2048',
  );
  const WrappedKeyBlock = tokenFor(derOf(WrappingKeyCertificate), KDH);
  const request = importing({
    ...without(material, 'WrappingKeyIdentifier', 'WrappingKeyCertificate'),
    ImportToken,
    WrappedKeyBlock,
  });
  const { Key } = await service.call('ImportKey', request);
  // The check value of the user guide's key.
  assert.equal(Key.KeyCheckValue, '08D7B4');
  assert.deepEqual(
    [Key.KeyAttributes.KeyUsage, Key.KeyAttributes.KeyAlgorithm, Key.KeyOrigin, Key.Exportable, Key.Enabled],
    ['TR31_K0_KEY_ENCRYPTION_KEY', 'TDES_2KEY', 'EXTERNAL', true, true],
  );
  service.time = ParametersValidUntilTimestamp * 1000 - 1;
  await service.call('ImportKey', request);
  service.time += 1;
  assert.equal(
    (await service.refusal('ImportKey', request)).message,
    `ImportToken ${ImportToken} has expired: call GetParametersForImport for a new one.`,
  );
  await service.context.store.deleteExpiredTokens(service.time);
  assert.equal((await service.refusal('ImportKey', request)).code, 'ResourceNotFoundException');
});

test('the header in the token gives the attributes, whatever its version and length', async (t) => {
  const { service, material } = await publishedService(t);
  const imported = async (header: string, hex = TDES_KEY) => {
    const WrappedKeyBlock = tokenFor(KRD.certificate, KDH, { header, hex });
    return (await service.call('ImportKey', importing({ ...material, WrappedKeyBlock }))).Key;
  };
  const bdk = await imported('A0000B0TX00S0000');
  assert.equal(bdk.KeyAttributes.KeyUsage, 'TR31_B0_BASE_DERIVATION_KEY');
  assert.equal(bdk.KeyAttributes.KeyModesOfUse.DeriveKey, true);
  assert.equal(bdk.Exportable, true);
  const pek = await imported('B1234P0TD00N0000', `${TDES_KEY}89ABCDEF01234567`);
  assert.deepEqual([pek.KeyAttributes.KeyAlgorithm, pek.Exportable], ['TDES_3KEY', false]);
  assert.deepEqual(
    [pek.KeyAttributes.KeyModesOfUse.Decrypt, pek.KeyAttributes.KeyModesOfUse.Encrypt],
    [true, false],
  );
});

test('tokens come in both forms, one pass and two, with and without revocation list', async (t) => {
  const { service, material } = await publishedService(t);
  const time = new Date(PUBLISHED_TIME);
  const onePass = without(material, 'RandomNonce');
  for (const form of ['X9_TR34_2012', 'X9_TR34_2019_CMS'] as const) {
    for (const crl of [undefined, publishedCrl('current'), publishedCrl('currentSha512')]) {
      const options = { form, ...(crl && { crl }) };
      const twoPass = tokenFor(KRD.certificate, KDH, options);
      await service.call('ImportKey', importing({ ...material, WrappedKeyBlock: twoPass }));
      const WrappedKeyBlock = tokenFor(KRD.certificate, KDH, { ...options, pass: { time } });
      await service.call('ImportKey', importing({ ...onePass, WrappedKeyBlock }));
    }
  }
  // There is no telling how old a token of one pass is too old.
  const old = tokenFor(KRD.certificate, KDH, { pass: { time: new Date('2026-01-01T00:00:00Z') } });
  await service.call('ImportKey', importing({ ...onePass, WrappedKeyBlock: old }));
  const lower = { ...material, RandomNonce: 'aabbccddeeff0011' };
  const nonce = Buffer.from(lower.RandomNonce, 'hex');
  const WrappedKeyBlock = tokenFor(KRD.certificate, KDH, { pass: { nonce } });
  await service.call('ImportKey', importing({ ...lower, WrappedKeyBlock }));
});

/** The certificate that an AWS sample signs under, with its key, name and serial number, from an authority of the test's own. */
function sampleCertificate(privateKey: string): { authority: Party; certificate: string } {
  const name = 'Desktop HSM CA/O=The Organization';
  const authority = selfSigned({ name, algorithm: 'RSA_2048' });
  const der = put(Buffer.from(privateKey, 'hex'));
  const key = put(openssl('pkey', '-inform', 'DER', '-in', der));
  const config = put('[req]\ndistinguished_name=dn\n[dn]\n');
  const subject = ['-subj', '/CN=Desktop HSM/O=The Organization', '-config', config];
  const request = put(openssl('req', '-new', '-key', key, ...subject));
  const signer = ['-CA', authority.file, '-CAkey', authority.key, '-set_serial', '200', '-days', '20'];
  const out = put('');
  openssl('x509', '-req', '-in', request, ...signer, '-sha256', '-out', out);
  return { authority, certificate: Buffer.from(openssl('x509', '-in', out)).toString('base64') };
}

test('TDES keys come in with the tokens that the AWS sample made', async (t) => {
  const found = samples.tokens.filter(({ krd, header }) => krd === 'krd' && header[7] === 'T');
  assert.ok(found.length > 1);
  for (const sample of found) {
    const service = new Service(t);
    service.time = Date.now() + 60_000;
    const { authority, certificate } = sampleCertificate(sample.kdhPrivateKey);
    const material: ImportTr34KeyBlock = {
      CertificateAuthorityPublicKeyIdentifier: await importRoot(service, authority, 'RSA_2048'),
      SigningKeyCertificate: certificate,
      WrappingKeyIdentifier: await putPair(service, KRD.privateKey, ['K2', 'RSA_2048', 'B']),
      WrappingKeyCertificate: publishedCertificate('krd'),
      WrappedKeyBlock: sample.token,
      KeyBlockFormat: 'X9_TR34_2012',
      RandomNonce: sample.nonce,
    };
    const { Key } = await service.call('ImportKey', importing(material));
    const record = await service.context.store.findKey('us-east-2', Key.KeyArn.slice(-16));
    using key = await service.context.vault.openKey(record!);
    assert.equal(
      key.expose((bytes) => encodeHex(bytes)),
      sample.key,
    );
    assert.equal(Key.KeyAttributes.KeyUsage.slice(5, 7), sample.header.slice(5, 7));
  }
});

test('AES_128 needs RSA_3072 for the wrapping and the signing key, AES_192 and AES_256 ECDH', async (t) => {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  const [weak, strong] = [makePartner('RSA_2048', 'weak'), makePartner('RSA_3072', 'strong')];
  const authorities = new Map<unknown, string>([
    [weak, await importRoot(service, weak.authority, 'RSA_2048')],
    [strong, await importRoot(service, strong.authority, 'RSA_3072')],
  ]);
  const krd = { RSA_2048: KRD, RSA_3072: published('krd3072') } as const;
  const names = { RSA_2048: 'krd', RSA_3072: 'krd3072' } as const;
  const request = async (bits: keyof typeof krd, kdh: typeof weak, header: string, hex: string) => {
    const contentCipher = header[7] === 'A' ? 'AES_128_CBC' : 'DES_EDE3_CBC';
    return importing({
      CertificateAuthorityPublicKeyIdentifier: authorities.get(kdh)!,
      SigningKeyCertificate: kdh.leaf.base64,
      WrappingKeyIdentifier: await putPair(service, krd[bits].privateKey, ['K2', bits, 'D']),
      WrappingKeyCertificate: publishedCertificate(names[bits]),
      WrappedKeyBlock: tokenFor(krd[bits].certificate, kdh.owner, { header, hex, contentCipher }),
      KeyBlockFormat: 'X9_TR34_2012',
      RandomNonce: NONCE,
    });
  };
  const AES = 'D0000K0AB00E0000';
  const { Key } = await service.call('ImportKey', await request('RSA_3072', strong, AES, AES_KEY));
  assert.deepEqual([Key.KeyAttributes.KeyAlgorithm, Key.KeyCheckValueAlgorithm], ['AES_128', 'CMAC']);
  await service.call('ImportKey', await request('RSA_2048', weak, 'B0000K0TB00E0000', TDES_KEY));
  const refused = async (...[bits, kdh, hex]: ['RSA_2048' | 'RSA_3072', typeof weak, string]) =>
    (await service.refusal('ImportKey', await request(bits, kdh, AES, hex))).message;
  assert.equal(
    await refused('RSA_2048', strong, AES_KEY),
    'RSA_2048 cannot protect AES_128: use an RSA_3072 or stronger wrapping key.',
  );
  // A key that signs may be weaker than one that wraps: AWS's samples sign with RSA_2048 for AES-128.
  await service.call('ImportKey', await request('RSA_3072', weak, AES, AES_KEY));
  assert.match(
    await refused('RSA_3072', strong, AES_KEY + AES_KEY),
    /^RSA_3072 cannot protect AES_256: .* ECDH/,
  );
  assert.match(
    await refused('RSA_3072', strong, AES_KEY.repeat(2).slice(16)),
    /^RSA_3072 cannot protect AES_192: .* ECDH/,
  );
});

test('our key pair is that of a token, or a stored one with a certificate of its own', async (t) => {
  const { service, material } = await publishedService(t);
  const message = async (changed: ImportTr34KeyBlock) =>
    (await service.refusal('ImportKey', importing(changed))).message;
  const choice =
    'Tr34KeyBlock must have ImportToken, or WrappingKeyIdentifier and WrappingKeyCertificate together: give the one or the others.';
  const ImportToken = 'import-token-aaaaaaaaaaaaaaaa';
  const neither = without(material, 'WrappingKeyIdentifier', 'WrappingKeyCertificate');
  for (const changed of [
    neither,
    { ...neither, ImportToken: '' },
    without(material, 'WrappingKeyIdentifier'),
    without(material, 'WrappingKeyCertificate'),
    { ...material, ImportToken },
    { ...without(material, 'WrappingKeyIdentifier'), ImportToken },
  ]) {
    assert.equal(await message(changed), choice);
  }
  await service.call('ImportKey', importing({ ...material, ImportToken: '' }));
  const unknown = await service.refusal('ImportKey', importing({ ...neither, ImportToken }));
  assert.deepEqual(
    [unknown.code, unknown.members],
    ['ResourceNotFoundException', { ResourceId: ImportToken }],
  );

  await giveAuthority(service.context);
  const cryptogram = await service.call('GetParametersForImport', {
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_2048',
  });
  assert.equal(
    await message({ ...neither, ImportToken: cryptogram.ImportToken }),
    `ImportToken ${cryptogram.ImportToken} is for KEY_CRYPTOGRAM: use one for TR34_KEY_BLOCK.`,
  );
  assert.equal(
    await message({ ...material, WrappingKeyCertificate: publishedCertificate('kdh') }),
    'The keys represented by WrappingKeyIdentifier and WrappingKeyCertificate do not match: send a certificate of the key, ' +
      'from GetPublicKeyCertificate or for its GetCertificateSigningRequest.',
  );
  assert.equal(
    await message({ ...material, WrappingKeyCertificate: publishedCertificate('caKdhExpired') }),
    'WrappingKeyCertificate is not valid: certificate: expired at 2026-01-01T00:00:00.000Z. Ask its authority for another certificate.',
  );
  assert.equal(
    await message({ ...material, WrappingKeyCertificate: publishedCertificate('kdhEc') }),
    'WrappingKeyCertificate has a key of ECC_NIST_P256: use a key of RSA_2048, RSA_3072 or RSA_4096.',
  );
  assert.match(await message({ ...material, WrappingKeyCertificate: 'AAAA' }), /^WrappingKeyCertificate /);
  assert.equal(await service.count(), 3);
});

test('a stored key pair is of usage K2, unwraps, and is usable', async (t) => {
  const { service, material } = await publishedService(t);
  const refused = async (WrappingKeyIdentifier: string) =>
    service.refusal('ImportKey', importing({ ...material, WrappingKeyIdentifier }));
  const arn = material.WrappingKeyIdentifier!;
  const create = async (...attributes: Parameters<typeof pair>) =>
    (await service.call('CreateKey', pair(...attributes))).Key.KeyArn;
  const signing = await create('S0', 'RSA_2048', 'S');
  assert.match((await refused(signing)).message, /^KeyUsage of the input key .* TR31_K2_TR34_ASYMMETRIC_KEY/);
  const encrypting = await create('K2', 'RSA_2048', 'E');
  assert.match((await refused(encrypting)).message, /^KeyModesOfUse of the input key .* Unwrap/);
  const missing = `${arn.slice(0, -16)}aaaaaaaaaaaaaaaa`;
  assert.equal((await refused(missing)).code, 'ResourceNotFoundException');
  await service.call('StopKeyUsage', { KeyIdentifier: arn });
  assert.equal((await refused(arn)).code, 'ConflictException');
});

test('the host’s certificate must come from the named authority', async (t) => {
  const { service, material } = await publishedService(t);
  const message = async (SigningKeyCertificate: string) =>
    (await service.refusal('ImportKey', importing({ ...material, SigningKeyCertificate }))).message;
  assert.match(
    await message(publishedCertificate('krd')),
    /^SigningKeyCertificate was not issued by The certificate of key /,
  );
  assert.match(
    await message(publishedCertificate('caKdhExpired')),
    /^SigningKeyCertificate is not valid: certificate: expired at 2026-01-01/,
  );
  assert.equal(
    await message(publishedCertificate('kdhEc')),
    'SigningKeyCertificate has a key of ECC_NIST_P256: use a key of RSA_2048, RSA_3072 or RSA_4096.',
  );
  assert.match(
    await message(publishedCertificate('kdh3072')),
    /has a weaker key \(RSA_2048\) than what it certifies/,
  );
  assert.match(await message('AAAA'), /^SigningKeyCertificate cannot be read/);
  const pem = Buffer.from(material.SigningKeyCertificate, 'base64').toString('latin1');
  assert.match(
    await message(Buffer.from(pem + pem).toString('base64')),
    /^SigningKeyCertificate has 2 whole PEM/,
  );
  const stranger = { ...material, CertificateAuthorityPublicKeyIdentifier: material.WrappingKeyIdentifier! };
  assert.match(
    (await service.refusal('ImportKey', importing(stranger))).message,
    /^KeyUsage of the input key .* TR31_S0_ASYMMETRIC/,
  );
  await service.call('StopKeyUsage', { KeyIdentifier: material.CertificateAuthorityPublicKeyIdentifier });
  assert.match(
    (await service.refusal('ImportKey', importing(material))).message,
    /is disabled; enable it with StartKeyUsage/,
  );
});

test('a host’s certificate under an authority of elliptic curves signs too', async (t) => {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  const authority = selfSigned({ name: 'EC authority' });
  const leaf = issuedBy(authority, { name: 'RSA host', algorithm: 'RSA_2048' });
  const material: ImportTr34KeyBlock = {
    CertificateAuthorityPublicKeyIdentifier: await importRoot(service, authority),
    SigningKeyCertificate: leaf.base64,
    WrappingKeyIdentifier: await putPair(service, KRD.privateKey, ['K2', 'RSA_2048', 'D']),
    WrappingKeyCertificate: publishedCertificate('krd'),
    WrappedKeyBlock: tokenFor(KRD.certificate, ownerOf(leaf)),
    KeyBlockFormat: 'X9_TR34_2012',
    RandomNonce: NONCE,
  };
  await service.call('ImportKey', importing(material));
});

/** The device's certificate with another key in it: same issuer, same serial number. */
function impostor(): Uint8Array {
  const config = put('[req]\ndistinguished_name=dn\n[dn]\n[ext]\nbasicConstraints=CA:FALSE\n');
  const subject = ['-subj', '/C=DE/O=Keywright tests/CN=other authority', '-set_serial', '0xD1'];
  const how = ['-config', config, '-extensions', 'ext', '-days', '9000'];
  const pem = openssl('req', '-x509', '-new', '-key', keyFile('RSA_2048', 'impostor'), ...subject, ...how);
  return derOf(Buffer.from(pem).toString('base64'));
}

const NO_NONCE = (attributes: Buffer[]) =>
  attributes.filter((attribute) => !attribute.includes(Buffer.from('2a864886f70d01091903', 'hex')));

/** A header in place of the signed one. */
function withHeader(header: string): (attributes: Buffer[]) => Buffer[] {
  const type = Buffer.from('06092a864886f70d010701', 'hex');
  return (attributes) =>
    attributes.map((attribute) =>
      attribute.subarray(2, 13).equals(type)
        ? element(0x30, type, element(0x31, element(0x04, Buffer.from(header))))
        : attribute,
    );
}

const KRD_HEX = tokenFor(KRD.certificate, KDH);
const LATER = new Date(PUBLISHED_TIME + 1000);

type Case = readonly [Tr34ErrorCode, RegExp, Partial<ImportTr34KeyBlock>, ...(keyof ImportTr34KeyBlock)[]];

function blockOf(kdh: KeyPairOwner, options: Parameters<typeof tokenFor>[2]) {
  return { WrappedKeyBlock: tokenFor(KRD.certificate, kdh, options) };
}

const REFUSALS: readonly Case[] = [
  ['DER', /^WrappedKeyBlock .* send the token whole/, { WrappedKeyBlock: KRD_HEX.slice(0, -2) }],
  ['DER', /^WrappedKeyBlock .* send the token whole/, { WrappedKeyBlock: '0123' }],
  [
    'STRUCTURE',
    /^WrappedKeyBlock .* ask the sender for a key token/,
    { WrappedKeyBlock: encodeHex(createRandomNumberToken(Buffer.from(NONCE, 'hex'))) },
  ],
  [
    'STRUCTURE',
    /^WrappedKeyBlock .* ask the sender for a key token/,
    {
      WrappedKeyBlock: encodeHex(
        createUnbindToken({ kdh: KDH, krdCertificate: KRD.certificate, nonce: Buffer.from(NONCE, 'hex') }),
      ),
    },
  ],
  [
    'ALGORITHM',
    /^WrappedKeyBlock .* digest algorithm/,
    { WrappedKeyBlock: KRD_HEX.replace('608648016503040201', '608648016503040203') },
  ],
  [
    'SIGNER',
    /^SigningKeyCertificate .* send the certificate of the key that signed the token/,
    { SigningKeyCertificate: publishedCertificate('kdhNew') },
  ],
  [
    'SIGNATURE',
    /^WrappedKeyBlock .* the signature is not that of the owner/,
    { WrappedKeyBlock: KRD_HEX.slice(0, -1) + (KRD_HEX.endsWith('0') ? '1' : '0') },
  ],
  [
    'RECIPIENT',
    /^WrappedKeyBlock .* encrypted for another .* WrappingKeyCertificate that belongs to this ImportToken/,
    { WrappedKeyBlock: tokenFor(published('krd3072').certificate, KDH) },
  ],
  ['NONCE_MISMATCH', /^RandomNonce .* not the one that was sent/, { RandomNonce: '0011223344556678' }],
  ['NONCE_MISMATCH', /^RandomNonce .* not the one that was sent/, { RandomNonce: `${NONCE}00` }],
  ['NONCE_UNEXPECTED', /^RandomNonce .* none was given/, {}, 'RandomNonce'],
  [
    'NONCE_MISSING',
    /^RandomNonce .* leave it out/,
    blockOf(KDH, { pass: { time: new Date(PUBLISHED_TIME) } }),
  ],
  [
    'TIME_IN_FUTURE',
    /^WrappedKeyBlock .* 2030-06-01T12:00:01.000Z, which is in the future.* clock/,
    blockOf(KDH, { pass: { time: LATER } }),
    'RandomNonce',
  ],
  [
    'TIME_MISSING',
    /^WrappedKeyBlock .* must have its time of signing/,
    { WrappedKeyBlock: resigned(KRD_HEX, KDH, NO_NONCE) },
    'RandomNonce',
  ],
  [
    'HEADER',
    /^WrappedKeyBlock .* key block header/,
    { WrappedKeyBlock: resigned(KRD_HEX, KDH, withHeader('d9999K0TB00E0000')) },
  ],
  [
    'HEADER_MISMATCH',
    /^WrappedKeyBlock .* the same in both/,
    { WrappedKeyBlock: resigned(KRD_HEX, KDH, withHeader('D9999K0TB00N0000')) },
  ],
  [
    'DECRYPTION_FAILED',
    /^WrappedKeyBlock .* could not be decrypted/,
    { WrappedKeyBlock: tokenFor(impostor(), KDH) },
  ],
  [
    'CERTIFICATE_REVOKED',
    /^SigningKeyCertificate .* revoked by its certificate authority/,
    {
      ...blockOf(published('kdhRevoked'), { crl: publishedCrl('current') }),
      SigningKeyCertificate: publishedCertificate('kdhRevoked'),
    },
  ],
  [
    'CRL_EXPIRED',
    /^WrappedKeyBlock .* present revocation list/,
    blockOf(KDH, { crl: publishedCrl('expired') }),
  ],
  [
    'CRL_EXPIRED',
    /^WrappedKeyBlock .* present revocation list/,
    blockOf(KDH, { crl: publishedCrl('future') }),
  ],
  ['CRL', /^WrappedKeyBlock .* present revocation list/, blockOf(KDH, { crl: publishedCrl('other') })],
];

test('each thing that is wrong with a token is refused with its reason and what to do', async (t) => {
  const { service, material } = await publishedService(t);
  for (const [code, reason, changes, ...left] of REFUSALS) {
    const refused = await service.refusal(
      'ImportKey',
      importing({ ...without(material, ...left), ...changes }),
    );
    assert.equal(refused.code, 'ValidationException', code);
    assert.match(refused.message, reason, code);
    assert.match(refused.message, /^\w+ is not valid: .+\. To mend it, .+\.$/, code);
  }
  const odd = { ...material, WrappedKeyBlock: KRD_HEX.slice(1) };
  assert.equal(
    (await service.refusal('ImportKey', importing(odd))).message,
    'WrappedKeyBlock has an odd number of hexadecimal digits: a byte has two.',
  );
  assert.equal(await service.count(), 2);
  await service.call('ImportKey', importing(material));
});

test('every code of the library has an answer', () => {
  for (const code of Object.keys(TR34_ERROR_CODES) as Tr34ErrorCode[]) {
    const answer = tr34Refusal(new Tr34Error(code, 'what was wrong'));
    assert.ok(answer instanceof AwsException);
    assert.match(
      answer.message,
      /^(WrappedKeyBlock|SigningKeyCertificate|WrappingKeyCertificate|RandomNonce) is not valid: what was wrong\. To mend it, [a-z].+\.$/,
    );
  }
  const other = new TypeError('not of a token');
  assert.equal(tr34Refusal(other), other);
});

test('attributes in the header that are not supported, or do not go together, are refused', async (t) => {
  const { service, material } = await publishedService(t);
  const message = async (header: string, hex = TDES_KEY) => {
    const WrappedKeyBlock = tokenFor(KRD.certificate, KDH, { header, hex });
    return (await service.refusal('ImportKey', importing({ ...material, WrappedKeyBlock }))).message;
  };
  assert.match(await message('D0000B1TX00E0000'), /^Key usage B1 of the key block is not supported/);
  assert.match(await message('D0000K0TY00E0000'), /^Mode of use Y of the key block is not supported/);
  assert.match(await message('D0000B0TB00E0000'), /^KeyModesOfUse .* is not valid for TR31_B0/);
  assert.match(await message('D0000K0TB00X0000'), /^Exportability X of the key block is not supported/);
  assert.match(await message('D0000M7HC00E0000'), /HM/);
  assert.match(await message('D0000K0TB00E0000', 'AB'.repeat(16)), /^The key is single DES in effect/);
});

test('a request that the model does not allow is refused', async (t) => {
  const { service, material } = await publishedService(t);
  const message = async (changes: object) =>
    (await service.refusal('ImportKey', importing({ ...material, ...changes }))).message;
  for (const [member, value] of [
    ['RandomNonce', 'ABC'],
    ['RandomNonce', '00112233445566'],
    ['RandomNonce', '00'.repeat(17)],
    ['WrappedKeyBlock', KRD_HEX.toLowerCase()],
    ['WrappedKeyBlock', 'A'.repeat(4097)],
    ['KeyBlockFormat', 'X9_TR34_2019_CMS'],
    ['ImportToken', 'export-token-aaaaaaaaaaaaaaaa'],
    ['SigningKeyCertificate', '<>'],
  ] as const) {
    const found = await message({ [member]: value });
    assert.match(found, new RegExp(member, 'i'), found);
  }
});

test('no refusal shows the key of a token, nor the device’s', async (t) => {
  const { service, material } = await publishedService(t);
  for (const [, , changes, ...left] of REFUSALS) {
    await service.refusal('ImportKey', importing({ ...without(material, ...left), ...changes }));
  }
  await service.call('ImportKey', importing(material));
  const sent = service.sent.join('\n');
  const { d } = KRD.privateKey.export({ format: 'jwk' });
  const secrets = [Buffer.from(TDES_KEY, 'hex'), Buffer.from(d!, 'base64url').subarray(0, 24)];
  for (const secret of secrets) {
    for (const encoding of ['hex', 'base64', 'latin1'] as const) {
      assert.ok(!sent.toLowerCase().includes(secret.toString(encoding).slice(0, 20).toLowerCase()));
    }
  }
});
