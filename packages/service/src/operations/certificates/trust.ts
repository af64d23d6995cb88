import { type KeyObject, X509Certificate } from 'node:crypto';
import { invalid } from '../../api/exceptions.ts';
import { checkChain, type Named } from '../../pki/chain.ts';
import { ASYMMETRIC_ALGORITHMS } from '../../pki/public-key.ts';
import { type AllowedKeys, checkKeyUse } from '../../policy/key-use.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { arnOf, findNamedKey, keyArn, resolveKey } from '../key-identifier.ts';
import type { Context } from '../operation.ts';

const AUTHORITIES: AllowedKeys = {
  usages: ['TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE'],
  algorithms: ASYMMETRIC_ALGORITHMS,
  modes: ['Verify'],
};

/** The certificate of an authority's key, once it is sure that nobody changed the record that it stands in. */
async function certificateOf(record: KeyRecord, context: Context): Promise<Named> {
  const arn = arnOf(record, context);
  checkKeyUse(record, arn, AUTHORITIES);
  if (record.certificate === undefined) {
    throw invalid(
      `Key ${arn} has no certificate: name the key of a root or trusted certificate that was imported.`,
    );
  }
  using _bound = await context.vault.openKey(record);
  return { name: `The certificate of key ${arn}`, certificate: new X509Certificate(record.certificate) };
}

/** The authority that the caller names and those above it, up to the root. */
async function authorities(record: KeyRecord, context: Context): Promise<Named[]> {
  const own = await certificateOf(record, context);
  if (record.authorityKeyId === undefined) return [own];
  const arn = keyArn(context.account, record.region, record.authorityKeyId);
  // Policies say who may name a key; this one was not named.
  return [own, ...(await authorities(await findNamedKey(arn, context), context))];
}

/**
 * Checks a certificate up to the imported root of the authority that the caller names, everything as of now: validity, signatures,
 * names, basic constraints, strength; and that the keys of all its authorities may still be used. A certificate that is itself
 * the authority's needs no other one.
 *
 * @param name what messages call the certificate: the field that it came in
 * @returns the record of the authority
 * @throws AwsException ValidationException with the reason; ResourceNotFoundException when there is no such authority
 */
export async function checkIssuedBy(
  { certificate, name }: Named,
  authorityIdentifier: string,
  context: Context,
): Promise<KeyRecord> {
  const authority = await resolveKey(authorityIdentifier, context);
  const above = await authorities(authority, context);
  const isAuthority = above[0]!.certificate.raw.equals(certificate.raw);
  checkChain(isAuthority ? above : [{ name, certificate }, ...above], context.now());
  return authority;
}

/**
 * As `checkIssuedBy`, for a certificate that comes with a request and is not kept.
 *
 * @param field that it came in, for messages
 * @returns its public key
 */
export async function verifyLeaf(
  leaf: X509Certificate,
  authorityIdentifier: string,
  context: Context,
  field = 'The certificate',
): Promise<KeyObject> {
  await checkIssuedBy({ name: field, certificate: leaf }, authorityIdentifier, context);
  return leaf.publicKey;
}
