import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { keyCheckValue, openKeyToken, Secret } from '@keywright/crypto';
import type {
  ExportKeyInput,
  ExportTr34KeyBlock,
  GetParametersForExportOutput,
  KeyAlgorithm,
} from '../../src/api/control-plane.generated.ts';
import { issuedBy, LEAF, type Party, selfSigned } from '../pki/openssl.ts';
import { giveAuthority, importRoot, pair } from './asymmetric.ts';
import { DAY, type KnownKey, Service } from './service.ts';
import {
  AES_KEK,
  AES_KEY,
  derOf,
  KEK,
  makePartner,
  NONCE,
  openWithOpenssl,
  type Partner,
  published,
  publishedCertificate,
  putPair,
  TDES_KEY,
} from './tr34-partner.ts';

const PARTNER = makePartner('RSA_2048', 'KRD');
const PARTNER_3072 = makePartner('RSA_3072', 'KRD 3072');

async function parameters(service: Service, SigningKeyAlgorithm: KeyAlgorithm, reuse?: boolean) {
  const request = { KeyMaterialType: 'TR34_KEY_BLOCK', SigningKeyAlgorithm } as const;
  return service.call(
    'GetParametersForExport',
    reuse === undefined ? request : { ...request, ReuseLastGeneratedToken: reuse },
  );
}

interface Setting {
  readonly service: Service;
  readonly token: GetParametersForExportOutput;
  readonly material: ExportTr34KeyBlock;
}

/** A service with the partner's authority in it, and a request of two passes for the partner. */
async function setUp(
  t: TestContext,
  partner: Partner = PARTNER,
  algorithm: 'RSA_2048' | 'RSA_3072' = 'RSA_2048',
): Promise<Setting> {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  await giveAuthority(service.context);
  const token = await parameters(service, algorithm);
  const material = {
    CertificateAuthorityPublicKeyIdentifier: await importRoot(service, partner.authority, algorithm),
    WrappingKeyCertificate: partner.leaf.base64,
    ExportToken: token.ExportToken,
    KeyBlockFormat: 'X9_TR34_2012',
    RandomNonce: NONCE,
  } as const;
  return { service, token, material };
}

async function request(
  service: Service,
  key: KnownKey,
  Tr34KeyBlock: ExportTr34KeyBlock,
  changes: Partial<ExportKeyInput> = {},
): Promise<ExportKeyInput> {
  return { ExportKeyIdentifier: await service.putKey(key), KeyMaterial: { Tr34KeyBlock }, ...changes };
}

function without(material: ExportTr34KeyBlock, ...members: (keyof ExportTr34KeyBlock)[]): ExportTr34KeyBlock {
  return Object.fromEntries(
    Object.entries(material).filter(([member]) => !members.includes(member as keyof ExportTr34KeyBlock)),
  ) as unknown as ExportTr34KeyBlock;
}

test('a token comes with a certificate for signing, for 30 days, and that of its issuer', async (t) => {
  const service = new Service(t);
  for (const bits of [2048, 3072, 4096] as const) {
    const answer = await parameters(service, `RSA_${bits}`);
    assert.match(answer.ExportToken, /^export-token-[a-z2-7]{16}$/);
    assert.equal(answer.SigningKeyAlgorithm, `RSA_${bits}`);
    const end = Math.floor(service.time / 1000) + (30 * DAY) / 1000;
    assert.equal(answer.ParametersValidUntilTimestamp, end);
    const certificate = new X509Certificate(derOf(answer.SigningKeyCertificate));
    const issuer = new X509Certificate(derOf(answer.SigningKeyCertificateChain));
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, bits);
    assert.equal(certificate.validToDate.getTime(), end * 1000);
    assert.ok(certificate.verify(issuer.publicKey) && certificate.checkIssued(issuer));
    assert.deepEqual([certificate.ca, issuer.ca], [false, true]);
  }
});

test('the last token is given out again while 7 days are left to it', async (t) => {
  const service = new Service(t);
  await giveAuthority(service.context);
  const first = await parameters(service, 'RSA_2048');
  service.time = first.ParametersValidUntilTimestamp * 1000 - 7 * DAY;
  assert.deepEqual(await parameters(service, 'RSA_2048', true), first);
  assert.notEqual((await parameters(service, 'RSA_3072', true)).ExportToken, first.ExportToken);
  service.time += 1;
  const second = await parameters(service, 'RSA_2048', true);
  assert.notEqual(second.ExportToken, first.ExportToken);
  assert.notEqual((await parameters(service, 'RSA_2048')).ExportToken, second.ExportToken);
  const imported = await service.call('GetParametersForImport', {
    KeyMaterialType: 'TR34_KEY_BLOCK',
    WrappingKeyAlgorithm: 'RSA_2048',
    ReuseLastGeneratedToken: true,
  });
  assert.match(imported.ImportToken, /^import-token-/);
});

test('export tokens are for TR-34, with RSA', async (t) => {
  const service = new Service(t);
  const message = async (
    KeyMaterialType: 'KEY_CRYPTOGRAM' | 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: KeyAlgorithm,
  ) => (await service.refusal('GetParametersForExport', { KeyMaterialType, SigningKeyAlgorithm })).message;
  assert.equal(
    await message('KEY_CRYPTOGRAM', 'RSA_2048'),
    'KeyMaterialType KEY_CRYPTOGRAM needs no export token: use TR34_KEY_BLOCK.',
  );
  assert.equal(
    await message('TR34_KEY_BLOCK', 'ECC_NIST_P256'),
    'SigningKeyAlgorithm ECC_NIST_P256 is not valid for TR34_KEY_BLOCK: use RSA_2048, RSA_3072 or RSA_4096.',
  );
});

test('openssl opens a TDES key that went out in two passes, and in one', async (t) => {
  const { service, token, material } = await setUp(t);
  const kdh = derOf(token.SigningKeyCertificate);
  const { WrappedKey } = await service.call('ExportKey', await request(service, KEK, material));
  const { KeyMaterial, ...others } = WrappedKey!;
  assert.deepEqual(others, {
    WrappedKeyMaterialFormat: 'TR34_KEY_BLOCK',
    WrappingKeyArn: material.CertificateAuthorityPublicKeyIdentifier,
    // The check value of the user guide's key.
    KeyCheckValue: '08D7B4',
    KeyCheckValueAlgorithm: 'ANSI_X9_24',
  });
  assert.match(KeyMaterial, /^[0-9A-F]+$/);
  assert.deepEqual(openWithOpenssl(KeyMaterial, PARTNER.owner, kdh), {
    header: 'B0016K0TB00E0000',
    key: TDES_KEY,
    nonce: NONCE,
    time: undefined,
    cipher: 'des-ede3-cbc',
  });

  const single = await request(service, KEK, without(material, 'RandomNonce'));
  const found = openWithOpenssl(
    (await service.call('ExportKey', single)).WrappedKey!.KeyMaterial,
    PARTNER.owner,
    kdh,
  );
  const time = new Date(service.time).toISOString().replace(/^..|\.[0-9]+|[-:T]/g, '');
  assert.deepEqual([found.nonce, found.time, found.key], [undefined, time, TDES_KEY]);
});

test('the partner’s library opens it too', async (t) => {
  const { service, token, material } = await setUp(t);
  const { WrappedKey } = await service.call('ExportKey', await request(service, KEK, material));
  const { key, form } = openKeyToken({
    token: Buffer.from(WrappedKey!.KeyMaterial, 'hex'),
    krd: PARTNER.owner,
    kdhCertificate: derOf(token.SigningKeyCertificate),
    kdhIssuer: derOf(token.SigningKeyCertificateChain),
    expectedNonce: Buffer.from(NONCE, 'hex'),
    now: new Date(service.time),
  });
  using held = key;
  assert.equal(keyCheckValue('TDES', held), '08D7B4');
  assert.equal(form, 'X9_TR34_2012');
});

test('an AES_128 key goes out under RSA_3072, its content under AES', async (t) => {
  const { service, token, material } = await setUp(t, PARTNER_3072, 'RSA_3072');
  const { WrappedKey } = await service.call('ExportKey', await request(service, AES_KEK, material));
  const kdh = derOf(token.SigningKeyCertificate);
  const found = openWithOpenssl(WrappedKey!.KeyMaterial, PARTNER_3072.owner, kdh);
  assert.deepEqual([found.header, found.key, found.cipher], ['D0016K0AB00E0000', AES_KEY, 'aes-128-cbc']);
  const short = await parameters(service, 'RSA_2048');
  // A key that signs may be weaker than one that wraps: AWS's samples sign with RSA_2048 for AES-128.
  await service.call(
    'ExportKey',
    await request(service, AES_KEK, { ...material, ExportToken: short.ExportToken }),
  );
});

test('keys that are stronger than RSA do not go out', async (t) => {
  const { service, material } = await setUp(t);
  const message = async (key: KnownKey) =>
    (await service.refusal('ExportKey', await request(service, key, material))).message;
  assert.equal(
    await message(AES_KEK),
    'RSA_2048 cannot protect AES_128: use an RSA_3072 or stronger wrapping key.',
  );
  const hex = AES_KEY + AES_KEY;
  assert.match(
    await message({ ...KEK, algorithm: 'AES_192', hex: hex.slice(16) }),
    /^RSA_2048 cannot protect AES_192: .* ECDH/,
  );
  assert.match(
    await message({ ...KEK, algorithm: 'AES_256', hex }),
    /^RSA_2048 cannot protect AES_256: .* ECDH/,
  );
  const hmac = { usage: 'TR31_M7_HMAC_KEY', algorithm: 'HMAC_SHA256', mode: 'C', hex } as const;
  assert.match(await message(hmac), /^RSA_2048 cannot protect HMAC_SHA256: .* ECDH/);
  const { Key } = await service.call('CreateKey', pair('S0', 'RSA_2048', 'S'));
  const refused = await service.refusal('ExportKey', {
    ExportKeyIdentifier: Key.KeyArn,
    KeyMaterial: { Tr34KeyBlock: material },
  });
  assert.match(refused.message, /keys of this algorithm cannot be wrapped/);
  const kept = await service.refusal(
    'ExportKey',
    await request(service, { ...KEK, exportability: 'NON_EXPORTABLE' }, material),
  );
  assert.match(kept.message, /is not exportable/);
});

test('headers narrow what the key may do, as in a TR-31 block, and have no optional blocks', async (t) => {
  const { service, token, material } = await setUp(t);
  const KeyBlockHeaders = {
    KeyModesOfUse: { Decrypt: true, Unwrap: true },
    KeyExportability: 'NON_EXPORTABLE',
    KeyVersion: '07',
  } as const;
  const narrowed = await request(service, KEK, { ...material, KeyBlockHeaders });
  const { KeyMaterial } = (await service.call('ExportKey', narrowed)).WrappedKey!;
  const kdh = derOf(token.SigningKeyCertificate);
  assert.equal(openWithOpenssl(KeyMaterial, PARTNER.owner, kdh).header, 'B0016K0TD07N0000');

  const message = async (headers: ExportTr34KeyBlock['KeyBlockHeaders'], key = KEK) =>
    (
      await service.refusal(
        'ExportKey',
        await request(service, key, { ...material, KeyBlockHeaders: headers! }),
      )
    ).message;
  assert.match(
    await message({ KeyModesOfUse: { Generate: true } }),
    /^KeyBlockHeaders\.KeyModesOfUse \{Generate\} is not more restrictive/,
  );
  assert.match(
    await message({ KeyExportability: 'EXPORTABLE' }, { ...KEK, exportability: 'SENSITIVE' }),
    /^KeyBlockHeaders\.KeyExportability EXPORTABLE is less restrictive/,
  );
  assert.equal(
    await message({ OptionalBlocks: { KS: 'FFFF9876543210E00000' } }),
    'KeyBlockHeaders.OptionalBlocks is not valid for Tr34KeyBlock: its header has none; leave it out.',
  );
  await service.call(
    'ExportKey',
    await request(service, KEK, { ...material, KeyBlockHeaders: { OptionalBlocks: {} } }),
  );
});

test('the TDES initial key of the standard goes out for one terminal', async (t) => {
  const { service, token, material } = await setUp(t);
  const bdk: KnownKey = { ...KEK, usage: 'TR31_B0_BASE_DERIVATION_KEY', mode: 'X' };
  const ExportAttributes = { ExportDukptInitialKey: { KeySerialNumber: 'FFFF9876543210E00001' } };
  const asked = await request(service, bdk, material, { ExportAttributes });
  const { KeyMaterial, KeyCheckValue } = (await service.call('ExportKey', asked)).WrappedKey!;
  const found = openWithOpenssl(KeyMaterial, PARTNER.owner, derOf(token.SigningKeyCertificate));
  // ANSI X9.24-1:2009, A.4.
  assert.deepEqual([found.key, found.header], ['6AC292FAA1315B4D858AB3A3D7D5933A', 'B0016B1TX00S0000']);
  using initialKey = Secret.fromHex(found.key);
  assert.equal(KeyCheckValue, keyCheckValue('TDES', initialKey));
});

test('a key pair of ours signs, with a certificate of its own', async (t) => {
  const { service, material } = await setUp(t);
  const [kdh, stranger] = [makePartner('RSA_2048', 'our host'), makePartner('RSA_2048', 'stranger')];
  const arn = await putPair(service, kdh.owner.privateKey, ['S0', 'RSA_2048', 'S']);
  const own = {
    ...without(material, 'ExportToken'),
    SigningKeyIdentifier: arn,
    SigningKeyCertificate: kdh.leaf.base64,
  };
  const { WrappedKey } = await service.call('ExportKey', await request(service, KEK, own));
  const found = openWithOpenssl(WrappedKey!.KeyMaterial, PARTNER.owner, kdh.owner.certificate);
  assert.equal(found.key, TDES_KEY);

  const message = async (changes: Partial<ExportTr34KeyBlock>) =>
    (await service.refusal('ExportKey', await request(service, KEK, { ...own, ...changes }))).message;
  assert.match(
    await message({ SigningKeyCertificate: stranger.leaf.base64 }),
    /^The keys represented by SigningKeyIdentifier and SigningKeyCertificate do not match: send a certificate of the key/,
  );
  assert.match(
    await message({ SigningKeyCertificate: publishedCertificate('caKdhExpired') }),
    /^SigningKeyCertificate is not valid: certificate: expired at 2026-01-01/,
  );
  assert.match(await message({ SigningKeyCertificate: 'AAAA' }), /^SigningKeyCertificate cannot be read/);
  const wrapping = await putPair(service, kdh.owner.privateKey, ['K2', 'RSA_2048', 'D']);
  assert.match(
    await message({ SigningKeyIdentifier: wrapping }),
    /^KeyUsage of the input key .* TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE/,
  );
  assert.match(
    await message({ SigningKeyIdentifier: own.CertificateAuthorityPublicKeyIdentifier }),
    /^KeyModesOfUse of the input key .* Sign/,
  );
  await service.call('StopKeyUsage', { KeyIdentifier: arn });
  assert.equal(
    (await service.refusal('ExportKey', await request(service, KEK, own))).code,
    'ConflictException',
  );
});

test('one of a token and a key pair must be given', async (t) => {
  const { service, token, material } = await setUp(t);
  const message = async (changed: ExportTr34KeyBlock) =>
    (await service.refusal('ExportKey', await request(service, KEK, changed))).message;
  const choice =
    'Tr34KeyBlock must have ExportToken, or SigningKeyIdentifier and SigningKeyCertificate together: give the one or the others.';
  const neither = without(material, 'ExportToken');
  const SigningKeyIdentifier = material.CertificateAuthorityPublicKeyIdentifier;
  const SigningKeyCertificate = PARTNER.leaf.base64;
  for (const changed of [
    neither,
    { ...neither, ExportToken: '' },
    { ...neither, SigningKeyIdentifier },
    { ...neither, SigningKeyCertificate },
    { ...material, SigningKeyIdentifier, SigningKeyCertificate },
  ]) {
    assert.equal(await message(changed), choice);
  }
  const unknown = { ...material, ExportToken: 'export-token-aaaaaaaaaaaaaaaa' };
  const refused = await service.refusal('ExportKey', await request(service, KEK, unknown));
  assert.deepEqual(
    [refused.code, refused.members],
    ['ResourceNotFoundException', { ResourceId: unknown.ExportToken }],
  );
  const elsewhere = await service.refusal('ExportKey', await request(service, KEK, material), {
    region: 'us-west-2',
  });
  assert.equal(elsewhere.code, 'ResourceNotFoundException');
  const input = await request(service, KEK, material);
  service.time = token.ParametersValidUntilTimestamp * 1000 - 1;
  // The partner's certificate ends before the token does, and is looked at first.
  assert.match(
    (await service.refusal('ExportKey', input)).message,
    /^WrappingKeyCertificate is not valid: .* expired/,
  );
  const { store } = service.context;
  const findToken = async (region: string, tokenId: string) => {
    const found = await store.findToken(region, tokenId);
    return found && { ...found, validUntil: 0 };
  };
  service.time = token.ParametersValidUntilTimestamp * 1000 - 29 * DAY;
  assert.equal(
    (await service.refusal('ExportKey', input, { store: { ...store, findToken } })).message,
    `ExportToken ${token.ExportToken} has expired: call GetParametersForExport for a new one.`,
  );
});

test('the partner’s certificate must come from the named authority', async (t) => {
  const { service, material } = await setUp(t);
  const message = async (changes: Partial<ExportTr34KeyBlock>) =>
    (await service.refusal('ExportKey', await request(service, KEK, { ...material, ...changes }))).message;
  const of = (party: Party) => ({ WrappingKeyCertificate: party.base64 });
  assert.match(
    await message(of(PARTNER_3072.leaf)),
    /^WrappingKeyCertificate was not issued by The certificate of key /,
  );
  assert.match(
    await message(of(issuedBy(PARTNER.authority, { name: 'EC', algorithm: 'ECC_NIST_P256' }))),
    /^WrappingKeyCertificate has a key of ECC_NIST_P256: use a key of RSA_2048/,
  );
  const stronger = issuedBy(PARTNER.authority, { name: 'strong', algorithm: 'RSA_3072' });
  assert.match(await message(of(stronger)), /has a weaker key \(RSA_2048\) than what it certifies/);
  const expired = issuedBy(PARTNER.authority, { name: 'expired', algorithm: 'RSA_2048', days: -1 });
  assert.match(await message(of(expired)), /^WrappingKeyCertificate is not valid: certificate: expired/);
  const namesake = selfSigned({ name: 'KRD authority', algorithm: 'RSA_2048', key: PARTNER_3072.leaf.key });
  const extensions = [...LEAF, 'authorityKeyIdentifier=none'];
  const forged = issuedBy(namesake, { name: 'forged', algorithm: 'RSA_2048', extensions });
  assert.match(
    await message(of(forged)),
    /^WrappingKeyCertificate has a signature that is not its authority's/,
  );
  assert.match(await message({ WrappingKeyCertificate: 'AAAA' }), /^WrappingKeyCertificate cannot be read/);
  const arn = await putPair(service, published('krd').privateKey, ['K2', 'RSA_2048', 'D']);
  assert.match(
    await message({ CertificateAuthorityPublicKeyIdentifier: arn }),
    /^KeyUsage of the input key .* TR31_S0_ASYMMETRIC/,
  );
});

test('no answer shows the key that went out', async (t) => {
  const { service, material } = await setUp(t);
  await service.call('ExportKey', await request(service, KEK, material));
  await service.refusal('ExportKey', await request(service, AES_KEK, material));
  const sent = service.sent.join('\n').toUpperCase();
  for (const hex of [TDES_KEY, AES_KEY]) {
    assert.ok(
      !sent.includes(hex) && !sent.includes(Buffer.from(hex, 'hex').toString('base64').toUpperCase()),
    );
  }
});
