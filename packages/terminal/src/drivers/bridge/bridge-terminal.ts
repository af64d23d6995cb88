import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { TerminalEventKind } from '../../events.ts';
import { TerminalError } from '../../refusals.ts';
import { refusedBy } from '../../refused.ts';
import { RefusingTerminal } from '../../refusing-terminal.ts';
import { errorOf, readMessage } from './messages.ts';
import { holdsClear, METHODS, type Method, type MethodName, paramsToWire } from './schema.ts';

export interface BridgeTerminalOptions {
  /** Milliseconds for an answer, reconnections included; 30,000 unless given. */
  readonly timeout?: number;
  /** The same for a PIN, 120,000 unless given. */
  readonly pinTimeout?: number;
  /** Milliseconds between two pings, 10,000 unless given; a connection that answers none in that time is closed. */
  readonly heartbeat?: number;
  /** Milliseconds since 1970, for events. */
  readonly clock?: () => number;
}

interface Pending {
  readonly text: string;
  readonly clear: boolean;
  isSent: boolean;
  settle(message: Record<string, unknown>): void;
  fail(error: unknown): void;
}

/** Methods that answer with a result where the others throw. */
const ANSWER_WITH_RESULT: readonly MethodName[] = [
  'sendTR31Key',
  'updateKeyByTR31',
  'loadKeyComponent',
  'loadKeyCryptogram',
  'storeCertificates',
  'bindTR34',
  'rebindTR34',
  'unbindTR34',
  'loadTR34Key',
];

/** How the app on the device is connected. */
export interface Connection {
  /** By TLS, or on this machine: something clear may cross. */
  readonly isPrivate: boolean;
  /** Of the app's run. */
  readonly instance: string;
}

/**
 * A terminal behind an app on the device. A request has an id that it keeps when it is sent again after a reconnection; the app
 * answers it from memory when it has carried it out already, so that nothing is loaded twice.
 */
export class BridgeTerminal extends RefusingTerminal {
  readonly #options: BridgeTerminalOptions;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | undefined;
  #isPrivate = false;
  #instance: string | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: BridgeTerminalOptions = {}) {
    super(options.clock);
    this.#options = options;
    for (const name of Object.keys(METHODS) as MethodName[]) {
      Object.assign(this, { [name]: (...params: unknown[]) => this.#call(name, params) });
    }
  }

  /** Whether the app on the device is connected now. */
  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  /** Takes a new connection of the app; what waits for an answer is asked again. */
  attach(socket: WebSocket, { isPrivate, instance }: Connection): void {
    this.#socket?.terminate();
    if (this.#instance !== instance) this.#failSent();
    this.#socket = socket;
    this.#isPrivate = isPrivate;
    this.#instance = instance;
    socket.on('message', (data) => this.#read(String(data)));
    socket.on('close', () => this.#detach(socket));
    this.#beat(socket);
    this.events.emit({ type: 'connected' });
    for (const pending of this.#pending.values()) this.#send(pending);
  }

  /** Gives up everything that waits for an answer. What of it the device carries out, is not known. */
  cancel(): void {
    this.#failAll(
      new TerminalError('NO_ANSWER', 'given up from this side: what the device did is not known'),
    );
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#isClosed = true;
    this.#failAll(new TerminalError('NO_ANSWER', 'the bridge is closed'));
    this.#socket?.terminate();
  }

  #failAll(error: TerminalError): void {
    for (const { fail } of [...this.#pending.values()]) fail(error);
  }

  /** The app has started anew, and remembers nothing of what it was asked before. */
  #failSent(): void {
    const error = new TerminalError(
      'NO_ANSWER',
      'the app on the device was restarted: what it did is not known',
    );
    for (const { isSent, fail } of [...this.#pending.values()]) if (isSent) fail(error);
  }

  async #call(name: MethodName, params: unknown[]): Promise<unknown> {
    try {
      return await this.#request(name, params);
    } catch (error) {
      if (error instanceof TerminalError && ANSWER_WITH_RESULT.includes(name)) return refusedBy(error);
      throw error;
    }
  }

  async #request(name: MethodName, params: unknown[]): Promise<unknown> {
    if (this.#isClosed) throw new TerminalError('NO_ANSWER', 'the bridge is closed');
    const clear = holdsClear(name, params);
    if (clear) this.#assertPrivate();
    const id = randomUUID();
    const text = JSON.stringify({ jsonrpc: '2.0', id, method: name, params: paramsToWire(name, params) });
    const { timeout = 30_000, pinTimeout = 120_000 } = this.#options;
    const { result }: Method = METHODS[name];
    const answer = await this.#answer(id, text, clear, name === 'encryptPin' ? pinTimeout : timeout);
    if ('error' in answer) throw errorOf(answer.error);
    return result.fromWire(answer.result, `the answer to ${name}`) ?? undefined;
  }

  /** @throws TerminalError NOT_SUPPORTED, or NO_ANSWER when there is no connection */
  #assertPrivate(): void {
    if (this.#socket === undefined) throw new TerminalError('NO_ANSWER', 'the device is not connected');
    if (this.#isPrivate) return;
    throw new TerminalError(
      'NOT_SUPPORTED',
      'nothing clear crosses a bridge that is neither TLS nor on this machine',
    );
  }

  async #answer(id: string, text: string, clear: boolean, timeout: number): Promise<Record<string, unknown>> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((settle, fail) => {
        const late = `no answer over the bridge in ${timeout} ms`;
        timer = setTimeout(() => fail(new TerminalError('NO_ANSWER', late)), timeout);
        const pending = { text, clear, isSent: false, settle, fail };
        this.#pending.set(id, pending);
        this.#send(pending);
      });
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
    }
  }

  #send(pending: Pending): void {
    if (this.#socket === undefined) return;
    if (pending.clear && !this.#isPrivate) {
      pending.fail(
        new TerminalError('NO_ANSWER', 'the device came back over a line that nothing clear may cross'),
      );
      return;
    }
    pending.isSent = true;
    this.#socket.send(pending.text);
  }

  #read(text: string): void {
    const message = readMessage(text);
    if (message?.jsonrpc !== '2.0') return;
    if (message.method === 'event') this.#hear(message.params);
    else if (typeof message.id === 'string') this.#pending.get(message.id)?.settle(message);
  }

  /** Events of the device keep their kind; the time is this program's. */
  #hear(params: unknown): void {
    const [event] = Array.isArray(params) ? params : [];
    if (event === null || typeof event !== 'object' || typeof event.type !== 'string') return;
    const { at: _, ...kind } = event as TerminalEventKind & { at?: unknown };
    this.events.emit(kind as TerminalEventKind);
  }

  #detach(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    clearInterval(this.#heartbeat);
    this.#socket = undefined;
    this.events.emit({ type: 'disconnected' });
  }

  #beat(socket: WebSocket): void {
    clearInterval(this.#heartbeat);
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    this.#heartbeat = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, this.#options.heartbeat ?? 10_000);
    this.#heartbeat.unref();
  }
}
