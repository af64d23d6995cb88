import { encodeBase64 } from '@keywright/crypto';
import type {
  GetParametersForImportInput,
  GetParametersForImportOutput,
  KeyAlgorithm,
  KeyMaterialType,
} from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { comesLater } from '../../policy/later.ts';
import { oneOf } from '../../policy/wording.ts';
import type { ImportTokenRecord } from '../../store/store.ts';
import { makeImportToken, WRAPPING_KEY_BITS, type WrappingKeyAlgorithm } from '../import/import-token.ts';
import { toTimestamp } from '../key-answer.ts';
import type { Context, Operation } from '../operation.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A token with less left is not given out again. */
const REUSABLE_DAYS = 7;

function checkMaterialType(type: KeyMaterialType): void {
  if (type === 'KEY_CRYPTOGRAM') return;
  if (type === 'TR34_KEY_BLOCK') throw comesLater('KeyMaterialType TR34_KEY_BLOCK', 'TR-34 comes');
  throw invalid(`KeyMaterialType ${type} needs no import token: use KEY_CRYPTOGRAM.`);
}

function isWrappingKeyAlgorithm(algorithm: KeyAlgorithm): algorithm is WrappingKeyAlgorithm {
  return Object.hasOwn(WRAPPING_KEY_BITS, algorithm);
}

async function reusableToken(
  { KeyMaterialType, WrappingKeyAlgorithm, ReuseLastGeneratedToken }: GetParametersForImportInput,
  { region, store, now }: Context,
): Promise<ImportTokenRecord | undefined> {
  if (!ReuseLastGeneratedToken) return undefined;
  const token = await store.latestImportToken(region, KeyMaterialType, WrappingKeyAlgorithm);
  return token !== undefined && token.validUntil - now() >= REUSABLE_DAYS * DAY ? token : undefined;
}

/** Certificates go out as base64 of their PEM text. */
function toAnswer(token: ImportTokenRecord): GetParametersForImportOutput {
  return {
    WrappingKeyCertificate: encodeBase64(Buffer.from(token.certificate)),
    WrappingKeyCertificateChain: encodeBase64(Buffer.from(token.certificateChain)),
    WrappingKeyAlgorithm: token.wrappingKeyAlgorithm,
    ImportToken: token.tokenId,
    ParametersValidUntilTimestamp: toTimestamp(token.validUntil),
  };
}

export const getParametersForImport: Operation<'GetParametersForImport'> = async (input, context) => {
  const { KeyMaterialType, WrappingKeyAlgorithm } = input;
  checkMaterialType(KeyMaterialType);
  if (!isWrappingKeyAlgorithm(WrappingKeyAlgorithm)) {
    const allowed = oneOf(Object.keys(WRAPPING_KEY_BITS));
    throw invalid(
      `WrappingKeyAlgorithm ${WrappingKeyAlgorithm} is not valid for KEY_CRYPTOGRAM: use ${allowed}.`,
    );
  }
  const token =
    (await reusableToken(input, context)) ?? (await makeImportToken(WrappingKeyAlgorithm, context));
  return toAnswer(token);
};
