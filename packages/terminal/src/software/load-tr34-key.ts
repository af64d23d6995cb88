import { openKeyToken } from '@keywright/crypto';
import type { LoadOptions } from '../pos-terminal.ts';
import { chooseSlot } from '../profiles/slot-choice.ts';
import { TerminalError } from '../refusals.ts';
import { acceptKey, type Loading, type LoadRules } from './accept-key.ts';
import { refusing } from './library-errors.ts';
import { attributesOf } from './load-key-block.ts';
import { checkRsaStrength } from './rsa-strength.ts';
import type { TerminalState } from './terminal-state.ts';
import { afterToken, checkRevocation, hostOptions, type TokenArrival } from './tr34-binding.ts';
import { deviceOf } from './tr34-certificates.ts';
import { NO_TR34 } from './tr34-state.ts';

/** How old a token of one pass may be when it arrives. */
const ONE_PASS_WINDOW_MS = 24 * 60 * 60 * 1000;

/** @throws TerminalError TOKEN_REPLAYED */
function checkAge(time: Date | undefined, { now }: TokenArrival): void {
  if (time === undefined || now.getTime() - time.getTime() <= ONE_PASS_WINDOW_MS) return;
  const message = `the token was signed at ${time.toISOString()}, more than 24 hours ago`;
  throw new TerminalError('TOKEN_REPLAYED', message);
}

/**
 * Loads the key of a key token (TR-34, KT): of two passes when a random number is open, else of one pass. A token of one pass is
 * taken within a day of its signing, and only if it is newer than every token before it.
 *
 * @throws TerminalError with the reason
 */
export function loadTr34Key(
  state: TerminalState,
  arrival: TokenArrival,
  options: Omit<LoadOptions, 'kbpk'>,
  rules: LoadRules,
): Loading {
  const tr34 = state.tr34 ?? NO_TR34;
  const { nonce: expectedNonce } = arrival;
  const krd = deviceOf(tr34);
  const host = hostOptions(tr34, arrival);
  const opened = refusing(() => openKeyToken({ ...host, krd, ...(expectedNonce && { expectedNonce }) }));
  using key = opened.key;
  const crl = checkRevocation(tr34, host.kdhCertificate, arrival);
  if (expectedNonce === undefined) checkAge(opened.time, arrival);
  const seen = expectedNonce === undefined ? afterToken(tr34, opened.time) : tr34;
  const { algorithm } = opened.header;
  const relaxations = checkRsaStrength(krd.certificate, algorithm, key.length, rules.policy);
  const slot = chooseSlot(rules.profile, opened.header.keyUsage, options);
  const attributes = attributesOf(opened.header);
  const arriving = { slot, attributes, key, optionalBlocks: [], relaxations };
  const loading = acceptKey(state, arriving, options, rules);
  const documents = { ...seen.documents, ...(crl && { crl }) };
  return { ...loading, state: { ...loading.state, tr34: { ...seen, documents } } };
}
