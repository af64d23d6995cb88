import { decodeHex, encodeAscii, Secret } from '@keywright/crypto';
import {
  type LoadResult,
  type PolicyName,
  type PosTerminal,
  type ProfileName,
  preflight,
  type Refusal,
  TerminalError,
} from '@keywright/terminal';
import type { Challenge, Loaded, OutgoingBlock, Profile, Task } from './fleet-api.ts';

/** Models that take no key without the check value that it must have. */
const WANT_CHECK_VALUE: readonly string[] = ['idtech-l100'];

/** After these nobody knows whether the terminal has taken the key: it is asked before anything is repeated. */
const UNKNOWN: readonly Refusal[] = ['NO_ANSWER', 'BAD_ANSWER', 'BUSY', 'CANCELLED'];

/** The link failed, or the device did: what it has is to be found out again. */
export class TerminalUnreachable extends Error {
  override readonly name = 'TerminalUnreachable';
}

/** What a terminal tells, or `untold` when it has no way to tell it. */
async function ask<T>(question: Promise<T>): Promise<T | 'untold'> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof TerminalError && error.code === 'NOT_SUPPORTED') return 'untold';
    throw error;
  }
}

/** How a terminal shows that it has its KEK, as a claim wants it. */
export async function showKek(
  terminal: PosTerminal,
  { device }: Profile,
): Promise<{ kekCheckValue?: string; tellsNone?: true }> {
  try {
    const told = await ask(terminal.getKeyCheckValue(device.kekSlot));
    return told === 'untold' ? { tellsNone: true } : { kekCheckValue: told };
  } catch (error) {
    if (error instanceof TerminalError && error.code === 'SLOT_EMPTY') return {};
    throw error;
  }
}

/** TDES: the counter is the last 21 bits; AES: the last 32. */
function initialPart(ksn: string): bigint {
  return BigInt(`0x${ksn}`) >> (ksn.length === 24 ? 32n : 21n);
}

function isUnder(initialKsn: string, ksn: string): boolean {
  return ksn.length === initialKsn.length && initialPart(ksn) === initialPart(initialKsn);
}

/**
 * Whether the terminal has the key whose block has left, by KSN and check value; a device that can't tell them shows its KSN when
 * it uses the key.
 */
export async function holdsKey(terminal: PosTerminal, task: Task): Promise<boolean> {
  const { slot, ksn, checkValue, challenge } = task;
  if (ksn === undefined || challenge === undefined) return false;
  try {
    const told = await ask(terminal.getKsn(slot));
    if (told === 'untold') return isUnder(ksn, (await prove(terminal, slot, challenge, ksn)).ksn);
    if (!isUnder(ksn, told)) return false;
    const shown = await ask(terminal.getKeyCheckValue(slot));
    return shown === 'untold' || shown === checkValue;
  } catch (error) {
    if (error instanceof TerminalError && ['SLOT_EMPTY', 'WRONG_KEY'].includes(error.code)) return false;
    throw error;
  }
}

async function pinProof(terminal: PosTerminal, slot: string, { input, pan }: Challenge, aes: boolean) {
  using pin = Secret.take(encodeAscii(input));
  const { pinBlock, ksn } = await terminal.encryptPin({ slot, pin, pan: pan!, format: aes ? 4 : 0 });
  return { output: pinBlock, ksn };
}

async function answer(terminal: PosTerminal, slot: string, challenge: Challenge, aes: boolean) {
  if (challenge.purpose === 'PIN') return pinProof(terminal, slot, challenge, aes);
  const bytes = decodeHex(challenge.input, 'challenge');
  if (challenge.purpose === 'DATA') {
    const { ciphertext, ksn } = await terminal.encryptData({ slot, data: bytes });
    return { output: ciphertext, ksn };
  }
  const { mac, ksn } = await terminal.generateMac({ slot, message: bytes });
  return { output: mac, ksn };
}

/** Uses the new key on what the service asks for. */
export async function prove(
  terminal: PosTerminal,
  slot: string,
  challenge: Challenge,
  initialKsn: string,
): Promise<{ output: string; ksn: string }> {
  const { output, ksn } = await answer(terminal, slot, challenge, initialKsn.length === 24);
  if (ksn === undefined) throw new TerminalUnreachable(`the terminal gave no KSN with its answer in ${slot}`);
  return { output, ksn };
}

/** What to say of a terminal that has its key. */
export async function loadedReport(
  terminal: PosTerminal,
  slot: string,
  challenge: Challenge,
  ksn: string,
): Promise<Loaded> {
  const checkValue = await ask(terminal.getKeyCheckValue(slot));
  const proof = await prove(terminal, slot, challenge, ksn);
  return { slot, ...(checkValue !== 'untold' && { checkValue }), proof };
}

/** Why a block is not sent, or was not taken. */
export interface Refusing {
  readonly reason: string;
  readonly message: string;
}

/** What the terminal would refuse the block for; only the first is told, with what to change. */
async function foresee(
  terminal: PosTerminal,
  { block }: OutgoingBlock,
  slot: string,
  { device }: Profile,
): Promise<Refusing | undefined> {
  const { findings } = preflight(block, {
    profile: device.model as ProfileName,
    policy: device.policy as PolicyName,
    slot,
    kbpk: device.kekSlot,
    terminal: await terminal.info(),
  });
  const [first] = findings;
  return first && { reason: first.status, message: `not sent: ${first.message}; ${first.remedy}` };
}

/**
 * Sends a key block, unless the terminal would refuse it.
 *
 * @returns undefined when the terminal has taken the key
 * @throws TerminalUnreachable when nobody knows whether it has
 */
export async function sendBlock(
  terminal: PosTerminal,
  outgoing: OutgoingBlock,
  slot: string,
  profile: Profile,
): Promise<Refusing | undefined> {
  const foreseen = await foresee(terminal, outgoing, slot, profile);
  if (foreseen !== undefined) return foreseen;
  const result: LoadResult = await terminal.sendTR31Key(outgoing.block, {
    slot,
    kbpk: profile.device.kekSlot,
    ...(WANT_CHECK_VALUE.includes(profile.device.model) && { expectedKcv: outgoing.checkValue }),
  });
  if (result.ok) return undefined;
  if (UNKNOWN.includes(result.status)) throw new TerminalUnreachable(`${result.status}: ${result.message}`);
  return { reason: result.status, message: result.message };
}
