import type { Arns } from './keys.ts';
import type { PublishedCall } from './published-call.ts';

const MESSAGE = '0102030405060708090A0B0C';
/** NIST SP 800-38B, D.1, example 4. */
const NIST_MESSAGE =
  '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51' +
  '30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710';
/** The text 4012345678909D987 of X9.24's examples. */
const TRANSACTION = Buffer.from('4012345678909D987').toString('hex').toUpperCase();
const TDES_DUKPT = { KeySerialNumber: 'FFFF9876543210E00001', DukptKeyVariant: 'REQUEST' };
const AES_DUKPT = { KeySerialNumber: '123456789012345600000001', DukptDerivationType: 'AES_128' };

/** MACs of the live service and NIST; under AES DUKPT, moov-io/dukpt's of X9.24-3's keys. */
export function macs({ retailMac, cmac, nistCmac, bdk, aesBdk }: Arns): PublishedCall[] {
  const cases = [
    [retailMac, MESSAGE, { Algorithm: 'ISO9797_ALGORITHM3' }, 'D8749ECF9A6C6932'],
    [cmac, MESSAGE, { Algorithm: 'CMAC' }, 'E330EE80C0D43370'],
    [cmac, MESSAGE, { Algorithm: 'CMAC' }, 'E330EE80C0D43370266E83665812C9A9'],
    [nistCmac, NIST_MESSAGE, { Algorithm: 'CMAC' }, '51F0BEBF7E3B9D92FC49741779363CFE'],
    [bdk, '0102030405060708090A0B0C0D0E0F10', { DukptIso9797Algorithm3: TDES_DUKPT }, 'AF59E7E8A06F01B2'],
    [
      aesBdk,
      TRANSACTION,
      { DukptCmac: { ...AES_DUKPT, DukptKeyVariant: 'REQUEST' } },
      'A2EB5C1C35809E58404E873C3C411E31',
    ],
    [
      aesBdk,
      TRANSACTION,
      { DukptCmac: { ...AES_DUKPT, DukptKeyVariant: 'RESPONSE' } },
      'DD4E1895FD9BF53D8DAF25568ABF551D',
    ],
  ] as const;
  return cases.flatMap(([KeyIdentifier, MessageData, attributes, Mac]) => {
    const common = { KeyIdentifier, MessageData, MacLength: Mac.length / 2 };
    return [
      {
        operation: 'GenerateMac',
        path: '/mac/generate',
        input: { ...common, GenerationAttributes: attributes },
        expected: { Mac },
      },
      {
        operation: 'VerifyMac',
        path: '/mac/verify',
        input: { ...common, VerificationAttributes: attributes, Mac },
        expected: { KeyArn: KeyIdentifier },
      },
    ];
  });
}
