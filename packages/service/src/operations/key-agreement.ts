import type { KeyObject } from 'node:crypto';
import { agreeSecret, decodeHex, deriveSharedKey, type KeyDerivationHash } from '@keywright/crypto';
import type {
  DeriveKeyUsage,
  KeyDerivationFunction,
  KeyDerivationHashAlgorithm,
  SymmetricKeyAlgorithm,
} from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { readCertificate } from '../pki/certificate.ts';
import { algorithmOf } from '../pki/public-key.ts';
import type { AllowedKeys, Unusable } from '../policy/key-use.ts';
import { oneOf } from '../policy/wording.ts';
import { checkWrappingStrength } from '../policy/wrapping-strength.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { openPrivateKey } from './asymmetric-key.ts';
import { verifyLeaf } from './certificates/trust.ts';
import { arnOf } from './key-identifier.ts';
import type { Context } from './operation.ts';
import type { ProtectionKey } from './protection-key.ts';
import { findUsableKey } from './usable-key.ts';

/** On what two parties agree on a key with ECDH: whose key pairs, and how the key is made of the shared secret. */
export interface AgreementTerms {
  /** Our key pair. */
  readonly PrivateKeyIdentifier: string;
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  /** The partner's. */
  readonly PublicKeyCertificate: string;
  readonly DeriveKeyAlgorithm: SymmetricKeyAlgorithm;
  readonly KeyDerivationFunction: KeyDerivationFunction;
  readonly KeyDerivationHashAlgorithm: KeyDerivationHashAlgorithm;
  /** Hexadecimal. */
  readonly SharedInformation: string;
}

const AGREEMENT_KEYS: AllowedKeys = {
  usages: ['TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT'],
  algorithms: ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'],
  modes: ['DeriveKey'],
};

const HASHES: Readonly<Record<KeyDerivationHashAlgorithm, KeyDerivationHash>> = {
  SHA_256: 'SHA256',
  SHA_384: 'SHA384',
  SHA_512: 'SHA512',
};

/** Keys to agree on, and the bytes of each. */
const DERIVED_LENGTHS = { TDES_2KEY: 16, TDES_3KEY: 24, AES_128: 16, AES_192: 24, AES_256: 32 } as const;

type DerivedAlgorithm = keyof typeof DERIVED_LENGTHS;

function assertDerivable(algorithm: SymmetricKeyAlgorithm): asserts algorithm is DerivedAlgorithm {
  if (Object.hasOwn(DERIVED_LENGTHS, algorithm)) return;
  const allowed = oneOf(Object.keys(DERIVED_LENGTHS));
  throw invalid(`DeriveKeyAlgorithm ${algorithm} is not valid here: use ${allowed}.`);
}

/** Our key pair, for keys of one of the usages. */
async function findAgreementKey(
  identifier: string,
  usages: readonly DeriveKeyUsage[],
  context: Context,
  unusable: Unusable,
): Promise<KeyRecord> {
  const record = await findUsableKey(identifier, AGREEMENT_KEYS, context, unusable);
  if (record.deriveKeyUsage !== undefined && usages.includes(record.deriveKeyUsage)) return record;
  throw invalid(
    `DeriveKeyUsage of the input key ${arnOf(record, context)} is invalid for the operation. ` +
      `It is ${record.deriveKeyUsage}; use a key with ${oneOf(usages)}.`,
  );
}

/** Throws unless the partner's public key is on the curve of ours. */
function checkCurve(publicKey: KeyObject, ours: KeyRecord): void {
  const { KeyAlgorithm } = ours.attributes;
  const theirs = algorithmOf(publicKey);
  if (theirs === KeyAlgorithm) return;
  throw invalid(
    `PublicKeyCertificate has a key of ${theirs}, where ours is of ${KeyAlgorithm}: ` +
      'send a certificate of a key on the same curve.',
  );
}

/**
 * The key that a key pair of ours and the partner's public key agree on (ECDH), once everything about both is checked.
 *
 * @param usages what the key may be for; our key pair is for one of them
 * @param unusable how to say that our key pair is disabled or being deleted
 */
export async function agreeKey(
  terms: AgreementTerms,
  usages: readonly DeriveKeyUsage[],
  context: Context,
  unusable: Unusable = 'ConflictException',
): Promise<ProtectionKey> {
  const { DeriveKeyAlgorithm: algorithm } = terms;
  assertDerivable(algorithm);
  const ours = await findAgreementKey(terms.PrivateKeyIdentifier, usages, context, unusable);
  checkWrappingStrength(ours.attributes.KeyAlgorithm, algorithm);
  const certificate = readCertificate(terms.PublicKeyCertificate, 'PublicKeyCertificate');
  const publicKey = await verifyLeaf(certificate, terms.CertificateAuthorityPublicKeyIdentifier, context);
  checkCurve(publicKey, ours);
  return {
    arn: arnOf(ours, context),
    algorithm,
    ifWrong: 'the certificates, the key derivation and the SharedInformation of both sides',
    async open() {
      const privateKey = await openPrivateKey(ours, context);
      using sharedSecret = agreeSecret(privateKey, publicKey);
      return deriveSharedKey({
        function: terms.KeyDerivationFunction,
        hash: HASHES[terms.KeyDerivationHashAlgorithm],
        sharedSecret,
        sharedInfo: decodeHex(terms.SharedInformation, 'SharedInformation'),
        length: DERIVED_LENGTHS[algorithm],
      });
    },
  };
}
