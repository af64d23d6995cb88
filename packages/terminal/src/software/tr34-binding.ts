import {
  checkCertificate,
  crlOfToken,
  issueTimeOfCrl,
  openCaRebindToken,
  openCaUnbindToken,
  openCredentialToken,
  openRebindToken,
  openUnbindToken,
} from '@keywright/crypto';
import { TerminalError } from '../refusals.ts';
import { refusing } from './library-errors.ts';
import { need } from './tr34-certificates.ts';
import type { Tr34Documents, Tr34State } from './tr34-state.ts';

/** A token, and what it comes in. */
export interface TokenArrival {
  readonly token: Uint8Array;
  /** The random number that is open, if one is. */
  readonly nonce: Uint8Array | undefined;
  readonly now: Date;
}

/** @throws TerminalError NOT_BOUND */
export function boundHost({ documents }: Tr34State): Uint8Array {
  if (documents.host === undefined) throw new TerminalError('NOT_BOUND');
  return documents.host;
}

/** @throws TerminalError TOKEN_NONCE */
function openNonce({ nonce }: TokenArrival): Uint8Array {
  if (nonce !== undefined) return nonce;
  throw new TerminalError('TOKEN_NONCE', 'no random number token is open; this token has to answer one');
}

/**
 * What openers of tokens of the host need.
 *
 * @throws TerminalError NOT_BOUND or NO_CERTIFICATE
 */
export function hostOptions(state: Tr34State, { token, now }: TokenArrival) {
  const kdhCertificate = boundHost(state);
  const kdhIssuer = need(state.documents.hostAuthority, "of the hosts' authority");
  return { token, now, kdhCertificate, kdhIssuer };
}

/** Of two lists the one that was issued later. */
function laterCrl(left: Uint8Array | undefined, right: Uint8Array | undefined): Uint8Array | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return issueTimeOfCrl(left) > issueTimeOfCrl(right) ? left : right;
}

/**
 * Checks the host against the latest revocation list that the terminal has seen, the token's included: an older list that is still
 * in force hides nothing, and a host that came with a list once has to bring a current one.
 *
 * @returns the latest list
 * @throws TerminalError CERTIFICATE_REVOKED or CRL
 */
export function checkRevocation(
  { documents }: Tr34State,
  host: Uint8Array,
  { token, now }: TokenArrival,
): Uint8Array | undefined {
  const issuer = need(documents.hostAuthority, "of the hosts' authority");
  return refusing(() => {
    const crl = laterCrl(documents.crl, crlOfToken(token));
    checkCertificate({ certificate: host, issuer, crl, now });
    return crl;
  });
}

function bound(state: Tr34State, host: Uint8Array, crl: Uint8Array | undefined): Tr34State {
  return { ...state, documents: { ...state.documents, host, ...(crl && { crl }) } };
}

/**
 * Binds a terminal that is bound to nobody to the host of a credential token (TR-34, CT_KDH).
 *
 * @throws TerminalError ALREADY_BOUND, NO_CERTIFICATE, or what is wrong with the token
 */
export function bind(state: Tr34State, arrival: TokenArrival): Tr34State {
  const { documents } = state;
  if (documents.host !== undefined) throw new TerminalError('ALREADY_BOUND');
  need(documents.device, 'of its own');
  const issuer = need(documents.hostAuthority, "of the hosts' authority");
  const { certificate } = refusing(() => openCredentialToken({ ...arrival, issuer }));
  return bound(state, certificate, checkRevocation(state, certificate, arrival));
}

/** Rebinds by a token of the host that the terminal is bound to (TR-34, RBT_KDH). */
export function rebindByHost(state: Tr34State, arrival: TokenArrival): Tr34State {
  const options = hostOptions(state, arrival);
  const expectedNonce = openNonce(arrival);
  const krdCertificate = need(state.documents.device, 'of its own');
  checkRevocation(state, options.kdhCertificate, arrival);
  const { kdhCertificate } = refusing(() => openRebindToken({ ...options, expectedNonce, krdCertificate }));
  return bound(state, kdhCertificate, checkRevocation(state, kdhCertificate, arrival));
}

function deviceAuthorityOptions(state: Tr34State, { token, now }: TokenArrival) {
  const { documents } = state;
  const caCertificate = need(documents.deviceAuthority, 'of its authority');
  const krdCertificate = need(documents.device, 'of its own');
  return { token, now, caCertificate, krdCertificate, kdhCertificate: boundHost(state) };
}

/** @throws TerminalError TOKEN_REPLAYED */
export function afterToken(state: Tr34State, time: Date | undefined): Tr34State {
  if (time === undefined) return state;
  const signed = time.getTime();
  if (signed > (state.lastToken ?? Number.NEGATIVE_INFINITY)) return { ...state, lastToken: signed };
  const message = `the token was signed at ${time.toISOString()}, not after the last one that was taken`;
  throw new TerminalError('TOKEN_REPLAYED', message);
}

/** Rebinds by a token of the terminal's own authority (TR-34, RBT_CA_UNBIND). */
export function rebindByAuthority(state: Tr34State, arrival: TokenArrival): Tr34State {
  const kdhIssuer = need(state.documents.hostAuthority, "of the hosts' authority");
  const options = deviceAuthorityOptions(state, arrival);
  const { kdhCertificate, time } = refusing(() => openCaRebindToken({ ...options, kdhIssuer }));
  const rebound = bound(state, kdhCertificate, checkRevocation(state, kdhCertificate, arrival));
  return afterToken(rebound, time);
}

function unbound(state: Tr34State): Tr34State {
  const { host: _, ...documents }: Tr34Documents = state.documents;
  return { ...state, documents };
}

/** Unbinds by a token of the host that the terminal is bound to (TR-34, UBT_KDH). */
export function unbindByHost(state: Tr34State, arrival: TokenArrival): Tr34State {
  const options = hostOptions(state, arrival);
  const expectedNonce = openNonce(arrival);
  const krdCertificate = need(state.documents.device, 'of its own');
  checkRevocation(state, options.kdhCertificate, arrival);
  refusing(() => openUnbindToken({ ...options, expectedNonce, krdCertificate }));
  return unbound(state);
}

/** Unbinds by a token of the terminal's own authority (TR-34, UBT_CA_UNBIND). */
export function unbindByAuthority(state: Tr34State, arrival: TokenArrival): Tr34State {
  refusing(() => openCaUnbindToken(deviceAuthorityOptions(state, arrival)));
  return unbound(state);
}
