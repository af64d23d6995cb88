import {
  findProfile,
  POLICY_NAMES,
  type PolicyName,
  PROFILE_NAMES,
  type Preflight,
  type ProfileName,
  preflight,
  RELAXATIONS,
} from '@keywright/terminal';
import { Failure } from '../failure.ts';
import { readGivenBlock } from './given-block.ts';

/** The terminal, as the command line names it. */
export interface CheckedTerminal {
  readonly profile: string;
  readonly policy: string;
  readonly slot?: string;
  readonly index?: number;
  readonly ksn?: string;
  readonly json?: boolean;
}

function assertOneOf(value: string, names: readonly string[], what: string): void {
  if (!names.includes(value)) throw new Failure(`${what} ${value}: it must be one of ${names.join(', ')}`);
}

/**
 * Checks what a block is to be held against.
 *
 * @throws Failure when there is no such profile, policy or slot
 */
function assertTerminal({ profile, policy, slot }: CheckedTerminal): void {
  assertOneOf(profile, PROFILE_NAMES, 'profile');
  assertOneOf(policy, POLICY_NAMES, 'policy');
  if (slot !== undefined) assertOneOf(slot, [...findProfile(profile).slots.keys()], `slot of ${profile}`);
}

function check(block: string, { json: _, ...terminal }: CheckedTerminal): Preflight {
  assertTerminal(terminal);
  const { profile, policy, ...target } = terminal;
  try {
    return preflight(block, { profile: profile as ProfileName, policy: policy as PolicyName, ...target });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(error.message);
  }
}

/** What a preflight found, in plain words. */
export function formatPreflight({ slot, kbpk, findings, relaxations }: Preflight): string {
  const place = slot === undefined ? 'no slot' : `slot ${slot}`;
  const verdict = findings.length === 0 ? `nothing that shows without the key speaks against it` : 'refused';
  const refusals = findings.flatMap(({ status, message, remedy }) => [
    `  ${status}: ${message}`,
    `    to change: ${remedy}`,
  ]);
  const passed = relaxations.map((name) => `  let pass by the policy: ${RELAXATIONS[name]}`);
  return [`${place}, opened by the key in ${kbpk}: ${verdict}`, ...refusals, ...passed].join('\n');
}

/**
 * Says on standard output what a terminal will refuse a key block for.
 *
 * @param given the block, or - to read it from standard input
 * @throws Failure when it will be refused
 */
export async function checkBlock(given: string, terminal: CheckedTerminal): Promise<void> {
  const result = check(await readGivenBlock(given), terminal);
  const ok = result.findings.length === 0;
  console.log(terminal.json ? JSON.stringify({ ok, ...result }) : formatPreflight(result));
  if (!ok) throw new Failure('');
}
