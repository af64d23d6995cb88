import assert from 'node:assert/strict';
import { type KeyObject, X509Certificate } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { encodeHex } from '@keywright/crypto';
import type { PaddingType } from '../../../src/api/data-plane.generated.ts';
import { issuedBy, keyFile, opensslBytes, put, selfSigned } from '../../pki/openssl.ts';
import { giveAuthority, importRoot, pair, publicKey, trusted } from '../asymmetric.ts';
import { Service } from '../service.ts';

const PLAIN = '48656C6C6F';

/** How openssl names each padding. */
const PADDINGS: Record<PaddingType, readonly string[]> = {
  PKCS1: ['rsa_padding_mode:pkcs1'],
  OAEP_SHA1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1'],
  OAEP_SHA256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'],
  OAEP_SHA512: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha512', 'rsa_mgf1_md:sha512'],
};
const NAMES = Object.keys(PADDINGS) as PaddingType[];

/** Bytes that the padding takes of the modulus. */
const OVERHEADS: Record<PaddingType, number> = {
  PKCS1: 11,
  OAEP_SHA1: 42,
  OAEP_SHA256: 66,
  OAEP_SHA512: 130,
};

function pkeyutl(action: 'encrypt' | 'decrypt', padding: PaddingType, hex: string, key: string[]): string {
  const options = PADDINGS[padding].flatMap((option) => ['-pkeyopt', option]);
  const file = put(Buffer.from(hex, 'hex'));
  return encodeHex(opensslBytes('pkeyutl', `-${action}`, '-in', file, ...key, ...options));
}

const encryptedBy = (publicKey: KeyObject, padding: PaddingType, hex = PLAIN) => {
  const file = put(publicKey.export({ type: 'spki', format: 'pem' }) as string);
  return pkeyutl('encrypt', padding, hex, ['-pubin', '-inkey', file]);
};

async function ownPair(t: TestContext, mode: 'B' | 'E' | 'D' = 'B') {
  const service = new Service(t);
  await giveAuthority(service.context);
  const { Key } = await service.call('CreateKey', pair('D1', 'RSA_2048', mode));
  const { KeyCertificate } = await service.call('GetPublicKeyCertificate', { KeyIdentifier: Key.KeyArn });
  const { publicKey } = new X509Certificate(Buffer.from(KeyCertificate, 'base64'));
  return { service, key: Key, KeyIdentifier: Key.KeyArn, publicKey };
}

suite('RSA', () => {
  for (const PaddingType of NAMES) {
    const attributes = { Asymmetric: { PaddingType } };

    test(`${PaddingType}: what a partner encrypts decrypts here, and so does what is encrypted here`, async (t) => {
      const { service, key, KeyIdentifier, publicKey } = await ownPair(t);
      const answer = { KeyArn: KeyIdentifier, KeyCheckValue: key.KeyCheckValue };
      const fromPartner = await service.call('DecryptData', {
        KeyIdentifier,
        CipherText: encryptedBy(publicKey, PaddingType),
        DecryptionAttributes: attributes,
      });
      assert.deepEqual(fromPartner, { ...answer, PlainText: PLAIN });
      const longest = 'A5'.repeat(256 - OVERHEADS[PaddingType]);
      const { CipherText, ...rest } = await service.call('EncryptData', {
        KeyIdentifier,
        PlainText: longest,
        EncryptionAttributes: attributes,
      });
      assert.deepEqual(rest, answer);
      const request = { KeyIdentifier, CipherText, DecryptionAttributes: attributes };
      assert.equal((await service.call('DecryptData', request)).PlainText, longest);
      const tooLong = { KeyIdentifier, PlainText: `${longest}00`, EncryptionAttributes: attributes };
      const { message } = await service.refusal('EncryptData', tooLong);
      const length = 256 - OVERHEADS[PaddingType] + 1;
      assert.match(
        message,
        new RegExp(`^PlainText is too long: ${length} bytes do not fit RSA of 2048 bits`),
      );
    });
  }

  const root = selfSigned({ name: 'root', algorithm: 'RSA_2048' });
  const leaf = issuedBy(root, { name: 'leaf', algorithm: 'RSA_2048', key: keyFile('RSA_2048', 'data') });

  test('an imported certificate encrypts for its owner, and decrypts nothing', async (t) => {
    const service = new Service(t);
    service.time = Date.now() + 60_000;
    const authority = await importRoot(service, root, 'RSA_2048');
    const imported = trusted(leaf, authority, publicKey('RSA_2048', 'D1', 'E'));
    const KeyIdentifier = (await service.call('ImportKey', imported)).Key.KeyArn;
    for (const PaddingType of NAMES) {
      const { CipherText } = await service.call('EncryptData', {
        KeyIdentifier,
        PlainText: PLAIN,
        EncryptionAttributes: { Asymmetric: { PaddingType } },
      });
      const owner = ['-inkey', keyFile('RSA_2048', 'data')];
      assert.equal(pkeyutl('decrypt', PaddingType, CipherText, owner), PLAIN);
    }
    const { code, message } = await service.refusal('DecryptData', {
      KeyIdentifier,
      CipherText: '00'.repeat(256),
      DecryptionAttributes: { Asymmetric: { PaddingType: 'OAEP_SHA256' } },
    });
    assert.equal(code, 'ValidationException');
    assert.match(
      message,
      /^KeyModesOfUse of the input key .* It is \{Encrypt, Wrap\}; use a key with Decrypt/,
    );
  });

  test('a cryptogram that does not decrypt has one answer, whatever was wrong', async (t) => {
    const { service, KeyIdentifier, publicKey } = await ownPair(t);
    const DecryptionAttributes = { Asymmetric: { PaddingType: 'OAEP_SHA256' as const } };
    const right = encryptedBy(publicKey, 'OAEP_SHA256');
    const wrong = [
      `${right.slice(0, -2)}${right.endsWith('00') ? '01' : '00'}`,
      right.slice(2),
      `00${right}`,
      'FF'.repeat(256),
      encryptedBy(publicKey, 'OAEP_SHA1'),
      encryptedBy(publicKey, 'PKCS1'),
    ];
    for (const CipherText of wrong) {
      const refusal = await service.refusal('DecryptData', {
        KeyIdentifier,
        CipherText,
        DecryptionAttributes,
      });
      assert.deepEqual(refusal, {
        code: 'ValidationException',
        message:
          'CipherText cannot be decrypted: compare key and PaddingType with the ones that it was made with.',
        members: {},
      });
    }
  });

  test('PKCS1: wrong padding gives other data, nothing and a wrong length the one refusal', async (t) => {
    const { service, KeyIdentifier, publicKey } = await ownPair(t);
    const DecryptionAttributes = { Asymmetric: { PaddingType: 'PKCS1' as const } };
    const request = { KeyIdentifier, DecryptionAttributes, CipherText: encryptedBy(publicKey, 'OAEP_SHA1') };
    const { PlainText } = await service.call('DecryptData', request);
    assert.equal((await service.call('DecryptData', request)).PlainText, PlainText);
    assert.notEqual(PlainText, PLAIN);
    for (const CipherText of [
      encryptedBy(publicKey, 'PKCS1', ''),
      encryptedBy(publicKey, 'PKCS1').slice(2),
    ]) {
      const { message } = await service.refusal('DecryptData', { ...request, CipherText });
      assert.match(message, /^CipherText cannot be decrypted/);
    }
  });

  test('refuses a pair that may not do it, one of another usage, and no padding', async (t) => {
    const Asymmetric = { PaddingType: 'OAEP_SHA256' } as const;
    const encrypting = await ownPair(t, 'E');
    const decryption = await encrypting.service.refusal('DecryptData', {
      KeyIdentifier: encrypting.KeyIdentifier,
      CipherText: '00'.repeat(256),
      DecryptionAttributes: { Asymmetric },
    });
    assert.match(decryption.message, /^KeyModesOfUse of the input key/);
    const decrypting = await ownPair(t, 'D');
    const { service, KeyIdentifier } = decrypting;
    const request = { KeyIdentifier, PlainText: PLAIN, EncryptionAttributes: { Asymmetric } };
    assert.match((await service.refusal('EncryptData', request)).message, /^KeyModesOfUse of the input key/);
    const { Key } = await service.call('CreateKey', pair('S0', 'RSA_2048', 'S'));
    const usage = await service.refusal('EncryptData', { ...request, KeyIdentifier: Key.KeyArn });
    assert.match(usage.message, /^KeyUsage of the input key .* use a key with TR31_D1/);
    const padding = await service.refusal('EncryptData', {
      ...request,
      EncryptionAttributes: { Asymmetric: {} },
    });
    assert.equal(
      padding.message,
      'Asymmetric.PaddingType is missing: use OAEP_SHA256, OAEP_SHA512, OAEP_SHA1 or PKCS1.',
    );
    await service.call('StopKeyUsage', { KeyIdentifier });
    assert.match((await service.refusal('EncryptData', request)).message, /disabled/);
  });
});
