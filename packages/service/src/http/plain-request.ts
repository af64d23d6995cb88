/** A whole request as nearly every client sends nearly every request: one POST with a body whose length its head tells. */
export interface PlainRequest {
  readonly method: 'POST';
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const LONGEST_HEAD = 8192;
const HEAD_END = '\r\n\r\n';

/**
 * All that a plain head may be: a request line with an absolute path (RFC 9112, 3), then field lines of printable ASCII, none of them
 * folded (RFC 9112, 5).
 */
const HEAD = /^POST (\/[!"$-~]*) HTTP\/1\.1\r\n(?:[!#$%&'*+\-.^`|~\w]+:[\t -~]*\r\n)+\r\n$/;

/** Fields that change how a request is framed or answered. */
const MORE_THAN_PLAIN = ['transfer-encoding', 'expect', 'upgrade', 'trailer'] as const;

/** The fields that follow the request line; undefined when one comes twice, or has the name of what every object has. */
function readFields(head: string, start: number): Record<string, string> | undefined {
  const fields: Record<string, string> = {};
  const end = head.length - 2;
  for (let at = start; at < end; ) {
    const colon = head.indexOf(':', at);
    const lineEnd = head.indexOf('\r\n', colon);
    const name = head.slice(at, colon).toLowerCase();
    if (fields[name] !== undefined) return undefined;
    fields[name] = head.slice(colon + 1, lineEnd).trim();
    at = lineEnd + 2;
  }
  return fields;
}

/** Does the head say that exactly `length` bytes follow, and that the connection goes on as it is? */
function isPlain(fields: Readonly<Record<string, string>>, length: number): boolean {
  const { host, connection = 'keep-alive', 'content-length': told = '' } = fields;
  if (!host || !/^\d{1,7}$/.test(told) || Number(told) !== length) return false;
  if (connection.toLowerCase() !== 'keep-alive') return false;
  return MORE_THAN_PLAIN.every((name) => fields[name] === undefined);
}

/**
 * Reads a request that is plain from its first byte to its last, and undefined for all else: what is cut short, or has another request after it,
 * what any reader of HTTP could take for something else, and what is no HTTP. Of those it says nothing.
 */
export function readPlainRequest(bytes: Buffer): PlainRequest | undefined {
  const headLength = bytes.indexOf(HEAD_END, 0, 'latin1') + HEAD_END.length;
  if (headLength < HEAD_END.length || headLength > LONGEST_HEAD) return undefined;
  const head = bytes.toString('latin1', 0, headLength);
  const url = HEAD.exec(head)?.[1];
  if (url === undefined) return undefined;
  const headers = readFields(head, head.indexOf('\r\n') + 2);
  if (headers === undefined || !isPlain(headers, bytes.length - headLength)) return undefined;
  return { method: 'POST', url, headers, body: bytes.subarray(headLength) };
}
