import { createHmac } from 'node:crypto';
import { equal, randomBytes } from '@keywright/crypto';
import { REFUSALS, type Refusal, TerminalError } from '../../refusals.ts';

/** Of the protocol: raised when a message changes its meaning. */
export const BRIDGE_VERSION = 1;

/** A message of more characters is not read. */
export const LONGEST_MESSAGE = 256 * 1024;

export interface Request {
  readonly jsonrpc: '2.0';
  /** Of the request, not of its sending: a request that is sent again keeps it, and is answered from memory. */
  readonly id: string;
  readonly method: string;
  readonly params: unknown[];
}

export interface Failure {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly refusal?: string; readonly deviceCode?: string };
}

export type Response =
  | { readonly jsonrpc: '2.0'; readonly id: string; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: string; readonly error: Failure };

/** JSON-RPC 2.0, section 5.1; -32000: the terminal refused, `data.refusal` says why. */
export const FAILURES = { refused: -32000, unknownMethod: -32601, params: -32602, internal: -32603 } as const;

/** @returns undefined when the text is no JSON object */
export function readMessage(text: string): Record<string, unknown> | undefined {
  if (text.length > LONGEST_MESSAGE) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON: the other end speaks something else.
    return undefined;
  }
}

function isRefusal(code: unknown): code is Refusal {
  return typeof code === 'string' && Object.hasOwn(REFUSALS, code);
}

/** The error that a failure stands for: wrong parameters are a RangeError here, as on a terminal that is near. */
export function errorOf(failure: unknown): TerminalError | RangeError {
  const { code, message, data } = (failure ?? {}) as Partial<Failure>;
  const words = typeof message === 'string' ? message.slice(0, 300) : 'the app on the device failed';
  if (code === FAILURES.params) return new RangeError(words);
  const refusal: Refusal = isRefusal(data?.refusal) ? data.refusal : 'REFUSED';
  const deviceCode = typeof data?.deviceCode === 'string' ? data.deviceCode.slice(0, 40) : undefined;
  return new TerminalError(refusal, words, deviceCode);
}

export function failureOf({ code, message, deviceCode }: TerminalError): Failure {
  return {
    code: FAILURES.refused,
    message,
    data: { refusal: code, ...(deviceCode !== undefined && { deviceCode }) },
  };
}

/** What both ends prove to each other that they know; never sent itself. */
export type PairingSecret = string;

const SHORTEST_SECRET = 16;

/** @throws RangeError */
export function assertPairingSecret(secret: PairingSecret): void {
  if (secret.length < SHORTEST_SECRET) {
    throw new RangeError(`pairing secret must be at least ${SHORTEST_SECRET} characters`);
  }
}

export function makeNonce(): string {
  return Buffer.from(randomBytes(16)).toString('hex');
}

/** One end's proof over both ends' nonces (HMAC-SHA-256). */
export function proofOf(
  secret: PairingSecret,
  end: 'program' | 'device',
  program: string,
  device: string,
): string {
  const text = `keywright-bridge ${BRIDGE_VERSION} ${end} ${program} ${device}`;
  return createHmac('sha256', secret).update(text).digest('hex');
}

export function isProof(given: unknown, right: string): boolean {
  return typeof given === 'string' && equal(Buffer.from(given), Buffer.from(right));
}
