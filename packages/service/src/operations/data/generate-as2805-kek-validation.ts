import {
  adjustOddParity,
  answerKekValidation,
  decodeHex,
  encodeHex,
  type KekValidationMask,
  randomBytes,
  requestKekValidation,
  Secret,
} from '@keywright/crypto';
import type {
  KekValidationRequest,
  RandomKeyMaxLength,
  RandomKeySendVariantMask,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { findAs2805Kek } from '../as2805-kek.ts';
import type { Operation } from '../operation.ts';
import { storedKeyAnswer } from './working-key.ts';

const MASKS: Readonly<Record<RandomKeySendVariantMask, KekValidationMask>> = {
  VARIANT_MASK_82: '82',
  VARIANT_MASK_82C0: '82C0',
};

const MAX_LENGTHS: Readonly<Record<RandomKeyMaxLength, number>> = { BYTES_8: 8, BYTES_16: 16, BYTES_24: 24 };

/** A random key of the algorithm, or as much of one as may be sent. */
function randomKey({ DeriveKeyAlgorithm, RandomKeyMaxLength = 'BYTES_24' }: KekValidationRequest): Secret {
  const lengths: Partial<Record<string, number>> = { TDES_2KEY: 16, TDES_3KEY: 24 };
  const length = lengths[DeriveKeyAlgorithm];
  if (length === undefined) {
    throw invalid(`DeriveKeyAlgorithm ${DeriveKeyAlgorithm} is not valid here: use TDES_2KEY or TDES_3KEY.`);
  }
  using random = Secret.take(randomBytes(Math.min(length, MAX_LENGTHS[RandomKeyMaxLength])));
  return adjustOddParity(random);
}

/**
 * Proves to another node that both hold the same KEK (AS 2805.6.3): the request of the node that begins, with the answer that it
 * must get, or the answer to another node's request.
 */
export const generateAs2805KekValidation: Operation<'GenerateAs2805KekValidation'> = async (
  { KeyIdentifier, KekValidationType, RandomKeySendVariantMask },
  context,
) => {
  const { KekValidationRequest: request, KekValidationResponse: response } = KekValidationType;
  const mask = MASKS[RandomKeySendVariantMask];
  const mode = request === undefined ? 'Unwrap' : 'Wrap';
  const record = await findAs2805Kek(KeyIdentifier, mode, context, 'ValidationException');
  const answer = storedKeyAnswer(record, context);
  using random = request === undefined ? undefined : randomKey(request);
  using kek = await context.vault.openKey(record);
  if (random !== undefined) {
    const { send, receive } = requestKekValidation({ kek, mask, randomKey: random });
    return { ...answer, RandomKeySend: encodeHex(send), RandomKeyReceive: encodeHex(receive) };
  }
  // A union, which the model's validation has seen to have one member.
  const { RandomKeySend } = response!;
  const receive = answerKekValidation({ kek, mask, send: decodeHex(RandomKeySend, 'RandomKeySend') });
  return { ...answer, RandomKeySend: RandomKeySend.toUpperCase(), RandomKeyReceive: encodeHex(receive) };
};
