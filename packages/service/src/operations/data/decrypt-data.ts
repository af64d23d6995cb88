import { decodeHex, encodeHex } from '@keywright/crypto';
import { keyArn } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { cryptData } from './data-cipher.ts';

/** Decrypts with a D0 key, or with a data key derived from a B0 key for one transaction (DUKPT). */
export const decryptData: Operation<'DecryptData'> = async (input, context) => {
  const cipherText = decodeHex(input.CipherText, 'CipherText');
  const { record, data } = await cryptData(
    'decrypt',
    { ...input, EncryptionAttributes: input.DecryptionAttributes },
    cipherText,
    context,
  );
  return {
    KeyArn: keyArn(context.account, record.region, record.keyId),
    KeyCheckValue: record.checkValue,
    PlainText: encodeHex(data),
  };
};
