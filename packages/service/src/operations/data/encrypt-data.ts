import { decodeHex, encodeHex } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { cryptOneWay } from './crypt-one-way.ts';

/** Encrypts with a D0 key, stored or come with the request, a D1 key, or one derived for one transaction (DUKPT) or card (EMV). */
export const encryptData: Operation<'EncryptData'> = async (input, context) => {
  const bytes = decodeHex(input.PlainText, 'PlainText');
  const { answer, result } = await cryptOneWay(
    'encrypt',
    input,
    input.EncryptionAttributes,
    { field: 'PlainText', bytes },
    context,
  );
  return { ...answer, CipherText: encodeHex(result) };
};
