import { keyAnswer } from '../key-answer.ts';
import { resolveKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

export const getKey: Operation<'GetKey'> = async ({ KeyIdentifier }, context) => ({
  Key: keyAnswer(await resolveKey(KeyIdentifier, context), context),
});
