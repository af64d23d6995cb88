import { encodePem } from '../../pki/certificate.ts';
import { toTimestamp } from '../key-answer.ts';
import type { Operation } from '../operation.ts';
import { tokenFor } from '../token.ts';

export const getParametersForExport: Operation<'GetParametersForExport'> = async (input, context) => {
  const request = {
    purpose: 'EXPORT',
    materialType: input.KeyMaterialType,
    keyAlgorithm: input.SigningKeyAlgorithm,
    reuse: input.ReuseLastGeneratedToken,
  } as const;
  const token = await tokenFor(request, context);
  return {
    SigningKeyCertificate: encodePem(token.certificate),
    SigningKeyCertificateChain: encodePem(token.certificateChain),
    SigningKeyAlgorithm: token.keyAlgorithm,
    ExportToken: token.tokenId,
    ParametersValidUntilTimestamp: toTimestamp(token.validUntil),
  };
};
