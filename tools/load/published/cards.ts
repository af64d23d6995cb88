import type { Arns } from './keys.ts';
import type { PublishedCall } from './published-call.ts';

const PAN = '4123456789012345';

export function cards({ cvk: KeyIdentifier }: Arns): PublishedCall[] {
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
