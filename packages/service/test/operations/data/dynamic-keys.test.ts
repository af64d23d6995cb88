import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import {
  decodeHex,
  decryptPinBlock,
  encodeHex,
  encryptPinBlock,
  expandKey,
  keyCheckValue,
  Secret,
} from '@keywright/crypto';
import libtr31 from '../../../../../vectors/libtr31_decrypt.json' with { type: 'json' };
import terminals from '../../../../../vectors/terminal_vectors.json' with { type: 'json' };
import type { EcdhDerivationAttributes } from '../../../src/api/data-plane.generated.ts';
import { DERIVATION, deriveKbpk, makePartner, type Partner, wrapFor } from '../ecdh-partner.ts';
import { type KnownKey, Service } from '../service.ts';
import { type Meeting, meet } from './meeting.ts';

const PAN = '4012345678909';
const PLAIN = '000102030405060708090A0B0C0D0E0F';
const KEK = '41473E32EA160D224F8198CEBCC0855A';
const WORKING = '24F131957314EF7F2CD8604019CE39A8';

/** A published key block, its KBPK and the key in it. */
interface Published {
  readonly kbpk: string;
  readonly block: string;
  readonly key: string;
}

function fromTerminals(start: string): Published {
  const { kbpk, block, clear } = terminals.tr31.find((vector) => vector.block.startsWith(start))!;
  return { kbpk: kbpk!, block, key: clear! };
}

function fromLibtr31(start: string): Published {
  const { kbpk, key_block, key } = libtr31.vectors.find((vector) => vector.key_block.startsWith(start))!;
  return { kbpk, block: key_block, key };
}

const D0_BOTH_WAYS = fromTerminals('D0112D0AB');
const D0_UNRESTRICTED = fromLibtr31('D0144D0AN');
const P0_BOTH_WAYS = fromTerminals('D0112P0AB');
const P0_ENCRYPT = fromLibtr31('B0080P0TE');

function kek(hex: string, changes: Partial<KnownKey> = {}): KnownKey {
  const algorithm = hex.length === 64 ? 'AES_256' : 'AES_128';
  return { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm, mode: 'B', hex, ...changes };
}

const tdesKek = (hex: string) => kek(hex, { algorithm: 'TDES_2KEY' });
const wrapped = (Tr31KeyBlock: string) => ({ WrappedKeyMaterial: { Tr31KeyBlock } });
const CBC = { Symmetric: { Mode: 'CBC' as const } };

function aesCbc(hex: string, data: string): string {
  using key = Secret.fromHex(hex);
  using cipher = expandKey('AES', key);
  return encodeHex(cipher.encryptCbc(new Uint8Array(16), decodeHex(data)));
}

/** A block made here, under KEK, with the header's changes. */
function block(changes: Parameters<typeof wrapFor>[2], hex = WORKING, kbpkHex = KEK): string {
  using kbpk = Secret.fromHex(kbpkHex);
  return wrapFor(kbpk, hex, { keyUsage: 'D0', ...changes });
}

suite('keys in key blocks', () => {
  for (const { kbpk, block: Tr31KeyBlock, key: hex } of [D0_BOTH_WAYS, D0_UNRESTRICTED]) {
    test(`data there and back under the key of ${Tr31KeyBlock.slice(0, 16)}`, async (t) => {
      const service = new Service(t);
      const KeyIdentifier = await service.putKey(kek(kbpk));
      const WrappedKey = wrapped(Tr31KeyBlock);
      const count = await service.count();
      const { CipherText, ...rest } = await service.call('EncryptData', {
        KeyIdentifier,
        WrappedKey,
        PlainText: PLAIN,
        EncryptionAttributes: CBC,
      });
      using key = Secret.fromHex(hex);
      assert.equal(CipherText, aesCbc(hex, PLAIN));
      assert.deepEqual(rest, { KeyArn: KeyIdentifier, KeyCheckValue: keyCheckValue('AES', key) });
      const back = await service.call('DecryptData', {
        KeyIdentifier,
        WrappedKey,
        CipherText,
        DecryptionAttributes: CBC,
      });
      assert.deepEqual(back, { ...rest, PlainText: PLAIN });
      assert.equal(await service.count(), count, 'nothing is stored');
    });
  }

  test('the KEK is of usage K0 or K1 and may unwrap; the check value is as asked for', async (t) => {
    const service = new Service(t);
    using key = Secret.fromHex(WORKING);
    for (const changes of [
      { usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' },
      { mode: 'D' },
      { mode: 'N' },
    ] as const) {
      const { KeyCheckValue } = await service.call('EncryptData', {
        KeyIdentifier: await service.putKey(kek(KEK, changes)),
        WrappedKey: { ...wrapped(block({ modeOfUse: 'E' })), KeyCheckValueAlgorithm: 'ANSI_X9_24' },
        PlainText: PLAIN,
        EncryptionAttributes: CBC,
      });
      assert.equal(KeyCheckValue, keyCheckValue('AES_LEGACY_ECB', key));
    }
  });

  const refusals: [string, RegExp, (service: Service) => Promise<object>][] = [
    [
      'a block under another KEK',
      /^WrappedKey\.WrappedKeyMaterial\.Tr31KeyBlock is not valid: key block verification failed.*compare the check values of the wrapping key/,
      async (s) => ({ KeyIdentifier: await s.putKey(kek('00112233445566778899AABBCCDDEEFF')) }),
    ],
    [
      'a block that was cut',
      /Tr31KeyBlock is not valid: .*length/,
      async () => ({ WrappedKey: wrapped(D0_BOTH_WAYS.block.slice(0, -2)) }),
    ],
    [
      'a KEK that only wraps',
      /^KeyModesOfUse of the input key arn.* is invalid for the operation\. It is \{Encrypt, Wrap\}/,
      async (s) => ({ KeyIdentifier: await s.putKey(kek(KEK, { mode: 'E' })) }),
    ],
    [
      'a KEK that is none',
      /^KeyUsage of the input key arn.* is invalid for the operation\. It is TR31_D0/,
      async (s) => ({
        KeyIdentifier: await s.putKey(kek(KEK, { usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' })),
      }),
    ],
    [
      'a key of another usage in the block',
      /^KeyUsage of the wrapped key in WrappedKey is invalid for the operation\. It is TR31_P0.*; use a key with TR31_D0/,
      async () => ({ WrappedKey: wrapped(P0_BOTH_WAYS.block) }),
    ],
    [
      'a key in the block that only decrypts',
      /^KeyModesOfUse of the wrapped key in WrappedKey is invalid.*\{Decrypt, Unwrap\}; use a key with Encrypt/,
      async () => ({ WrappedKey: wrapped(block({ modeOfUse: 'D' })) }),
    ],
    [
      'a mode of use that D0 does not have',
      /KeyModesOfUse \{DeriveKey\} is not valid for TR31_D0/,
      async () => ({ WrappedKey: wrapped(block({ modeOfUse: 'X' })) }),
    ],
    [
      'a key stronger than the KEK',
      /^AES_128 cannot protect AES_256/,
      async () => ({ WrappedKey: wrapped(block({}, WORKING + WORKING)) }),
    ],
    [
      'single DES',
      /single DES/,
      async (s) => {
        const { kbpk, block: Tr31KeyBlock } = fromTerminals('B0096D0TN');
        return { KeyIdentifier: await s.putKey(tdesKek(kbpk)), WrappedKey: wrapped(Tr31KeyBlock) };
      },
    ],
    [
      'a check value that AES does not have',
      /KeyCheckValueAlgorithm HMAC is not valid for AES_128/,
      async () => ({ WrappedKey: { ...wrapped(D0_BOTH_WAYS.block), KeyCheckValueAlgorithm: 'HMAC' } }),
    ],
    [
      'DUKPT attributes with it',
      /^WrappedKey is for Symmetric attributes only: leave it out\.$/,
      async () => ({ EncryptionAttributes: { Dukpt: { KeySerialNumber: 'FFFF9876543210E00001' } } }),
    ],
    [
      'RSA attributes with it',
      /^WrappedKey is for Symmetric attributes only: leave it out\.$/,
      async () => ({ EncryptionAttributes: { Asymmetric: { PaddingType: 'OAEP_SHA256' } } }),
    ],
  ];
  for (const [what, message, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const { code, message: text } = await service.refusal('EncryptData', {
        KeyIdentifier: await service.putKey(kek(KEK)),
        WrappedKey: wrapped(D0_BOTH_WAYS.block),
        PlainText: PLAIN,
        EncryptionAttributes: CBC,
        ...(await change(service)),
      });
      assert.equal(code, 'ValidationException');
      assert.match(text, message);
    });
  }

  test('refuses a KEK that is disabled, in the words of the data plane', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(kek(KEK));
    await service.call('StopKeyUsage', { KeyIdentifier });
    const { code, message } = await service.refusal('DecryptData', {
      KeyIdentifier,
      WrappedKey: wrapped(D0_BOTH_WAYS.block),
      CipherText: PLAIN,
      DecryptionAttributes: CBC,
    });
    assert.equal(code, 'ValidationException');
    assert.match(message, /disabled/);
  });
});

/** A PIN block of 1234 for PAN; ISO 0 under TDES, ISO 4 under AES. */
function pinBlock(hex: string, algorithm: 'TDES' | 'AES'): string {
  using key = Secret.fromHex(hex);
  using pin = Secret.take(Buffer.from('1234'));
  const format = algorithm === 'AES' ? 'ISO_4' : 'ISO_0';
  return encodeHex(encryptPinBlock({ format, algorithm, key, pin, pan: PAN }));
}

function pinOf(hex: string, algorithm: 'TDES' | 'AES', encrypted: string): string {
  using key = Secret.fromHex(hex);
  const format = algorithm === 'AES' ? 'ISO_4' : 'ISO_0';
  using pin = decryptPinBlock({ format, algorithm, key, pan: PAN, block: decodeHex(encrypted) });
  return pin.expose((digits) => Buffer.from(digits).toString());
}

const ISO_0 = { IsoFormat0: { PrimaryAccountNumber: PAN } };
const ISO_4 = { IsoFormat4: { PrimaryAccountNumber: PAN } };

suite('PIN keys in key blocks', () => {
  test('from one dynamic key to another', async (t) => {
    const service = new Service(t);
    const OutgoingKeyIdentifier = await service.putKey(tdesKek(P0_ENCRYPT.kbpk));
    const { PinBlock, ...rest } = await service.call('TranslatePinData', {
      IncomingKeyIdentifier: await service.putKey(kek(P0_BOTH_WAYS.kbpk)),
      IncomingWrappedKey: wrapped(P0_BOTH_WAYS.block),
      IncomingTranslationAttributes: ISO_4,
      EncryptedPinBlock: pinBlock(P0_BOTH_WAYS.key, 'AES'),
      OutgoingKeyIdentifier,
      OutgoingWrappedKey: wrapped(P0_ENCRYPT.block),
      OutgoingTranslationAttributes: ISO_0,
    });
    assert.equal(pinOf(P0_ENCRYPT.key, 'TDES', PinBlock), '1234');
    assert.deepEqual(rest, { KeyArn: OutgoingKeyIdentifier, KeyCheckValue: '57C409' });
  });

  test('a key that only encrypts is none to come from', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(tdesKek(P0_ENCRYPT.kbpk));
    const { message } = await service.refusal('TranslatePinData', {
      IncomingKeyIdentifier: KeyIdentifier,
      IncomingWrappedKey: wrapped(P0_ENCRYPT.block),
      IncomingTranslationAttributes: ISO_0,
      EncryptedPinBlock: pinBlock(P0_ENCRYPT.key, 'TDES'),
      OutgoingKeyIdentifier: KeyIdentifier,
      OutgoingWrappedKey: wrapped(P0_ENCRYPT.block),
      OutgoingTranslationAttributes: ISO_0,
    });
    assert.match(message, /^KeyModesOfUse of the wrapped key in IncomingWrappedKey is invalid/);
  });

  test('a data key is none for PINs, and DUKPT excludes it', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(kek(KEK));
    const request = {
      IncomingKeyIdentifier: KeyIdentifier,
      IncomingWrappedKey: wrapped(P0_BOTH_WAYS.block),
      IncomingTranslationAttributes: ISO_4,
      EncryptedPinBlock: pinBlock(P0_BOTH_WAYS.key, 'AES'),
      OutgoingKeyIdentifier: KeyIdentifier,
      OutgoingWrappedKey: wrapped(D0_BOTH_WAYS.block),
      OutgoingTranslationAttributes: ISO_4,
    };
    const { message } = await service.refusal('TranslatePinData', request);
    assert.match(
      message,
      /^KeyUsage of the wrapped key in OutgoingWrappedKey is invalid.*use a key with TR31_P0/,
    );
    const both = await service.refusal('TranslatePinData', {
      ...request,
      IncomingDukptAttributes: { KeySerialNumber: 'FFFF9876543210E00001' },
    });
    assert.equal(
      both.message,
      'DUKPT attributes, AS 2805 attributes and IncomingWrappedKey exclude each other: give one of them at most.',
    );
  });
});

suite('keys agreed on with ECDH', () => {
  let partner: Partner;
  before(() => {
    partner = makePartner('ECC_NIST_P521');
  });
  const derivation = { ...DERIVATION, algorithm: 'AES_128' } as const;

  function agreement({ authority }: Meeting, changes: Partial<EcdhDerivationAttributes> = {}) {
    const DiffieHellmanSymmetricKey: EcdhDerivationAttributes = {
      CertificateAuthorityPublicKeyIdentifier: authority,
      PublicKeyCertificate: partner.leaf.base64,
      KeyAlgorithm: derivation.algorithm,
      KeyDerivationFunction: derivation.function,
      KeyDerivationHashAlgorithm: derivation.hash,
      SharedInformation: derivation.sharedInformation,
      ...changes,
    };
    return { WrappedKeyMaterial: { DiffieHellmanSymmetricKey } };
  }

  function agreedHex({ publicKey }: Meeting): string {
    using key = deriveKbpk(partner, publicKey, derivation);
    return key.expose(encodeHex);
  }

  const forPins = (t: TestContext) => meet(t, 'ECC_NIST_P521', partner, 'TR31_P0_PIN_ENCRYPTION_KEY');
  const pek = {
    usage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'B',
    hex: P0_ENCRYPT.key,
  } as const;

  test("a PIN comes in under an agreed key and goes out under one, as in AWS's samples", async (t) => {
    const meeting = await forPins(t);
    const { service, pair } = meeting;
    const stored = await service.putKey(pek);
    const incoming = await service.call('TranslatePinData', {
      IncomingKeyIdentifier: pair,
      IncomingWrappedKey: agreement(meeting),
      IncomingTranslationAttributes: ISO_4,
      EncryptedPinBlock: pinBlock(agreedHex(meeting), 'AES'),
      OutgoingKeyIdentifier: stored,
      OutgoingTranslationAttributes: ISO_0,
    });
    assert.equal(pinOf(pek.hex, 'TDES', incoming.PinBlock), '1234');
    const { PinBlock, ...rest } = await service.call('TranslatePinData', {
      IncomingKeyIdentifier: stored,
      IncomingTranslationAttributes: ISO_0,
      EncryptedPinBlock: incoming.PinBlock,
      OutgoingKeyIdentifier: pair,
      OutgoingWrappedKey: agreement(meeting),
      OutgoingTranslationAttributes: ISO_4,
    });
    assert.equal(pinOf(agreedHex(meeting), 'AES', PinBlock), '1234');
    using key = deriveKbpk(partner, meeting.publicKey, derivation);
    assert.deepEqual(rest, { KeyArn: pair, KeyCheckValue: keyCheckValue('AES', key) });
  });

  test('data under an agreed key', async (t) => {
    const meeting = await meet(t, 'ECC_NIST_P521', partner, 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY');
    const { CipherText } = await meeting.service.call('EncryptData', {
      KeyIdentifier: meeting.pair,
      WrappedKey: agreement(meeting),
      PlainText: PLAIN,
      EncryptionAttributes: CBC,
    });
    assert.equal(CipherText, aesCbc(agreedHex(meeting), PLAIN));
  });

  const refusals: [string, RegExp, Partial<EcdhDerivationAttributes>][] = [
    [
      'HMAC',
      /^IncomingWrappedKey\.WrappedKeyMaterial\.DiffieHellmanSymmetricKey\.KeyAlgorithm HMAC_SHA256 is not valid here: use TDES_2KEY/,
      { KeyAlgorithm: 'HMAC_SHA256' },
    ],
    ['another shared information', /^Pin block provided is invalid/, { SharedInformation: 'AA' }],
    ['no certificate', /PublicKeyCertificate/, { PublicKeyCertificate: 'AAAA' }],
  ];
  for (const [what, message, changes] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const meeting = await forPins(t);
      const refusal = await meeting.service.refusal('TranslatePinData', {
        IncomingKeyIdentifier: meeting.pair,
        IncomingWrappedKey: agreement(meeting, changes),
        IncomingTranslationAttributes: ISO_4,
        EncryptedPinBlock: pinBlock(agreedHex(meeting), 'AES'),
        OutgoingKeyIdentifier: await meeting.service.putKey(pek),
        OutgoingTranslationAttributes: ISO_0,
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
    });
  }

  test('refuses a key pair for keys of another usage, one that is disabled, and an authority that is unknown', async (t) => {
    const meeting = await forPins(t);
    const { service, pair: KeyIdentifier } = meeting;
    const request = { PlainText: PLAIN, EncryptionAttributes: CBC, KeyIdentifier };
    const usage = await service.refusal('EncryptData', { ...request, WrappedKey: agreement(meeting) });
    assert.match(
      usage.message,
      /^DeriveKeyUsage of the input key .* It is TR31_P0.*; use a key with TR31_D0/,
    );
    await service.call('StopKeyUsage', { KeyIdentifier });
    const disabled = await service.refusal('EncryptData', { ...request, WrappedKey: agreement(meeting) });
    assert.deepEqual([disabled.code, /disabled/.test(disabled.message)], ['ValidationException', true]);
    await service.call('StartKeyUsage', { KeyIdentifier });
    const unknown = agreement(meeting, { CertificateAuthorityPublicKeyIdentifier: 'alias/none' });
    const { code } = await service.refusal('TranslatePinData', {
      IncomingKeyIdentifier: KeyIdentifier,
      IncomingWrappedKey: unknown,
      IncomingTranslationAttributes: ISO_4,
      EncryptedPinBlock: pinBlock(agreedHex(meeting), 'AES'),
      OutgoingKeyIdentifier: await service.putKey(pek),
      OutgoingTranslationAttributes: ISO_0,
    });
    assert.equal(code, 'ResourceNotFoundException');
  });
});
