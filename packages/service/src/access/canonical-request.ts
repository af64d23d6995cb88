import { hash } from 'node:crypto';

/** The only signing algorithm there is here. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A request as it came over the wire, before anything of it was decoded. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, escaped as the client sent them. */
  readonly url: string;
  /** By lower-case name; the values of a header that was sent several times are joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
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

/** A path that is the same once it is escaped again. */
const UNRESERVED_PATH = /^[\w\-.~/]*$/;

/** The path, escaped once by the client, is escaped again; all services but S3 do so. */
function canonicalPath(path: string): string {
  return UNRESERVED_PATH.test(path) ? path : path.split('/').map(uriEncode).join('/');
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

/** White space that is not one single space. */
const MORE_SPACE = /\s\s|[^\S ]|^\s|\s$/;

function canonicalHeader(name: string, value = ''): string {
  return `${name}:${MORE_SPACE.test(value) ? value.trim().replace(/\s+/g, ' ') : value}\n`;
}

/** SHA-256 of the body as lower-case hexadecimal digits. */
export function hashBody(body: Uint8Array): string {
  return hash('sha256', body, 'hex');
}

/** What of the Authorization header says how the request was signed. */
export interface SignedScope {
  /** In order. */
  readonly signedHeaders: readonly string[];
  /** date/region/service/aws4_request */
  readonly scope: string;
}

/**
 * The text that stands for a request when it is signed (AWS Signature Version 4, canonical request).
 *
 * @throws URIError when the query is not well escaped
 */
export function canonicalRequest(
  { method, url, headers }: Omit<WireRequest, 'body'>,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const mark = url.indexOf('?');
  const path = canonicalPath(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : canonicalQuery(url.slice(mark + 1));
  let signed = '';
  for (const name of signedHeaders) signed += canonicalHeader(name, headers[name]);
  return `${method}\n${path}\n${query}\n${signed}\n${signedHeaders.join(';')}\n${bodyHash}`;
}

/**
 * The text that is signed (AWS Signature Version 4, string to sign). `time` is yyyymmddThhmmssZ.
 *
 * @throws URIError when the query is not well escaped
 */
export function stringToSign(
  request: Omit<WireRequest, 'body'>,
  { signedHeaders, scope }: SignedScope,
  bodyHash: string,
  time: string,
): string {
  const digest = hash('sha256', canonicalRequest(request, signedHeaders, bodyHash), 'hex');
  return `${ALGORITHM}\n${time}\n${scope}\n${digest}`;
}
