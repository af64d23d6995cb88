import type { Arns } from './keys.ts';
import type { PublishedCall } from './published-call.ts';

const CARD = { PrimaryAccountNumber: '9137631040001422', PanSequenceNumber: '01' };
const AMOUNTS = '00000000170000000000000008400080008000084016051700000000093800000B';
/** The guide's two examples; the caller pads, the second by ISO/IEC 9797-1's method 2. */
const CASES = [
  [{ Visa: CARD }, `${AMOUNTS}03011203000000`, 'D791093C8A921769'],
  [
    { EmvCommon: { ...CARD, ApplicationTransactionCounter: '000B' } },
    `${AMOUNTS}1F220103${'0'.repeat(54)}8${'0'.repeat(15)}`,
    '61EDCC708B4C97B4',
  ],
] as const;

export function cryptograms({ cryptogram: KeyIdentifier }: Arns): PublishedCall[] {
  return CASES.flatMap(([SessionKeyDerivationAttributes, TransactionData, AuthRequestCryptogram]) => {
    const request = {
      KeyIdentifier,
      TransactionData,
      MajorKeyDerivationMode: 'EMV_OPTION_A',
      SessionKeyDerivationAttributes,
    };
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
  });
}
