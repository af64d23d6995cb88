import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, BlockList } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { BridgeTerminal, type BridgeTerminalOptions } from './bridge-terminal.ts';
import { type Greeting, greetDevice } from './greeting.ts';
import { assertPairingSecret, LONGEST_MESSAGE, type PairingSecret } from './messages.ts';

export interface BridgeServerOptions extends BridgeTerminalOptions {
  /** At least 16 characters; the app on the device has the same. */
  readonly pairingSecret: PairingSecret;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** 0, which picks one, unless given. */
  readonly port?: number;
  /** PEM: the server's key and certificate. Without it nothing clear crosses to anywhere but this machine. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Milliseconds for the greeting of a new connection, 5,000 unless given. */
  readonly greetingTimeout?: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return LOOPBACK.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/** Connections that have not greeted yet. */
const MOST_GREETING = 16;

/**
 * Where apps on devices connect to. Each device that has proven the pairing secret is a `PosTerminal` under the name it gave; it stays
 * one when its connection breaks and comes back.
 */
export class BridgeServer implements AsyncDisposable {
  readonly #options: BridgeServerOptions;
  readonly #http: Server | HttpsServer;
  readonly #sockets: WebSocketServer;
  readonly #terminals = new Map<string, BridgeTerminal>();
  readonly #awaited = new Map<string, Set<(terminal: BridgeTerminal) => void>>();
  #greeting = 0;

  private constructor(options: BridgeServerOptions) {
    assertPairingSecret(options.pairingSecret);
    this.#options = options;
    this.#http = options.tls ? createTlsServer(options.tls) : createServer();
    this.#sockets = new WebSocketServer({ server: this.#http, maxPayload: LONGEST_MESSAGE });
    this.#sockets.on('connection', (socket, request) => this.#greet(socket, request));
  }

  /** @throws Error when the port can not be had */
  static async listen(options: BridgeServerOptions): Promise<BridgeServer> {
    const server = new BridgeServer(options);
    const { host = '127.0.0.1', port = 0 } = options;
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', reject);
      server.#http.listen(port, host, resolve);
    });
    return server;
  }

  /** Where the app connects to. */
  get url(): string {
    const { address, port, family } = this.#http.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `${this.#options.tls ? 'wss' : 'ws'}://${host}:${port}`;
  }

  /** Names of the devices that have been connected. */
  get devices(): readonly string[] {
    return [...this.#terminals.keys()];
  }

  /**
   * The terminal of a device, once it has connected.
   *
   * @throws the signal's reason
   */
  async terminal(device: string, signal?: AbortSignal): Promise<BridgeTerminal> {
    signal?.throwIfAborted();
    const known = this.#terminals.get(device);
    if (known !== undefined) return known;
    const waiting = this.#awaited.get(device) ?? new Set();
    this.#awaited.set(device, waiting);
    return new Promise((resolve, reject) => {
      waiting.add(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const terminal of this.#terminals.values()) await terminal[Symbol.asyncDispose]();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #greet(socket: WebSocket, { socket: { remoteAddress } }: IncomingMessage): Promise<void> {
    socket.on('error', () => socket.terminate());
    if (this.#greeting >= MOST_GREETING) {
      socket.terminate();
      return;
    }
    this.#greeting += 1;
    const ended = new AbortController();
    socket.once('close', () => ended.abort());
    const inTime = AbortSignal.timeout(this.#options.greetingTimeout ?? 5_000);
    try {
      const signal = AbortSignal.any([ended.signal, inTime]);
      const greeting = await greetDevice(socket, this.#options.pairingSecret, signal);
      const isPrivate = this.#options.tls !== undefined || isLoopback(remoteAddress);
      if (greeting !== undefined) this.#welcome(greeting, socket, isPrivate);
    } catch {
      // It went away, or said nothing: nobody waits for it.
      socket.terminate();
    } finally {
      this.#greeting -= 1;
    }
  }

  #welcome({ device, instance }: Greeting, socket: WebSocket, isPrivate: boolean): void {
    const terminal = this.#terminals.get(device) ?? new BridgeTerminal(this.#options);
    this.#terminals.set(device, terminal);
    socket.send(JSON.stringify({ paired: true }));
    terminal.attach(socket, { isPrivate, instance });
    for (const resolve of this.#awaited.get(device) ?? []) resolve(terminal);
    this.#awaited.delete(device);
  }
}
