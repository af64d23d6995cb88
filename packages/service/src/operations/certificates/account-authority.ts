import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificatePem } from '../../pki/certificate.ts';
import { type Certified, issueLeaf, issueRoot } from '../../pki/issue.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { DuplicateRecordError } from '../../store/errors.ts';
import type { AuthorityRecord } from '../../store/records/authority.ts';
import { parsePrivateKey } from '../asymmetric-key.ts';
import { exportPrivateKey, generatePair } from '../generate-key-pair.ts';
import type { Context } from '../operation.ts';

/** What a key is certified for. */
export type Purpose = 'key-encipherment' | 'signature' | 'key-agreement';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const AUTHORITY_DAYS = 5 * 365;

/** Begins an hour ago, for those whose clocks are behind. */
function validity(now: number, days: number): Certified['validity'] {
  return { notBefore: now - HOUR, notAfter: now + days * DAY };
}

/** What tells keys of one account apart: their identifiers. */
function serialNumber(publicKey: KeyObject): string {
  return keyIdentifier(publicKey).toString('hex').toUpperCase();
}

async function makeAuthority(generation: number, context: Context): Promise<AuthorityRecord> {
  const { account, region, now, vault } = context;
  const { publicKey, privateKey } = await generatePair('RSA_4096');
  const createdAt = now();
  const name = {
    organization: 'Keywright',
    unit: region,
    common: account,
    serialNumber: serialNumber(publicKey),
  };
  const certified = { name, publicKey, validity: validity(createdAt, AUTHORITY_DAYS) };
  const certificate = certificatePem(await issueRoot(certified, privateKey));
  using clear = exportPrivateKey(privateKey);
  return vault.sealAuthority({ region, generation, certificate, createdAt }, clear);
}

/** Makes and stores an authority, unless another request was first to store one of that generation. */
async function storeAuthority(generation: number, context: Context): Promise<void> {
  const authority = await makeAuthority(generation, context);
  try {
    await context.store.insertAuthority(authority);
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
  }
}

/** The region's authority, made when it is first asked for and anew when the present one ends before `until`. */
async function authorityUntil(until: number, context: Context): Promise<AuthorityRecord> {
  const latest = await context.store.latestAuthority(context.region);
  if (latest !== undefined && new X509Certificate(latest.certificate).validToDate.getTime() >= until) {
    return latest;
  }
  await storeAuthority((latest?.generation ?? 0) + 1, context);
  return authorityUntil(until, context);
}

/**
 * Issues a certificate in the account's name, by the authority that the account has in the region.
 *
 * @param days until it ends
 * @returns PEM: the certificate, and that of its authority
 */
export async function issueAccountCertificate(
  publicKey: KeyObject,
  purpose: Purpose,
  days: number,
  context: Context,
): Promise<{ certificate: string; chain: string }> {
  const valid = validity(context.now(), days);
  const authority = await authorityUntil(valid.notAfter, context);
  using clear = await context.vault.openAuthority(authority);
  const name = { common: context.account, serialNumber: serialNumber(publicKey) };
  const certified = { name, publicKey, purpose, validity: valid };
  const issuer = new X509Certificate(authority.certificate);
  const certificate = await issueLeaf(certified, issuer, parsePrivateKey(clear));
  return { certificate: certificatePem(certificate), chain: authority.certificate };
}
