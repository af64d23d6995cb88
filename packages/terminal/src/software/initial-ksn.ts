import {
  equal,
  formatAesKsn,
  formatTdesKsn,
  type Ksn,
  type OptionalBlock,
  parseAesKsn,
  parseTdesKsn,
} from '@keywright/crypto';
import type { LoadOptions } from '../pos-terminal.ts';
import { TerminalError } from '../refusals.ts';
import type { KeyLoaded } from '../results.ts';
import { refusing } from './library-errors.ts';

/** The two DUKPT schemes by the header's algorithm. */
const KSNS: Readonly<Record<string, { parse: (digits: string) => Ksn; format: (ksn: Ksn) => string }>> = {
  A: { parse: parseAesKsn, format: formatAesKsn },
  T: { parse: parseTdesKsn, format: formatTdesKsn },
};

export function parseKsn(algorithm: string, digits: string): Ksn {
  return refusing(() => KSNS[algorithm]!.parse(digits));
}

export function formatKsn(algorithm: string, ksn: Ksn): string {
  return KSNS[algorithm]!.format(ksn);
}

/** KS is the TDES KSN (ANSI X9.143:2021, 6.3.6.8), IK the AES initial key ID (6.3.6.6). */
function ksnInBlock(algorithm: string, optionalBlocks: readonly OptionalBlock[]): Ksn | undefined {
  const id = algorithm === 'A' ? 'IK' : 'KS';
  const block = optionalBlocks.find((candidate) => candidate.id === id);
  return block && parseKsn(algorithm, block.data);
}

/** IK has no counter, so that only the KSNs of TDES can differ in it. */
function differ(algorithm: string, left: Ksn, right: Ksn): boolean {
  const otherCounter = algorithm === 'T' && left.counter !== right.counter;
  return otherCounter || !equal(left.initialKeyId, right.initialKeyId);
}

/**
 * The KSN that comes with an initial key, in its block or beside it.
 *
 * @throws TerminalError KSN_REQUIRED, KSN_INVALID or KSN_CONFLICT
 */
function givenKsn(algorithm: string, optionalBlocks: readonly OptionalBlock[], beside: string | undefined) {
  const inside = ksnInBlock(algorithm, optionalBlocks);
  const given = beside === undefined ? undefined : parseKsn(algorithm, beside);
  if (inside && given && differ(algorithm, inside, given)) throw new TerminalError('KSN_CONFLICT');
  const ksn = given ?? inside;
  if (ksn !== undefined) return ksn;
  const right =
    algorithm === 'A' ? 'optional block IK, or 24 or 16 digits' : 'optional block KS, or 20 digits';
  throw new TerminalError('KSN_REQUIRED', `the initial key came without a KSN: ${right} beside the block`);
}

/**
 * Where the transactions of an initial key begin: after the counter of its KSN, or at the beginning.
 *
 * @throws TerminalError KSN_REQUIRED, KSN_INVALID or KSN_CONFLICT
 */
export function startingKsn(
  algorithm: string,
  optionalBlocks: readonly OptionalBlock[],
  { ksn: beside, counter = 'take' }: Pick<LoadOptions, 'ksn' | 'counter'>,
): { ksn: Ksn; counter: NonNullable<KeyLoaded['counter']> } {
  const ksn = givenKsn(algorithm, optionalBlocks, beside);
  if (ksn.counter === 0) return { ksn, counter: 'zero' };
  return counter === 'take' ? { ksn, counter: 'taken' } : { ksn: { ...ksn, counter: 0 }, counter: 'zeroed' };
}
