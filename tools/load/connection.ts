import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const END = '\r\n\r\n';

/** The first whole answer of what came, and what comes after it. */
function split(received: Buffer): { answer: Answer; rest: Buffer } | undefined {
  const end = received.indexOf(END);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  const whole = end + END.length + length;
  if (received.length < whole) return undefined;
  const body = received.toString('utf8', end + END.length, whole);
  return { answer: { status: Number(head.slice(9, 12)), body }, rest: received.subarray(whole) };
}

/** A connection of a client that is kept alive, for one request at a time; it comes back after it was cut or closed. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<Answer> | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws Error when the connection ends without an answer */
  send(request: Uint8Array): Promise<Answer> {
    this.#waiting = Promise.withResolvers();
    this.#open().write(request);
    return this.#waiting.promise;
  }

  /** Sends the beginning of a request and goes away, as a client that crashes. */
  async cut(request: Uint8Array): Promise<void> {
    const socket = this.#open();
    await new Promise<void>((resolve) => socket.write(request, () => resolve()));
    this.close();
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    if (this.#socket?.writable) return this.#socket;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#waiting?.reject(new Error('the connection ended without an answer'));
    });
    this.#socket = socket;
    return socket;
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const found = split(this.#received);
    if (found === undefined) return;
    this.#received = found.rest;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(found.answer);
  }
}
