import { X509Certificate } from 'node:crypto';
import { checkCertificate, Tr34Error } from '@keywright/crypto';
import type { KeyAlgorithm } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { readCertificate } from '../../pki/certificate.ts';
import { algorithmOfCertificate, type Named } from '../../pki/chain.ts';
import { arnOf } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import { checkIssuedBy } from './trust.ts';

/** The certificate of an RSA key that takes part in an exchange. */
export interface RsaCertificate {
  readonly certificate: X509Certificate;
  readonly algorithm: KeyAlgorithm;
}

/** The certificate of a partner's RSA key, issued by an authority that is here. */
export interface PartnerCertificate extends RsaCertificate {
  readonly authority: { readonly arn: string; readonly certificate: X509Certificate };
}

function rsaAlgorithm(named: Named): KeyAlgorithm {
  const algorithm = algorithmOfCertificate(named);
  if (algorithm.startsWith('RSA_')) return algorithm;
  throw invalid(`${named.name} has a key of ${algorithm}: use a key of RSA_2048, RSA_3072 or RSA_4096.`);
}

/** Throws unless the certificate is in force, and in DER that a token can call it by. */
function checkInForce({ name, certificate }: Named, now: number): void {
  try {
    checkCertificate({ certificate: certificate.raw, now: new Date(now) });
  } catch (error) {
    if (!(error instanceof Tr34Error)) throw error;
    throw invalid(`${name} is not valid: ${error.message}. Ask its authority for another certificate.`);
  }
}

/** Reads the certificate of an RSA key that is in force. Whose it is, and who issued it, is for the caller to check. */
export function readRsaCertificate(text: string, field: string, { now }: Context): RsaCertificate {
  const certificate = readCertificate(text, field);
  const named = { name: field, certificate };
  const algorithm = rsaAlgorithm(named);
  checkInForce(named, now());
  return { certificate, algorithm };
}

/**
 * Reads the certificate of a partner's RSA key and checks it up to the imported root.
 *
 * @throws AwsException ValidationException naming the field; ResourceNotFoundException when there is no such authority
 */
export async function readPartnerCertificate(
  text: string,
  field: string,
  authorityIdentifier: string,
  context: Context,
): Promise<PartnerCertificate> {
  const partner = readRsaCertificate(text, field, context);
  const { certificate } = partner;
  const record = await checkIssuedBy({ name: field, certificate }, authorityIdentifier, context);
  const authority = { arn: arnOf(record, context), certificate: new X509Certificate(record.certificate!) };
  return { ...partner, authority };
}
