import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Secret, wrapKeyBlock } from '@keywright/crypto';
import published from '../../../../vectors/card-and-pin-values.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import type {
  PinBlockFormatForPinData,
  PinGenerationAttributes,
} from '../../src/api/data-plane.generated.ts';
import {
  blockOf,
  type Generate,
  INVALID_PIN_BLOCK,
  PAN,
  PEK,
  PVK,
  pinOf,
  put,
  requests,
  TABLE,
} from './pin-requests.ts';
import { Service } from './service.ts';

/** Of a PIN encryption key in a key block. */
const HEADER = {
  version: 'D',
  keyUsage: 'P0',
  algorithm: 'T',
  modeOfUse: 'B',
  keyVersion: '00',
  exportability: 'E',
  keyContext: '0',
  reserved: '0',
} as const;

/** What psec gives with the table of pin-requests.ts and PVK. */
const NATURAL = '4524';

suite('GeneratePinData', () => {
  test('PVVs of chosen PINs: values of the live service, of jPOS and others, and of psec', async (t) => {
    const service = new Service(t);
    const recorded = psec.vectors as unknown as {
      function: string;
      args: { pvk: { hex: string }; pvki: string; pin: string; pan: string };
      result: string | null;
    }[];
    const fromPsec = recorded
      .filter((call) => call.function === 'pin.generate_visa_pvv' && call.result !== null)
      .map(({ args, result }) => ({
        ...args,
        key: args.pvk.hex,
        keyIndex: Number(args.pvki),
        value: result!,
      }));
    assert.deepEqual(
      published.pvv.slice(0, 2).map(({ value }) => value),
      ['5596', '6776'],
    );
    assert.equal(fromPsec.length, 4);
    for (const { key, keyIndex, pan, pin, value } of [...published.pvv, ...fromPsec]) {
      const { generate, verify, verificationKey, encryptionKey } = await requests(service, 'V2', key);
      const EncryptedPinBlock = blockOf(pin, 'ISO_0', pan);
      const VisaPinVerificationValue = { EncryptedPinBlock, PinVerificationKeyIndex: keyIndex };
      const card = { PrimaryAccountNumber: pan };
      const made = await generate({ VisaPinVerificationValue }, card);
      assert.deepEqual(made.PinData, { VerificationValue: value });
      assert.equal(made.EncryptedPinBlock, EncryptedPinBlock);
      assert.deepEqual([made.GenerationKeyArn, made.EncryptionKeyArn], [verificationKey, encryptionKey]);
      assert.deepEqual([made.EncryptionKeyCheckValue.length, made.GenerationKeyCheckValue.length], [6, 6]);
      const VisaPin = { PinVerificationKeyIndex: keyIndex, VerificationValue: value };
      const verified = await service.call('VerifyPinData', verify(EncryptedPinBlock, { VisaPin }, card));
      assert.deepEqual(verified, {
        VerificationKeyArn: verificationKey,
        VerificationKeyCheckValue: made.GenerationKeyCheckValue,
        EncryptionKeyArn: encryptionKey,
        EncryptionKeyCheckValue: made.EncryptionKeyCheckValue,
      });
    }
  });

  test('a random PIN and its PVV, in every format', async (t) => {
    const service = new Service(t);
    const { generate, verify } = await requests(service, 'V2');
    const aes = await put(service, 'P0', PEK, 'B', 'AES_128');
    const pins = new Set<string>();
    for (const format of ['ISO_0', 'ISO_1', 'ISO_3', 'ISO_4'] as const) {
      const change = {
        PinBlockFormat: format.replace('_', '_FORMAT_') as PinBlockFormatForPinData,
        PinDataLength: 12,
        ...(format === 'ISO_4' && { EncryptionKeyIdentifier: aes }),
      };
      const VisaPin = { PinVerificationKeyIndex: 6 };
      const { EncryptedPinBlock, PinData } = await generate({ VisaPin }, change);
      const pin = pinOf(EncryptedPinBlock, format);
      assert.match(pin, /^[0-9]{12}$/);
      pins.add(pin);
      const VerificationValue = PinData.VerificationValue!;
      const verified = verify(EncryptedPinBlock, { VisaPin: { ...VisaPin, VerificationValue } }, change);
      await service.call('VerifyPinData', verified);
      const chosen = { VisaPinVerificationValue: { ...VisaPin, EncryptedPinBlock } };
      assert.deepEqual((await generate(chosen, change)).PinData, PinData);
    }
    assert.equal(pins.size, 4);
    const { EncryptedPinBlock } = await generate({ VisaPin: { PinVerificationKeyIndex: 0 } });
    assert.match(pinOf(EncryptedPinBlock), /^[0-9]{4}$/);
  });

  test('IBM 3624: natural PINs, PINs from offsets and offsets of PINs that psec gives', async (t) => {
    const service = new Service(t);
    const recorded = psec.vectors as unknown as {
      function: string;
      args: {
        pvk: { hex: string };
        conversion_table: string;
        offset?: string;
        pin?: string;
        pan: string;
        pan_verify_offset: number;
        pan_verify_length: number;
        pan_pad: string;
      };
      result: string | null;
    }[];
    let count = 0;
    for (const { function: name, args, result } of recorded) {
      // The model takes the pad character in upper case only.
      if (result === null || !name.startsWith('pin.generate_ibm3624') || args.pan_pad === 'f') continue;
      const { generate } = await requests(service, 'V1', args.pvk.hex);
      const end = args.pan_verify_offset + args.pan_verify_length;
      const attributes = {
        DecimalizationTable: args.conversion_table,
        PinValidationDataPadCharacter: args.pan_pad,
        PinValidationData: args.pan.slice(args.pan_verify_offset, end),
      };
      if (args.pin === undefined) {
        const Ibm3624PinFromOffset = { ...attributes, PinOffset: args.offset! };
        const made = await generate({ Ibm3624PinFromOffset });
        assert.equal(pinOf(made.EncryptedPinBlock), result);
        assert.deepEqual(made.PinData, { PinOffset: args.offset });
        const natural = await generate({ Ibm3624NaturalPin: attributes });
        assert.equal(pinOf(natural.EncryptedPinBlock) === result, args.offset === '0000');
        assert.deepEqual(natural.PinData, { PinOffset: '0000' });
      } else {
        const EncryptedPinBlock = blockOf(args.pin);
        const made = await generate({ Ibm3624PinOffset: { ...attributes, EncryptedPinBlock } });
        assert.deepEqual(made.PinData, { PinOffset: result });
        assert.equal(made.EncryptedPinBlock, EncryptedPinBlock);
      }
      count += 1;
    }
    assert.equal(count, 16);
    const [{ key, decimalizationTable, validationData, padCharacter, pin, offset, naturalPin }] =
      published.ibm3624 as [(typeof published.ibm3624)[0]];
    const { generate } = await requests(service, 'V1', key);
    const attributes = {
      DecimalizationTable: decimalizationTable,
      PinValidationDataPadCharacter: padCharacter,
      PinValidationData: validationData,
    };
    const chosen = { ...attributes, EncryptedPinBlock: blockOf(pin) };
    assert.deepEqual((await generate({ Ibm3624PinOffset: chosen })).PinData, { PinOffset: offset });
    assert.equal(pinOf((await generate({ Ibm3624NaturalPin: attributes })).EncryptedPinBlock), naturalPin);
  });

  test('IBM 3624: a random PIN has the offset that its block tells', async (t) => {
    const service = new Service(t);
    const { generate, verify } = await requests(service, 'V1');
    const pins = new Set<string>();
    for (const PinDataLength of [4, 12, 12] as const) {
      const { EncryptedPinBlock, PinData } = await generate({ Ibm3624RandomPin: TABLE }, { PinDataLength });
      const { PinOffset } = PinData as { PinOffset: string };
      const pin = pinOf(EncryptedPinBlock);
      assert.equal(pin.length, PinDataLength);
      const shifted = [...NATURAL].map((digit, i) => (Number(digit) + Number(PinOffset[i])) % 10).join('');
      assert.equal(pin.slice(0, 4), shifted);
      pins.add(pin);
      const Ibm3624Pin = { ...TABLE, PinOffset };
      await service.call('VerifyPinData', verify(EncryptedPinBlock, { Ibm3624Pin }, { PinDataLength }));
      const fromOffset = await generate({ Ibm3624PinFromOffset: { ...TABLE, PinOffset } });
      assert.equal(pinOf(fromOffset.EncryptedPinBlock), pin);
    }
    assert.equal(pins.size, 3);
  });

  test('format 1 needs no PAN with IBM 3624, and a three-key PVK does as well', async (t) => {
    const service = new Service(t);
    const hex = `${PVK}89ABCDEF01234567`;
    const request = {
      GenerationKeyIdentifier: await put(service, 'V1', hex, 'G', 'TDES_3KEY'),
      EncryptionKeyIdentifier: await put(service, 'P0', PEK, 'E'),
      PinBlockFormat: 'ISO_FORMAT_1',
      GenerationAttributes: { Ibm3624NaturalPin: TABLE },
    } as const;
    const { EncryptedPinBlock } = await service.call('GeneratePinData', request);
    assert.match(pinOf(EncryptedPinBlock, 'ISO_1'), /^[0-9]{4}$/);
  });

  test('a PIN encryption key that comes with the request', async (t) => {
    const service = new Service(t);
    const kekHex = `${PVK}${PEK}`;
    using kbpk = Secret.fromHex(kekHex);
    using pek = Secret.fromHex(PEK);
    const Tr31KeyBlock = wrapKeyBlock({ kbpk, key: pek, header: HEADER });
    const kek = await put(service, 'K1', kekHex, 'B', 'AES_256');
    const change = {
      EncryptionKeyIdentifier: kek,
      EncryptionWrappedKey: { WrappedKeyMaterial: { Tr31KeyBlock } },
    };
    const { generate, verify } = await requests(service, 'V1');
    const made = await generate({ Ibm3624NaturalPin: TABLE }, change);
    assert.equal(pinOf(made.EncryptedPinBlock), NATURAL);
    assert.equal(made.EncryptionKeyArn, kek);
    const Ibm3624Pin = { ...TABLE, PinOffset: '0000' };
    await service.call('VerifyPinData', verify(made.EncryptedPinBlock, { Ibm3624Pin }, change));
    const both = {
      ...change,
      DukptAttributes: { KeySerialNumber: '0'.repeat(20), DukptDerivationType: 'TDES_2KEY' },
    } as const;
    const refusal = await service.refusal(
      'VerifyPinData',
      verify(made.EncryptedPinBlock, { Ibm3624Pin }, both),
    );
    assert.match(refusal.message, /exclude each other/);
  });

  const visa = { VisaPin: { PinVerificationKeyIndex: 1 } };
  const chosen = (EncryptedPinBlock: string) => ({
    VisaPinVerificationValue: { PinVerificationKeyIndex: 1, EncryptedPinBlock },
  });
  const invalidBlock = new RegExp(`^${INVALID_PIN_BLOCK}$`);
  type Change = (service: Service) => Promise<Partial<Generate>>;
  const refusals: [string, RegExp, PinGenerationAttributes, Change][] = [
    [
      'a V1 key for Visa',
      /^KeyUsage of the input key .* is invalid for the operation/,
      visa,
      async (s) => ({ GenerationKeyIdentifier: await put(s, 'V1', PVK) }),
    ],
    ['a V2 key for IBM 3624', /KeyUsage/, { Ibm3624NaturalPin: TABLE }, async () => ({})],
    [
      'an AES key for PINs to be verified by',
      /^KeyAlgorithm of the input key/,
      visa,
      async (s) => ({ GenerationKeyIdentifier: await put(s, 'V2', PVK, 'C', 'AES_128') }),
    ],
    [
      'a PVK that may only verify',
      /^KeyModesOfUse of the input key/,
      visa,
      async (s) => ({ GenerationKeyIdentifier: await put(s, 'V2', PVK, 'V') }),
    ],
    [
      'a PEK that may only decrypt, for a new PIN',
      /^KeyModesOfUse of the input key/,
      visa,
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'P0', PEK, 'D') }),
    ],
    [
      'a PEK that may only encrypt, for a chosen PIN',
      /^KeyModesOfUse of the input key/,
      chosen(blockOf('1234')),
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'P0', PEK, 'E') }),
    ],
    [
      'a data key for the PIN block',
      /^KeyUsage of the input key/,
      visa,
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'D0', PEK) }),
    ],
    [
      'format 0 under an AES key',
      /^The PIN block can't be made: ISO_0 takes TDES keys/,
      visa,
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'P0', PEK, 'B', 'AES_128') }),
    ],
    [
      'format 4 under a TDES key',
      /^The PIN block can't be made: ISO_4 takes AES keys/,
      visa,
      async () => ({ PinBlockFormat: 'ISO_FORMAT_4' }),
    ],
    [
      'no PAN, which the format needs',
      /^PrimaryAccountNumber is required when PinBlockFormat is ISO_FORMAT_0\.$/,
      visa,
      async () => ({ PrimaryAccountNumber: undefined as never }),
    ],
    [
      'no PAN, which the PVV needs',
      /^PrimaryAccountNumber is required: the PIN verification value is calculated from it\.$/,
      visa,
      async () => ({ PrimaryAccountNumber: undefined as never, PinBlockFormat: 'ISO_FORMAT_1' }),
    ],
    ['a PIN block of another key', invalidBlock, chosen('0123456789ABCDEF'), async () => ({})],
    ['a PIN block of half a byte more', invalidBlock, chosen('0123456789ABCDEF0'), async () => ({})],
    ['a PIN block of two blocks', invalidBlock, chosen('0123456789ABCDEF'.repeat(2)), async () => ({})],
    [
      'a chosen PIN of another length',
      invalidBlock,
      chosen(blockOf('12345')),
      async () => ({ PinDataLength: 4 }),
    ],
    [
      'an offset of another length',
      /^PinDataLength is 6, but PinOffset has 4 digits/,
      { Ibm3624PinFromOffset: { ...TABLE, PinOffset: '1111' } },
      async (s) => ({ GenerationKeyIdentifier: await put(s, 'V1', PVK), PinDataLength: 6 }),
    ],
    ['a PIN of 3 digits', /'pinDataLength'/, visa, async () => ({ PinDataLength: 3 })],
    ['a PIN of 13 digits', /'pinDataLength'/, visa, async () => ({ PinDataLength: 13 })],
    [
      'a key index of 7',
      /'generationAttributes/,
      { VisaPin: { PinVerificationKeyIndex: 7 } },
      async () => ({}),
    ],
    ['format 2', /'pinBlockFormat'/, visa, async () => ({ PinBlockFormat: 'ISO_FORMAT_2' as never })],
    ['no method', /'generationAttributes' .* not none/, {}, async () => ({})],
    ['two methods', /not 2/, { ...visa, Ibm3624NaturalPin: TABLE }, async () => ({})],
  ];
  for (const [what, message, GenerationAttributes, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('GeneratePinData', {
        GenerationKeyIdentifier: await put(service, 'V2', PVK),
        EncryptionKeyIdentifier: await put(service, 'P0', PEK),
        PrimaryAccountNumber: PAN,
        PinBlockFormat: 'ISO_FORMAT_0',
        GenerationAttributes,
        ...(await change(service)),
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!/54321012|0123456789ABCDEF|12345$/.test(refusal.message));
    });
  }
});
