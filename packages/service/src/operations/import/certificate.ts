import type { KeyObject } from 'node:crypto';
import { Secret } from '@keywright/crypto';
import type {
  Key,
  KeyAttributes,
  RootCertificatePublicKey,
  TrustedCertificatePublicKey,
} from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { certificatePem, readCertificate } from '../../pki/certificate.ts';
import { algorithmOfCertificate, checkChain, type Named } from '../../pki/chain.ts';
import { exportPublicKey } from '../../pki/public-key.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import { checkValueOfPublicKey } from '../asymmetric-key.ts';
import { checkIssuedBy } from '../certificates/trust.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';

const ROOT_USAGE = 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE';

function read({ PublicKeyCertificate }: RootCertificatePublicKey): Named {
  const name = 'PublicKeyCertificate';
  return { name, certificate: readCertificate(PublicKeyCertificate, name) };
}

function checkPublicAttributes(attributes: KeyAttributes, named: Named): void {
  if (attributes.KeyClass !== 'PUBLIC_KEY') {
    throw invalid(`KeyClass ${attributes.KeyClass} is not valid for a certificate: use PUBLIC_KEY.`);
  }
  checkAttributes(attributes);
  const algorithm = algorithmOfCertificate(named);
  if (attributes.KeyAlgorithm !== algorithm) {
    throw invalid(
      `KeyAlgorithm ${attributes.KeyAlgorithm} is not that of the key in ${named.name}: use ${algorithm}.`,
    );
  }
}

function checkRoot(named: Named, now: number): void {
  if (!named.certificate.checkIssued(named.certificate)) {
    throw invalid(
      `${named.name} is not a root, since it was issued by another: import that one as the root, and this one as TrustedCertificatePublicKey.`,
    );
  }
  checkChain([named], now);
}

/** What is sealed is no secret: it binds the certificate and all else in the record. */
async function store(
  { certificate }: Named,
  key: { attributes: KeyAttributes; authorityKeyId?: string },
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  using clear = sealedForm(certificate.publicKey);
  const made = {
    ...key,
    origin: 'EXTERNAL',
    exportability: 'EXPORTABLE',
    certificate: certificatePem(certificate),
    check: checkValueOfPublicKey(certificate.publicKey),
  } as const;
  return await storeNewKey(clear, made, settings, context);
}

function sealedForm(publicKey: KeyObject): Secret {
  return Secret.copyOf(exportPublicKey(publicKey));
}

/** Takes in the certificate of an authority that has no other above it. */
export async function importRootCertificate(
  material: RootCertificatePublicKey,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const { KeyAttributes: attributes } = material;
  const named = read(material);
  checkPublicAttributes(attributes, named);
  if (attributes.KeyUsage !== ROOT_USAGE) {
    throw invalid(`KeyUsage ${attributes.KeyUsage} is not valid for a root certificate: use ${ROOT_USAGE}.`);
  }
  checkRoot(named, context.now());
  return store(named, { attributes }, settings, context);
}

/** Takes in a certificate that was issued by an authority that is here already, or by one below it. */
export async function importTrustedCertificate(
  material: TrustedCertificatePublicKey,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const { KeyAttributes: attributes, CertificateAuthorityPublicKeyIdentifier } = material;
  const named = read(material);
  checkPublicAttributes(attributes, named);
  const authority = await checkIssuedBy(named, CertificateAuthorityPublicKeyIdentifier, context);
  return store(named, { attributes, authorityKeyId: authority.keyId }, settings, context);
}
