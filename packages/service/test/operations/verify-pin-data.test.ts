import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import dukptVectors from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import type { PinVerificationAttributes } from '../../src/api/data-plane.generated.ts';
import {
  blockOf,
  FAILED,
  INVALID_PIN_BLOCK,
  PAN,
  PEK,
  PVK,
  put,
  requests,
  TABLE,
  type Verify,
} from './pin-requests.ts';
import { Service } from './service.ts';

suite('VerifyPinData', () => {
  test('a PIN block of a DUKPT terminal: ANSI X9.24-1, A.4', async (t) => {
    const service = new Service(t);
    const { constants, vectors } = dukptVectors.suites.dukpt_tdes_test;
    const card = { PrimaryAccountNumber: constants.pan.replace('F', '') };
    const { generate, verify } = await requests(service, 'V1');
    const offset = {
      ...TABLE,
      EncryptedPinBlock: blockOf('1234', 'ISO_0', card.PrimaryAccountNumber),
    };
    const { PinData } = await generate({ Ibm3624PinOffset: offset }, card);
    const Ibm3624Pin = { ...TABLE, PinOffset: (PinData as { PinOffset: string }).PinOffset };
    const EncryptionKeyIdentifier = await put(service, 'B0', constants.bdk);
    const [first, later] = vectors as [(typeof vectors)[0], (typeof vectors)[0]];
    const block = (first.expected as { encrypted_pinblock: string }).encrypted_pinblock;
    const dukpt = (KeySerialNumber: string) => ({
      ...card,
      EncryptionKeyIdentifier,
      DukptAttributes: { KeySerialNumber, DukptDerivationType: 'TDES_2KEY' as const },
    });
    await service.call('VerifyPinData', verify(block, { Ibm3624Pin }, dukpt(first.ksn)));
    const other = await service.refusal('VerifyPinData', verify(block, { Ibm3624Pin }, dukpt(later.ksn)));
    assert.equal(other.message, INVALID_PIN_BLOCK);
    const wrong = { Ibm3624Pin: { ...Ibm3624Pin, PinOffset: '0000' } };
    assert.deepEqual(await service.refusal('VerifyPinData', verify(block, wrong, dukpt(first.ksn))), FAILED);
  });

  test('a PIN block of a DUKPT terminal with AES, by its PVV', async (t) => {
    const service = new Service(t);
    const { constants, vectors } = dukptVectors.suites.dukpt_aes128_test;
    const { ksn, expected } = vectors.find((vector) => 'encrypted_pinblock' in vector.expected)!;
    const card = { PrimaryAccountNumber: constants.pan };
    const { generate, verify } = await requests(service, 'V2');
    const VisaPinVerificationValue = {
      PinVerificationKeyIndex: 1,
      EncryptedPinBlock: blockOf('1234', 'ISO_0', constants.pan),
    };
    const { PinData } = await generate({ VisaPinVerificationValue }, card);
    const VisaPin = {
      PinVerificationKeyIndex: 1,
      VerificationValue: (PinData as { VerificationValue: string }).VerificationValue,
    };
    const change = {
      ...card,
      PinBlockFormat: 'ISO_FORMAT_4',
      EncryptionKeyIdentifier: await put(service, 'B0', constants.bdk, 'X', 'AES_128'),
      DukptAttributes: { KeySerialNumber: ksn, DukptDerivationType: 'AES_128' },
    } as const;
    const block = (expected as { encrypted_pinblock: string }).encrypted_pinblock;
    await service.call('VerifyPinData', verify(block, { VisaPin }, change));
  });

  test('a wrong PIN fails in one way, however near it comes', async (t) => {
    const service = new Service(t);
    const pvv = await requests(service, 'V2');
    const VisaPin = { PinVerificationKeyIndex: 1, VerificationValue: '6776' };
    await service.call('VerifyPinData', pvv.verify(blockOf('1234'), { VisaPin }));
    const ibm = await requests(service, 'V1');
    const Ibm3624Pin = { ...TABLE, PinOffset: '7710' };
    await service.call('VerifyPinData', ibm.verify(blockOf('1234'), { Ibm3624Pin }));
    for (const pin of ['0234', '1034', '1204', '1230', '4321', '98765', '123400000000']) {
      for (const request of [
        pvv.verify(blockOf(pin), { VisaPin }),
        ibm.verify(blockOf(pin), { Ibm3624Pin }),
      ]) {
        // Only the first 4 digits of a PIN count in a PVV.
        if (pin.startsWith('1234') && request.VerificationAttributes.VisaPin) continue;
        assert.deepEqual(await service.refusal('VerifyPinData', request), FAILED, pin);
      }
    }
    for (const request of [
      pvv.verify(blockOf('1234'), { VisaPin: { ...VisaPin, VerificationValue: '6777' } }),
      pvv.verify(blockOf('1234'), { VisaPin: { ...VisaPin, PinVerificationKeyIndex: 2 } }),
      pvv.verify(blockOf('1234'), { VisaPin }, { PinDataLength: 5 }),
      pvv.verify(
        blockOf('1234', 'ISO_1'),
        { VisaPin },
        { PinBlockFormat: 'ISO_FORMAT_1', PrimaryAccountNumber: '5432101234567808' },
      ),
      ibm.verify(blockOf('1234'), { Ibm3624Pin: { ...Ibm3624Pin, PinValidationData: '1122334455667789' } }),
      ibm.verify(blockOf('1234'), { Ibm3624Pin: { ...Ibm3624Pin, PinOffset: '77100' } }),
      ibm.verify(blockOf('1234'), { Ibm3624Pin }, { PinDataLength: 12 }),
    ]) {
      assert.deepEqual(await service.refusal('VerifyPinData', request), FAILED);
    }
  });

  test('a block that does not open fails in one way, whatever is wrong of it', async (t) => {
    const service = new Service(t);
    const { verify } = await requests(service, 'V2');
    const VisaPin = { PinVerificationKeyIndex: 1, VerificationValue: '6776' };
    const block = blockOf('1234');
    for (const [wrong, change] of [
      [`${block.slice(0, -1)}${block.endsWith('0') ? '1' : '0'}`, {}],
      [block, { EncryptionKeyIdentifier: await put(service, 'P0', `6D${PEK.slice(2)}`) }],
      [block, { PinBlockFormat: 'ISO_FORMAT_3' }],
      [`${block}0`, {}],
      [block.repeat(2), {}],
    ] as [string, Partial<Verify>][]) {
      const { code, message, members } = await service.refusal(
        'VerifyPinData',
        verify(wrong, { VisaPin }, change),
      );
      assert.deepEqual([code, message, members], ['ValidationException', INVALID_PIN_BLOCK, {}]);
    }
  });

  const visa = { VisaPin: { PinVerificationKeyIndex: 1, VerificationValue: '6776' } };
  const ibm = { Ibm3624Pin: { ...TABLE, PinOffset: '7710' } };
  type Change = (service: Service) => Promise<Partial<Verify>>;
  const refusals: [string, RegExp, PinVerificationAttributes, Change][] = [
    [
      'a PVV of 5 digits',
      /^VerificationValue must have 4 digits, got 5\.$/,
      { VisaPin: { ...visa.VisaPin, VerificationValue: '67760' } },
      async () => ({}),
    ],
    [
      'a V2 key for IBM 3624',
      /^KeyUsage of the input key .* is invalid for the operation/,
      ibm,
      async () => ({}),
    ],
    [
      'a V1 key for Visa',
      /^KeyUsage/,
      visa,
      async (s) => ({ VerificationKeyIdentifier: await put(s, 'V1', PVK) }),
    ],
    [
      'a PVK that may only generate',
      /^KeyModesOfUse/,
      visa,
      async (s) => ({ VerificationKeyIdentifier: await put(s, 'V2', PVK, 'G') }),
    ],
    [
      'a PEK that may only encrypt',
      /^KeyModesOfUse/,
      visa,
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'P0', PEK, 'E') }),
    ],
    [
      'a BDK without a KSN',
      /^KeyUsage/,
      visa,
      async (s) => ({ EncryptionKeyIdentifier: await put(s, 'B0', PEK) }),
    ],
    [
      'a PEK with a KSN',
      /^KeyUsage/,
      visa,
      async () => ({
        DukptAttributes: { KeySerialNumber: '0'.repeat(20), DukptDerivationType: 'TDES_2KEY' },
      }),
    ],
    [
      'a KSN of the other scheme',
      /^The DUKPT key can't be derived: AES KSN must be 24 or 16/,
      visa,
      async (s) => ({
        EncryptionKeyIdentifier: await put(s, 'B0', PEK, 'X', 'AES_128'),
        DukptAttributes: { KeySerialNumber: '0'.repeat(20), DukptDerivationType: 'AES_128' },
      }),
    ],
    [
      'format 4 under a TDES key',
      /^The PIN block can't be read: ISO_4 takes AES keys/,
      visa,
      async () => ({ PinBlockFormat: 'ISO_FORMAT_4' }),
    ],
    [
      'no PAN, which the format needs',
      /^PrimaryAccountNumber is required when PinBlockFormat is ISO_FORMAT_3\.$/,
      ibm,
      async (s) => ({
        VerificationKeyIdentifier: await put(s, 'V1', PVK),
        PinBlockFormat: 'ISO_FORMAT_3',
        PrimaryAccountNumber: undefined as never,
      }),
    ],
    [
      'no PAN, which the PVV needs',
      /^PrimaryAccountNumber is required: the PIN verification value/,
      visa,
      async () => ({ PrimaryAccountNumber: undefined as never }),
    ],
    [
      'a pad character in lower case',
      /'verificationAttributes.ibm3624Pin.pinValidationDataPadCharacter'/,
      { Ibm3624Pin: { ...ibm.Ibm3624Pin, PinValidationDataPadCharacter: 'f' } },
      async () => ({}),
    ],
    ['no method', /'verificationAttributes' .* not none/, {}, async () => ({})],
  ];
  for (const [what, message, VerificationAttributes, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('VerifyPinData', {
        VerificationKeyIdentifier: await put(service, 'V2', PVK),
        EncryptionKeyIdentifier: await put(service, 'P0', PEK),
        PrimaryAccountNumber: PAN,
        PinBlockFormat: 'ISO_FORMAT_0',
        EncryptedPinBlock: blockOf('1234'),
        VerificationAttributes,
        ...(await change(service)),
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!/54321012|1122334455|6776|7710/.test(refusal.message));
    });
  }
});
