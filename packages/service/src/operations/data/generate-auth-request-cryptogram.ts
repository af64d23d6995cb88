import { encodeHex, generateArqc } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { openCryptogramKey } from './cryptogram-key.ts';
import { wholeBytes } from './whole-bytes.ts';

/** Makes the cryptogram that a card makes of a transaction. The caller pads the data as the card does. */
export const generateAuthRequestCryptogram: Operation<'GenerateAuthRequestCryptogram'> = async (
  input,
  context,
) => {
  const transactionData = wholeBytes(input.TransactionData, 'TransactionData');
  using working = await openCryptogramKey(input, context);
  const cryptogram = generateArqc({ key: working.key, transactionData });
  return { ...working.answer, AuthRequestCryptogram: encodeHex(cryptogram) };
};
