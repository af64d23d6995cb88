import { encodeAscii, equal, type ValueLength } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { cardValidationData } from './card-validation-data.ts';
import { verificationFailed } from './verification-failed.ts';

/** Verifies the value by which a card, or one transaction of it, is recognised, in constant time. Its length is 3 to 5. */
export const verifyCardValidationData: Operation<'VerifyCardValidationData'> = async (input, context) => {
  const presented = input.ValidationData;
  const request = { ...input, attributes: input.VerificationAttributes };
  const length = presented.length as ValueLength;
  const { answer, value } = await cardValidationData('Verify', request, length, context);
  if (!equal(encodeAscii(presented), encodeAscii(value))) throw verificationFailed('INVALID_VALIDATION_DATA');
  return answer;
};
