import { type KeyBlockContents, parseTdesKsn } from '@keywright/crypto';
import type { SlotName } from '../../profiles/slots.ts';
import { TerminalError } from '../../refusals.ts';
import type { KeyLoaded } from '../../results.ts';
import { parseKsn } from '../../software/initial-ksn.ts';
import { INITIAL_KEY_CODES, MASTER_KEY_CODES, PIN_CODES, refusalOf } from './codes.ts';
import {
  badAnswer,
  checkMasterKey,
  loadInitialKey,
  loadMasterKey,
  type MasterKeyInfo,
  readMasterKeyInfo,
  readPin,
  selectKeySet,
  testDukptPin,
} from './messages.ts';
import { isNoAnswer, type Talk } from './talk.ts';

/** Whole loads, the first one included, when it is certain that the one before did nothing. */
const LOADS = 3;

/** For the test PIN of message 76: nobody's card. */
const TEST_PAN = '4000000000000002';

export interface Loading {
  readonly slot: SlotName;
  readonly block: string;
  readonly contents: KeyBlockContents;
}

function loaded({ slot, contents }: Loading, ksn?: string): KeyLoaded {
  const { keyUsage: usage, algorithm, keyVersion } = contents.header;
  return {
    ok: true,
    status: 'LOADED',
    slot,
    usage,
    algorithm,
    keyVersion,
    ...(ksn !== undefined && { ksn }),
    relaxations: [],
  };
}

async function infoOf(talk: Talk, slot: SlotName): Promise<MasterKeyInfo | undefined> {
  const info = readMasterKeyInfo(await talk.ask(checkMasterKey(slot)));
  await talk.ended();
  return info;
}

/** Takes the device's word that it has not taken the key, if that is what the answer is. */
async function refuseWith(talk: Talk, answer: string): Promise<void> {
  const code = /^02\?(.)$/.exec(answer)?.[1];
  if (code === undefined) return;
  await talk.control('ACK');
  await talk.ended();
  throw refusalOf(MASTER_KEY_CODES, code);
}

type Stored = 'yes' | 'no' | 'unknown';

/**
 * Message 02: the device echoes it, the host confirms the echo, the device stores the key and says EOT. Before the confirmation
 * nothing is stored.
 *
 * @throws TerminalError with the device's reason
 */
async function sendMasterKey(talk: Talk, { slot, block }: Loading): Promise<Stored> {
  const message = loadMasterKey(slot, block);
  const taken = await talk.send(message);
  const echo = 'text' in taken ? taken.text : taken.control === 'EOT' ? 'EOT' : await echoed(talk);
  if (echo === undefined) return 'no';
  if (echo === 'EOT')
    throw new TerminalError('BLOCK_FORMAT', 'the device ended message 02: it can not read it');
  await refuseWith(talk, echo);
  if (echo !== message.text) {
    await talk.control('EOT');
    return 'no';
  }
  await talk.control('ACK');
  return stored(talk, message.text);
}

async function echoed(talk: Talk): Promise<string | undefined> {
  try {
    return await talk.answer();
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    await talk.control('EOT');
    return undefined;
  }
}

/** The echo once more: it came twice, or the confirmation was lost. Confirming again is right for both. */
async function stored(talk: Talk, echo: string): Promise<Stored> {
  try {
    for (;;) {
      const end = await talk.answer();
      if (end === 'EOT') return 'yes';
      await refuseWith(talk, end);
      if (end === echo) await talk.control('ACK');
    }
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return 'unknown';
  }
}

function isSameKind(info: MasterKeyInfo | undefined, { header }: KeyBlockContents): boolean {
  return info !== undefined && info.keyUsage === header.keyUsage && info.modeOfUse === header.modeOfUse;
}

const UNKNOWN =
  'the answer was lost, and the slot had a key of this kind before: whether it has the new one, is not known';

/**
 * Loads a key by message 02. When the end of it is lost, message 04 says whether the slot has a key now; only when it has none,
 * or none of this kind, the load is repeated.
 *
 * @throws TerminalError with the device's reason; NO_ANSWER when it can not be known whether the slot has the new key
 */
export async function loadMaster(talk: Talk, loading: Loading): Promise<KeyLoaded> {
  const { slot, contents } = loading;
  const before = await infoOf(talk, slot);
  for (let load = 1; load <= LOADS; load += 1) {
    const outcome = await sendMasterKey(talk, loading);
    if (outcome === 'yes') return loaded(loading);
    if (outcome === 'no') continue;
    const after = await infoOf(talk, slot);
    if (!isSameKind(after, contents)) continue;
    if (isSameKind(before, contents)) throw new TerminalError('NO_ANSWER', UNKNOWN);
    return loaded(loading);
  }
  throw new TerminalError(
    'NO_ANSWER',
    `the device confirmed none of ${LOADS} loads, and has not taken the key`,
  );
}

/** The KSN of a key block, which is all that the device takes one from. */
function ksnOf({ optionalBlocks }: KeyBlockContents): string {
  return optionalBlocks.find(({ id }) => id === 'KS')!.data;
}

/**
 * What key set a slot has, by the device's own test PIN (message 76), which takes one transaction of it.
 *
 * @returns its KSN; undefined when the slot has none
 */
async function testKsn(talk: Talk, slot: SlotName): Promise<string | undefined> {
  await talk.send(selectKeySet(slot));
  const answer = readPin(await talk.ask(testDukptPin(TEST_PAN)));
  if (!('code' in answer)) return answer.ksn;
  const refusal = refusalOf(PIN_CODES, answer.code);
  if (refusal.code === 'SLOT_EMPTY') return undefined;
  throw refusal;
}

/** Whether a KSN is the first, or a later one, of the key set that begins at `start`. */
function standing(ksn: string | undefined, start: string): 'first' | 'later' | 'other' {
  if (ksn === undefined) return 'other';
  const [now, then] = [parseKsn('T', ksn), parseTdesKsn(start)];
  if (Buffer.compare(now.initialKeyId, then.initialKeyId) !== 0) return 'other';
  return now.counter === then.counter + 1 ? 'first' : 'later';
}

async function sendInitialKey(talk: Talk, { slot, block }: Loading): Promise<boolean> {
  let answer: string;
  try {
    answer = await talk.ask(loadInitialKey(slot, block));
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return false;
  }
  const status = /^91(?:0|1(.))$/.exec(answer);
  if (status === null) throw badAnswer('90');
  if (status[1] !== undefined) throw refusalOf(INITIAL_KEY_CODES, status[1]);
  return true;
}

/**
 * Loads an initial key by message 90 or 94. When the answer is lost, the device's test PIN says by its KSN which key set the slot
 * has: it is repeated only when that is another one, since an initial key that is loaded twice repeats its transaction keys.
 *
 * @throws TerminalError with the device's reason; NO_ANSWER when it can not be known which key set the slot has
 */
export async function loadInitial(talk: Talk, loading: Loading): Promise<KeyLoaded> {
  const start = ksnOf(loading.contents);
  for (let load = 1; load <= LOADS; load += 1) {
    if (await sendInitialKey(talk, loading)) return loaded(loading, start);
    const ksn = await testKsn(talk, loading.slot);
    const where = standing(ksn, start);
    if (where === 'first') return loaded(loading, ksn);
    if (where === 'later') {
      throw new TerminalError(
        'NO_ANSWER',
        `the answer was lost, and the key set of this KSN is at ${ksn}: an earlier load`,
      );
    }
  }
  throw new TerminalError(
    'NO_ANSWER',
    `the device confirmed none of ${LOADS} loads, and has not taken the key`,
  );
}
