import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { keepLast } from '../memo.ts';
import { type Exchange, encodingOf } from './exchange.ts';
import { type PlainRequest, readPlainRequest } from './plain-request.ts';

/** What a connection is served with. */
export interface ConnectionServer {
  /** Does it take more requests? */
  readonly listening: boolean;
  /** Milliseconds that a client has for its first request, and then for each next one. */
  readonly headersTimeout: number;
  readonly keepAliveTimeout: number;
  /** Answers a request, or says that it is for node:http. */
  answerPlain(exchange: Exchange): boolean;
  /** Takes over a connection, with what came last over it, for good. */
  handOver(socket: Socket, bytes: Buffer): void;
  /** The connection is closed, or handed over. */
  forget(connection: PlainConnection): void;
}

/** Milliseconds that a request has which is on its way when the server begins to close. */
const LAST_CALL = 100;

/** The Date field (RFC 9110, 6.6.1) of a second since 1970. */
const dateField = keepLast((second: number) => new Date(second * 1000).toUTCString());

/**
 * A connection as long as nothing but plain requests comes over it, one after the other, each in one piece. They are answered with the very bytes that
 * node:http would answer with, at half the cost; the first that is anything else makes the connection node:http's.
 */
export class PlainConnection {
  readonly #server: ConnectionServer;
  readonly #socket: Socket;
  #busy = false;
  /** What came before the answer to what came before it. */
  #early: Buffer | undefined;

  constructor(server: ConnectionServer, socket: Socket) {
    this.#server = server;
    this.#socket = socket;
    socket.setTimeout(server.headersTimeout);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  /** Closes the connection soon, unless a request comes before; that is answered. */
  closeIdle(): void {
    if (!this.#busy) this.#socket.setTimeout(LAST_CALL);
  }

  close(): void {
    this.#socket.destroy();
  }

  readonly #take = (bytes: Buffer): void => {
    if (this.#busy) {
      this.#socket.pause();
      this.#early = bytes;
      return;
    }
    const request = readPlainRequest(bytes);
    this.#busy = true;
    if (request === undefined || !this.#server.answerPlain(this.#exchange(request))) this.#handOver(bytes);
  };

  /** A timer that was late must not count against what came in the meantime: that is read before the check. */
  readonly #timeOut = (): void => {
    setImmediate(() => this.#busy || this.close());
  };

  readonly #listeners = [
    ['data', this.#take],
    // Whoever sends no more may still read.
    ['end', () => this.#busy || this.#socket.end()],
    ['timeout', this.#timeOut],
    // A connection that breaks is closed next, and nobody is left to be told.
    ['error', () => undefined],
    ['close', () => this.#server.forget(this)],
  ] as const;

  #exchange({ method, url, headers, body }: PlainRequest): Exchange {
    const { remoteAddress } = this.#socket;
    const answer: Exchange['answer'] = (status, fields, text) => this.#answer(status, fields, text);
    return { method, url, headers, remoteAddress, readBody: () => body, answer };
  }

  #answer(status: number, fields: Readonly<Record<string, string>>, body: string): void {
    const goesOn = this.#server.listening && !this.#socket.readableEnded;
    if (!this.#socket.writable) return;
    const length = Buffer.byteLength(body);
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (const name in fields) head += `${name}: ${fields[name]}\r\n`;
    head += `content-length: ${length}\r\nDate: ${dateField(Math.floor(Date.now() / 1000))}\r\n${this.#persistence(goesOn)}\r\n`;
    const flushed = this.#socket.write(head + body, encodingOf(body, length));
    if (!goesOn) this.#socket.end();
    else if (flushed) this.#goOn();
    else this.#socket.once('drain', () => this.#goOn());
  }

  /** RFC 9112, 9.3. */
  #persistence(goesOn: boolean): string {
    if (!goesOn) return 'Connection: close\r\n';
    return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(this.#server.keepAliveTimeout / 1000)}\r\n`;
  }

  #goOn(): void {
    const { keepAliveTimeout } = this.#server;
    if (this.#socket.timeout !== keepAliveTimeout) this.#socket.setTimeout(keepAliveTimeout);
    this.#busy = this.#early !== undefined;
    if (this.#early === undefined) return;
    this.#socket.resume();
    this.#handOver(this.#early);
  }

  #handOver(bytes: Buffer): void {
    for (const [event, listener] of this.#listeners) this.#socket.off(event, listener);
    this.#socket.setTimeout(0);
    this.#server.forget(this);
    this.#server.handOver(this.#socket, bytes);
  }
}
