import { createHash, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type KeyBlockHeader, Secret, unwrapKeyBlock, wrapKeyBlock } from '@keywright/crypto';
import type {
  ImportDiffieHellmanTr31KeyBlock,
  KeyDerivationFunction,
  KeyDerivationHashAlgorithm,
  SymmetricKeyAlgorithm,
} from '../../src/api/control-plane.generated.ts';
import { issuedBy, type Party, type Profile, put, selfSigned } from '../pki/openssl.ts';

export const CURVES = {
  ECC_NIST_P256: { namedCurve: 'prime256v1', strongest: 'AES_128', fieldLength: 32 },
  ECC_NIST_P384: { namedCurve: 'secp384r1', strongest: 'AES_192', fieldLength: 48 },
  ECC_NIST_P521: { namedCurve: 'secp521r1', strongest: 'AES_256', fieldLength: 66 },
} as const;

export type Curve = keyof typeof CURVES;

export const DERIVED_LENGTHS = {
  TDES_2KEY: 16,
  TDES_3KEY: 24,
  AES_128: 16,
  AES_192: 24,
  AES_256: 32,
} as const;

/** The other party of an agreement: a key pair of its own, certified by an authority of its own. */
export interface Partner {
  readonly authority: Party;
  readonly leaf: Party;
  readonly privateKey: KeyObject;
}

function makeKey(curve: Curve): { privateKey: KeyObject; file: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: CURVES[curve].namedCurve });
  return { privateKey, file: put(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

export function makePartner(curve: Curve, profile: Partial<Profile> = {}, authority?: Party): Partner {
  const { privateKey, file: key } = makeKey(curve);
  const issuer = authority ?? selfSigned({ name: `${curve} authority`, algorithm: curve });
  return { authority: issuer, leaf: issuedBy(issuer, { name: 'partner', key, ...profile }), privateKey };
}

/** A partner whose one certificate is authority and leaf in one, as in AWS's sample. */
export function makeSelfCertifiedPartner(curve: Curve): Partner {
  const { privateKey, file: key } = makeKey(curve);
  const authority = selfSigned({ name: 'partner', key, extensions: ['basicConstraints=critical,CA:TRUE'] });
  return { authority, leaf: authority, privateKey };
}

/** What both parties agree on besides their keys. */
export interface Derivation {
  readonly algorithm: SymmetricKeyAlgorithm;
  readonly function: KeyDerivationFunction;
  readonly hash: KeyDerivationHashAlgorithm;
  readonly sharedInformation: string;
}

export const DERIVATION: Derivation = {
  algorithm: 'AES_256',
  function: 'NIST_SP800',
  hash: 'SHA_512',
  sharedInformation: '00C0FFEE00',
};

export function termsOf(
  { leaf }: Partner,
  keys: { ours: string; authority: string },
  derivation: Derivation = DERIVATION,
): Omit<ImportDiffieHellmanTr31KeyBlock, 'WrappedKeyBlock'> {
  return {
    PrivateKeyIdentifier: keys.ours,
    CertificateAuthorityPublicKeyIdentifier: keys.authority,
    PublicKeyCertificate: leaf.base64,
    DeriveKeyAlgorithm: derivation.algorithm,
    KeyDerivationFunction: derivation.function,
    KeyDerivationHashAlgorithm: derivation.hash,
    DerivationData: { SharedInformation: derivation.sharedInformation },
  };
}

/** The partner's side of the derivation, from the standards: the counter before the secret, or after it. */
export function deriveKbpk(partner: Partner, ours: KeyObject, derivation: Derivation = DERIVATION): Secret {
  const z = diffieHellman({ privateKey: partner.privateKey, publicKey: ours });
  const counter = Buffer.from('00000001', 'hex');
  const info = Buffer.from(derivation.sharedInformation, 'hex');
  const parts = derivation.function === 'NIST_SP800' ? [counter, z, info] : [z, counter, info];
  const digest = createHash(derivation.hash.replace('_', '')).update(Buffer.concat(parts)).digest();
  const length = DERIVED_LENGTHS[derivation.algorithm as keyof typeof DERIVED_LENGTHS];
  return Secret.copyOf(digest.subarray(0, length));
}

export const KEK_HEADER: KeyBlockHeader = {
  version: 'D',
  keyUsage: 'K0',
  algorithm: 'A',
  modeOfUse: 'B',
  keyVersion: '00',
  exportability: 'E',
  keyContext: '0',
  reserved: '0',
};

export function wrapFor(kbpk: Secret, hex: string, header: Partial<KeyBlockHeader> = {}): string {
  using key = Secret.fromHex(hex);
  return wrapKeyBlock({ kbpk, header: { ...KEK_HEADER, ...header }, key, profile: 'tolerant' });
}

/** The key in a block, in hexadecimal. */
export function unwrapFrom(kbpk: Secret, block: string): { header: KeyBlockHeader; hex: string } {
  const { header, key } = unwrapKeyBlock({ kbpk, block, profile: 'x9.143' });
  using held = key;
  return { header, hex: held.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()) };
}
