import { type Arns, KEYS } from './keys.ts';
import { pinBlock } from './outside.ts';
import type { PublishedCall } from './published-call.ts';

const PAN = '5432101234567890';

/** PVVs of the live service. */
export function pins({ pvk, otherPvk, pek }: Arns): PublishedCall[] {
  const EncryptedPinBlock = pinBlock('TDES', KEYS.pek.hex, '1234', PAN);
  const common = {
    EncryptionKeyIdentifier: pek,
    PrimaryAccountNumber: PAN,
    PinBlockFormat: 'ISO_FORMAT_0',
  };
  const cases = [
    [pvk, '5596'],
    [otherPvk, '6776'],
  ] as const;
  return cases.flatMap(([arn, VerificationValue]) => [
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
