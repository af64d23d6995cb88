import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { BRIDGE_VERSION, isProof, makeNonce, type PairingSecret, proofOf, readMessage } from './messages.ts';

/** What a device says first. */
export interface Greeting {
  readonly device: string;
  /** Of the app's run: it remembers the requests of this one only. */
  readonly instance: string;
  readonly nonce: string;
}

/** Close codes (RFC 6455, section 7.4.2: for private use). */
export const CLOSE_CODES = { version: 4400, notPaired: 4401 } as const;

function readGreeting(message: Record<string, unknown>): Greeting | undefined {
  const { device, instance, nonce } = message;
  const isHex = (value: unknown): value is string =>
    typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
  if (typeof device !== 'string' || !/^[\x20-\x7E]{1,64}$/.test(device)) return undefined;
  return isHex(instance) && isHex(nonce) ? { device, instance, nonce } : undefined;
}

async function nextMessage(socket: WebSocket, signal: AbortSignal) {
  const [data] = await once(socket, 'message', { signal });
  return readMessage(String(data));
}

/**
 * Both ends prove the pairing secret over nonces of both, the program first, before anything else is read.
 *
 * @returns undefined when the other end is no device with this secret; its connection is then closed
 * @throws AbortError when it does not come to that
 */
export async function greetDevice(
  socket: WebSocket,
  pairingSecret: PairingSecret,
  signal: AbortSignal,
): Promise<Greeting | undefined> {
  const first = await nextMessage(socket, signal);
  if (first?.bridge !== BRIDGE_VERSION) {
    socket.close(CLOSE_CODES.version, `bridge version must be ${BRIDGE_VERSION}`);
    return undefined;
  }
  const greeting = readGreeting(first);
  const ours = makeNonce();
  if (greeting !== undefined) {
    const proof = proofOf(pairingSecret, 'program', ours, greeting.nonce);
    socket.send(JSON.stringify({ bridge: BRIDGE_VERSION, nonce: ours, proof }));
    const answer = await nextMessage(socket, signal);
    if (isProof(answer?.proof, proofOf(pairingSecret, 'device', ours, greeting.nonce))) return greeting;
  }
  socket.close(
    CLOSE_CODES.notPaired,
    greeting === undefined ? 'greeting is malformed' : 'pairing secret is another',
  );
  return undefined;
}
