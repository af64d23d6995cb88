import { WebSocket } from 'ws';
import {
  assertPairingSecret,
  BRIDGE_VERSION,
  FAILURES,
  type Failure,
  failureOf,
  isProof,
  LONGEST_MESSAGE,
  makeNonce,
  type PairingSecret,
  proofOf,
  readMessage,
} from '../drivers/bridge/messages.ts';
import { isMethod, METHODS, type Method, type MethodName, paramsFromWire } from '../drivers/bridge/schema.ts';
import type { PosTerminal } from '../pos-terminal.ts';
import { TerminalError } from '../refusals.ts';

export interface BridgeClientOptions {
  /** Where the program listens: ws://127.0.0.1:4000, wss://… */
  readonly url: string;
  /** The device's name, printable ASCII, at most 64 characters. */
  readonly device: string;
  readonly pairingSecret: PairingSecret;
  /** PEM of the authority that the program's certificate comes from; the platform's own unless given. */
  readonly authority?: string;
  /** Milliseconds before the first attempt to come back, doubled each time up to 30,000; 500 unless given. */
  readonly retry?: number;
}

/** Answers that are kept for requests which come again. */
const KEPT_ANSWERS = 256;
const LONGEST_RETRY = 30_000;

/**
 * The device's end of the bridge: connects to the program, proves the pairing secret, carries out requests on `terminal` one after the
 * other, and comes back when the connection breaks. A request that comes again is answered from memory.
 */
export class BridgeClient implements AsyncDisposable {
  readonly #options: BridgeClientOptions;
  readonly #terminal: PosTerminal;
  /** What is remembered of requests is this object's: another one says that it knows nothing of them. */
  readonly #instance = makeNonce();
  readonly #answers = new Map<string, Promise<string>>();
  readonly #listening: Disposable;
  /** The connection, paired or on its way to it. */
  #connection: WebSocket | undefined;
  /** The same once it is paired. */
  #socket: WebSocket | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(terminal: PosTerminal, options: BridgeClientOptions) {
    assertPairingSecret(options.pairingSecret);
    this.#terminal = terminal;
    this.#options = options;
    this.#listening = terminal.onEvent((event) =>
      this.#send(JSON.stringify({ jsonrpc: '2.0', method: 'event', params: [event] })),
    );
    this.#connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#listening[Symbol.dispose]();
    this.#connection?.terminate();
    await this.#last;
  }

  /** Breaks the connection, as a network does; it comes back by itself. */
  drop(): void {
    this.#connection?.terminate();
  }

  #connect(): void {
    const { url, device, authority } = this.#options;
    const socket = new WebSocket(url, { maxPayload: LONGEST_MESSAGE, ...(authority && { ca: authority }) });
    this.#connection = socket;
    const nonce = makeNonce();
    let isPaired = false;
    let isProven = false;
    socket.on('open', () =>
      socket.send(JSON.stringify({ bridge: BRIDGE_VERSION, device, instance: this.#instance, nonce })),
    );
    socket.on('message', (data) => {
      const message = readMessage(String(data));
      if (message === undefined) return socket.terminate();
      if (isPaired) return this.#take(message);
      if (isProven && message.paired === true) {
        isPaired = true;
        this.#socket = socket;
        this.#failures = 0;
        return;
      }
      const proof = this.#prove(message, nonce);
      if (proof === undefined) return socket.terminate();
      isProven = true;
      socket.send(JSON.stringify({ proof }));
    });
    socket.on('error', () => {
      // 'close' follows, and with it the next attempt.
    });
    socket.on('close', () => this.#comeBack());
  }

  /** The program proves itself first; undefined when it does not know the secret. */
  #prove({ nonce: theirs, proof }: Record<string, unknown>, ours: string): string | undefined {
    const { pairingSecret } = this.#options;
    if (typeof theirs !== 'string') return undefined;
    if (!isProof(proof, proofOf(pairingSecret, 'program', theirs, ours))) return undefined;
    return proofOf(pairingSecret, 'device', theirs, ours);
  }

  #comeBack(): void {
    this.#socket = undefined;
    if (this.#isClosed) return;
    const pause = Math.min((this.#options.retry ?? 500) * 2 ** this.#failures, LONGEST_RETRY);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), pause);
  }

  #send(text: string): void {
    this.#socket?.send(text);
  }

  #take(request: Record<string, unknown>): void {
    const { id } = request;
    if (request.jsonrpc !== '2.0' || typeof id !== 'string' || id.length > 64) return;
    const known = this.#answers.get(id);
    const answer =
      known ??
      this.#keep(
        id,
        this.#inTurn(() => this.#answer(id, request)),
      );
    answer.then((text) => this.#send(text));
  }

  #keep(id: string, answer: Promise<string>): Promise<string> {
    this.#answers.set(id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT_ANSWERS) this.#answers.delete(oldest!);
    return answer;
  }

  /** One after the other: a device does one thing at a time. */
  #inTurn(run: () => Promise<string>): Promise<string> {
    const turn = this.#last.then(run);
    this.#last = turn;
    return turn;
  }

  async #answer(id: string, { method, params }: Record<string, unknown>): Promise<string> {
    if (!isMethod(method)) return failed(id, { code: FAILURES.unknownMethod, message: 'no such method' });
    let read: unknown[];
    try {
      read = paramsFromWire(method, params);
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      return failed(id, { code: FAILURES.params, message: error.message });
    }
    return this.#carryOut(id, method, read);
  }

  async #carryOut(id: string, method: MethodName, params: unknown[]): Promise<string> {
    const run = this.#terminal[method] as (...given: unknown[]) => Promise<unknown>;
    const { result: wire }: Method = METHODS[method];
    try {
      const result = await run.apply(this.#terminal, params);
      return JSON.stringify({
        jsonrpc: '2.0',
        id,
        result: result === undefined ? null : wire.toWire(result as never),
      });
    } catch (error) {
      return failed(id, failureFor(error));
    } finally {
      for (const param of params) disposeOfSecrets(param);
    }
  }
}

function failed(id: string, error: Failure): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}

/** What is no refusal says its name only: a vendor's SDK may put anything into a message. */
function failureFor(error: unknown): Failure {
  if (error instanceof TerminalError) return failureOf(error);
  if (error instanceof RangeError || error instanceof TypeError) {
    return { code: FAILURES.params, message: error.message };
  }
  return { code: FAILURES.internal, message: `the app on the device failed: ${(error as Error).name}` };
}

function disposeOfSecrets(param: unknown): void {
  if (param === null || typeof param !== 'object') return;
  for (const member of Object.values(param)) {
    if (member !== null && typeof member === 'object' && Symbol.dispose in member) {
      (member as Disposable)[Symbol.dispose]();
    }
  }
}
