import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  decodeHex,
  decryptPinBlock,
  encodeHex,
  encryptPinBlock,
  expandKey,
  hasOddParity,
  kekVariant,
  Secret,
} from '@keywright/crypto';
import vectors from '../../../../../vectors/as2805-node-to-node.json' with { type: 'json' };
import type { GenerateAs2805KekValidationInput } from '../../../src/api/data-plane.generated.ts';
import { type KnownKey, Service } from '../service.ts';

const PAN = '4242424242424242';
const OUTGOING = 'A1B3C4D5E6F708192A3B4C5D6E7F8091';
const tdes = (hex: string) => (hex.length === 32 ? 'TDES_2KEY' : 'TDES_3KEY');

function pinKey(hex: string, changes: Partial<KnownKey> = {}): KnownKey {
  return { usage: 'TR31_P0_PIN_ENCRYPTION_KEY', algorithm: tdes(hex), mode: 'B', hex, ...changes };
}

const FORMAT = { As2805Format0: { PrimaryAccountNumber: PAN } };
const ISO = { IsoFormat0: { PrimaryAccountNumber: PAN } };

suite('TranslatePinData of AS 2805', () => {
  const request = async (service: Service, { kpp, stan, amount, kpe } = vectors.pinKeys[0]!) => {
    using key = Secret.fromHex(kpe);
    using pin = Secret.take(Buffer.from('1234'));
    const block = encryptPinBlock({ format: 'ISO_0', algorithm: 'TDES', key, pin, pan: PAN });
    return {
      IncomingKeyIdentifier: await service.putKey(pinKey(kpp, { mode: 'D' })),
      IncomingAs2805Attributes: { SystemTraceAuditNumber: stan, TransactionAmount: amount },
      IncomingTranslationAttributes: FORMAT,
      EncryptedPinBlock: encodeHex(block),
      OutgoingKeyIdentifier: await service.putKey(pinKey(OUTGOING)),
      OutgoingTranslationAttributes: ISO,
    };
  };

  test('PIN blocks under the keys of transactions, by either name of the format', async (t) => {
    const service = new Service(t);
    for (const vector of vectors.pinKeys) {
      const input = await request(service, vector);
      for (const [incoming, outgoing] of [
        [FORMAT, ISO],
        [ISO, FORMAT],
      ] as const) {
        const { PinBlock, KeyArn } = await service.call('TranslatePinData', {
          ...input,
          IncomingTranslationAttributes: incoming,
          OutgoingTranslationAttributes: outgoing,
        });
        assert.equal(KeyArn, input.OutgoingKeyIdentifier);
        using key = Secret.fromHex(OUTGOING);
        const binding = { format: 'ISO_0', algorithm: 'TDES', key, pan: PAN } as const;
        using pin = decryptPinBlock({ ...binding, block: decodeHex(PinBlock) });
        assert.equal(
          pin.expose((digits) => Buffer.from(digits).toString()),
          '1234',
        );
      }
    }
  });

  const refusals: [string, RegExp, (service: Service) => Promise<object>][] = [
    [
      'another amount',
      /^Pin block provided is invalid/,
      async () => ({
        IncomingAs2805Attributes: { SystemTraceAuditNumber: '000438', TransactionAmount: '000000000329' },
      }),
    ],
    [
      'another PAN on the way out',
      /PAN must be the same/,
      async () => ({
        OutgoingTranslationAttributes: { As2805Format0: { PrimaryAccountNumber: '4242424242424259' } },
      }),
    ],
    [
      'a KPP of three keys',
      /^KeyAlgorithm of the input key .* It is TDES_3KEY; use a key with TDES_2KEY/,
      async (s) => ({ IncomingKeyIdentifier: await s.putKey(pinKey(`${OUTGOING}0123456789ABCDEF`)) }),
    ],
    [
      'a KPP that only encrypts',
      /^KeyModesOfUse of the input key/,
      async (s) => ({ IncomingKeyIdentifier: await s.putKey(pinKey(OUTGOING, { mode: 'E' })) }),
    ],
    [
      'DUKPT with it',
      /exclude each other/,
      async () => ({ IncomingDukptAttributes: { KeySerialNumber: 'FFFF9876543210E00001' } }),
    ],
    [
      'a wrapped key with it',
      /exclude each other/,
      async () => ({ IncomingWrappedKey: { WrappedKeyMaterial: { Tr31KeyBlock: 'D'.repeat(56) } } }),
    ],
    [
      'a STAN that is not of digits',
      /SystemTraceAuditNumber|systemTraceAuditNumber/,
      async () => ({
        IncomingAs2805Attributes: { SystemTraceAuditNumber: '00043A', TransactionAmount: '000000000328' },
      }),
    ],
  ];
  for (const [what, message, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const input = { ...(await request(service)), ...(await change(service)) };
      const refusal = await service.refusal('TranslatePinData', input);
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!refusal.message.includes(PAN) && !refusal.message.includes('1234'));
    });
  }
});

function kek(hex: string, changes: Partial<KnownKey> = {}): KnownKey {
  return { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: tdes(hex), mode: 'B', hex, ...changes };
}

const MASKS = { '82': 'VARIANT_MASK_82', '82C0': 'VARIANT_MASK_82C0' } as const;
const SEND_MASKS = { '82': [0x82, 0x82], '82C0': [0x82, 0xc0] } as const;
const [SAMPLE] = vectors.kekValidations;

suite('GenerateAs2805KekValidation', () => {
  test('answers what another node sends', async (t) => {
    const service = new Service(t);
    for (const { mask, kek: hex, send, receive } of vectors.kekValidations) {
      const KeyIdentifier = await service.putKey(kek(hex, { mode: 'D' }));
      const { RandomKeySend, RandomKeyReceive, KeyArn } = await service.call('GenerateAs2805KekValidation', {
        KeyIdentifier,
        KekValidationType: { KekValidationResponse: { RandomKeySend: send.toLowerCase() } },
        RandomKeySendVariantMask: MASKS[mask as keyof typeof MASKS],
      });
      assert.deepEqual([KeyArn, RandomKeySend, RandomKeyReceive], [KeyIdentifier, send, receive]);
    }
  });

  test('a request is another each time, and its answer the one that another node gives', async (t) => {
    const service = new Service(t);
    const hex = OUTGOING;
    const KeyIdentifier = await service.putKey(kek(hex, { mode: 'E' }));
    const other = await service.putKey(kek(hex, { mode: 'D' }));
    const { Key } = await service.call('GetKey', { KeyIdentifier });
    const lengths: [object, number][] = [
      [{ DeriveKeyAlgorithm: 'TDES_2KEY' }, 16],
      [{ DeriveKeyAlgorithm: 'TDES_3KEY' }, 24],
      [{ DeriveKeyAlgorithm: 'TDES_2KEY', RandomKeyMaxLength: 'BYTES_8' }, 8],
      [{ DeriveKeyAlgorithm: 'TDES_3KEY', RandomKeyMaxLength: 'BYTES_16' }, 16],
      [{ DeriveKeyAlgorithm: 'TDES_2KEY', RandomKeyMaxLength: 'BYTES_24' }, 16],
    ];
    const sent = new Set<string>();
    for (const mask of ['82', '82C0'] as const) {
      for (const [KekValidationRequest, length] of lengths) {
        const request = await service.call('GenerateAs2805KekValidation', {
          KeyIdentifier,
          KekValidationType: {
            KekValidationRequest,
          } as GenerateAs2805KekValidationInput['KekValidationType'],
          RandomKeySendVariantMask: MASKS[mask],
        });
        assert.equal(request.KeyCheckValue, Key.KeyCheckValue);
        assert.equal(request.RandomKeySend.length, 2 * length);
        sent.add(request.RandomKeySend);
        using key = Secret.fromHex(hex);
        using variant = kekVariant(key, SEND_MASKS[mask]);
        using cipher = expandKey('TDES', variant);
        using random = Secret.take(cipher.decryptCbc(new Uint8Array(8), decodeHex(request.RandomKeySend)));
        assert.ok(hasOddParity(random));
        const { RandomKeyReceive } = await service.call('GenerateAs2805KekValidation', {
          KeyIdentifier: other,
          KekValidationType: { KekValidationResponse: { RandomKeySend: request.RandomKeySend } },
          RandomKeySendVariantMask: MASKS[mask],
        });
        assert.equal(RandomKeyReceive, request.RandomKeyReceive);
      }
    }
    assert.equal(sent.size, 2 * lengths.length);
  });

  const REQUEST = { KekValidationRequest: { DeriveKeyAlgorithm: 'TDES_2KEY' } } as const;
  const RESPONSE = { KekValidationResponse: { RandomKeySend: SAMPLE!.send } } as const;
  const refusals: [string, RegExp, object, Partial<KnownKey>][] = [
    [
      'an algorithm that is not TDES',
      /^DeriveKeyAlgorithm AES_128 is not valid here: use TDES_2KEY or TDES_3KEY\.$/,
      { KekValidationRequest: { DeriveKeyAlgorithm: 'AES_128' } },
      {},
    ],
    [
      'a request under a KEK that only unwraps',
      /^KeyModesOfUse of the input key .* use a key with Wrap/,
      REQUEST,
      { mode: 'D' },
    ],
    [
      'an answer under a KEK that only wraps',
      /^KeyModesOfUse of the input key .* use a key with Unwrap/,
      RESPONSE,
      { mode: 'E' },
    ],
    [
      'a key block protection key',
      /^KeyUsage of the input key .* use a key with TR31_K0/,
      REQUEST,
      { usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' },
    ],
    [
      'an AES KEK',
      /^KeyAlgorithm of the input key .* use a key with TDES_2KEY or TDES_3KEY/,
      REQUEST,
      { algorithm: 'AES_128' },
    ],
    ['both at once', /KekValidationType|kekValidationType/, { ...REQUEST, ...RESPONSE }, {}],
    [
      'a random key of 12 bytes',
      /RandomKeySend|randomKeySend/,
      { KekValidationResponse: { RandomKeySend: '00'.repeat(12) } },
      {},
    ],
  ];
  for (const [what, message, type, changes] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('GenerateAs2805KekValidation', {
        KeyIdentifier: await service.putKey(kek(OUTGOING, changes)),
        KekValidationType: type as GenerateAs2805KekValidationInput['KekValidationType'],
        RandomKeySendVariantMask: 'VARIANT_MASK_82',
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
    });
  }

  test('refuses a KEK that is disabled, in the words of the data plane', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(kek(OUTGOING));
    await service.call('StopKeyUsage', { KeyIdentifier });
    const { code, message } = await service.refusal('GenerateAs2805KekValidation', {
      KeyIdentifier,
      KekValidationType: REQUEST,
      RandomKeySendVariantMask: 'VARIANT_MASK_82',
    });
    assert.equal(code, 'ValidationException');
    assert.match(message, /disabled/);
  });
});
