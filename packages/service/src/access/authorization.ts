import { AwsException } from '../api/exceptions.ts';
import { BoundedCache } from '../store/bounded-cache.ts';
import { ALGORITHM, type SignedScope } from './canonical-request.ts';

/** All of an Authorization header but the signature: who signed, for which day, region and service, and over which headers. */
export interface SigningClaim extends SignedScope {
  readonly accessKeyId: string;
  /** The access key's id and the scope. */
  readonly credential: string;
  /** yyyymmdd */
  readonly date: string;
  readonly region: string;
}

export interface Authorization {
  readonly claim: SigningClaim;
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string;
}

const REGION = /^[a-z]{2}-[a-z]{1,16}-[0-9]+$/;
const PARTS = ['Credential', 'SignedHeaders', 'Signature'] as const;

function incomplete(message: string): AwsException {
  return new AwsException('IncompleteSignatureException', message);
}

function badScope(message: string): AwsException {
  return new AwsException('InvalidSignatureException', message);
}

function readParts(header: string): Record<(typeof PARTS)[number], string> {
  const pairs = header
    .slice(ALGORITHM.length)
    .split(',')
    .map((pair) => pair.trim().split(/=(.*)/s, 2));
  const parts = Object.fromEntries(pairs) as Record<(typeof PARTS)[number], string>;
  const missing = PARTS.filter((part) => !parts[part]);
  if (missing.length > 0) {
    throw incomplete(missing.map((part) => `Authorization header requires '${part}' parameter.`).join(' '));
  }
  return parts;
}

function readScope(credential: string, expected: string): Omit<SigningClaim, 'signedHeaders'> {
  const elements = credential.split('/');
  if (elements.length !== 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ${elements.length}`,
    );
  }
  const [accessKeyId, date, region, service, terminator] = elements as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (service !== expected) throw badScope(`Credential should be scoped to correct service: '${expected}'.`);
  if (!REGION.test(region)) throw badScope('Credential should be scoped to a valid region.');
  if (terminator !== 'aws4_request') {
    throw badScope("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  return { accessKeyId, credential, date, region, scope: credential.slice(accessKeyId.length + 1) };
}

function readSignedHeaders(list: string): string[] {
  const names = list.split(';');
  const ordered = names.every((name, i) => name === name.toLowerCase() && (i === 0 || names[i - 1]! < name));
  if (!ordered) throw incomplete('SignedHeaders must name headers in lower case, in order, each once.');
  return names;
}

/**
 * Reads an Authorization header of Signature Version 4.
 *
 * @param service the signing name that its scope must have
 * @throws AwsException IncompleteSignatureException when it is malformed, InvalidSignatureException when its scope is
 * not this service's
 */
export function readAuthorization(header: string, service: string): Authorization {
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw incomplete(`Authorization header must begin with the signing algorithm '${ALGORITHM}'.`);
  }
  const { Credential, SignedHeaders, Signature } = readParts(header);
  if (!/^[0-9a-f]{64}$/.test(Signature))
    throw incomplete('Signature must be 64 lower-case hexadecimal digits.');
  const claim = { ...readScope(Credential, service), signedHeaders: readSignedHeaders(SignedHeaders) };
  return { claim, signature: Signature };
}

/** Headers that differ in their signature only are kept this often, up to this many characters. */
const MOST_KEPT = 512;
const LONGEST_KEPT = 512;
/** Where clients put it. */
const LAST_SIGNATURE = /[ ,]Signature=[0-9a-f]{64}$/;
const SIGNATURE_LENGTH = 64;

/** Reads headers as `readAuthorization` does; what stands before the signature is read once, for a client sends it again and again. */
export function authorizationReader(): typeof readAuthorization {
  const kept = new BoundedCache<SigningClaim>(MOST_KEPT);
  return (header, service) => {
    const start = header.slice(0, -SIGNATURE_LENGTH);
    const known = kept.get(start);
    if (known?.scope.endsWith(`/${service}/aws4_request`) && LAST_SIGNATURE.test(header)) {
      return { claim: known, signature: header.slice(-SIGNATURE_LENGTH) };
    }
    const read = readAuthorization(header, service);
    if (start.length <= LONGEST_KEPT && LAST_SIGNATURE.test(header)) kept.set(start, read.claim);
    return read;
  };
}
