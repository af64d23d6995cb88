import { X509Certificate } from 'node:crypto';
import type { KeyPairOwner } from '@keywright/crypto';
import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import type { AllowedKeys } from '../policy/key-use.ts';
import type { TokenPurpose } from '../store/records/token.ts';
import { openPrivateKey, parsePrivateKey } from './asymmetric-key.ts';
import { readRsaCertificate } from './certificates/rsa-certificate.ts';
import type { Context } from './operation.ts';
import { findToken } from './token.ts';
import { findUsableKey } from './usable-key.ts';

/** A key pair of ours in an exchange by TR-34. */
export interface Tr34KeyPair extends KeyPairOwner {
  readonly algorithm: KeyAlgorithm;
}

/** Where a caller says which key pair of ours to use: a token that was made for it, or a stored key with a certificate. */
export interface Tr34KeyPairChoice {
  readonly token: string | undefined;
  readonly identifier: string | undefined;
  readonly certificate: string | undefined;
}

interface Role {
  /** The members that a request has the choice in. */
  readonly members: { readonly [_ in keyof Tr34KeyPairChoice]: string };
  readonly keys: AllowedKeys;
}

const RSA = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

/** On import we are the key receiving device (KRD), on export the key distribution host (KDH). */
const ROLES: Readonly<Record<TokenPurpose, Role>> = {
  IMPORT: {
    members: {
      token: 'ImportToken',
      identifier: 'WrappingKeyIdentifier',
      certificate: 'WrappingKeyCertificate',
    },
    keys: { usages: ['TR31_K2_TR34_ASYMMETRIC_KEY'], algorithms: RSA, modes: ['Unwrap'] },
  },
  EXPORT: {
    members: {
      token: 'ExportToken',
      identifier: 'SigningKeyIdentifier',
      certificate: 'SigningKeyCertificate',
    },
    keys: {
      usages: ['TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE'],
      algorithms: RSA,
      modes: ['Sign'],
    },
  },
};

async function pairOfToken(tokenId: string, purpose: TokenPurpose, context: Context): Promise<Tr34KeyPair> {
  const token = await findToken(tokenId, purpose, 'TR34_KEY_BLOCK', context);
  using der = await context.vault.openToken(token);
  const { raw: certificate } = new X509Certificate(token.certificate);
  return { algorithm: token.keyAlgorithm, certificate, privateKey: parsePrivateKey(der) };
}

async function storedPair(
  identifier: string,
  certificateText: string,
  { members, keys }: Role,
  context: Context,
): Promise<Tr34KeyPair> {
  const record = await findUsableKey(identifier, keys, context, 'ConflictException');
  const { certificate, algorithm } = readRsaCertificate(certificateText, members.certificate, context);
  const privateKey = await openPrivateKey(record, context);
  if (certificate.checkPrivateKey(privateKey)) {
    return { algorithm, certificate: certificate.raw, privateKey };
  }
  throw invalid(
    `The keys represented by ${members.identifier} and ${members.certificate} do not match: send a certificate of the ` +
      'key, from GetPublicKeyCertificate or for its GetCertificateSigningRequest.',
  );
}

/** The key pair that the caller chose, once it is sure that it may be used. */
export async function openTr34KeyPair(
  choice: Tr34KeyPairChoice,
  purpose: TokenPurpose,
  context: Context,
): Promise<Tr34KeyPair> {
  const role = ROLES[purpose];
  const { token, identifier, certificate } = choice;
  // The model lets an empty token through, which is none.
  if (token && identifier === undefined && certificate === undefined) {
    return pairOfToken(token, purpose, context);
  }
  if (!token && identifier !== undefined && certificate !== undefined) {
    return storedPair(identifier, certificate, role, context);
  }
  const { members } = role;
  throw invalid(
    `Tr34KeyBlock must have ${members.token}, or ${members.identifier} and ${members.certificate} together: ` +
      `give the one or the others.`,
  );
}
