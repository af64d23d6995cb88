import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { decodeHex, decryptPinBlock, encodeHex, encryptPinBlock, Secret } from '@keywright/crypto';
import vectors from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import type { EncryptionMode } from '../../src/api/data-plane.generated.ts';
import { Service } from './service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';
const KSN = 'FFFF9876543210E00001';
const PAN = '4012345678909';
const INVALID_PIN_BLOCK =
  'Pin block provided is invalid. Please check your input to ensure all field values are correct.';

const tdesBdk = (service: Service, hex = BDK) =>
  service.putKey({ usage: 'TR31_B0_BASE_DERIVATION_KEY', algorithm: 'TDES_2KEY', mode: 'X', hex });
const aesBdk = (service: Service, hex: string) => {
  const algorithm = hex.length === 64 ? 'AES_256' : 'AES_128';
  return service.putKey({ usage: 'TR31_B0_BASE_DERIVATION_KEY', algorithm, mode: 'X', hex });
};
const dataKey = (
  service: Service,
  hex: string,
  algorithm: 'TDES_2KEY' | 'AES_128',
  mode: 'B' | 'E' | 'D' = 'B',
) => service.putKey({ usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', algorithm, mode, hex });
const pinKey = (
  service: Service,
  hex: string,
  algorithm: 'TDES_2KEY' | 'AES_128',
  mode: 'B' | 'E' | 'D' = 'B',
) => service.putKey({ usage: 'TR31_P0_PIN_ENCRYPTION_KEY', algorithm, mode, hex });

suite('EncryptData and DecryptData', () => {
  test('a published observation of the live service: static TDES, ECB', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await dataKey(service, '0101010101010101FEFEFEFEFEFEFEFE', 'TDES_2KEY');
    const attributes = { Symmetric: { Mode: 'ECB' as const } };
    const { CipherText, KeyArn } = await service.call('EncryptData', {
      KeyIdentifier,
      PlainText: '0102030405060708',
      EncryptionAttributes: attributes,
    });
    assert.deepEqual([CipherText, KeyArn], ['B064B6C2571C65D5', KeyIdentifier]);
    const { PlainText } = await service.call('DecryptData', {
      KeyIdentifier,
      CipherText,
      DecryptionAttributes: attributes,
    });
    assert.equal(PlainText, '0102030405060708');
  });

  test('ECB leaves an initialization vector aside, whatever its length', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await dataKey(service, '0101010101010101FEFEFEFEFEFEFEFE', 'TDES_2KEY');
    for (const digits of [16, 32]) {
      const { PlainText } = await service.call('DecryptData', {
        KeyIdentifier,
        CipherText: 'B064B6C2571C65D5',
        DecryptionAttributes: { Symmetric: { Mode: 'ECB', InitializationVector: '0'.repeat(digits) } },
      });
      assert.equal(PlainText, '0102030405060708');
    }
  });

  test('a published observation of the live service: TDES DUKPT data key with the one-way step', async (t) => {
    const service = new Service(t);
    const { CipherText } = await service.call('EncryptData', {
      KeyIdentifier: await tdesBdk(service),
      PlainText: '0102030405060708',
      EncryptionAttributes: { Dukpt: { KeySerialNumber: KSN, Mode: 'ECB', DukptKeyVariant: 'REQUEST' } },
    });
    assert.equal(CipherText, '124F7A32F3F84187');
  });

  test('AES in CBC and OFB: NIST SP 800-38A, F.2.1 and F.4.1', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await dataKey(service, '2B7E151628AED2A6ABF7158809CF4F3C', 'AES_128');
    const InitializationVector = '000102030405060708090A0B0C0D0E0F';
    const expected: [EncryptionMode, string][] = [
      ['CBC', '7649ABAC8119B246CEE98E9B12E9197D'],
      ['OFB', '3B3FD92EB72DAD20333449F8E83CFB4A'],
      ['CFB', '3B3FD92EB72DAD20333449F8E83CFB4A'],
      ['CFB128', '3B3FD92EB72DAD20333449F8E83CFB4A'],
      ['CFB8', '3B79424C9C0DD436BACE9E0ED4586A4F'],
    ];
    for (const [Mode, cipherText] of expected) {
      const { CipherText } = await service.call('EncryptData', {
        KeyIdentifier,
        PlainText: '6BC1BEE22E409F96E93D7E117393172A',
        EncryptionAttributes: { Symmetric: { Mode, InitializationVector } },
      });
      assert.equal(CipherText, cipherText, Mode);
    }
  });

  test('every mode, variant and key there and back', async (t) => {
    const service = new Service(t);
    const [tdes, aes] = [await tdesBdk(service), await aesBdk(service, BDK)];
    const PlainText = '000102030405060708090A0B0C0D0E0F';
    const forms = [
      [tdes, { KeySerialNumber: KSN, DukptKeyVariant: 'REQUEST' }],
      [tdes, { KeySerialNumber: KSN, DukptKeyVariant: 'RESPONSE' }],
      [aes, { KeySerialNumber: '123456789012345600000001', DukptKeyVariant: 'REQUEST' }],
      [aes, { KeySerialNumber: '123456789012345600000001', DukptKeyVariant: 'RESPONSE' }],
      [aes, { KeySerialNumber: '123456789012345600000001', DukptKeyVariant: 'BIDIRECTIONAL' }],
      [aes, { KeySerialNumber: '123456789012345600000001', DukptKeyDerivationType: 'TDES_2KEY' }],
    ] as const;
    const texts = new Set<string>();
    for (const [KeyIdentifier, Dukpt] of forms) {
      const { CipherText } = await service.call('EncryptData', {
        KeyIdentifier,
        PlainText,
        EncryptionAttributes: { Dukpt },
      });
      texts.add(CipherText);
      const back = await service.call('DecryptData', {
        KeyIdentifier,
        CipherText,
        DecryptionAttributes: { Dukpt },
      });
      assert.equal(back.PlainText, PlainText);
    }
    assert.equal(texts.size, forms.length);
  });

  const refusals: [string, string, RegExp, (service: Service) => Promise<object>][] = [
    [
      'not whole blocks',
      'ValidationException',
      /PlainText must be a multiple of 32 hexadecimal digits for AES in mode CBC, got 30/,
      async (s) => ({
        KeyIdentifier: await dataKey(s, BDK, 'AES_128'),
        PlainText: '00'.repeat(15),
        EncryptionAttributes: { Symmetric: { Mode: 'CBC' } },
      }),
    ],
    [
      'an IV of the other cipher',
      'ValidationException',
      /InitializationVector must be one cipher block, 32 hexadecimal digits, got 16/,
      async (s) => ({
        KeyIdentifier: await dataKey(s, BDK, 'AES_128'),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Symmetric: { Mode: 'CBC', InitializationVector: '00'.repeat(8) } },
      }),
    ],
    [
      'CFB64 of AES',
      'ValidationException',
      /Mode CFB64 does not fit the block of AES/,
      async (s) => ({
        KeyIdentifier: await dataKey(s, BDK, 'AES_128'),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Symmetric: { Mode: 'CFB64' } },
      }),
    ],
    [
      'a key of another usage',
      'ValidationException',
      /KeyUsage of the input key .* is invalid for the operation/,
      async (s) => ({
        KeyIdentifier: await pinKey(s, BDK, 'AES_128'),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Symmetric: { Mode: 'CBC' } },
      }),
    ],
    [
      'a key that may only decrypt',
      'ValidationException',
      /KeyModesOfUse of the input key/,
      async (s) => ({
        KeyIdentifier: await dataKey(s, BDK, 'AES_128', 'D'),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Symmetric: { Mode: 'CBC' } },
      }),
    ],
    [
      'no such key',
      'ResourceNotFoundException',
      /alias\/none/,
      async () => ({
        KeyIdentifier: 'alias/none',
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Symmetric: { Mode: 'CBC' } },
      }),
    ],
    [
      'a KSN of the other scheme',
      'ValidationException',
      /AES KSN must be 24 or 16 hexadecimal digits, got 20/,
      async (s) => ({
        KeyIdentifier: await aesBdk(s, BDK),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Dukpt: { KeySerialNumber: KSN } },
      }),
    ],
    [
      'a counter of zero',
      'ValidationException',
      /counter 0/,
      async (s) => ({
        KeyIdentifier: await tdesBdk(s),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Dukpt: { KeySerialNumber: 'FFFF9876543210E00000' } },
      }),
    ],
    [
      'both directions in TDES DUKPT',
      'ValidationException',
      /can't be derived/,
      async (s) => ({
        KeyIdentifier: await tdesBdk(s),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: { Dukpt: { KeySerialNumber: KSN, DukptKeyVariant: 'BIDIRECTIONAL' } },
      }),
    ],
    [
      'a stronger key than the BDK',
      'ValidationException',
      /AES_256.*AES_128/,
      async (s) => ({
        KeyIdentifier: await aesBdk(s, BDK),
        PlainText: '00'.repeat(16),
        EncryptionAttributes: {
          Dukpt: { KeySerialNumber: '123456789012345600000001', DukptKeyDerivationType: 'AES_256' },
        },
      }),
    ],
  ];
  for (const [what, code, message, input] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('EncryptData', (await input(service)) as never);
      assert.equal(refusal.code, code);
      assert.match(refusal.message, message);
    });
  }

  test('refuses a key that is disabled', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await dataKey(service, BDK, 'AES_128');
    await service.call('StopKeyUsage', { KeyIdentifier });
    const { code, message } = await service.refusal('EncryptData', {
      KeyIdentifier,
      PlainText: '00'.repeat(16),
      EncryptionAttributes: { Symmetric: { Mode: 'ECB' } },
    });
    assert.equal(code, 'ValidationException');
    assert.match(message, /disabled/);
  });
});

/** Translates a block to a static key that the test has, and opens it there without the service. */
async function translatedPin(
  t: TestContext,
  incoming: {
    key: (service: Service) => Promise<string>;
    ksn?: string;
    format: 0 | 3 | 4;
    block: string;
    pan: string;
  },
  outgoing: 0 | 3 | 4,
): Promise<string> {
  const service = new Service(t);
  const hex = 'A1B3C4D5E6F708192A3B4C5D6E7F8091';
  const algorithm = outgoing === 4 ? 'AES_128' : 'TDES_2KEY';
  const { PinBlock } = await service.call('TranslatePinData', {
    IncomingKeyIdentifier: await incoming.key(service),
    ...(incoming.ksn && { IncomingDukptAttributes: { KeySerialNumber: incoming.ksn } }),
    IncomingTranslationAttributes: {
      [`IsoFormat${incoming.format}`]: { PrimaryAccountNumber: incoming.pan },
    },
    EncryptedPinBlock: incoming.block,
    OutgoingKeyIdentifier: await pinKey(service, hex, algorithm),
    OutgoingTranslationAttributes: { [`IsoFormat${outgoing}`]: { PrimaryAccountNumber: incoming.pan } },
  });
  using key = Secret.fromHex(hex);
  using pin = decryptPinBlock({
    format: `ISO_${outgoing}`,
    algorithm: outgoing === 4 ? 'AES' : 'TDES',
    key,
    pan: incoming.pan,
    block: decodeHex(PinBlock),
  });
  return pin.expose((digits) => Buffer.from(digits).toString());
}

suite('TranslatePinData', () => {
  const tdes = vectors.suites.dukpt_tdes_test.vectors.filter(
    ({ expected }) => 'encrypted_pinblock' in expected,
  );
  const aes = vectors.suites.dukpt_aes128_test.vectors.filter(
    ({ expected }) => 'encrypted_pinblock' in expected,
  );

  test('ANSI X9.24-1 A.4: PIN blocks of every counter come to ISO 0, 3 and 4', async (t) => {
    assert.ok(tdes.length > 0);
    for (const [i, { ksn, expected }] of tdes.entries()) {
      const block = (expected as { encrypted_pinblock: string }).encrypted_pinblock;
      const incoming = { key: tdesBdk, ksn, format: 0, block, pan: PAN } as const;
      assert.equal(await translatedPin(t, incoming, ([0, 3, 4] as const)[i % 3]!), '1234');
    }
  });

  test('ANSI X9.24-3 supplement: PIN blocks of AES DUKPT come to ISO 0, 3 and 4', async (t) => {
    const { bdk, pan } = vectors.suites.dukpt_aes128_test.constants;
    assert.ok(aes.length > 0);
    for (const [i, { ksn, expected }] of aes.entries()) {
      const block = (expected as { encrypted_pinblock: string }).encrypted_pinblock;
      const key = (service: Service) => aesBdk(service, bdk);
      const incoming = { key, ksn, format: 4, block, pan } as const;
      assert.equal(await translatedPin(t, incoming, ([0, 3, 4] as const)[i % 3]!), '1234');
    }
  });

  test('to a DUKPT key, as a terminal would decrypt it', async (t) => {
    const service = new Service(t);
    using key = Secret.fromHex(BDK);
    using pin = Secret.take(Buffer.from('987654'));
    const EncryptedPinBlock = encodeHex(encryptPinBlock({ format: 'ISO_1', algorithm: 'TDES', key, pin }));
    const { PinBlock } = await service.call('TranslatePinData', {
      IncomingKeyIdentifier: await pinKey(service, BDK, 'TDES_2KEY'),
      IncomingTranslationAttributes: { IsoFormat1: {} },
      EncryptedPinBlock,
      OutgoingKeyIdentifier: await tdesBdk(service),
      OutgoingDukptAttributes: { KeySerialNumber: KSN },
      OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
    });
    // The transaction key of ANSI X9.24-1 A.4, counter 1, as PIN variant.
    using pinVariant = Secret.fromHex('042666B49184CF5C68DE9628D0397B36');
    using arrived = decryptPinBlock({
      format: 'ISO_0',
      algorithm: 'TDES',
      key: pinVariant,
      pan: PAN,
      block: decodeHex(PinBlock),
    });
    assert.ok(arrived.equals(pin));
  });

  const base = async (service: Service) => ({
    IncomingKeyIdentifier: await tdesBdk(service),
    IncomingDukptAttributes: { KeySerialNumber: KSN },
    IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
    EncryptedPinBlock: '1B9C1845EB993A7A',
    OutgoingKeyIdentifier: await pinKey(service, 'A1B3C4D5E6F708192A3B4C5D6E7F8091', 'TDES_2KEY'),
    OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
  });

  const refusals: [string, RegExp, object][] = [
    [
      'a block under another key',
      new RegExp(`^${INVALID_PIN_BLOCK}$`),
      { IncomingDukptAttributes: { KeySerialNumber: 'FFFF9876543210E00002' } },
    ],
    [
      'a block of another length',
      new RegExp(`^${INVALID_PIN_BLOCK}$`),
      { EncryptedPinBlock: '00'.repeat(16) },
    ],
    [
      'another PAN on the way out',
      /PAN must be the same/,
      { OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: '4012345678917' } } },
    ],
    [
      'a PIN that would lose its PAN',
      /ISO_0 must not become ISO_1/,
      { OutgoingTranslationAttributes: { IsoFormat1: {} } },
    ],
    [
      'ISO 4 under TDES',
      /ISO_4 takes AES keys/,
      { OutgoingTranslationAttributes: { IsoFormat4: { PrimaryAccountNumber: PAN } } },
    ],
    ['a BDK without a KSN', /KeyUsage of the input key/, { IncomingDukptAttributes: undefined }],
  ];
  for (const [what, message, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('TranslatePinData', { ...(await base(service)), ...change });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!refusal.message.includes(PAN) && !refusal.message.includes('1234'));
    });
  }
});
