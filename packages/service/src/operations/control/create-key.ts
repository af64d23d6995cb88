import type { CreateKeyInput } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import { comesLater, refuseLaterMembers } from '../../policy/later.ts';
import { generateKey } from '../generate-key.ts';
import { storeNewKey } from '../new-key.ts';
import type { Operation } from '../operation.ts';

function checkRequest(input: CreateKeyInput): void {
  refuseLaterMembers(input);
  const { KeyClass, KeyUsage, KeyAlgorithm } = input.KeyAttributes;
  checkAttributes(input.KeyAttributes);
  if (KeyClass !== 'SYMMETRIC_KEY') {
    throw comesLater(`KeyClass ${KeyClass} (${KeyAlgorithm})`, 'asymmetric keys come');
  }
  if (input.DeriveKeyUsage !== undefined) {
    throw invalid(
      `DeriveKeyUsage is not valid for ${KeyUsage}: it is for TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT; leave it out.`,
    );
  }
}

export const createKey: Operation<'CreateKey'> = async (input, context) => {
  checkRequest(input);
  using key = generateKey(input.KeyAttributes.KeyAlgorithm);
  const made = {
    attributes: input.KeyAttributes,
    origin: 'AWS_PAYMENT_CRYPTOGRAPHY',
    exportability: input.Exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE',
  } as const;
  return { Key: await storeNewKey(key, made, input, context) };
};
