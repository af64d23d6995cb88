import { type IncomingMessage, type RequestListener, Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { type Exchange, nodeExchange } from './exchange.ts';
import { PlainConnection } from './plain-connection.ts';

/** Answers a request of AWS's planes; false when it is none of theirs. */
export type AnswerPlanes = (exchange: Exchange) => boolean;

/**
 * node:http's server, with a shorter way for the planes' requests: a connection begins as a plain one, and becomes node:http's with the first
 * request that is not plain, or not the planes'. What is no plane's goes to `otherwise`.
 */
export class PlaneServer extends Server {
  readonly answerPlain: AnswerPlanes;
  readonly #plain = new Set<PlainConnection>();
  readonly #serve: (socket: Socket) => void;

  constructor(options: ServerOptions, answer: AnswerPlanes, otherwise: RequestListener) {
    super(options, (request: IncomingMessage, response) => {
      if (!answer(nodeExchange(this, request, response))) otherwise.call(this, request, response);
    });
    this.answerPlain = answer;
    const [serve] = this.listeners('connection');
    this.#serve = serve as (socket: Socket) => void;
    this.removeAllListeners('connection');
    this.on('connection', (socket) => this.#plain.add(new PlainConnection(this, socket)));
  }

  handOver(socket: Socket, bytes: Buffer): void {
    this.#serve.call(this, socket);
    socket.unshift(bytes);
  }

  forget(connection: PlainConnection): void {
    this.#plain.delete(connection);
  }

  /** `close` calls it, too. */
  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const connection of this.#plain) connection.closeIdle();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const connection of this.#plain) connection.close();
  }
}
