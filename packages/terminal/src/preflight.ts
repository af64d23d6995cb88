import { KEY_BLOCK_VERSIONS, type KeyBlockContents, parseKeyBlock } from '@keywright/crypto';
import { type OpenedEnvelope, openEnvelope } from './envelope/open-envelope.ts';
import { assertPolicy, type PolicyName, type Relaxation, relaxes } from './policy.ts';
import type { LoadOptions } from './pos-terminal.ts';
import { checkAttributes } from './profiles/attribute-checks.ts';
import { findProfile, type ProfileName, rulesOf } from './profiles/index.ts';
import { chooseKbpk, chooseSlot } from './profiles/slot-choice.ts';
import { CIPHERS, PURPOSES, type SlotName, type SlotProfile } from './profiles/slots.ts';
import { type Refusal, TerminalError } from './refusals.ts';
import { REMEDIES } from './remedies.ts';
import type { KeyInfo, TerminalInfo } from './results.ts';
import { startingKsn } from './software/initial-ksn.ts';
import { refusing } from './software/library-errors.ts';
import { attributesOf } from './software/load-key-block.ts';
import { checkComponent, judgeWarning } from './software/open-key-block.ts';

/** The terminal that a block is meant for. */
export interface PreflightOptions extends LoadOptions {
  readonly profile: ProfileName;
  /** `strict` unless given. */
  readonly policy?: PolicyName;
  /** What the terminal says of itself: then its keys, and the versions of those, are looked at too. */
  readonly terminal?: Pick<TerminalInfo, 'state' | 'keys'>;
}

/** Something for which the terminal will refuse the block. */
export interface Finding {
  readonly status: Refusal;
  readonly message: string;
  /** What to change. */
  readonly remedy: string;
}

export interface Preflight {
  /** Where the key will go, if that can be told. */
  readonly slot?: SlotName;
  /** Whose key has to open it. */
  readonly kbpk: SlotName;
  /** None: nothing that shows without the keys speaks against the block. */
  readonly findings: readonly Finding[];
  /** What the terminal's policy will have to let pass. */
  readonly relaxations: readonly Relaxation[];
}

/** Gathers every finding, where a terminal stops at the first one. */
class Findings {
  readonly list: Finding[] = [];
  readonly relaxations = new Set<Relaxation>();

  /** @returns undefined when `check` found something to refuse */
  gather<T>(check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      this.#add(error.code, error.message);
      return undefined;
    }
  }

  relax(check: () => readonly Relaxation[]): void {
    for (const relaxation of this.gather(check) ?? []) this.relaxations.add(relaxation);
  }

  #add(status: Refusal, message: string): void {
    if (this.list.some((finding) => finding.status === status && finding.message === message)) return;
    this.list.push({ status, message, remedy: REMEDIES[status] });
  }
}

interface Flight {
  readonly findings: Findings;
  readonly profile: SlotProfile;
  readonly policy: PolicyName;
  readonly options: PreflightOptions;
}

/** An AES key under a TDES key is always the stronger one; of the same cipher only the clear lengths tell. */
function checkStrength({ header }: KeyBlockContents, policy: PolicyName): Relaxation[] {
  const stronger = header.algorithm === 'A' && KEY_BLOCK_VERSIONS[header.version].cipher === 'TDES';
  if (!stronger) return [];
  if (relaxes(policy, 'KBPK_TOO_WEAK')) return ['KBPK_TOO_WEAK'];
  throw new TerminalError('KBPK_TOO_WEAK', 'the key is AES, and the block is made under TDES');
}

function checkHeld(key: KeyInfo | undefined, slot: SlotName, version: keyof typeof KEY_BLOCK_VERSIONS): void {
  if (key === undefined) throw new TerminalError('KBPK_MISSING', `${slot} has no key`);
  const { keyUsage, algorithm } = key;
  if (keyUsage !== undefined && PURPOSES[keyUsage] !== 'KEK') {
    throw new TerminalError('KBPK_USAGE', `the key in ${slot} has key usage ${keyUsage}`);
  }
  const needed = KEY_BLOCK_VERSIONS[version].cipher;
  if (algorithm === undefined || CIPHERS[algorithm] === needed) return;
  throw new TerminalError(
    'KBPK_ALGORITHM',
    `the key in ${slot} is not ${needed}, as version ${version} needs`,
  );
}

/** Only the version of the key that is there is known from outside, not the highest one that the slot has had. */
function checkSlot({ policy, options }: Flight, key: KeyInfo | undefined, keyVersion: string): Relaxation[] {
  if (key?.keyVersion === undefined || key.keyVersion < keyVersion) return [];
  if (key.keyVersion > keyVersion) {
    const message = `${key.slot} has key version ${key.keyVersion}, got ${keyVersion}`;
    throw new TerminalError('KEY_VERSION_LOWER', message);
  }
  if (options.overwrite) return [];
  if (relaxes(policy, 'SAME_VERSION')) return ['SAME_VERSION'];
  throw new TerminalError('SLOT_OCCUPIED', `${key.slot} has a key of version ${keyVersion}`);
}

function checkTerminal(flight: Flight, kbpk: SlotName, slot: SlotName, { header }: KeyBlockContents): void {
  const { findings, options } = flight;
  const { terminal } = options;
  if (terminal === undefined) return;
  findings.gather(() => {
    if (terminal.state === 'TAMPERED') throw new TerminalError('TAMPERED');
  });
  const keyIn = (name: SlotName) => terminal.keys.find((key) => key.slot === name);
  findings.gather(() => checkHeld(keyIn(kbpk), kbpk, header.version));
  findings.relax(() => checkSlot(flight, keyIn(slot), header.keyVersion));
}

function checkContents(
  flight: Flight,
  contents: KeyBlockContents,
  opened: OpenedEnvelope,
): SlotName | undefined {
  const { findings, profile, policy, options } = flight;
  const { header, optionalBlocks, warnings } = contents;
  for (const warning of warnings) findings.relax(() => judgeWarning(warning, policy));
  findings.gather(() => checkComponent(header));
  findings.relax(() => checkStrength(contents, policy));
  const slot = findings.gather(() => chooseSlot(profile, header.keyUsage, options));
  if (slot === undefined) return undefined;
  findings.relax(() => checkAttributes(profile, attributesOf(header), slot, policy));
  const isInitialKey = rulesOf(profile, slot).accepts.some(({ keyUsage }) => keyUsage === 'B1');
  const ksn = options.ksn ?? opened.ksn;
  if (isInitialKey && Object.hasOwn(CIPHERS, header.algorithm)) {
    findings.gather(() => startingKsn(header.algorithm, optionalBlocks, { ...options, ...(ksn && { ksn }) }));
  }
  return slot;
}

/**
 * Tells, before a key block leaves, everything that a terminal will refuse it for, as far as it shows without the keys: the block's
 * form, header and optional blocks against the terminal's slots and policy, and, where it is known, what the terminal has.
 *
 * @param block a bare key block, or a vendor's envelope
 * @throws TypeError when there is no such profile or policy
 * @throws RangeError when the profile has no such slot or index
 */
export function preflight(block: string, options: PreflightOptions): Preflight {
  const { policy = 'strict' } = options;
  assertPolicy(policy);
  const profile = findProfile(options.profile);
  const findings = new Findings();
  const kbpk = chooseKbpk(profile, options);
  const opened = findings.gather(() => openEnvelope(block, policy));
  const contents = opened && findings.gather(() => refusing(() => parseKeyBlock(opened.block)));
  const flight = { findings, profile, policy, options };
  const slot = contents && opened && checkContents(flight, contents, opened);
  if (slot !== undefined && contents !== undefined) checkTerminal(flight, kbpk, slot, contents);
  for (const relaxation of opened?.relaxations ?? []) findings.relaxations.add(relaxation);
  return { ...(slot && { slot }), kbpk, findings: findings.list, relaxations: [...findings.relaxations] };
}
