import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import published from '../../../../../vectors/emv-values.json' with { type: 'json' };
import pyemv from '../../../../../vectors/pyemv_functions.json' with { type: 'json' };
import type {
  CryptogramAuthResponse,
  GenerateAuthRequestCryptogramInput,
  MajorKeyDerivationMode,
  SessionKeyDerivation,
} from '../../../src/api/data-plane.generated.ts';
import { type KnownKey, Service } from '../service.ts';
import { assertHidden } from './hidden.ts';

/** The key of AWS's guide. */
const GUIDE_KEY = '0123456789ABCDEFFEDCBA9876543210';
const OTHER_KEY = '5B1A2C3D4F5E61708392A4B5C7D6E9F8';

const FAILED = {
  code: 'VerificationFailedException',
  message: 'Auth request cryptogram verification failed.',
  members: { Reason: 'INVALID_AUTH_REQUEST_CRYPTOGRAM' },
};

const putE0 = (service: Service, hex = GUIDE_KEY, changes: Partial<KnownKey> = {}) =>
  service.putKey({
    usage: 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS',
    algorithm: 'TDES_2KEY',
    mode: 'X',
    hex,
    ...changes,
  });

interface Card {
  readonly PrimaryAccountNumber: string;
  readonly PanSequenceNumber: string;
}

/** The attributes of a scheme, by its name in the library. */
function attributesOf(scheme: string, card: Card, counter = '', number = ''): SessionKeyDerivation {
  const withCounter = { ...card, ApplicationTransactionCounter: counter };
  switch (scheme) {
    case 'AMEX':
      return { Amex: card };
    case 'EMV2000':
      return { Emv2000: withCounter };
    case 'EMV_COMMON':
      return { EmvCommon: withCounter };
    case 'MASTERCARD':
      return { Mastercard: { ...withCounter, UnpredictableNumber: number } };
    case 'UNION_PAY':
      return { UnionPay: withCounter };
    default:
      assert.equal(scheme, 'VISA');
      return { Visa: card };
  }
}

/** Generates a cryptogram and verifies it, without an answer and with each of the answers given. */
async function holds(
  service: Service,
  request: GenerateAuthRequestCryptogramInput,
  arqc: string,
  responses: readonly [CryptogramAuthResponse, string][] = [],
): Promise<void> {
  const { Key } = await service.call('GetKey', { KeyIdentifier: request.KeyIdentifier });
  const answer = { KeyArn: Key.KeyArn, KeyCheckValue: Key.KeyCheckValue };
  const made = await service.call('GenerateAuthRequestCryptogram', request);
  assert.deepEqual(made, { ...answer, AuthRequestCryptogram: arqc });
  const verification = { ...request, AuthRequestCryptogram: arqc.toLowerCase() };
  assert.deepEqual(await service.call('VerifyAuthRequestCryptogram', verification), answer);
  for (const [AuthResponseAttributes, AuthResponseValue] of responses) {
    const verified = await service.call('VerifyAuthRequestCryptogram', {
      ...verification,
      AuthResponseAttributes,
    });
    assert.deepEqual(verified, { ...answer, AuthResponseValue });
  }
}

const method1 = (AuthResponseCode: string) => ({ ArpcMethod1: { AuthResponseCode } });
const method2 = (CardStatusUpdate: string, ProprietaryAuthenticationData?: string) => ({
  ArpcMethod2: {
    CardStatusUpdate,
    ...(ProprietaryAuthenticationData && { ProprietaryAuthenticationData }),
  },
});

suite('published values', () => {
  for (const vector of published.cryptograms) {
    const { imk, pan, psn, option, derivation, data, arqc, arpcMethod1, arpcMethod2 } = vector;
    test(`${derivation.scheme}, option ${option}, ${arqc}: ${vector.source}`, async (t) => {
      const service = new Service(t);
      const { applicationTransactionCounter, unpredictableNumber } = derivation as Record<string, string>;
      const card = { PrimaryAccountNumber: pan, PanSequenceNumber: psn };
      const request = {
        KeyIdentifier: await putE0(service, imk),
        TransactionData: data,
        MajorKeyDerivationMode: `EMV_OPTION_${option}` as MajorKeyDerivationMode,
        SessionKeyDerivationAttributes: attributesOf(
          derivation.scheme,
          card,
          applicationTransactionCounter,
          unpredictableNumber,
        ),
      };
      if (option === 'B' && pan.length <= 16) {
        const { message } = await service.refusal('GenerateAuthRequestCryptogram', request);
        assert.match(message, /^PAN length is invalid for EMV major key derivation mode EMV_OPTION_B/);
        request.MajorKeyDerivationMode = 'EMV_OPTION_A';
      }
      // jPOS answers Mastercard's cards under their master key, which the service doesn't.
      const first = arpcMethod1 && !('masterKey' in arpcMethod1) ? [arpcMethod1] : [];
      const second = arpcMethod2 ? [arpcMethod2] : [];
      await holds(service, request, arqc, [
        ...first.map(({ responseCode, arpc }) => [method1(responseCode), arpc] as [object, string]),
        ...second.map(({ cardStatusUpdate, arpc }) => [method2(cardStatusUpdate), arpc] as [object, string]),
      ]);
    });
  }

  test('pyemv, by cryptogram version', async (t) => {
    const service = new Service(t);
    const TAGS = ['9f02', '9f03', '9f1a', '95', '5f2a', '9a', '9c', '9f37', '82', '9f36'].map(
      (t) => `tag_${t}`,
    );
    const OWN_TAGS: Record<string, [string, string[]]> = {
      VisaCVN10: ['VISA', ['cvr']],
      VisaCVN18: ['EMV_COMMON', ['tag_9f10']],
      MasterCardCVN16: ['MASTERCARD', ['cvr']],
      MasterCardCVN17: ['MASTERCARD', ['cvr', 'counters']],
    };
    type Recorded = {
      function: string;
      args: Record<string, { hex: string }>;
      result: { hex: string } | null;
    };
    const recorded = pyemv.vectors as unknown as Recorded[];
    const made = recorded.filter(({ function: name, result }) => /^cvn.*\.generate_ac$/.test(name) && result);
    assert.equal(made.length, 16);
    // Each is there four times, with PAN and sequence number as text or as bytes.
    const different = [...new Map(made.map((vector) => [vector.result!.hex, vector])).values()];
    assert.equal(different.length, 4);
    for (const { function: name, args, result } of different) {
      const version = name.split('.')[1]!;
      const [scheme, own] = OWN_TAGS[version]!;
      const tags = [...TAGS, ...own].map((tag) => args[tag]!.hex).join('');
      const padded = `${tags}80`.padEnd(Math.ceil((tags.length + 2) / 16) * 16, '0');
      const object = args._object as unknown as { iss_mk_ac: { hex: string } };
      const card = { PrimaryAccountNumber: '1234567890123456', PanSequenceNumber: '00' };
      const request = {
        KeyIdentifier: await putE0(service, object.iss_mk_ac.hex),
        TransactionData: version === 'VisaCVN10' ? tags : padded,
        MajorKeyDerivationMode: 'EMV_OPTION_A' as const,
        SessionKeyDerivationAttributes: attributesOf(scheme, card, args.tag_9f36!.hex, args.tag_9f37!.hex),
      };
      const responses: Record<string, [CryptogramAuthResponse, string][]> = {
        VisaCVN10: [[method1('3030'), '28993816AFAE4AEB']],
        VisaCVN18: [[method2('00000000'), '9AF514C1']],
      };
      for (const [, arpc] of responses[version] ?? []) {
        const arpcs = recorded.filter((vector) => vector.function === `cvn.${version}.generate_arpc`);
        assert.ok(arpcs.every((vector) => vector.result?.hex === arpc));
      }
      await holds(service, request, result!.hex, responses[version]);
    }
  });
});

suite('every scheme with both options: what pyemv gives', () => {
  const card = { PrimaryAccountNumber: '4123456789012345', PanSequenceNumber: '01' };
  const longCard = { ...card, PrimaryAccountNumber: '4123456789012345678' };
  // 36 bytes, so that zeros fill the last block.
  const data = '0000000012340000000000000756000000000007562611230052BF45851800001C03A0B0';
  // The key of UnionPay, which pyemv does not have, is made of psec's TDES. ARPCs of method 1, of method 2, of method 2 with data.
  const values: [string, 'A' | 'B', string, string, string, string][] = [
    ['AMEX', 'A', 'D1BFF340785A0137', 'B68379F4D93B9FA4', 'B98D300A', '02886A7F'],
    ['AMEX', 'B', '72D80B4B54563DDC', 'EBACB5E01845E45B', 'F3B6A20B', '350AAB85'],
    ['EMV2000', 'A', '3A39F5A8840EA007', '16DAB6F320FDCFDE', 'CE5B25DC', '663B7A29'],
    ['EMV2000', 'B', 'D2971DCFBDCACA98', '9C8C0DE9A955AF07', '7E880C0B', '41177F76'],
    ['EMV_COMMON', 'A', 'DD17D33F737FFDD7', 'C33FE2F665FF0053', 'A1183D51', '9D07A77F'],
    ['EMV_COMMON', 'B', 'DBA78123AE9F2A9F', 'C0D4C1113970DBD2', '8275AF71', 'D2042643'],
    ['MASTERCARD', 'A', '09B148A69CFF218F', '1299F734311D2700', '38E06175', '93352700'],
    ['MASTERCARD', 'B', '15436761CDD48467', 'FABCFBAF8AF10080', 'B7079311', '9C2AA3C4'],
    ['UNION_PAY', 'A', '41E32742987FB5B7', 'B34733B1B5116C28', 'E852BF75', 'F387C451'],
    ['UNION_PAY', 'B', '9B6E71DFC4D7FFF8', 'F0D9AC3318B61FD1', 'CB364438', 'B6191C2D'],
    ['VISA', 'A', 'D1BFF340785A0137', 'B68379F4D93B9FA4', 'B98D300A', '02886A7F'],
    ['VISA', 'B', '72D80B4B54563DDC', 'EBACB5E01845E45B', 'F3B6A20B', '350AAB85'],
  ];
  for (const [scheme, option, arqc, first, second, withData] of values) {
    test(`${scheme}, option ${option}`, async (t) => {
      const service = new Service(t);
      const request = {
        KeyIdentifier: await putE0(service, OTHER_KEY, { mode: option === 'A' ? 'X' : 'N' }),
        TransactionData: data,
        MajorKeyDerivationMode: `EMV_OPTION_${option}` as const,
        SessionKeyDerivationAttributes: attributesOf(
          scheme,
          option === 'A' ? card : longCard,
          '1D07',
          '9A3C51E7',
        ),
      };
      const responses: [CryptogramAuthResponse, string][] = [
        [method1('3030'), first],
        [method2('03820000'), second],
        [method2('03820000', 'a1b2c3'), withData],
      ];
      await holds(service, request, arqc, responses);
      await holds(service, { ...request, TransactionData: `${data}00000000` }, arqc);
    });
  }
});

/** Visa's example of AWS's guide, verified. */
const visa = (KeyIdentifier: string) => ({
  KeyIdentifier,
  TransactionData: '00000000170000000000000008400080008000084016051700000000093800000B03011203000000',
  MajorKeyDerivationMode: 'EMV_OPTION_A' as const,
  SessionKeyDerivationAttributes: {
    Visa: { PrimaryAccountNumber: '9137631040001422', PanSequenceNumber: '01' },
  } as SessionKeyDerivation,
  AuthRequestCryptogram: 'D791093C8A921769',
});

test('a key is found by its alias', async (t) => {
  const service = new Service(t);
  const KeyArn = await putE0(service);
  await service.call('CreateAlias', { AliasName: 'alias/imk-ac', KeyArn });
  assert.equal((await service.call('VerifyAuthRequestCryptogram', visa('alias/imk-ac'))).KeyArn, KeyArn);
});

test('whatever is wrong, the refusal is the same, and no answer is made', async (t) => {
  const service = new Service(t);
  const right = visa(await putE0(service));
  const Mastercard = {
    PrimaryAccountNumber: '9137631040001422',
    PanSequenceNumber: '01',
    ApplicationTransactionCounter: '000B',
    UnpredictableNumber: '00112233',
  };
  const { AuthRequestCryptogram } = await service.call('GenerateAuthRequestCryptogram', {
    ...visa(right.KeyIdentifier),
    SessionKeyDerivationAttributes: { Mastercard },
  });
  const session = { ...right, SessionKeyDerivationAttributes: { Mastercard }, AuthRequestCryptogram };
  await service.call('VerifyAuthRequestCryptogram', session);
  const flipped = Array.from({ length: 64 }, (_, bit) => {
    const cryptogram = BigInt(`0x${right.AuthRequestCryptogram}`) ^ (1n << BigInt(bit));
    return { ...right, AuthRequestCryptogram: cryptogram.toString(16).padStart(16, '0') };
  });
  const changedCard = (changes: object) => ({
    ...session,
    SessionKeyDerivationAttributes: { Mastercard: { ...Mastercard, ...changes } },
  });
  const wrong = [
    ...flipped,
    { ...right, KeyIdentifier: await putE0(service, OTHER_KEY) },
    { ...right, TransactionData: right.TransactionData.replace('1700', '1701') },
    { ...right, TransactionData: `${right.TransactionData}8000000000000000` },
    { ...right, SessionKeyDerivationAttributes: { Mastercard } },
    { ...session, SessionKeyDerivationAttributes: right.SessionKeyDerivationAttributes },
    changedCard({ PrimaryAccountNumber: '9137631040001430' }),
    changedCard({ PanSequenceNumber: '02' }),
    changedCard({ ApplicationTransactionCounter: '000C' }),
    changedCard({ UnpredictableNumber: '00112234' }),
  ];
  for (const request of wrong) {
    assert.deepEqual(await service.refusal('VerifyAuthRequestCryptogram', request), FAILED);
    const answered = { ...request, AuthResponseAttributes: method1('3030') };
    assert.deepEqual(await service.refusal('VerifyAuthRequestCryptogram', answered), FAILED);
  }
  assertHidden(service, [GUIDE_KEY, OTHER_KEY], ['9137631040001422', '9137631040001430']);
});

suite('refusals', () => {
  type Change = object | ((service: Service) => Promise<object>);
  const card = { PrimaryAccountNumber: '9137631040001422', PanSequenceNumber: '01' };
  const both: [string, RegExp, Change][] = [
    [
      'option B with a PAN of 16 digits',
      /^PAN length is invalid for EMV major key derivation mode EMV_OPTION_B/,
      { MajorKeyDerivationMode: 'EMV_OPTION_B' },
    ],
    [
      'a key for confidentiality',
      /^KeyUsage of the input key arn:.* is invalid for the operation.*TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS/,
      async (s) => ({
        KeyIdentifier: await putE0(s, GUIDE_KEY, { usage: 'TR31_E1_EMV_MKEY_CONFIDENTIALITY' }),
      }),
    ],
    [
      'a three-key TDES key',
      /^KeyAlgorithm of the input key arn:.* is invalid for the operation.*TDES_2KEY/,
      async (s) => ({
        KeyIdentifier: await putE0(s, `${GUIDE_KEY}1111111122222222`, { algorithm: 'TDES_3KEY' }),
      }),
    ],
    [
      'a disabled key',
      /is not usable: it is disabled/,
      async (s) => {
        const KeyIdentifier = await putE0(s);
        await s.call('StopKeyUsage', { KeyIdentifier });
        return { KeyIdentifier };
      },
    ],
    [
      'transaction data of half a byte',
      /^TransactionData must have an even number of hexadecimal digits, got 3\.$/,
      { TransactionData: '123' },
    ],
    ['no transaction data', /at '(?:.*\.)?transactionData'/, { TransactionData: '' }],
    ['transaction data that are not hexadecimal', /at '(?:.*\.)?transactionData'/, { TransactionData: '0G' }],
    ['too many transaction data', /at '(?:.*\.)?transactionData'/, { TransactionData: '00'.repeat(513) }],
    [
      'an unknown derivation mode',
      /at '(?:.*\.)?majorKeyDerivationMode'/,
      { MajorKeyDerivationMode: 'EMV_OPTION_C' },
    ],
    ['no scheme', /at '(?:.*\.)?sessionKeyDerivationAttributes'/, { SessionKeyDerivationAttributes: {} }],
    [
      'two schemes',
      /at '(?:.*\.)?sessionKeyDerivationAttributes'/,
      { SessionKeyDerivationAttributes: { Visa: card, Amex: card } },
    ],
    [
      'a short PAN',
      /at '(?:.*\.)?primaryAccountNumber'/,
      { SessionKeyDerivationAttributes: { Visa: { ...card, PrimaryAccountNumber: '91376310400' } } },
    ],
    [
      'a sequence number of three digits',
      /at '(?:.*\.)?panSequenceNumber'/,
      { SessionKeyDerivationAttributes: { Amex: { ...card, PanSequenceNumber: '001' } } },
    ],
    [
      'a counter of three digits',
      /at '(?:.*\.)?applicationTransactionCounter'/,
      { SessionKeyDerivationAttributes: { EmvCommon: { ...card, ApplicationTransactionCounter: '00B' } } },
    ],
    [
      'a session without its counter',
      /at '(?:.*\.)?applicationTransactionCounter'/,
      { SessionKeyDerivationAttributes: { Emv2000: card } },
    ],
    [
      'a session of Mastercard without its unpredictable number',
      /at '(?:.*\.)?unpredictableNumber'/,
      { SessionKeyDerivationAttributes: { Mastercard: { ...card, ApplicationTransactionCounter: '000B' } } },
    ],
  ];
  const onlyVerify: [string, RegExp, Change][] = [
    [
      'a short cryptogram',
      /at '(?:.*\.)?authRequestCryptogram'/,
      { AuthRequestCryptogram: 'D791093C8A9217' },
    ],
    ['no method of the answer', /at '(?:.*\.)?authResponseAttributes'/, { AuthResponseAttributes: {} }],
    [
      'both methods of the answer',
      /at '(?:.*\.)?authResponseAttributes'/,
      { AuthResponseAttributes: { ...method1('3030'), ...method2('00000000') } },
    ],
    [
      'a response code of one byte',
      /at '(?:.*\.)?authResponseCode'/,
      { AuthResponseAttributes: method1('30') },
    ],
    [
      'a card status update of three bytes',
      /at '(?:.*\.)?cardStatusUpdate'/,
      { AuthResponseAttributes: method2('000000') },
    ],
    [
      'proprietary data of nine bytes',
      /at '(?:.*\.)?proprietaryAuthenticationData'/,
      { AuthResponseAttributes: method2('00000000', '00'.repeat(9)) },
    ],
    [
      'proprietary data of half a byte',
      /^ProprietaryAuthenticationData must have an even number of hexadecimal digits, got 3\.$/,
      { AuthResponseAttributes: method2('00000000', 'A1B') },
    ],
  ];
  const cases = [
    ...both.map((refused) => ['GenerateAuthRequestCryptogram', ...refused] as const),
    ...[...both, ...onlyVerify].map((refused) => ['VerifyAuthRequestCryptogram', ...refused] as const),
  ];
  for (const [operation, what, message, change] of cases) {
    test(`${operation}: ${what}`, async (t) => {
      const service = new Service(t);
      const { AuthRequestCryptogram, ...request } = visa(await putE0(service));
      const verifying = operation === 'VerifyAuthRequestCryptogram' ? { AuthRequestCryptogram } : {};
      const changes = typeof change === 'function' ? await change(service) : change;
      const refusal = await service.refusal(operation, {
        ...request,
        ...verifying,
        ...changes,
      } as ReturnType<typeof visa>);
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assertHidden(service, [GUIDE_KEY], ['9137631040001422', '91376310400']);
    });
  }

  test('a key that is not there', async (t) => {
    const service = new Service(t);
    const request = visa('arn:aws:payment-cryptography:us-east-2:111122223333:key/aaaaaaaaaaaaaaaa');
    const refusal = await service.refusal('VerifyAuthRequestCryptogram', request);
    assert.equal(refusal.code, 'ResourceNotFoundException');
  });
});
