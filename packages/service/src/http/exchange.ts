import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readBody, readHeaders } from './read-request.ts';

/** A request to the planes, and the way for its answer. */
export interface Exchange {
  readonly method: string;
  /** Path and query, escaped as the client sent them. */
  readonly url: string;
  /** By lower-case name, as they are signed. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string | undefined;
  /** @throws AwsException when it is too long, or did not all come */
  readBody(): Buffer | Promise<Buffer>;
  /** Once. Neither headers nor their names come from outside. */
  answer(status: number, headers: Readonly<Record<string, string>>, body: string): void;
}

/** The encoding of a text that has so many bytes in UTF-8. ASCII, as nearly every body is, goes out by a shorter way. */
export function encodingOf(text: string, length: number): 'latin1' | 'utf8' {
  return length === text.length ? 'latin1' : 'utf8';
}

/** A request that node:http has read. */
export function nodeExchange(server: Server, request: IncomingMessage, response: ServerResponse): Exchange {
  const { method = '', url = '', socket } = request;
  return {
    method,
    url,
    headers: readHeaders(request),
    remoteAddress: socket.remoteAddress,
    readBody: () => readBody(request),
    answer(status, headers, body) {
      // What is left of a body that nobody will read must not be taken for the next request; and a server that closes, which no longer listens,
      // has no next request.
      response.shouldKeepAlive &&= request.complete && server.listening;
      const length = Buffer.byteLength(body);
      response.writeHead(status, { ...headers, 'content-length': length });
      response.end(body, encodingOf(body, length));
    },
  };
}
