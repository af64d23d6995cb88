import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { keyCheckValue, Secret } from '@keywright/crypto';
import type {
  ExportKeyCryptogram,
  ExportKeyInput,
  WrappingKeySpec,
} from '../../src/api/control-plane.generated.ts';
import { issuedBy, selfSigned } from '../pki/openssl.ts';
import { importRoot, pair } from './asymmetric.ts';
import { type KnownKey, Service } from './service.ts';
import {
  AES_KEK,
  AES_KEY,
  decryptWithOpenssl,
  KEK,
  makePartner,
  ownerOf,
  type Partner,
  TDES_KEY,
} from './tr34-partner.ts';

const PARTNER = makePartner('RSA_2048', 'recipient');
const PARTNER_3072 = makePartner('RSA_3072', 'recipient 3072');

async function setUp(
  t: TestContext,
  partner: Partner = PARTNER,
  algorithm: 'RSA_2048' | 'RSA_3072' = 'RSA_2048',
) {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  const material: ExportKeyCryptogram = {
    CertificateAuthorityPublicKeyIdentifier: await importRoot(service, partner.authority, algorithm),
    WrappingKeyCertificate: partner.leaf.base64,
  };
  return { service, material };
}

async function request(
  service: Service,
  key: KnownKey,
  KeyCryptogram: ExportKeyCryptogram,
  changes: Partial<ExportKeyInput> = {},
): Promise<ExportKeyInput> {
  return { ExportKeyIdentifier: await service.putKey(key), KeyMaterial: { KeyCryptogram }, ...changes };
}

const DIGESTS = { RSA_OAEP_SHA_256: 'sha256', RSA_OAEP_SHA_512: 'sha512' } as const;

function open(cryptogram: string, { owner }: Pick<Partner, 'owner'>, spec: WrappingKeySpec): string {
  const clear = decryptWithOpenssl(Buffer.from(cryptogram, 'hex'), owner.privateKey, DIGESTS[spec]);
  return clear.toString('hex').toUpperCase();
}

test('openssl decrypts what went out under OAEP with SHA-256, which is the default, and SHA-512', async (t) => {
  const { service, material } = await setUp(t);
  for (const WrappingSpec of [undefined, 'RSA_OAEP_SHA_256', 'RSA_OAEP_SHA_512'] as const) {
    const asked = await request(service, KEK, { ...material, ...(WrappingSpec && { WrappingSpec }) });
    const { KeyMaterial, ...others } = (await service.call('ExportKey', asked)).WrappedKey!;
    assert.match(KeyMaterial, /^[0-9A-F]{512}$/);
    assert.equal(open(KeyMaterial, PARTNER, WrappingSpec ?? 'RSA_OAEP_SHA_256'), TDES_KEY);
    assert.deepEqual(others, {
      WrappedKeyMaterialFormat: 'KEY_CRYPTOGRAM',
      WrappingKeyArn: material.CertificateAuthorityPublicKeyIdentifier,
      // The check value of the user guide's key.
      KeyCheckValue: '08D7B4',
      KeyCheckValueAlgorithm: 'ANSI_X9_24',
    });
  }
});

test('TDES goes out under every RSA, AES_128 from RSA_3072 up, and nothing stronger', async (t) => {
  const three = `${TDES_KEY}89ABCDEF01234567`;
  const { service, material } = await setUp(t);
  const threeKeys = await request(service, { ...KEK, algorithm: 'TDES_3KEY', hex: three }, material);
  const { KeyMaterial } = (await service.call('ExportKey', threeKeys)).WrappedKey!;
  assert.equal(open(KeyMaterial, PARTNER, 'RSA_OAEP_SHA_256'), three);

  const strong = await setUp(t, PARTNER_3072, 'RSA_3072');
  const aes = await request(strong.service, AES_KEK, strong.material);
  const answer = (await strong.service.call('ExportKey', aes)).WrappedKey!;
  assert.equal(open(answer.KeyMaterial, PARTNER_3072, 'RSA_OAEP_SHA_256'), AES_KEY);
  assert.equal(answer.KeyCheckValueAlgorithm, 'CMAC');

  const message = async (key: KnownKey) =>
    (await service.refusal('ExportKey', await request(service, key, material))).message;
  assert.equal(
    await message(AES_KEK),
    'RSA_2048 cannot protect AES_128: use an RSA_3072 or stronger wrapping key.',
  );
  const hex = AES_KEY + AES_KEY;
  assert.equal(
    await message({ ...KEK, algorithm: 'AES_192', hex: hex.slice(16) }),
    'RSA_2048 cannot protect AES_192: use a TR-31 key block under an AES_192 or stronger key, or ECDH with an ECC_NIST_P384 or stronger key pair.',
  );
  assert.equal(
    await message({ ...KEK, algorithm: 'AES_256', hex }),
    'RSA_2048 cannot protect AES_256: use a TR-31 key block under an AES_256 key, or ECDH with an ECC_NIST_P521 key pair.',
  );
  const hmac = { usage: 'TR31_M7_HMAC_KEY', algorithm: 'HMAC_SHA256', mode: 'C', hex } as const;
  assert.match(await message(hmac), /^RSA_2048 cannot protect HMAC_SHA256: .* ECDH/);
  assert.match(await message({ ...KEK, exportability: 'NON_EXPORTABLE' }), /is not exportable/);
  const { Key } = await service.call('CreateKey', pair('S0', 'RSA_2048', 'S'));
  const own = { ExportKeyIdentifier: Key.KeyArn, KeyMaterial: { KeyCryptogram: material } };
  assert.match((await service.refusal('ExportKey', own)).message, /keys of this algorithm cannot be wrapped/);
});

test('the TDES initial key of the standard goes out for one terminal', async (t) => {
  const { service, material } = await setUp(t);
  const bdk: KnownKey = { ...KEK, usage: 'TR31_B0_BASE_DERIVATION_KEY', mode: 'X' };
  const ExportAttributes = { ExportDukptInitialKey: { KeySerialNumber: 'FFFF9876543210E00001' } };
  const asked = await request(service, bdk, material, { ExportAttributes });
  const { KeyMaterial, KeyCheckValue } = (await service.call('ExportKey', asked)).WrappedKey!;
  const key = open(KeyMaterial, PARTNER, 'RSA_OAEP_SHA_256');
  // ANSI X9.24-1:2009, A.4.
  assert.equal(key, '6AC292FAA1315B4D858AB3A3D7D5933A');
  using initialKey = Secret.fromHex(key);
  assert.equal(KeyCheckValue, keyCheckValue('TDES', initialKey));
});

test('the partner’s certificate may be its authority’s own, as in AWS’s samples of key agreement', async (t) => {
  const authority = selfSigned({ name: 'own', algorithm: 'RSA_2048' });
  const { service, material } = await setUp(t, { authority, leaf: authority, owner: ownerOf(authority) });
  const { WrappedKey } = await service.call('ExportKey', await request(service, KEK, material));
  assert.equal(open(WrappedKey!.KeyMaterial, { owner: ownerOf(authority) }, 'RSA_OAEP_SHA_256'), TDES_KEY);
});

test('a certificate that is not of the named authority, not in force, or not of an RSA key is refused', async (t) => {
  const { service, material } = await setUp(t);
  const message = async (changes: Partial<ExportKeyCryptogram>) =>
    (await service.refusal('ExportKey', await request(service, KEK, { ...material, ...changes }))).message;
  const issued = (profile: Parameters<typeof issuedBy>[1]) =>
    message({ WrappingKeyCertificate: issuedBy(PARTNER.authority, profile).base64 });
  assert.match(
    await message({ WrappingKeyCertificate: PARTNER_3072.leaf.base64 }),
    /^WrappingKeyCertificate was not issued by The certificate of key /,
  );
  assert.match(await issued({ name: 'EC' }), /^WrappingKeyCertificate has a key of ECC_NIST_P256: use/);
  assert.match(
    await issued({ name: 'expired', algorithm: 'RSA_2048', days: -1 }),
    /^WrappingKeyCertificate is not valid: certificate: expired/,
  );
  assert.match(
    await issued({ name: 'strong', algorithm: 'RSA_3072' }),
    /^The certificate of key .* has a weaker key \(RSA_2048\)/,
  );
  assert.match(await message({ WrappingKeyCertificate: 'AAAA' }), /^WrappingKeyCertificate cannot be read/);
  const CertificateAuthorityPublicKeyIdentifier = `${material.CertificateAuthorityPublicKeyIdentifier.slice(0, -16)}aaaaaaaaaaaaaaaa`;
  const unknown = { ...material, CertificateAuthorityPublicKeyIdentifier };
  const refused = await service.refusal('ExportKey', await request(service, KEK, unknown));
  assert.equal(refused.code, 'ResourceNotFoundException');
  await service.call('StopKeyUsage', { KeyIdentifier: material.CertificateAuthorityPublicKeyIdentifier });
  assert.match(await message({}), /is disabled; enable it with StartKeyUsage/);
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
