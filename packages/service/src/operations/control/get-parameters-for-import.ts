import { encodePem } from '../../pki/certificate.ts';
import { toTimestamp } from '../key-answer.ts';
import type { Operation } from '../operation.ts';
import { tokenFor } from '../token.ts';

export const getParametersForImport: Operation<'GetParametersForImport'> = async (input, context) => {
  const request = {
    purpose: 'IMPORT',
    materialType: input.KeyMaterialType,
    keyAlgorithm: input.WrappingKeyAlgorithm,
    reuse: input.ReuseLastGeneratedToken,
  } as const;
  const token = await tokenFor(request, context);
  return {
    WrappingKeyCertificate: encodePem(token.certificate),
    WrappingKeyCertificateChain: encodePem(token.certificateChain),
    WrappingKeyAlgorithm: token.keyAlgorithm,
    ImportToken: token.tokenId,
    ParametersValidUntilTimestamp: toTimestamp(token.validUntil),
  };
};
