import {
  decodeHex,
  decryptPinBlock,
  encodeHex,
  encryptPinBlock,
  type PinBlockFormat,
  Secret,
} from '@keywright/crypto';
import type { KeyAlgorithm, KeyUsage } from '../../src/api/control-plane.generated.ts';
import type {
  DataPlane,
  PinGenerationAttributes,
  PinVerificationAttributes,
} from '../../src/api/data-plane.generated.ts';
import type { ModeLetter } from '../../src/policy/modes-of-use.ts';
import type { Service } from './service.ts';

const USAGES = {
  B0: 'TR31_B0_BASE_DERIVATION_KEY',
  D0: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY',
  K1: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
  P0: 'TR31_P0_PIN_ENCRYPTION_KEY',
  V1: 'TR31_V1_IBM3624_PIN_VERIFICATION_KEY',
  V2: 'TR31_V2_VISA_PIN_VERIFICATION_KEY',
} as const satisfies Record<string, KeyUsage>;

export const PVK = '0123456789ABCDEFFEDCBA9876543210';
export const PEK = 'A1B3C4D5E6F708192A3B4C5D6E7F8091';
export const PAN = '5432101234567890';
export const INVALID_PIN_BLOCK =
  'Pin block provided is invalid. Please check your input to ensure all field values are correct.';
export const FAILED = {
  code: 'VerificationFailedException',
  message: 'Pin block verification failed.',
  members: { Reason: 'INVALID_PIN' },
};

const MODES: Record<keyof typeof USAGES, ModeLetter> = {
  B0: 'X',
  D0: 'B',
  K1: 'B',
  P0: 'B',
  V1: 'C',
  V2: 'C',
};

export function put(
  service: Service,
  code: keyof typeof USAGES,
  hex: string,
  mode: ModeLetter = MODES[code],
  algorithm: KeyAlgorithm = 'TDES_2KEY',
): Promise<string> {
  return service.putKey({ usage: USAGES[code], algorithm, mode, hex });
}

/** PIN and block outside of the service. */
export function blockOf(pin: string, format: PinBlockFormat = 'ISO_0', pan = PAN, hex = PEK): string {
  using key = Secret.fromHex(hex);
  using clear = Secret.take(new Uint8Array(Buffer.from(pin)));
  const algorithm = format === 'ISO_4' ? 'AES' : 'TDES';
  const card = format === 'ISO_1' ? {} : { pan };
  return encodeHex(encryptPinBlock({ format, algorithm, key, pin: clear, ...card }));
}

export function pinOf(block: string, format: PinBlockFormat = 'ISO_0', pan = PAN, hex = PEK): string {
  using key = Secret.fromHex(hex);
  const algorithm = format === 'ISO_4' ? 'AES' : 'TDES';
  const card = format === 'ISO_1' ? {} : { pan };
  using pin = decryptPinBlock({ format, algorithm, key, block: decodeHex(block), ...card });
  return pin.expose((digits) => Buffer.from(digits).toString());
}

export type Generate = DataPlane['GeneratePinData']['input'];
export type Verify = DataPlane['VerifyPinData']['input'];

/** Keys of a method, and requests with them that only lack their attributes. */
export async function requests(service: Service, pvk: 'V1' | 'V2', pvkHex = PVK) {
  const [verificationKey, EncryptionKeyIdentifier] = [
    await put(service, pvk, pvkHex),
    await put(service, 'P0', PEK),
  ];
  const block = {
    EncryptionKeyIdentifier,
    PinBlockFormat: 'ISO_FORMAT_0',
    PrimaryAccountNumber: PAN,
  } as const;
  return {
    generate: (GenerationAttributes: PinGenerationAttributes, change: Partial<Generate> = {}) =>
      service.call('GeneratePinData', {
        GenerationKeyIdentifier: verificationKey,
        ...block,
        GenerationAttributes,
        ...change,
      }),
    verify: (
      EncryptedPinBlock: string,
      VerificationAttributes: PinVerificationAttributes,
      change: Partial<Verify> = {},
    ): Verify => ({
      VerificationKeyIdentifier: verificationKey,
      ...block,
      EncryptedPinBlock,
      VerificationAttributes,
      ...change,
    }),
    verificationKey,
    encryptionKey: EncryptionKeyIdentifier,
  };
}

/** Of IBM 3624, as psec's tests have it. */
export const TABLE = {
  DecimalizationTable: '1234567890123456',
  PinValidationDataPadCharacter: 'F',
  PinValidationData: '1122334455667788',
};
