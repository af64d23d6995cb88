import type { Arns } from './keys.ts';
import { encryptEcb } from './outside.ts';
import type { PublishedCall } from './published-call.ts';

const KSN = 'FFFF9876543210E00001';
const BLOCK = '0102030405060708';
const DATA_KEY = 'A35C412EFD41FDB98B69797C02DCD08F';

export function dukptEcb(KeySerialNumber: string): object {
  return { Dukpt: { KeySerialNumber, Mode: 'ECB', DukptKeyVariant: 'REQUEST' } };
}

/** Data there and back. */
export function encryption(
  arn: string,
  attributes: object,
  PlainText: string,
  CipherText: string,
): PublishedCall[] {
  return [
    {
      operation: 'EncryptData',
      path: `/keys/${encodeURIComponent(arn)}/encrypt`,
      input: { PlainText, EncryptionAttributes: attributes },
      expected: { CipherText },
    },
    {
      operation: 'DecryptData',
      path: `/keys/${encodeURIComponent(arn)}/decrypt`,
      input: { CipherText, DecryptionAttributes: attributes },
      expected: { PlainText },
    },
  ].map((call) => ({ ...call, input: { KeyIdentifier: arn, ...call.input } }));
}

/** Ciphertexts of the live service, and what X9.24-3's data key encrypts. */
export function data({ data: plain, bdk, aesBdk }: Arns): PublishedCall[] {
  const aesBlock = BLOCK.repeat(2);
  return [
    ...encryption(plain, { Symmetric: { Mode: 'ECB' } }, BLOCK, 'B064B6C2571C65D5'),
    ...encryption(bdk, dukptEcb(KSN), BLOCK, '124F7A32F3F84187'),
    ...encryption(
      aesBdk,
      dukptEcb('123456789012345600000001'),
      aesBlock,
      encryptEcb('aes-128-ecb', DATA_KEY, aesBlock),
    ),
  ];
}

export function reEncryption({ data: plain, bdk }: Arns): PublishedCall {
  return {
    operation: 'ReEncryptData',
    path: `/keys/${encodeURIComponent(plain)}/reencrypt`,
    input: {
      IncomingKeyIdentifier: plain,
      IncomingEncryptionAttributes: { Symmetric: { Mode: 'ECB' } },
      CipherText: 'B064B6C2571C65D5',
      OutgoingKeyIdentifier: bdk,
      OutgoingEncryptionAttributes: dukptEcb(KSN),
    },
    expected: { CipherText: '124F7A32F3F84187' },
  };
}
