import type { KeyAlgorithm, KeyUsage } from '../../packages/service/src/api/control-plane.generated.ts';
import { type ModeLetter, modesOfLetter } from '../../packages/service/src/policy/modes-of-use.ts';
import { type Call, callService, type Endpoint } from './service-client.ts';

const PAN = '4111111111111111';

/** Makes a key in the service. @returns its ARN */
export async function createKey(
  endpoint: Endpoint,
  KeyUsage: KeyUsage,
  KeyAlgorithm: KeyAlgorithm,
  mode: ModeLetter,
): Promise<string> {
  const KeyModesOfUse = modesOfLetter(mode);
  const KeyAttributes = { KeyUsage, KeyClass: 'SYMMETRIC_KEY', KeyAlgorithm, KeyModesOfUse };
  const input = { KeyAttributes, Exportable: true };
  return (await callService(endpoint, { operation: 'CreateKey', input })).Key.KeyArn;
}

async function translatePin(endpoint: Endpoint): Promise<Call> {
  const GenerationKeyIdentifier = await createKey(
    endpoint,
    'TR31_V2_VISA_PIN_VERIFICATION_KEY',
    'TDES_2KEY',
    'C',
  );
  const IncomingKeyIdentifier = await createKey(endpoint, 'TR31_P0_PIN_ENCRYPTION_KEY', 'TDES_2KEY', 'B');
  const OutgoingKeyIdentifier = await createKey(endpoint, 'TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B');
  const generate = {
    GenerationKeyIdentifier,
    EncryptionKeyIdentifier: IncomingKeyIdentifier,
    GenerationAttributes: { VisaPin: { PinVerificationKeyIndex: 1 } },
    PinDataLength: 4,
    PrimaryAccountNumber: PAN,
    PinBlockFormat: 'ISO_FORMAT_0',
  };
  const { EncryptedPinBlock } = await callService(endpoint, {
    operation: 'GeneratePinData',
    path: '/pindata/generate',
    input: generate,
  });
  const input = {
    IncomingKeyIdentifier,
    OutgoingKeyIdentifier,
    EncryptedPinBlock,
    IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
    OutgoingTranslationAttributes: { IsoFormat4: { PrimaryAccountNumber: PAN } },
  };
  return { operation: 'TranslatePinData', path: '/pindata/translate', input };
}

async function generateMac(endpoint: Endpoint): Promise<Call> {
  const KeyIdentifier = await createKey(endpoint, 'TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C');
  const input = {
    KeyIdentifier,
    MessageData: '3B313038383939303030343D313531323132303138313638'.repeat(4),
    GenerationAttributes: { Algorithm: 'CMAC' },
  };
  return { operation: 'GenerateMac', path: '/mac/generate', input };
}

async function verifyCard(endpoint: Endpoint): Promise<Call> {
  const KeyIdentifier = await createKey(endpoint, 'TR31_C0_CARD_VERIFICATION_KEY', 'TDES_2KEY', 'C');
  const PrimaryAccountNumber = PAN;
  const attributes = { CardVerificationValue2: { CardExpiryDate: '0123' } };
  const { ValidationData } = await callService(endpoint, {
    operation: 'GenerateCardValidationData',
    path: '/cardvalidationdata/generate',
    input: { KeyIdentifier, PrimaryAccountNumber, GenerationAttributes: attributes },
  });
  const input = { KeyIdentifier, PrimaryAccountNumber, VerificationAttributes: attributes, ValidationData };
  return { operation: 'VerifyCardValidationData', path: '/cardvalidationdata/verify', input };
}

async function exportKey(endpoint: Endpoint): Promise<Call> {
  const ExportKeyIdentifier = await createKey(endpoint, 'TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B');
  const kek = await createKey(endpoint, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'AES_256', 'B');
  const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek } };
  return { operation: 'ExportKey', input: { ExportKeyIdentifier, KeyMaterial } };
}

/** The operations that are measured, each on keys of its own. */
export async function makeHotCalls(endpoint: Endpoint): Promise<Call[]> {
  return [
    await translatePin(endpoint),
    await generateMac(endpoint),
    await verifyCard(endpoint),
    await exportKey(endpoint),
  ];
}
