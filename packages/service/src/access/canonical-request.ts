import { hash } from 'node:crypto';

/** The only signing algorithm there is here. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A request as it came over the wire, before anything of it was decoded. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, escaped as the client sent them. */
  readonly url: string;
  /** By lower-case name; a header sent several times has several values. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

const NOT_ESCAPED_BY_JAVASCRIPT = /[!'()*]/g;

/** URI-encodes all but the unreserved characters of RFC 3986, 2.3. */
function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    NOT_ESCAPED_BY_JAVASCRIPT,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The path, escaped once by the client, is escaped again; all services but S3 do so. */
function canonicalPath(path: string): string {
  return path === '/' ? path : path.split('/').map(uriEncode).join('/');
}

/** In order of the escaped names, then of the values. @throws URIError when the query is not well escaped */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')].map((part) => uriEncode(decodeURIComponent(part)));
  });
  return pairs
    .sort(([name = '', value = ''], [otherName = '', otherValue = '']) =>
      name === otherName ? compare(value, otherValue) : compare(name, otherName),
    )
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function canonicalHeader(name: string, values: readonly string[] = []): string {
  return `${name}:${values.map((value) => value.trim().replace(/\s+/g, ' ')).join(',')}\n`;
}

/** SHA-256 of the body as lower-case hexadecimal digits. */
export function hashBody(body: Uint8Array): string {
  return hash('sha256', body, 'hex');
}

/**
 * The text that stands for a request when it is signed (AWS Signature Version 4, canonical request).
 *
 * @throws URIError when the query is not well escaped
 */
export function canonicalRequest(
  request: Omit<WireRequest, 'body'>,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s, 2);
  const headers = signedHeaders.map((name) => canonicalHeader(name, request.headers[name])).join('');
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers,
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

/**
 * The text that is signed (AWS Signature Version 4, string to sign). `time` is yyyymmddThhmmssZ; `scope` is
 * date/region/service/aws4_request.
 *
 * @throws URIError when the query is not well escaped
 */
export function stringToSign(
  request: Omit<WireRequest, 'body'>,
  signedHeaders: readonly string[],
  bodyHash: string,
  time: string,
  scope: string,
): string {
  const digest = hash('sha256', canonicalRequest(request, signedHeaders, bodyHash), 'hex');
  return [ALGORITHM, time, scope, digest].join('\n');
}
