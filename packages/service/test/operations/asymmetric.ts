import { generateKeyPairSync } from 'node:crypto';
import type { CreateKeyInput, KeyAttributes, KeyUsage } from '../../src/api/control-plane.generated.ts';
import { exportPrivateKey } from '../../src/operations/generate-key-pair.ts';
import type { Context } from '../../src/operations/operation.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { issueRoot } from '../../src/pki/issue.ts';
import type { AsymmetricAlgorithm } from '../../src/pki/public-key.ts';
import { type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import type { Party } from '../pki/openssl.ts';
import { DAY, type Service } from './service.ts';

export const USAGES = {
  D1: 'TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION',
  K2: 'TR31_K2_TR34_ASYMMETRIC_KEY',
  K3: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
  S0: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
} as const satisfies Record<string, KeyUsage>;

type Code = keyof typeof USAGES;

function attributesOf(
  KeyClass: KeyAttributes['KeyClass'],
  [usage, KeyAlgorithm, mode]: readonly [Code, AsymmetricAlgorithm, ModeLetter],
): KeyAttributes {
  return { KeyUsage: USAGES[usage], KeyClass, KeyAlgorithm, KeyModesOfUse: modesOfLetter(mode) };
}

/** A request for a key pair. */
export function pair(
  usage: Code,
  algorithm: AsymmetricAlgorithm,
  mode: ModeLetter,
  changes: Partial<CreateKeyInput> = {},
): CreateKeyInput {
  const purpose = usage === 'K3' ? ({ DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' } as const) : {};
  const KeyAttributes = attributesOf('ASYMMETRIC_KEY_PAIR', [usage, algorithm, mode]);
  return { KeyAttributes, Exportable: true, ...purpose, ...changes };
}

/** Attributes of a certificate's key; those of an authority unless others are given. */
export function publicKey(
  algorithm: AsymmetricAlgorithm = 'ECC_NIST_P256',
  usage: Code = 'S0',
  mode: ModeLetter = 'V',
): KeyAttributes {
  return attributesOf('PUBLIC_KEY', [usage, algorithm, mode]);
}

/** Imports a root. @returns its ARN */
export async function importRoot(
  service: Service,
  root: Party,
  algorithm?: AsymmetricAlgorithm,
): Promise<string> {
  const RootCertificatePublicKey = {
    KeyAttributes: publicKey(algorithm),
    PublicKeyCertificate: root.base64,
  };
  return (await service.call('ImportKey', { KeyMaterial: { RootCertificatePublicKey } })).Key.KeyArn;
}

export function trusted(certificate: Party, authority: string, attributes: KeyAttributes = publicKey()) {
  const TrustedCertificatePublicKey = {
    KeyAttributes: attributes,
    PublicKeyCertificate: certificate.base64,
    CertificateAuthorityPublicKeyIdentifier: authority,
  };
  return { KeyMaterial: { TrustedCertificatePublicKey } };
}

const authorityKey = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Gives the account an authority whose key is made already, and quicker to make than a real one's. */
export async function giveAuthority({ account, region, store, vault, now }: Context): Promise<void> {
  const { publicKey, privateKey } = authorityKey;
  const createdAt = now();
  const validity = { notBefore: createdAt, notAfter: createdAt + 1000 * DAY };
  const root = await issueRoot({ name: { common: account }, publicKey, validity }, privateKey);
  using clear = exportPrivateKey(privateKey);
  const record = { region, generation: 1, certificate: certificatePem(root), createdAt };
  await store.insertAuthority(await vault.sealAuthority(record, clear));
}
