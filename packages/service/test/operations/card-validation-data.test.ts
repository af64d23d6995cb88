import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import published from '../../../../vectors/card-and-pin-values.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import type { KeyAlgorithm, KeyUsage } from '../../src/api/control-plane.generated.ts';
import type {
  CardGenerationAttributes,
  CardVerificationAttributes,
} from '../../src/api/data-plane.generated.ts';
import type { ModeLetter } from '../../src/policy/modes-of-use.ts';
import { Service } from './service.ts';

const USAGES = {
  C0: 'TR31_C0_CARD_VERIFICATION_KEY',
  E0: 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS',
  E4: 'TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS',
  E6: 'TR31_E6_EMV_MKEY_OTHER',
} as const satisfies Record<string, KeyUsage>;

const TDES = '0123456789ABCDEFFEDCBA9876543210';
const PAN = '4123456789012345';
const FAILED = {
  code: 'VerificationFailedException',
  message: 'Card validation data verification failed.',
  members: { Reason: 'INVALID_VALIDATION_DATA' },
};

function put(
  service: Service,
  code: keyof typeof USAGES,
  hex: string,
  mode: ModeLetter = code === 'C0' ? 'C' : 'X',
  algorithm: KeyAlgorithm = 'TDES_2KEY',
): Promise<string> {
  return service.putKey({ usage: USAGES[code], algorithm, mode, hex });
}

interface Expected {
  readonly KeyIdentifier: string;
  readonly pan: string;
  readonly attributes: CardGenerationAttributes;
  readonly value: string;
}

/** Makes the value, and verifies it and none that differs from it in a digit. */
async function holds(service: Service, { KeyIdentifier, pan, attributes, value }: Expected): Promise<void> {
  const card = { KeyIdentifier, PrimaryAccountNumber: pan };
  const made = await service.call('GenerateCardValidationData', {
    ...card,
    GenerationAttributes: attributes,
    ...(value.length !== 3 && { ValidationDataLength: value.length }),
  });
  assert.deepEqual([made.ValidationData, made.KeyArn], [value, KeyIdentifier]);
  const request = { ...card, VerificationAttributes: attributes };
  const verified = await service.call('VerifyCardValidationData', { ...request, ValidationData: value });
  assert.deepEqual([verified.KeyArn, verified.KeyCheckValue], [made.KeyArn, made.KeyCheckValue]);
  for (const [i, digit] of [...value].entries()) {
    const ValidationData = `${value.slice(0, i)}${(Number(digit) + 1) % 10}${value.slice(i + 1)}`;
    assert.deepEqual(
      await service.refusal('VerifyCardValidationData', { ...request, ValidationData }),
      FAILED,
    );
  }
}

suite('GenerateCardValidationData and VerifyCardValidationData', () => {
  test('CVV and CVV2: values of the live service, of jPOS, and of 4 and 5 digits', async (t) => {
    const service = new Service(t);
    assert.ok(
      published.cvv.some(({ value }) => value === '703') &&
        published.cvv.some(({ value }) => value === '111'),
    );
    for (const { key, pan, expiry: CardExpiryDate, serviceCode: ServiceCode, value } of published.cvv) {
      const card = { KeyIdentifier: await put(service, 'C0', key), pan, value };
      await holds(service, {
        ...card,
        attributes: { CardVerificationValue1: { CardExpiryDate, ServiceCode } },
      });
      if (ServiceCode !== '000') continue;
      await holds(service, { ...card, attributes: { CardVerificationValue2: { CardExpiryDate } } });
    }
  });

  test('CVV: what psec gives', async (t) => {
    const service = new Service(t);
    const recorded = psec.vectors as unknown as {
      function: string;
      args: { cvk: { hex: string }; pan: string; expiry: string; service_code: string };
      result: string | null;
    }[];
    const calls = recorded.filter((call) => call.function === 'cvv.generate_cvv' && call.result !== null);
    assert.equal(calls.length, 1);
    for (const { args, result } of calls) {
      await holds(service, {
        KeyIdentifier: await put(service, 'C0', args.cvk.hex),
        pan: args.pan,
        attributes: {
          CardVerificationValue1: { CardExpiryDate: args.expiry, ServiceCode: args.service_code },
        },
        value: result!,
      });
    }
  });

  test('the codes of American Express: 3, 4 and 5 digits', async (t) => {
    const service = new Service(t);
    const [{ key, pan, expiry, values }] = published.amexCsc as [(typeof published.amexCsc)[0]];
    const KeyIdentifier = await put(service, 'C0', key);
    for (const value of Object.values(values)) {
      const attributes = { AmexCardSecurityCodeVersion1: { CardExpiryDate: expiry } };
      await holds(service, { KeyIdentifier, pan, attributes, value });
    }
  });

  test('dCVV from the master key of the issuer, of either usage: jPOS', async (t) => {
    const service = new Service(t);
    const values = published.dcvv.filter((each) => 'masterKey' in each && each.option === 'A');
    assert.equal(values.length, 2);
    for (const { masterKey, panSequenceNumber, pan, expiry, serviceCode, counter, value } of values) {
      const attributes = {
        DynamicCardVerificationValue: {
          PanSequenceNumber: panSequenceNumber!,
          CardExpiryDate: expiry,
          ServiceCode: serviceCode,
          ApplicationTransactionCounter: counter,
        },
      };
      for (const code of ['E4', 'E6'] as const) {
        await holds(service, { KeyIdentifier: await put(service, code, masterKey!), pan, attributes, value });
      }
    }
  });

  test('CVC3 from the master key of the issuer: jPOS and an HSM', async (t) => {
    const service = new Service(t);
    const values = published.cvc3.filter((each) => 'masterKey' in each && each.option === 'A');
    assert.equal(values.length, 4);
    for (const { masterKey, panSequenceNumber, trackData, unpredictableNumber, counter, value } of values) {
      const code = {
        PanSequenceNumber: panSequenceNumber!,
        UnpredictableNumber: unpredictableNumber,
        ApplicationTransactionCounter: counter,
        TrackData: trackData,
      };
      const card = {
        KeyIdentifier: await put(service, 'E4', masterKey!),
        pan: masterKey!.startsWith('0123') ? '5123456789012345' : '1234567890123456',
        value,
      };
      await holds(service, { ...card, attributes: { DynamicCardVerificationCode: code } });
      // Numbers may be written without the zeros before them.
      const short = {
        ...code,
        UnpredictableNumber: unpredictableNumber.replace(/^0+/, ''),
        ApplicationTransactionCounter: counter.replace(/^0+/, ''),
      };
      await holds(service, { ...card, attributes: { DynamicCardVerificationCode: short } });
    }
  });

  const expiry = { CardExpiryDate: '0225' };
  const cvv1 = { CardVerificationValue1: { ...expiry, ServiceCode: '101' } };
  const dcvv = {
    DynamicCardVerificationValue: {
      ...expiry,
      PanSequenceNumber: '00',
      ServiceCode: '101',
      ApplicationTransactionCounter: '0001',
    },
  };
  const dcvc3 = (change: object = {}) => ({
    DynamicCardVerificationCode: {
      UnpredictableNumber: '00000001',
      PanSequenceNumber: '00',
      ApplicationTransactionCounter: '0001',
      TrackData: '4123',
      ...change,
    },
  });
  const dynamic = { UnpredictableNumber: '00000001', ApplicationTransactionCounter: '0001' };
  type Put = (service: Service) => Promise<string>;
  const cvk: Put = (service) => put(service, 'C0', TDES);
  const refusals: [string, RegExp, Put, CardVerificationAttributes, object?][] = [
    [
      'version 2 of American Express',
      /^AmexCardSecurityCodeVersion2 is not supported: its definition is not public\.$/,
      cvk,
      { AmexCardSecurityCodeVersion2: { ...expiry, ServiceCode: '101' } },
    ],
    [
      'a cardholder verification value',
      /^CardHolderVerificationValue is not supported/,
      (s) => put(s, 'E6', TDES),
      { CardHolderVerificationValue: { ...dynamic, PanSequenceNumber: '00' } },
    ],
    [
      'American Express with another PAN',
      /^The validation data can't be calculated: PAN must be 15 digits, got 16 characters\.$/,
      cvk,
      { AmexCardSecurityCodeVersion1: expiry },
    ],
    [
      'a three-key CVK',
      /^KeyAlgorithm of the input key .* is invalid for the operation/,
      (s) => put(s, 'C0', `${TDES}0011223344556677`, 'C', 'TDES_3KEY'),
      cvv1,
    ],
    ['a CVK that may only verify', /^KeyModesOfUse of the input key/, (s) => put(s, 'C0', TDES, 'V'), cvv1],
    ['a CVK for a dynamic value', /^KeyUsage of the input key .* is invalid for the operation/, cvk, dcvv],
    ['a CVK for CVC3', /KeyUsage/, cvk, dcvc3()],
    ['E6 for CVC3', /KeyUsage/, (s) => put(s, 'E6', TDES), dcvc3()],
    ['E0 for dCVV', /KeyUsage/, (s) => put(s, 'E0', TDES), dcvv],
    ['E4 for CVV', /KeyUsage/, (s) => put(s, 'E4', TDES), cvv1],
    [
      'track data of half a byte',
      /TrackData must have an even number of hexadecimal digits, got 5\./,
      (s) => put(s, 'E4', TDES),
      dcvc3({ TrackData: '41234' }),
    ],
    ['2 digits', /'validationDataLength'/, cvk, cvv1, { ValidationDataLength: 2 }],
    ['6 digits', /'validationDataLength'/, cvk, cvv1, { ValidationDataLength: 6 }],
    ['no kind', /'generationAttributes' .* not none/, cvk, {}],
    ['two kinds', /'generationAttributes' .* not 2/, cvk, { ...cvv1, CardVerificationValue2: expiry }],
    ['a PAN with letters', /'primaryAccountNumber'/, cvk, cvv1, { PrimaryAccountNumber: '41234567890X2345' }],
  ];
  for (const [what, message, key, GenerationAttributes, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('GenerateCardValidationData', {
        KeyIdentifier: await key(service),
        PrimaryAccountNumber: PAN,
        GenerationAttributes,
        ...change,
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!/41234567|0225/.test(refusal.message));
    });
  }

  test('refuses to verify what has no public definition, and with a key that may only generate', async (t) => {
    const service = new Service(t);
    const request = { PrimaryAccountNumber: PAN, ValidationData: '703' };
    for (const [KeyIdentifier, VerificationAttributes, message] of [
      [
        await put(service, 'E4', TDES),
        { DiscoverDynamicCardVerificationCode: { ...expiry, ...dynamic } },
        /^DiscoverDynamicCardVerificationCode is not supported/,
      ],
      [
        await cvk(service),
        { AmexCardSecurityCodeVersion2: { ...expiry, ServiceCode: '101' } },
        /^AmexCardSecurityCodeVersion2 is not supported/,
      ],
      [
        await put(service, 'E6', TDES),
        { CardHolderVerificationValue: { ...dynamic, PanSequenceNumber: '00' } },
        /^CardHolderVerificationValue is not supported/,
      ],
      [await put(service, 'C0', TDES, 'G'), cvv1, /^KeyModesOfUse/],
    ] as [string, CardVerificationAttributes, RegExp][]) {
      const refusal = await service.refusal('VerifyCardValidationData', {
        ...request,
        KeyIdentifier,
        VerificationAttributes,
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
    }
  });

  test('verifies under no other key, card, date, service code or counter', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await put(service, 'E4', TDES);
    const base = { KeyIdentifier, PrimaryAccountNumber: PAN };
    const { ValidationData } = await service.call('GenerateCardValidationData', {
      ...base,
      GenerationAttributes: dcvv,
      ValidationDataLength: 5,
    });
    const attributes = dcvv.DynamicCardVerificationValue;
    const request = { ...base, ValidationData };
    const changes: [object, object?][] = [
      [{}, { KeyIdentifier: await put(service, 'E4', `6D${TDES.slice(2)}`) }],
      [{}, { PrimaryAccountNumber: '4123456789012346' }],
      [{ CardExpiryDate: '0226' }],
      [{ ServiceCode: '102' }],
      [{ ApplicationTransactionCounter: '0002' }],
      [{ PanSequenceNumber: '01' }],
    ];
    for (const [change, other] of changes) {
      const DynamicCardVerificationValue = { ...attributes, ...change };
      const refusal = await service.refusal('VerifyCardValidationData', {
        ...request,
        VerificationAttributes: { DynamicCardVerificationValue },
        ...other,
      });
      assert.deepEqual(refusal, FAILED);
    }
  });
});
