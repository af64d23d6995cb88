import { encodeHex, encryptPinBlock, Secret } from '@keywright/crypto';
import type { Call, Endpoint } from '../bench/service-client.ts';
import { type KnownKey, keyImporter } from './known-keys.ts';

/** A call with what of its answer is published. */
export interface PublishedCall extends Call {
  readonly path: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

const key = (
  usage: KnownKey['usage'],
  algorithm: KnownKey['algorithm'],
  mode: KnownKey['mode'],
  hex: string,
) => ({
  usage,
  algorithm,
  mode,
  hex,
});

/** Published keys: AWS's user guide, published observations of the live service, NIST, X9.24-1. */
const KEYS = {
  data: key('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'TDES_2KEY', 'B', '0101010101010101FEFEFEFEFEFEFEFE'),
  retailMac: key('TR31_M3_ISO_9797_3_MAC_KEY', 'TDES_2KEY', 'C', '1111111111111111AAAAAAAAAAAAAAAA'),
  cmac: key('TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C', '000102030405060708090A0B0C0D0E0F'),
  cvk: key('TR31_C0_CARD_VERIFICATION_KEY', 'TDES_2KEY', 'C', 'CCCCDDDDEEEEFFFFAAAABBBBCCCCDDDD'),
  cryptogram: key('TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS', 'TDES_2KEY', 'X', '0123456789ABCDEFFEDCBA9876543210'),
  bdk: key('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'X', '0123456789ABCDEFFEDCBA9876543210'),
  pvk: key('TR31_V2_VISA_PIN_VERIFICATION_KEY', 'TDES_2KEY', 'C', 'AAAABBBBCCCCDDDDEEEEFFFFAAAABBBB'),
  otherPvk: key('TR31_V2_VISA_PIN_VERIFICATION_KEY', 'TDES_2KEY', 'C', '0123456789ABCDEFFEDCBA9876543210'),
  pek: key('TR31_P0_PIN_ENCRYPTION_KEY', 'TDES_2KEY', 'B', '1111222233334444AAAABBBBCCCCDDDD'),
} as const;

const MESSAGE = '0102030405060708090A0B0C';
const PAN = '4123456789012345';
const KSN = 'FFFF9876543210E00001';
const TRANSACTION = '00000000170000000000000008400080008000084016051700000000093800000B03011203000000';
const VISA = { Visa: { PrimaryAccountNumber: '9137631040001422', PanSequenceNumber: '01' } };

type Arns = Readonly<Record<keyof typeof KEYS, string>>;

function macs({ retailMac, cmac, bdk }: Arns): PublishedCall[] {
  const dukpt = { KeySerialNumber: KSN, DukptKeyVariant: 'REQUEST' };
  const cases = [
    [retailMac, MESSAGE, { Algorithm: 'ISO9797_ALGORITHM3' }, 'D8749ECF9A6C6932'],
    [cmac, MESSAGE, { Algorithm: 'CMAC' }, 'E330EE80C0D43370'],
    [bdk, '0102030405060708090A0B0C0D0E0F10', { DukptIso9797Algorithm3: dukpt }, 'AF59E7E8A06F01B2'],
  ] as const;
  return cases.flatMap(([KeyIdentifier, MessageData, attributes, Mac]) => [
    {
      operation: 'GenerateMac',
      path: '/mac/generate',
      input: { KeyIdentifier, MessageData, GenerationAttributes: attributes, MacLength: 8 },
      expected: { Mac },
    },
    {
      operation: 'VerifyMac',
      path: '/mac/verify',
      input: { KeyIdentifier, MessageData, VerificationAttributes: attributes, Mac, MacLength: 8 },
      expected: { KeyArn: KeyIdentifier },
    },
  ]);
}

function cards({ cvk: KeyIdentifier }: Arns): PublishedCall[] {
  const cases = [
    [{ CardVerificationValue1: { CardExpiryDate: '0225', ServiceCode: '101' } }, '703'],
    [{ CardVerificationValue2: { CardExpiryDate: '0225' } }, '111'],
  ] as const;
  const card = { KeyIdentifier, PrimaryAccountNumber: PAN };
  return cases.flatMap(([attributes, ValidationData]) => [
    {
      operation: 'GenerateCardValidationData',
      path: '/cardvalidationdata/generate',
      input: { ...card, GenerationAttributes: attributes, ValidationDataLength: 3 },
      expected: { ValidationData },
    },
    {
      operation: 'VerifyCardValidationData',
      path: '/cardvalidationdata/verify',
      input: { ...card, VerificationAttributes: attributes, ValidationData },
      expected: { KeyArn: KeyIdentifier },
    },
  ]);
}

function data({ data: plain, bdk }: Arns): PublishedCall[] {
  const Dukpt = { KeySerialNumber: KSN, Mode: 'ECB', DukptKeyVariant: 'REQUEST' };
  const cases = [
    [plain, { Symmetric: { Mode: 'ECB' } }, 'B064B6C2571C65D5'],
    [bdk, { Dukpt }, '124F7A32F3F84187'],
  ] as const;
  const PlainText = '0102030405060708';
  return cases.flatMap(([arn, attributes, CipherText]) => [
    {
      operation: 'EncryptData',
      path: `/keys/${encodeURIComponent(arn)}/encrypt`,
      input: { KeyIdentifier: arn, PlainText, EncryptionAttributes: attributes },
      expected: { CipherText },
    },
    {
      operation: 'DecryptData',
      path: `/keys/${encodeURIComponent(arn)}/decrypt`,
      input: { KeyIdentifier: arn, CipherText, DecryptionAttributes: attributes },
      expected: { PlainText },
    },
  ]);
}

function reEncryption({ data: plain, bdk }: Arns): PublishedCall {
  return {
    operation: 'ReEncryptData',
    path: `/keys/${encodeURIComponent(plain)}/reencrypt`,
    input: {
      IncomingKeyIdentifier: plain,
      IncomingEncryptionAttributes: { Symmetric: { Mode: 'ECB' } },
      CipherText: 'B064B6C2571C65D5',
      OutgoingKeyIdentifier: bdk,
      OutgoingEncryptionAttributes: {
        Dukpt: { KeySerialNumber: KSN, Mode: 'ECB', DukptKeyVariant: 'REQUEST' },
      },
    },
    expected: { CipherText: '124F7A32F3F84187' },
  };
}

function cryptograms({ cryptogram: KeyIdentifier }: Arns): PublishedCall[] {
  const request = {
    KeyIdentifier,
    TransactionData: TRANSACTION,
    MajorKeyDerivationMode: 'EMV_OPTION_A',
    SessionKeyDerivationAttributes: VISA,
  };
  const AuthRequestCryptogram = 'D791093C8A921769';
  return [
    {
      operation: 'GenerateAuthRequestCryptogram',
      path: '/cryptogram/generate',
      input: request,
      expected: { AuthRequestCryptogram },
    },
    {
      operation: 'VerifyAuthRequestCryptogram',
      path: '/cryptogram/verify',
      input: { ...request, AuthRequestCryptogram },
      expected: { KeyArn: KeyIdentifier },
    },
  ];
}

/** The PIN block of a published PIN, made outside of the service. */
function pinBlock(digits: string, pan: string): string {
  using secret = Secret.fromHex(KEYS.pek.hex);
  using pin = Secret.take(Buffer.from(digits));
  return encodeHex(encryptPinBlock({ format: 'ISO_0', algorithm: 'TDES', key: secret, pin, pan }));
}

function pins({ pvk, otherPvk, pek }: Arns): PublishedCall[] {
  const PrimaryAccountNumber = '5432101234567890';
  const EncryptedPinBlock = pinBlock('1234', PrimaryAccountNumber);
  const common = { EncryptionKeyIdentifier: pek, PrimaryAccountNumber, PinBlockFormat: 'ISO_FORMAT_0' };
  return (
    [
      [pvk, '5596'],
      [otherPvk, '6776'],
    ] as const
  ).flatMap(([arn, VerificationValue]) => [
    {
      operation: 'GeneratePinData',
      path: '/pindata/generate',
      input: {
        ...common,
        GenerationKeyIdentifier: arn,
        GenerationAttributes: { VisaPinVerificationValue: { EncryptedPinBlock, PinVerificationKeyIndex: 1 } },
      },
      expected: { PinData: { VerificationValue } },
    },
    {
      operation: 'VerifyPinData',
      path: '/pindata/verify',
      input: {
        ...common,
        VerificationKeyIdentifier: arn,
        EncryptedPinBlock,
        VerificationAttributes: { VisaPin: { PinVerificationKeyIndex: 1, VerificationValue } },
      },
      expected: { VerificationKeyArn: arn },
    },
  ]);
}

/** Calls whose answers are published, on keys that they bring into the service. */
export async function makePublishedCalls(endpoint: Endpoint): Promise<PublishedCall[]> {
  const importKey = await keyImporter(endpoint);
  const arns: Record<string, string> = {};
  for (const [name, known] of Object.entries(KEYS)) arns[name] = await importKey(known);
  const known = arns as Arns;
  return [
    ...macs(known),
    ...cards(known),
    ...data(known),
    reEncryption(known),
    ...cryptograms(known),
    ...pins(known),
  ];
}
