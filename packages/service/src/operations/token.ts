import type { KeyAlgorithm, KeyMaterialType } from '../api/control-plane.generated.ts';
import { invalid, notFound } from '../api/exceptions.ts';
import { oneOf } from '../policy/wording.ts';
import type { TokenPurpose, TokenRecord } from '../store/records/token.ts';
import { issueAccountCertificate } from './certificates/account-authority.ts';
import { exportPrivateKey, generatePair } from './generate-key-pair.ts';
import type { Context } from './operation.ts';
import { randomId } from './random-id.ts';

/** The tokens of each purpose: what they are called, what material they are for, and what their keys do. */
const TOKENS = {
  IMPORT: {
    kind: 'import token',
    prefix: 'import-token-',
    member: 'ImportToken',
    algorithmMember: 'WrappingKeyAlgorithm',
    from: 'GetParametersForImport',
    materialTypes: ['TR34_KEY_BLOCK', 'KEY_CRYPTOGRAM'],
    certifiedFor: 'key-encipherment',
  },
  EXPORT: {
    kind: 'export token',
    prefix: 'export-token-',
    member: 'ExportToken',
    algorithmMember: 'SigningKeyAlgorithm',
    from: 'GetParametersForExport',
    materialTypes: ['TR34_KEY_BLOCK'],
    certifiedFor: 'signature',
  },
} as const;

const ALGORITHMS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

type TokenAlgorithm = (typeof ALGORITHMS)[number];

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const VALID_DAYS = 30;
/** A token with less left is not given out again. */
const REUSABLE_DAYS = 7;

/** What a caller asks a token for. */
export interface TokenRequest {
  readonly purpose: TokenPurpose;
  readonly materialType: KeyMaterialType;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Whether the last token of this kind will do. */
  readonly reuse: boolean | undefined;
}

function checkMaterialType({ purpose, materialType }: TokenRequest): void {
  const { materialTypes, kind } = TOKENS[purpose];
  if ((materialTypes as readonly KeyMaterialType[]).includes(materialType)) return;
  throw invalid(`KeyMaterialType ${materialType} needs no ${kind}: use ${oneOf(materialTypes)}.`);
}

function checkAlgorithm({ purpose, materialType, keyAlgorithm }: TokenRequest): TokenAlgorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm === keyAlgorithm);
  if (found !== undefined) return found;
  const { algorithmMember } = TOKENS[purpose];
  throw invalid(
    `${algorithmMember} ${keyAlgorithm} is not valid for ${materialType}: use ${oneOf(ALGORITHMS)}.`,
  );
}

async function lastToken(
  { purpose, materialType, keyAlgorithm, reuse }: TokenRequest,
  { region, store, now }: Context,
): Promise<TokenRecord | undefined> {
  if (!reuse) return undefined;
  const token = await store.latestToken(region, purpose, materialType, keyAlgorithm);
  return token !== undefined && token.validUntil - now() >= REUSABLE_DAYS * DAY ? token : undefined;
}

/** Makes and stores a key pair. It serves until its certificate expires. */
async function makeToken(
  { purpose, materialType }: TokenRequest,
  keyAlgorithm: TokenAlgorithm,
  context: Context,
): Promise<TokenRecord> {
  const { prefix, certifiedFor } = TOKENS[purpose];
  const { publicKey, privateKey } = await generatePair(keyAlgorithm);
  const createdAt = context.now();
  const issued = await issueAccountCertificate(publicKey, certifiedFor, VALID_DAYS, context);
  const token = {
    region: context.region,
    tokenId: `${prefix}${randomId()}`,
    purpose,
    materialType,
    keyAlgorithm,
    certificate: issued.certificate,
    certificateChain: issued.chain,
    // A certificate counts whole seconds; the token ends no later than its certificate.
    validUntil: createdAt - (createdAt % SECOND) + VALID_DAYS * DAY,
    createdAt,
  };
  using clear = exportPrivateKey(privateKey);
  const record = await context.vault.sealToken(token, clear);
  await context.store.insertToken(record);
  return record;
}

/** A token for what the caller asks, the last one if that will do. */
export async function tokenFor(request: TokenRequest, context: Context): Promise<TokenRecord> {
  checkMaterialType(request);
  const algorithm = checkAlgorithm(request);
  return (await lastToken(request, context)) ?? (await makeToken(request, algorithm, context));
}

/** Finds a token that a caller gives back, and checks that it is for this and still valid. */
export async function findToken(
  tokenId: string,
  purpose: TokenPurpose,
  materialType: KeyMaterialType,
  { region, store, now }: Context,
): Promise<TokenRecord> {
  const { member, from } = TOKENS[purpose];
  const token = await store.findToken(region, tokenId);
  if (token === undefined) throw notFound(tokenId);
  if (token.purpose !== purpose || token.materialType !== materialType) {
    throw invalid(`${member} ${tokenId} is for ${token.materialType}: use one for ${materialType}.`);
  }
  if (token.validUntil <= now()) {
    throw invalid(`${member} ${tokenId} has expired: call ${from} for a new one.`);
  }
  return token;
}
