import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { encodeHex, encryptPinBlock, type PinBlockFormat, Secret } from '@keywright/crypto';
import published from '../../../../../vectors/emv-values.json' with { type: 'json' };
import pyemv from '../../../../../vectors/pyemv_functions.json' with { type: 'json' };
import type { KeyUsage } from '../../../src/api/control-plane.generated.ts';
import type {
  DerivationMethodAttributes,
  GenerateMacEmvPinChangeInput,
  PinBlockFormatForEmvPinChange,
} from '../../../src/api/data-plane.generated.ts';
import { type KnownKey, Service } from '../service.ts';
import { assertHidden } from './hidden.ts';

const PEK = '0E3B1C5D6F7A8998A7B6C4D5E3F2012C';
const OLD_PEK = '1F2C3D4A5B6879869E8F7A6B5C4D3E2F';
const E0 = '5B1A2C3D4F5E61708392A4B5C7D6E9F8';
const E1 = '9E15204313F7318ACB79B90BD986AD29';
const E2 = '404043434546494A4C4C4F5152545758';

const PAN = '4123456789012345';
const LONG_PAN = '4123456789012345678';
const PIN = '738261';
const CURRENT_PIN = '90817';
const MESSAGE = '84240002181D07999E57FD0F47CACE';
const INVALID_PIN_BLOCK =
  'Pin block provided is invalid. Please check your input to ensure all field values are correct.';

const FORMATS: Record<PinBlockFormatForEmvPinChange, PinBlockFormat> = {
  ISO_FORMAT_0: 'ISO_0',
  ISO_FORMAT_1: 'ISO_1',
  ISO_FORMAT_3: 'ISO_3',
};

function pinBlock(hex: string, digits: string, pan: string, name: PinBlockFormatForEmvPinChange): string {
  using key = Secret.fromHex(hex);
  using pin = Secret.take(Buffer.from(digits));
  const format = FORMATS[name];
  const card = format === 'ISO_1' ? {} : { pan };
  return encodeHex(encryptPinBlock({ format, algorithm: 'TDES', key, pin, ...card }));
}

const put = (
  service: Service,
  usage: KeyUsage,
  hex: string,
  changes: Partial<KnownKey> = {},
): Promise<string> => service.putKey({ usage, algorithm: 'TDES_2KEY', mode: 'X', hex, ...changes });
const putPek = (service: Service, hex = PEK, changes: Partial<KnownKey> = {}) =>
  put(service, 'TR31_P0_PIN_ENCRYPTION_KEY', hex, { mode: 'B', ...changes });

/** A PIN change with everything about it. */
interface Change {
  readonly imks?: readonly [ac: string, smc: string, smi: string];
  readonly pan?: string;
  readonly pin?: string;
  readonly currentPin?: string;
  readonly message?: string;
  readonly format?: PinBlockFormatForEmvPinChange;
  readonly method: keyof DerivationMethodAttributes;
  readonly details: object;
}

/** Puts the keys into the service and makes the request for them. */
async function prepare(service: Service, change: Change) {
  const { imks = [E0, E1, E2], pan = PAN, format = 'ISO_FORMAT_0', currentPin } = change;
  const visaAmex = change.method === 'Visa' || change.method === 'Amex';
  const CurrentPinAttributes = currentPin && {
    CurrentPinPekIdentifier: await putPek(service, OLD_PEK, { mode: 'D' }),
    CurrentEncryptedPinBlock: pinBlock(OLD_PEK, currentPin, pan, format),
  };
  const attributes = {
    MajorKeyDerivationMode: pan.length > 16 ? 'EMV_OPTION_B' : 'EMV_OPTION_A',
    PrimaryAccountNumber: pan,
    PanSequenceNumber: '01',
    ...(visaAmex && {
      AuthorizationRequestKeyIdentifier: await put(service, 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS', imks[0]),
    }),
    ...(CurrentPinAttributes && { CurrentPinAttributes }),
    ...change.details,
  };
  const request: GenerateMacEmvPinChangeInput = {
    NewPinPekIdentifier: await putPek(service),
    NewEncryptedPinBlock: pinBlock(PEK, change.pin ?? PIN, pan, format),
    PinBlockFormat: format,
    SecureMessagingConfidentialityKeyIdentifier: await put(
      service,
      'TR31_E1_EMV_MKEY_CONFIDENTIALITY',
      imks[1],
    ),
    // AWS's table of keys has NoRestrictions for this one.
    SecureMessagingIntegrityKeyIdentifier: await put(service, 'TR31_E2_EMV_MKEY_INTEGRITY', imks[2], {
      mode: 'N',
    }),
    MessageData: change.message ?? MESSAGE,
    DerivationMethodAttributes: { [change.method]: attributes } as DerivationMethodAttributes,
  };
  return { request, cryptogramKey: attributes.AuthorizationRequestKeyIdentifier, CurrentPinAttributes };
}

/** Makes the change and looks at everything in the answer. */
async function holds(service: Service, change: Change, block: string, mac: string): Promise<void> {
  const { request, cryptogramKey, CurrentPinAttributes } = await prepare(service, change);
  const checkValue = async (KeyIdentifier: string) =>
    (await service.call('GetKey', { KeyIdentifier })).Key.KeyCheckValue;
  assert.deepEqual(await service.call('GenerateMacEmvPinChange', request), {
    NewPinPekArn: request.NewPinPekIdentifier,
    NewPinPekKeyCheckValue: await checkValue(request.NewPinPekIdentifier),
    SecureMessagingIntegrityKeyArn: request.SecureMessagingIntegrityKeyIdentifier,
    SecureMessagingIntegrityKeyCheckValue: await checkValue(request.SecureMessagingIntegrityKeyIdentifier),
    SecureMessagingConfidentialityKeyArn: request.SecureMessagingConfidentialityKeyIdentifier,
    SecureMessagingConfidentialityKeyCheckValue: await checkValue(
      request.SecureMessagingConfidentialityKeyIdentifier,
    ),
    ...(cryptogramKey && {
      VisaAmexDerivationOutputs: {
        AuthorizationRequestKeyArn: cryptogramKey,
        AuthorizationRequestKeyCheckValue: await checkValue(cryptogramKey),
        ...(CurrentPinAttributes && {
          CurrentPinPekArn: CurrentPinAttributes.CurrentPinPekIdentifier,
          CurrentPinPekKeyCheckValue: await checkValue(CurrentPinAttributes.CurrentPinPekIdentifier),
        }),
      },
    }),
    EncryptedPinBlock: block,
    Mac: mac,
  });
  const { imks = [E0, E1, E2], pan = PAN, pin = PIN } = change;
  assertHidden(service, [...imks, PEK, OLD_PEK], [pan, ...(pin.length > 4 ? [pin, CURRENT_PIN] : [])]);
}

suite('published values', () => {
  for (const change of published.pinChanges) {
    const { scheme, ...details } = change.method as Record<string, string>;
    test(`${scheme}, ${change.encryptedPinBlock}: ${change.source}`, async (t) => {
      const method = ({ MASTERCARD: 'Mastercard', EMV_COMMON: 'EmvCommon', VISA: 'Visa' } as const)[scheme!]!;
      if (method === 'EmvCommon') assert.deepEqual([details.layout, details.mode], ['PADDED', 'CBC']);
      await holds(
        new Service(t),
        {
          imks: [change.imkAc, change.imkSmc, change.imkSmi],
          pan: change.pan,
          pin: change.pin,
          ...('currentPin' in change && { currentPin: change.currentPin! }),
          message: change.message,
          method,
          details: {
            PanSequenceNumber: change.psn,
            ...(details.applicationCryptogram
              ? { ApplicationCryptogram: details.applicationCryptogram }
              : { ApplicationTransactionCounter: details.applicationTransactionCounter }),
            ...(method === 'EmvCommon' && {
              Mode: 'CBC',
              PinBlockPaddingType: 'ISO_IEC_7816_4',
              PinBlockLengthPosition: 'NONE',
            }),
          },
        },
        change.encryptedPinBlock,
        change.mac,
      );
    });
  }

  test('pyemv, by cryptogram version', async (t) => {
    const service = new Service(t);
    type Hex = { hex: string };
    type Recorded = { function: string; args: Record<string, unknown>; result: Hex | null };
    const recorded = (pyemv.vectors as unknown as Recorded[]).filter(
      ({ function: name, result }) => name.endsWith('.generate_pin_change_command') && result,
    );
    assert.equal(recorded.length, 24);
    // Each is there four times, with PAN and sequence number as text or as bytes.
    const different = [...new Map(recorded.map((vector) => [vector.result!.hex, vector])).values()];
    assert.equal(different.length, 6);
    const text = (value: unknown) =>
      typeof value === 'string' ? value : Buffer.from((value as Hex).hex, 'hex').toString();
    for (const { function: name, args, result } of different) {
      const object = args._object as Record<string, Hex>;
      const [counter, cryptogram] = [(args.tag_9f36 as Hex).hex, (args.tag_9f26 as Hex).hex];
      const command = result!.hex;
      const visa = name.includes('Visa');
      await holds(
        service,
        {
          imks: [object.iss_mk_ac!.hex, object.iss_mk_smc!.hex, object.iss_mk_smi!.hex],
          pan: '1234567890123456',
          pin: text(args.pin),
          ...(args.current_pin !== undefined && { currentPin: text(args.current_pin) }),
          message: command.slice(0, 10) + counter + cryptogram,
          method: visa ? 'Visa' : 'Mastercard',
          details: {
            PanSequenceNumber: '00',
            ...(visa ? { ApplicationTransactionCounter: counter } : { ApplicationCryptogram: cryptogram }),
          },
        },
        command.slice(10, -16),
        command.slice(-16),
      );
    }
  });
});

suite('every method with both options: what pyemv gives', () => {
  const counter = { ApplicationTransactionCounter: '1D07' };
  const cryptogram = { ApplicationCryptogram: '999E57FD0F47CACE' };
  const common = (Mode: string, PinBlockPaddingType: string, PinBlockLengthPosition = 'NONE') =>
    ({
      method: 'EmvCommon',
      details: { ...cryptogram, Mode, PinBlockPaddingType, PinBlockLengthPosition },
    }) as const;
  const padded = 'ISO_IEC_7816_4';
  // The paddings of EmvCommon that pyemv has not are made of psec's TDES. Block and MAC with option A, block and MAC with option B.
  const values: [string, Change, string, string, string, string][] = [
    [
      'Amex',
      { method: 'Amex', details: counter },
      'BBB1CFD2EBC57981656EF8D0B9BA7FFE',
      'A68EE7F6B2EED7DA',
      'EC3EF09A7F1AB0CC21F93278D6B89856',
      'EB1606B5D3652C57',
    ],
    [
      'Amex with the current PIN',
      { method: 'Amex', details: counter, currentPin: CURRENT_PIN },
      'B4C19A6C95DB78C2656EF8D0B9BA7FFE',
      '926E172E062450D9',
      '24A3E3850CC3817921F93278D6B89856',
      'FD5C56E053EA78D2',
    ],
    [
      'Visa',
      { method: 'Visa', details: counter },
      'BBB1CFD2EBC57981656EF8D0B9BA7FFE',
      'A68EE7F6B2EED7DA',
      'EC3EF09A7F1AB0CC21F93278D6B89856',
      'EB1606B5D3652C57',
    ],
    [
      'Visa with the current PIN',
      { method: 'Visa', details: counter, currentPin: CURRENT_PIN },
      'B4C19A6C95DB78C2656EF8D0B9BA7FFE',
      '926E172E062450D9',
      '24A3E3850CC3817921F93278D6B89856',
      'FD5C56E053EA78D2',
    ],
    [
      'Emv2000',
      { method: 'Emv2000', details: counter },
      'FF1B49BE023C5E5E',
      'FC0604AF4FA0D394',
      'E7083FD2B91D6E38',
      'D49BD5EE9D5BEC7C',
    ],
    [
      'Mastercard',
      { method: 'Mastercard', details: cryptogram },
      'FDE3DD350CF51BE8',
      'FE6A0E5F5873043A',
      'FF4EA8E6C8389524',
      '480408138E788AAB',
    ],
    [
      'EmvCommon, no padding, ECB',
      common('ECB', 'NO_PADDING'),
      'FDE3DD350CF51BE8',
      'FE6A0E5F5873043A',
      'FF4EA8E6C8389524',
      '480408138E788AAB',
    ],
    [
      'EmvCommon, no padding, CBC',
      common('CBC', 'NO_PADDING'),
      'FDE3DD350CF51BE8',
      'FE6A0E5F5873043A',
      'FF4EA8E6C8389524',
      '480408138E788AAB',
    ],
    [
      'EmvCommon, padded, ECB',
      common('ECB', padded),
      'FDE3DD350CF51BE881C23A08B6BB5A80',
      '656D998561C6B543',
      'FF4EA8E6C8389524FD5A7FC90835AA37',
      '674A4EB985DA3145',
    ],
    [
      'EmvCommon, padded, CBC',
      common('CBC', padded),
      'FDE3DD350CF51BE85D5669F8DA6FDBFA',
      '04D3A3187279530F',
      'FF4EA8E6C838952469238D8AE80B813A',
      '475E45CD24DFCB58',
    ],
    [
      'EmvCommon, length and padded, ECB',
      common('ECB', padded, 'FRONT_OF_PIN_BLOCK'),
      '274766193DAF4F23E23B764708CAC9E1',
      'FB759514343EA926',
      'CD9864471B23D21123AE43B45759CC02',
      'D350D75A0985B2E7',
    ],
    [
      'EmvCommon, length and padded, CBC',
      common('CBC', padded, 'FRONT_OF_PIN_BLOCK'),
      '274766193DAF4F23DACB2AC8BCBB99BD',
      '95121ABA3EAA9881',
      'CD9864471B23D211953DB8B76C889ADC',
      '12E8321E8A047B5D',
    ],
  ];
  for (const [what, change, blockA, macA, blockB, macB] of values) {
    test(what, async (t) => {
      const service = new Service(t);
      for (const format of Object.keys(FORMATS) as PinBlockFormatForEmvPinChange[]) {
        await holds(service, { ...change, format }, blockA, macA);
      }
      await holds(service, { ...change, pan: LONG_PAN }, blockB, macB);
    });
  }
});

suite('refusals', () => {
  const visa: Change = {
    method: 'Visa',
    details: { ApplicationTransactionCounter: '1D07' },
    currentPin: CURRENT_PIN,
  };
  const common: Change = {
    method: 'EmvCommon',
    details: {
      ApplicationCryptogram: '999E57FD0F47CACE',
      Mode: 'CBC',
      PinBlockPaddingType: 'NO_PADDING',
      PinBlockLengthPosition: 'NONE',
    },
  };
  const withDetails = (change: Change, details: object): Change => ({
    ...change,
    details: { ...change.details, ...details },
  });
  const wrongPek = (hex: string, changes: Partial<KnownKey>) => (s: Service) => putPek(s, hex, changes);
  type Replace = (service: Service) => Promise<string>;

  const wrongKeys: [string, keyof GenerateMacEmvPinChangeInput, RegExp, Replace][] = [
    [
      'a PEK that only encrypts',
      'NewPinPekIdentifier',
      /^KeyModesOfUse of the input key .* is invalid for the operation.*Decrypt/,
      wrongPek(PEK, { mode: 'E' }),
    ],
    [
      'an AES PEK',
      'NewPinPekIdentifier',
      /^KeyAlgorithm of the input key .* is invalid for the operation.*TDES_2KEY/,
      wrongPek(PEK, { algorithm: 'AES_128' }),
    ],
    [
      'a key that is no PEK',
      'NewPinPekIdentifier',
      /^KeyUsage of the input key .* is invalid for the operation.*TR31_P0/,
      wrongPek(PEK, { usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' }),
    ],
    [
      'a key for integrity instead of confidentiality',
      'SecureMessagingConfidentialityKeyIdentifier',
      /^KeyUsage .* is invalid for the operation.*TR31_E1/,
      (s) => put(s, 'TR31_E2_EMV_MKEY_INTEGRITY', E1),
    ],
    [
      'a key for confidentiality instead of integrity',
      'SecureMessagingIntegrityKeyIdentifier',
      /^KeyUsage .* is invalid for the operation.*TR31_E2/,
      (s) => put(s, 'TR31_E1_EMV_MKEY_CONFIDENTIALITY', E2),
    ],
    [
      'a three-key TDES key for confidentiality',
      'SecureMessagingConfidentialityKeyIdentifier',
      /^KeyAlgorithm .* is invalid for the operation.*TDES_2KEY/,
      (s) => put(s, 'TR31_E1_EMV_MKEY_CONFIDENTIALITY', E1 + PEK.slice(0, 16), { algorithm: 'TDES_3KEY' }),
    ],
    [
      'a three-key TDES key for integrity',
      'SecureMessagingIntegrityKeyIdentifier',
      /^KeyAlgorithm .* is invalid for the operation.*TDES_2KEY/,
      (s) => put(s, 'TR31_E2_EMV_MKEY_INTEGRITY', E2 + PEK.slice(0, 16), { algorithm: 'TDES_3KEY' }),
    ],
  ];
  for (const [what, member, message, replace] of wrongKeys) {
    test(what, async (t) => {
      const service = new Service(t);
      const { request } = await prepare(service, visa);
      const wrong = { ...request, [member]: await replace(service) };
      const refusal = await service.refusal('GenerateMacEmvPinChange', wrong);
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assertHidden(service, [E0, E1, E2, PEK, OLD_PEK], [PAN, PIN, CURRENT_PIN]);
    });
  }

  const wrongMethods: [string, RegExp, Change | ((service: Service) => Promise<Change>)][] = [
    [
      'a key for confidentiality instead of cryptograms',
      /^KeyUsage .* is invalid for the operation.*TR31_E0/,
      async (s) =>
        withDetails(visa, {
          AuthorizationRequestKeyIdentifier: await put(s, 'TR31_E1_EMV_MKEY_CONFIDENTIALITY', E0),
        }),
    ],
    [
      'a current PEK that only encrypts',
      /^KeyModesOfUse .* is invalid for the operation.*Decrypt/,
      async (s) =>
        withDetails(visa, {
          CurrentPinAttributes: {
            CurrentPinPekIdentifier: await putPek(s, OLD_PEK, { mode: 'E' }),
            CurrentEncryptedPinBlock: pinBlock(OLD_PEK, CURRENT_PIN, PAN, 'ISO_FORMAT_0'),
          },
        }),
    ],
    [
      'option B with a PAN of 16 digits',
      /^PAN length is invalid for EMV major key derivation mode EMV_OPTION_B/,
      withDetails(visa, { MajorKeyDerivationMode: 'EMV_OPTION_B' }),
    ],
    [
      'a length without padding',
      /^PinBlockLengthPosition FRONT_OF_PIN_BLOCK needs PinBlockPaddingType ISO_IEC_7816_4/,
      withDetails(common, { PinBlockLengthPosition: 'FRONT_OF_PIN_BLOCK' }),
    ],
    ['an unknown mode', /at '.*mode'/, withDetails(common, { Mode: 'OFB' })],
    [
      'an unknown padding',
      /at '.*pinBlockPaddingType'/,
      withDetails(common, { PinBlockPaddingType: 'ZEROS' }),
    ],
    [
      'a short cryptogram',
      /at '.*applicationCryptogram'/,
      withDetails(common, { ApplicationCryptogram: '99' }),
    ],
    [
      'a counter of three digits',
      /at '.*applicationTransactionCounter'/,
      withDetails(visa, { ApplicationTransactionCounter: '1D0' }),
    ],
    [
      'Visa without the key of the cryptogram',
      /at '.*authorizationRequestKeyIdentifier'/,
      withDetails(visa, { AuthorizationRequestKeyIdentifier: undefined }),
    ],
    ['a message of 7 bytes', /at 'messageData'/, { ...visa, message: '84240002181D07' }],
    ['a message of half a byte', /at 'messageData'/, { ...visa, message: `${MESSAGE}0` }],
    ['a message of 513 bytes', /at 'messageData'/, { ...visa, message: '00'.repeat(513) }],
  ];
  for (const [what, message, change] of wrongMethods) {
    test(what, async (t) => {
      const service = new Service(t);
      const { request } = await prepare(
        service,
        typeof change === 'function' ? await change(service) : change,
      );
      const refusal = await service.refusal('GenerateMacEmvPinChange', request);
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assertHidden(service, [E0, E1, E2, PEK, OLD_PEK], [PAN, PIN, CURRENT_PIN]);
    });
  }

  test('no method, and two', async (t) => {
    const service = new Service(t);
    const { request } = await prepare(service, visa);
    const { Visa } = request.DerivationMethodAttributes;
    for (const DerivationMethodAttributes of [{}, { Visa: Visa!, Amex: Visa! }]) {
      const refusal = await service.refusal('GenerateMacEmvPinChange', {
        ...request,
        DerivationMethodAttributes,
      });
      assert.match(refusal.message, /at 'derivationMethodAttributes'/);
    }
  });

  test('whichever PIN block is wrong, and whatever of it, the refusal is the same', async (t) => {
    const service = new Service(t);
    const { request } = await prepare(service, visa);
    const { Visa } = request.DerivationMethodAttributes;
    const right = pinBlock(PEK, PIN, PAN, 'ISO_FORMAT_0');
    const withCurrent = (CurrentEncryptedPinBlock: string) => ({
      ...request,
      DerivationMethodAttributes: {
        Visa: {
          ...Visa!,
          CurrentPinAttributes: { ...Visa!.CurrentPinAttributes!, CurrentEncryptedPinBlock },
        },
      },
    });
    for (const wrong of [
      { ...request, NewEncryptedPinBlock: '0000000000000000' },
      { ...request, NewEncryptedPinBlock: `${right.slice(0, -1)}${right.endsWith('0') ? 1 : 0}` },
      { ...request, PinBlockFormat: 'ISO_FORMAT_3' as const },
      { ...request, NewPinPekIdentifier: await putPek(service, OLD_PEK) },
      withCurrent('0000000000000000'),
      withCurrent(right),
    ]) {
      const refusal = await service.refusal('GenerateMacEmvPinChange', wrong);
      assert.deepEqual(refusal, { code: 'ValidationException', message: INVALID_PIN_BLOCK, members: {} });
    }
    assertHidden(service, [E0, E1, E2, PEK, OLD_PEK], [PAN, PIN, CURRENT_PIN]);
  });

  test('a key that is not there', async (t) => {
    const service = new Service(t);
    const { request } = await prepare(service, common);
    const ResourceId = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/aaaaaaaaaaaaaaaa';
    const refusal = await service.refusal('GenerateMacEmvPinChange', {
      ...request,
      SecureMessagingIntegrityKeyIdentifier: ResourceId,
    });
    assert.deepEqual([refusal.code, refusal.members], ['ResourceNotFoundException', { ResourceId }]);
  });
});
