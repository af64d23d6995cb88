import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { encodeHex, encryptOaep, Secret } from '@keywright/crypto';
import type {
  GetParametersForImportOutput,
  ImportKeyCryptogram,
  KeyAlgorithm,
  KeyAttributes,
} from '../../src/api/control-plane.generated.ts';
import { attributes, DAY, Service, START } from './service.ts';

const TDES_HEX = '0123456789ABCDEFFEDCBA9876543210';
const AES_HEX = '000102030405060708090A0B0C0D0E0F';
const TDES_KEK = attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'TDES_2KEY', 'B');
const AES_KEK = attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'AES_128', 'B');

async function parameters(service: Service, WrappingKeyAlgorithm: KeyAlgorithm, reuse?: boolean) {
  const request = { KeyMaterialType: 'KEY_CRYPTOGRAM', WrappingKeyAlgorithm } as const;
  return service.call(
    'GetParametersForImport',
    reuse === undefined ? request : { ...request, ReuseLastGeneratedToken: reuse },
  );
}

function certificateOf(base64: string): X509Certificate {
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  assert.match(pem, /^-----BEGIN CERTIFICATE-----\n/);
  return new X509Certificate(pem);
}

function publicKeyOf({ WrappingKeyCertificate }: GetParametersForImportOutput): KeyObject {
  return createPublicKey(Buffer.from(WrappingKeyCertificate, 'base64').toString('latin1'));
}

function encrypt(publicKey: KeyObject, hash: 'SHA1' | 'SHA256' | 'SHA512', hex: string): string {
  using key = Secret.fromHex(hex);
  return encodeHex(encryptOaep(publicKey, hash, key));
}

function material(
  token: GetParametersForImportOutput,
  KeyAttributes: KeyAttributes,
  hex: string,
  changes: Partial<ImportKeyCryptogram> = {},
): { KeyMaterial: { KeyCryptogram: ImportKeyCryptogram } } {
  const WrappedKeyCryptogram = encrypt(publicKeyOf(token), 'SHA256', hex);
  const KeyCryptogram = {
    KeyAttributes,
    Exportable: true,
    WrappedKeyCryptogram,
    ImportToken: token.ImportToken,
  };
  return { KeyMaterial: { KeyCryptogram: { ...KeyCryptogram, ...changes } } };
}

test('a token comes with a certificate for 30 days and that of its issuer', async (t) => {
  const service = new Service(t);
  for (const bits of [2048, 3072, 4096] as const) {
    const answer = await parameters(service, `RSA_${bits}`);
    assert.match(answer.ImportToken, /^import-token-[a-z2-7]{16}$/);
    assert.equal(answer.WrappingKeyAlgorithm, `RSA_${bits}`);
    const end = Math.floor(START / 1000) + (30 * DAY) / 1000;
    assert.equal(answer.ParametersValidUntilTimestamp, end);
    const certificate = certificateOf(answer.WrappingKeyCertificate);
    const issuer = certificateOf(answer.WrappingKeyCertificateChain);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, bits);
    assert.equal(issuer.publicKey.asymmetricKeyDetails?.modulusLength, 4096);
    assert.equal(certificate.validFromDate.getTime(), Math.floor(START / 1000) * 1000 - DAY / 24);
    assert.equal(certificate.validToDate.getTime(), end * 1000);
    assert.deepEqual([certificate.ca, issuer.ca], [false, true]);
    assert.ok(certificate.verify(issuer.publicKey) && certificate.checkIssued(issuer));
    assert.ok(issuer.verify(issuer.publicKey) && issuer.checkIssued(issuer));
    assert.match(certificate.subject, /^CN=111122223333$/m);
  }
});

test('the last token is given out again while 7 days are left to it', async (t) => {
  const service = new Service(t);
  const first = await parameters(service, 'RSA_2048');
  assert.deepEqual(await parameters(service, 'RSA_2048', true), first);
  service.time = Math.floor(START / 1000) * 1000 + 23 * DAY;
  assert.deepEqual(await parameters(service, 'RSA_2048', true), first);
  service.time += 1;
  const second = await parameters(service, 'RSA_2048', true);
  assert.notEqual(second.ImportToken, first.ImportToken);
  const third = await parameters(service, 'RSA_2048', false);
  assert.notEqual(third.ImportToken, second.ImportToken);
  assert.notEqual(third.WrappingKeyCertificate, second.WrappingKeyCertificate);
  assert.notEqual((await parameters(service, 'RSA_3072', true)).ImportToken, third.ImportToken);
});

test('tokens for other material are refused', async (t) => {
  const service = new Service(t);
  const message = async (
    KeyMaterialType: 'TR34_KEY_BLOCK' | 'TR31_KEY_BLOCK' | 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: KeyAlgorithm,
  ) => (await service.refusal('GetParametersForImport', { KeyMaterialType, WrappingKeyAlgorithm })).message;
  assert.equal(
    await message('TR31_KEY_BLOCK', 'RSA_2048'),
    'KeyMaterialType TR31_KEY_BLOCK needs no import token: use TR34_KEY_BLOCK or KEY_CRYPTOGRAM.',
  );
  assert.equal(
    await message('TR34_KEY_BLOCK', 'ECC_NIST_P256'),
    'WrappingKeyAlgorithm ECC_NIST_P256 is not valid for TR34_KEY_BLOCK: use RSA_2048, RSA_3072 or RSA_4096.',
  );
  assert.equal(
    await message('KEY_CRYPTOGRAM', 'AES_128'),
    'WrappingKeyAlgorithm AES_128 is not valid for KEY_CRYPTOGRAM: use RSA_2048, RSA_3072 or RSA_4096.',
  );
});

test('keys come in under OAEP with SHA-256, which is the default, and SHA-512', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_3072');
  for (const WrappingSpec of ['RSA_OAEP_SHA_256', 'RSA_OAEP_SHA_512', undefined] as const) {
    const hash = WrappingSpec === 'RSA_OAEP_SHA_512' ? 'SHA512' : 'SHA256';
    const WrappedKeyCryptogram = encrypt(publicKeyOf(token), hash, TDES_HEX);
    const changes = { WrappedKeyCryptogram, ...(WrappingSpec && { WrappingSpec }) };
    const { Key } = await service.call('ImportKey', material(token, TDES_KEK, TDES_HEX, changes));
    // The check value of the user guide's key.
    assert.equal(Key.KeyCheckValue, '08D7B4');
    assert.deepEqual(Key.KeyAttributes, TDES_KEK);
    assert.deepEqual([Key.KeyOrigin, Key.Exportable, Key.Enabled], ['EXTERNAL', true, true]);
  }
  const { Key } = await service.call('ImportKey', material(token, AES_KEK, AES_HEX, { Exportable: false }));
  assert.equal(Key.Exportable, false);
  assert.equal(await service.count(), 4);
});

test('RSA_2048 protects TDES only, RSA_3072 AES_128 too', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_2048');
  const threeKeys = attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'TDES_3KEY', 'B');
  await service.call('ImportKey', material(token, threeKeys, `${TDES_HEX}89ABCDEF01234567`));
  const refused = async (algorithm: KeyAlgorithm, hex: string) => {
    const KeyAttributes = attributes('TR31_M7_HMAC_KEY', algorithm, 'C');
    return (await service.refusal('ImportKey', material(token, KeyAttributes, hex))).message;
  };
  assert.equal(
    await refused('AES_128', AES_HEX),
    'RSA_2048 cannot protect AES_128: use an RSA_3072 or stronger wrapping key.',
  );
  const ecdh = (algorithm: string, kek: string, pair: string) =>
    `RSA_2048 cannot protect ${algorithm}: use a TR-31 key block under an ${kek} key, or ECDH with an ${pair} key pair.`;
  const P384 = 'ECC_NIST_P384 or stronger';
  assert.equal(await refused('AES_192', AES_HEX), ecdh('AES_192', 'AES_192 or stronger', P384));
  assert.equal(await refused('AES_256', AES_HEX), ecdh('AES_256', 'AES_256', 'ECC_NIST_P521'));
  const hmac = ecdh('HMAC_SHA256', 'AES_128 or stronger', 'ECC_NIST_P256 or stronger');
  assert.equal(await refused('HMAC_SHA256', AES_HEX), hmac);
  assert.equal(await service.count(), 1);
});

test('a token must be there, of its region, for cryptograms, and not expired', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_2048');
  const input = material(token, TDES_KEK, TDES_HEX);
  const ImportToken = 'import-token-aaaaaaaaaaaaaaaa';
  const unknown = await service.refusal('ImportKey', material(token, TDES_KEK, TDES_HEX, { ImportToken }));
  assert.deepEqual(
    [unknown.code, unknown.members],
    ['ResourceNotFoundException', { ResourceId: ImportToken }],
  );
  const elsewhere = await service.refusal('ImportKey', input, { region: 'us-west-2' });
  assert.equal(elsewhere.code, 'ResourceNotFoundException');
  const { store } = service.context;
  const findToken = async (region: string, tokenId: string) => {
    const found = await store.findToken(region, tokenId);
    return found && ({ ...found, materialType: 'TR34_KEY_BLOCK' } as const);
  };
  const other = await service.refusal('ImportKey', input, { store: { ...store, findToken } });
  assert.equal(
    other.message,
    `ImportToken ${token.ImportToken} is for TR34_KEY_BLOCK: use one for KEY_CRYPTOGRAM.`,
  );
  service.time = token.ParametersValidUntilTimestamp * 1000 - 1;
  await service.call('ImportKey', input);
  service.time += 1;
  const expired = await service.refusal('ImportKey', input);
  assert.equal(
    expired.message,
    `ImportToken ${token.ImportToken} has expired: call GetParametersForImport for a new one.`,
  );
  assert.equal(await service.count(), 1);
});

test('whatever keeps a cryptogram from being decrypted has one answer', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_2048');
  const other = await parameters(service, 'RSA_2048');
  const right = encrypt(publicKeyOf(token), 'SHA256', TDES_HEX);
  const cryptograms = [
    encrypt(publicKeyOf(other), 'SHA256', TDES_HEX),
    encrypt(publicKeyOf(token), 'SHA512', TDES_HEX),
    encrypt(publicKeyOf(token), 'SHA1', TDES_HEX),
    right.slice(2),
    `${right}00`,
    'FF'.repeat(256),
    '00'.repeat(256),
  ];
  for (const WrappedKeyCryptogram of cryptograms) {
    const input = material(token, TDES_KEK, TDES_HEX, { WrappedKeyCryptogram });
    const { code, message } = await service.refusal('ImportKey', input);
    assert.equal(code, 'ValidationException');
    assert.equal(
      message,
      'WrappedKeyCryptogram cannot be decrypted: it must be the key, encrypted by RSA_OAEP_SHA_256 under the certificate of this ImportToken.',
    );
  }
  const odd = material(token, TDES_KEK, TDES_HEX, { WrappedKeyCryptogram: right.slice(1) });
  assert.equal(
    (await service.refusal('ImportKey', odd)).message,
    'WrappedKeyCryptogram has an odd number of hexadecimal digits: a byte has two.',
  );
  assert.equal(await service.count(), 0);
});

test('the key must have the length of its algorithm and not be single DES', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_3072');
  const message = async (KeyAttributes: KeyAttributes, hex: string) =>
    (await service.refusal('ImportKey', material(token, KeyAttributes, hex))).message;
  assert.equal(
    await message(TDES_KEK, `${TDES_HEX}89ABCDEF01234567`),
    'The key has 24 bytes: a key of TDES_2KEY has 16.',
  );
  assert.equal(await message(AES_KEK, AES_HEX.slice(2)), 'The key has 15 bytes: a key of AES_128 has 16.');
  const single = 'The key is single DES in effect, since parts of it are equal: use a';
  assert.equal(await message(TDES_KEK, 'AB'.repeat(16)), `${single} TDES_2KEY key of different parts.`);
  assert.equal(
    await message(TDES_KEK, '0123456789ABCDEF0022446688AACCEE'),
    `${single} TDES_2KEY key of different parts.`,
  );
  const threeKeys = attributes('TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'TDES_3KEY', 'B');
  for (const parts of [
    [0, 0, 1],
    [1, 0, 0],
  ]) {
    const hex = parts.map((part) => TDES_HEX.slice(16 * part, 16 * part + 16)).join('');
    assert.equal(await message(threeKeys, hex), `${single} TDES_3KEY key of different parts.`);
  }
  await service.call('ImportKey', material(token, threeKeys, TDES_HEX + TDES_HEX.slice(0, 16)));
});

test('attributes that do not go together are refused', async (t) => {
  const service = new Service(t);
  const token = await parameters(service, 'RSA_2048');
  const message = async (KeyAttributes: KeyAttributes) =>
    (await service.refusal('ImportKey', material(token, KeyAttributes, TDES_HEX))).message;
  assert.equal(
    await message(attributes('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'B')),
    'KeyModesOfUse {Encrypt, Decrypt, Wrap, Unwrap} is not valid for TR31_B0_BASE_DERIVATION_KEY: use {DeriveKey} or {NoRestrictions}.',
  );
  const signing = {
    KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
    KeyClass: 'ASYMMETRIC_KEY_PAIR',
    KeyAlgorithm: 'RSA_2048',
    KeyModesOfUse: { Sign: true },
  } as const;
  assert.equal(
    await message(signing),
    'RSA_2048 cannot protect RSA_2048: keys of this algorithm cannot be wrapped.',
  );
});
