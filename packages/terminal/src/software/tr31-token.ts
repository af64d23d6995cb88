import { createPublicKey } from 'node:crypto';
import { encodeHex, type Secret, signPkcs1 } from '@keywright/crypto';
import { kcvOf } from './key-info.ts';
import { purposeOf, type TerminalState } from './terminal-state.ts';
import { openDeviceKey } from './tr34-certificates.ts';
import { NO_TR34 } from './tr34-state.ts';

/** The `typ` of the token's header (RFC 7515, section 4.1.9). */
export const TOKEN_TYPE = 'keywright-terminal+jwt';

/** What the token of a software terminal says. */
export interface TerminalToken {
  /** Serial number. */
  readonly sub: string;
  /** Seconds since 1970. */
  readonly iat: number;
  /** The open random number in hexadecimal: a key token of two passes may answer it. */
  readonly nonce: string;
  readonly profile: string;
  /** The key block protection keys that it has. */
  readonly keks: readonly { slot: string; kcv: string; version: string }[];
}

function base64url(value: Uint8Array | object): string {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
  return Buffer.from(bytes).toString('base64url');
}

/** The certificates (x5c, RFC 7515, section 4.1.6), or where there are none the bare public key (jwk, 4.1.3), which proves nobody. */
function headerOf({ tr34 = NO_TR34 }: TerminalState, privateKey: Secret): object {
  const { device, deviceAuthority } = tr34.documents;
  const base = { alg: 'RS256', typ: TOKEN_TYPE };
  if (device === undefined) {
    return { ...base, jwk: createPublicKey(openDeviceKey(privateKey)).export({ format: 'jwk' }) };
  }
  const chain = [device, ...(deviceAuthority ? [deviceAuthority] : [])];
  return { ...base, x5c: chain.map((certificate) => Buffer.from(certificate).toString('base64')) };
}

/**
 * What a software terminal hands its key server: a JSON Web Signature in compact form (RFC 7515), with RS256, over who it is, a random
 * number and its KEKs. The format is this project's own; no vendor's token is documented.
 */
export function tr31Token(
  state: TerminalState,
  privateKey: Secret,
  who: {
    readonly serial: string;
    readonly profile: string;
    readonly nonce: Uint8Array;
    readonly now: number;
  },
): string {
  const keks = [...state.keys].flatMap(([slot, key]) =>
    purposeOf(key) === 'KEK' ? [{ slot, kcv: kcvOf(key, 3), version: key.attributes.keyVersion }] : [],
  );
  const { serial: sub, profile, now } = who;
  const token: TerminalToken = {
    sub,
    iat: Math.floor(now / 1000),
    nonce: encodeHex(who.nonce),
    profile,
    keks,
  };
  const signed = `${base64url(headerOf(state, privateKey))}.${base64url(token)}`;
  const signature = signPkcs1(openDeviceKey(privateKey), 'SHA256', Buffer.from(signed));
  return `${signed}.${base64url(signature)}`;
}
