import type { IncomingMessage } from 'node:http';
import { AwsException } from '../api/exceptions.ts';
import { bodyTooLarge } from './errors.ts';

/** Bytes. */
export const LARGEST_BODY = 1024 * 1024;

/** The client went away, or its connection broke; nobody reads this, but for the log. */
function cutShort(): AwsException {
  return new AwsException('SerializationException', 'The request was cut short.');
}

/**
 * The body of a request, as it came.
 *
 * @throws AwsException RequestEntityTooLargeException as soon as it is known; SerializationException when the client goes away
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return reject(bodyTooLarge());
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LARGEST_BODY) return chunks.push(chunk);
      request.removeAllListeners('data');
      return reject(bodyTooLarge());
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', () => reject(cutShort()));
  });
}

/**
 * The headers of a request as they are signed. Node.js joins the values of a header that came several times, or takes the first, as the
 * header may have it; where each came once, its own object is right as it is.
 */
export function readHeaders(request: IncomingMessage): Readonly<Record<string, string | undefined>> {
  const { headers, rawHeaders } = request;
  let count = 0;
  for (const _name in headers) count += 1;
  if (count * 2 === rawHeaders.length && headers['set-cookie'] === undefined) {
    return headers as Record<string, string>;
  }
  const distinct = Object.entries(request.headersDistinct);
  return Object.fromEntries(distinct.map(([name, values = []]) => [name, values.join(',')]));
}
