import { decodeHex, encodeHex, verifyArqc } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { authResponse } from './auth-response.ts';
import { openCryptogramKey } from './cryptogram-key.ts';
import { verificationFailed } from './verification-failed.ts';
import { wholeBytes } from './whole-bytes.ts';

/** Verifies a card's cryptogram in constant time, and answers it if asked to. The caller pads the data as the card does. */
export const verifyAuthRequestCryptogram: Operation<'VerifyAuthRequestCryptogram'> = async (
  input,
  context,
) => {
  const transactionData = wholeBytes(input.TransactionData, 'TransactionData');
  const cryptogram = decodeHex(input.AuthRequestCryptogram, 'AuthRequestCryptogram');
  const respond = input.AuthResponseAttributes && authResponse(input.AuthResponseAttributes);
  using working = await openCryptogramKey(input, context);
  const { answer, key } = working;
  if (!verifyArqc({ key, transactionData, cryptogram })) {
    throw verificationFailed('INVALID_AUTH_REQUEST_CRYPTOGRAM');
  }
  return respond ? { ...answer, AuthResponseValue: encodeHex(respond({ key, cryptogram })) } : answer;
};
