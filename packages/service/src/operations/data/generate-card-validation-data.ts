import type { ValueLength } from '@keywright/crypto';
import type { Operation } from '../operation.ts';
import { cardValidationData } from './card-validation-data.ts';

/** The schemes' own length of everything but the codes of American Express. */
const USUAL_LENGTH = 3;

/** Makes the value by which a card, or one transaction of it, is recognised: CVV, CVV2, CSC, dCVV, CVC3. */
export const generateCardValidationData: Operation<'GenerateCardValidationData'> = async (input, context) => {
  const length = (input.ValidationDataLength ?? USUAL_LENGTH) as ValueLength;
  const request = { ...input, attributes: input.GenerationAttributes };
  const { answer, value } = await cardValidationData('Generate', request, length, context);
  return { ...answer, ValidationData: value };
};
