import { equal } from '@keywright/crypto';
import { AwsException } from '../api/exceptions.ts';
import type { AccessKeys, Role } from './access-keys.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { hashBody, stringToSign, type WireRequest } from './canonical-request.ts';
import { checkRequestTime } from './request-time.ts';
import { deriveSigningKey, keepSigningKeys, sign } from './signing-key.ts';

/** Who asks, and of which region. */
export interface Caller {
  readonly accessKeyId: string;
  readonly user: string;
  readonly role: Role;
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

function header(request: WireRequest, name: string): string | undefined {
  return request.headers[name]?.join(',');
}

/** A header that AWS gives a meaning and that isn't signed could be changed on the way. */
function checkSignedHeaders({ headers }: WireRequest, signed: readonly string[]): void {
  const needed = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const missing = needed.find((name) => !signed.includes(name));
  if (!signed.includes('host') || missing !== undefined) {
    throw invalidSignature(`'${missing ?? 'host'}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

/** The header is not needed, but one that is there must tell the truth. */
function checkBodyHash(request: WireRequest, bodyHash: string): void {
  const claimed = header(request, 'x-amz-content-sha256');
  if (claimed !== undefined && claimed !== bodyHash) {
    throw invalidSignature('The X-Amz-Content-Sha256 header does not match the body.');
  }
}

function authorizationOf(request: WireRequest, service: string): Authorization {
  // A presigned URL carries its signature in the query; no client of this service uses one, and none is accepted.
  const value = header(request, 'authorization');
  if (value === undefined) {
    throw new AwsException('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return readAuthorization(value, service);
}

function unrecognized(): AwsException {
  return new AwsException(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

function textToSign(
  request: WireRequest,
  { date, region, signedHeaders }: Authorization,
  service: string,
  bodyHash: string,
): string {
  const scope = `${date}/${region}/${service}/aws4_request`;
  try {
    return stringToSign(request, signedHeaders, bodyHash, header(request, 'x-amz-date')!, scope);
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
  const keep = keepSigningKeys();
  return async (request, now, service = SERVICE) => {
    const authorization = authorizationOf(request, service);
    const { accessKeyId, date, region, signature } = authorization;
    const accessKey = await accessKeys.find(accessKeyId);
    // Session tokens belong to temporary credentials, which this service gives to nobody: each is an unknown one.
    if (!accessKey || request.headers['x-amz-security-token']) throw unrecognized();
    checkSignedHeaders(request, authorization.signedHeaders);
    checkRequestTime(header(request, 'x-amz-date') ?? '', date, now);
    const bodyHash = hashBody(request.body);
    checkBodyHash(request, bodyHash);
    const key = await keep(`${accessKeyId}/${date}/${region}/${service}`, async () => {
      using secret = await accessKey.openSecret();
      return deriveSigningKey(secret, date, region, service);
    });
    const expected = sign(key, textToSign(request, authorization, service, bodyHash));
    if (!equal(expected, Buffer.from(signature, 'hex'))) throw invalidSignature(MISMATCH);
    return { accessKeyId, user: accessKey.user, role: accessKey.role, region };
  };
}
