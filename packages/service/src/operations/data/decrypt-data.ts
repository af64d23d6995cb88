import { decodeHex, encodeHex } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { cryptOneWay } from './crypt-one-way.ts';

/** Decrypts with a D0 key, stored or come with the request, a D1 key, or one derived for one transaction (DUKPT) or card (EMV). */
export const decryptData: Operation<'DecryptData'> = async (input, context) => {
  const bytes = decodeHex(input.CipherText, 'CipherText');
  const { answer, result } = await cryptOneWay(
    'decrypt',
    input,
    input.DecryptionAttributes,
    { field: 'CipherText', bytes },
    context,
  );
  return { ...answer, PlainText: encodeHex(result) };
};
