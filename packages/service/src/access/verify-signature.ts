import { AwsException } from '../api/exceptions.ts';
import type { IdentityPolicy } from '../policy/identity-policy.ts';
import type { AccessKey, AccessKeys, Role } from './access-keys.ts';
import { authorizationReader, type SigningClaim } from './authorization.ts';
import { hashBody, stringToSign, type WireRequest } from './canonical-request.ts';
import { checkRequestTime } from './request-time.ts';
import { deriveSigningKey, keepSigningKeys } from './signing-key.ts';

/** Who asks, and of which region. */
export interface Caller {
  readonly accessKeyId: string;
  readonly user: string;
  /** The person who was given the secret access key, where that is another than the user. */
  readonly owner?: string | undefined;
  readonly role: Role;
  /** What the policy of the access key allows; none where it has no policy. */
  readonly identity?: IdentityPolicy | undefined;
  readonly region: string;
}

/** The signing name of both planes. */
const SERVICE = 'payment-cryptography';

/**
 * Rejects with an AwsException of the code that AWS gives: missing, incomplete, unrecognized, expired or wrong. `service` is the
 * signing name that the request must be scoped to, the planes' own unless told.
 */
export type VerifySignature = (request: WireRequest, now: number, service?: string) => Promise<Caller>;

function invalidSignature(message: string): AwsException {
  return new AwsException('InvalidSignatureException', message);
}

/** A header that AWS gives a meaning and that isn't signed could be changed on the way. */
function checkSignedHeaders({ headers }: WireRequest, signed: readonly string[]): void {
  let missing = signed.includes('host') ? undefined : 'host';
  for (const name in headers) if (name.startsWith('x-amz-') && !signed.includes(name)) missing ??= name;
  if (missing === undefined) return;
  throw invalidSignature(`'${missing}' must be a 'SignedHeader' in the AWS Authorization.`);
}

/** The header is not needed, but one that is there must tell the truth. */
function checkBodyHash({ headers }: WireRequest, bodyHash: string): void {
  const claimed = headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== bodyHash) {
    throw invalidSignature('The X-Amz-Content-Sha256 header does not match the body.');
  }
}

function authorizationHeader({ headers }: WireRequest): string {
  // A presigned URL carries its signature in the query; no client of this service uses one, and none is accepted.
  if (headers.authorization !== undefined) return headers.authorization;
  throw new AwsException('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

function unrecognized(): AwsException {
  return new AwsException(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

function textToSign(request: WireRequest, claim: SigningClaim, bodyHash: string): string {
  try {
    return stringToSign(request, claim, bodyHash, request.headers['x-amz-date']!);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new AwsException('IncompleteSignatureException', 'The query of the URL is not well escaped.');
  }
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** The check of AWS Signature Version 4 in its header form, against the access keys given. */
export function signatureVerifier(accessKeys: AccessKeys): VerifySignature {
  const read = authorizationReader();
  const kept = keepSigningKeys();

  async function derive(accessKey: AccessKey, { credential, date, region }: SigningClaim, service: string) {
    using secret = await accessKey.openSecret();
    // Another request may have been first; to keep a second one would wipe the first while it is in use.
    const known = kept.get(credential);
    if (known) return known;
    const key = deriveSigningKey(secret, date, region, service);
    kept.set(credential, key);
    return key;
  }

  return async (request, now, service = SERVICE) => {
    const { claim, signature } = read(authorizationHeader(request), service);
    const { accessKeyId, date, region, signedHeaders } = claim;
    const accessKey = await accessKeys.find(accessKeyId);
    // Session tokens belong to temporary credentials, which this service gives to nobody: each is an unknown one.
    if (!accessKey || request.headers['x-amz-security-token']) throw unrecognized();
    checkSignedHeaders(request, signedHeaders);
    checkRequestTime(request.headers['x-amz-date'] ?? '', date, now);
    const bodyHash = hashBody(request.body);
    checkBodyHash(request, bodyHash);
    const text = textToSign(request, claim, bodyHash);
    const key = kept.get(claim.credential) ?? (await derive(accessKey, claim, service));
    if (!key.verify(text, signature)) throw invalidSignature(MISMATCH);
    const { user, owner, role, identity } = accessKey;
    return { accessKeyId, user, owner, role, identity, region };
  };
}
