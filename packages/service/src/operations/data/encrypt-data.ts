import { decodeHex, encodeHex } from '@keywright/crypto';
import { keyArn } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { cryptData } from './data-cipher.ts';

/** Encrypts with a D0 key, or with a data key derived from a B0 key for one transaction (DUKPT). */
export const encryptData: Operation<'EncryptData'> = async (input, context) => {
  const { record, data } = await cryptData(
    'encrypt',
    input,
    decodeHex(input.PlainText, 'PlainText'),
    context,
  );
  return {
    KeyArn: keyArn(context.account, record.region, record.keyId),
    KeyCheckValue: record.checkValue,
    CipherText: encodeHex(data),
  };
};
