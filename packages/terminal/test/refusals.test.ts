import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeAscii, Secret } from '@keywright/crypto';
import { openSoftwareTerminal, type PosTerminal, type Refusal, TerminalError } from '@keywright/terminal';
import { decodeState, encodeState } from '../src/software/state-codec.ts';
import { withKey } from '../src/software/terminal-state.ts';
import { FileStore } from '../src/store/file-store.ts';
import { AES_KEK, block, enterKek, hex, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
const OTHER = '5A3C96E10F4B2D78C31E89A7D465B20F';
const KSN = 'FFFF9876543210E00000';

interface Case {
  prepare?: (terminal: PosTerminal) => Promise<unknown>;
  attempt: (terminal: PosTerminal) => Promise<{ status: string } | unknown>;
  /** Done to the directory before the attempt, with the terminal closed. */
  break?: (directory: string) => void;
  /** Begins with a terminal that has no KEK yet. */
  blank?: boolean;
  loadLimit?: number;
}

const tdes = (attributes: string, key = KEY, optionalBlocks = [] as ReturnType<typeof ks>[]) =>
  block(TDES_KEK, 'B', attributes, key, optionalBlocks);

const send = (text: string, options?: Parameters<PosTerminal['sendTR31Key']>[1]) => (terminal: PosTerminal) =>
  terminal.sendTR31Key(text, options);

const component = (digits: string, number: number, of = 2) => ({
  algorithm: 'TDES' as const,
  component: hex(digits),
  number,
  of,
});

const initialKey = tdes('B1TX00N', KEY, [ks(KSN)]);

/** Puts a DUKPT key set at the end of its counter: the counter is in the bytes 11 to 14 of the registers' state. */
function exhaust(directory: string): void {
  using store = new FileStore(directory).open();
  const state = decodeState(store.read()!);
  const key = state.keys.get('DUKPT-0')!;
  const material = key.material.expose((bytes) => Secret.take(Uint8Array.from(bytes).fill(0, 11, 15)));
  store.write(encodeState(withKey(state, 'DUKPT-0', { ...key, material })));
}

function damage(directory: string): void {
  const path = join(directory, 'store');
  writeFileSync(path, readFileSync(path).fill(0, 40, 41).subarray(0, -1));
}

const CASES: Partial<Record<Refusal, Case>> = {
  TAMPERED: { break: damage, attempt: send(tdes('P0TE00N')) },
  BLOCK_FORMAT: { attempt: send(tdes('P0TE00N').slice(0, -2)) },
  BLOCK_VERSION: { attempt: send(block(TDES_KEK, 'A', 'P0TE00N', KEY)) },
  VERIFICATION_FAILED: { attempt: send(block(OTHER, 'B', 'P0TE00N', KEY)) },
  KBPK_MISSING: { attempt: send(tdes('P0TE00N'), { kbpk: 'KEK-7' }) },
  KBPK_USAGE: { prepare: send(tdes('P0TE00N')), attempt: send(tdes('D0TE00N', OTHER), { kbpk: 'PIN-0' }) },
  KBPK_ALGORITHM: { attempt: send(block(TDES_KEK, 'D', 'P0TE00N', KEY)) },
  KBPK_TOO_WEAK: { attempt: send(tdes('P0TE00N', KEY + OTHER.slice(0, 16))) },
  BDK: { attempt: send(tdes('B0TX00N')) },
  USAGE: { attempt: send(tdes('C0TC00N')) },
  USAGE_NOT_FOR_SLOT: { attempt: send(tdes('P0TE00N'), { slot: 'DATA-0' }) },
  ALGORITHM: { attempt: send(tdes('P0DE00N', KEY.slice(0, 16))) },
  MODE_OF_USE: { attempt: send(tdes('P0TD00N')) },
  KEY_COMPONENT: { attempt: send(tdes('P0TEc1N')) },
  KEY_LENGTH: { attempt: send(tdes('P0TE00N', KEY.slice(0, 16))) },
  EQUAL_DES_KEYS: { attempt: send(tdes('P0TE00N', KEY.slice(0, 16).repeat(2))) },
  KCV_MISMATCH: { attempt: send(tdes('P0TE00N'), { expectedKcv: '000000' }) },
  DUPLICATE_KEY: { prepare: send(tdes('P0TE00N')), attempt: send(tdes('D0TE00N')) },
  KEY_VERSION_LOWER: {
    prepare: send(tdes('P0TE02N')),
    attempt: send(tdes('P0TE01N', OTHER), { overwrite: true }),
  },
  SLOT_OCCUPIED: { prepare: send(tdes('P0TE01N')), attempt: send(tdes('P0TE01N', OTHER)) },
  LOAD_LIMIT: { loadLimit: 1, attempt: send(tdes('P0TE00N')) },
  KSN_REQUIRED: { attempt: send(tdes('B1TX00N')) },
  KSN_INVALID: { attempt: send(tdes('B1TX00N'), { ksn: `${KSN}0000` }) },
  KSN_CONFLICT: { attempt: send(initialKey, { ksn: 'FFFF9876543211E00000' }) },
  KSN_COUNTER: { attempt: send(tdes('B1TX00N'), { ksn: 'FFFF9876543210FFFFFF' }) },
  KSN_IN_USE: { prepare: send(initialKey), attempt: send(initialKey, { index: 3 }) },
  CLEAR_LOAD_CLOSED: { attempt: (terminal) => terminal.loadKeyComponent(0, component(KEY, 1)) },
  COMPONENT: {
    blank: true,
    prepare: (terminal) => terminal.loadKeyComponent(1, component(KEY, 1)),
    attempt: (terminal) => terminal.loadKeyComponent(1, component(KEY, 2)),
  },
  COMPONENT_ORDER: { blank: true, attempt: (terminal) => terminal.loadKeyComponent(1, component(KEY, 2)) },
  SLOT_EMPTY: { attempt: (terminal) => terminal.getKsn('DUKPT-5') },
  WRONG_KEY: {
    prepare: send(tdes('D0TE00N')),
    attempt: (terminal) => terminal.encryptPin({ slot: 'DATA-0', pin: pin(), pan: PAN, format: 0 }),
  },
  FORMAT_NOT_FOR_KEY: {
    prepare: send(initialKey),
    attempt: (terminal) => terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 4 }),
  },
  DATA_LENGTH: {
    prepare: send(initialKey),
    attempt: (terminal) => terminal.encryptData({ slot: 'DUKPT-0', data: encodeAscii('nine bytes') }),
  },
  DUKPT_EXHAUSTED: {
    prepare: send(initialKey),
    break: exhaust,
    attempt: (terminal) => terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 }),
  },
};

async function answerOf(attempt: Case['attempt'], terminal: PosTerminal): Promise<unknown> {
  try {
    return await attempt(terminal);
  } catch (error) {
    assert.ok(error instanceof TerminalError, String(error));
    return { status: error.code, message: error.message };
  }
}

for (const code of Object.keys(CASES) as Refusal[]) {
  const { prepare, attempt, blank, break: breaks, ...options } = CASES[code]!;
  test(`${code}, and nothing in the terminal changes`, async () => {
    using directory = scratch();
    const open = () => openSoftwareTerminal({ directory: directory.path, ...options });
    {
      using terminal = open();
      if (!blank) await enterKek(terminal, TDES_KEK, 'TDES');
      const prepared = await prepare?.(terminal);
      assert.notEqual((prepared as { ok?: boolean } | undefined)?.ok, false, JSON.stringify(prepared));
    }
    breaks?.(directory.path);
    using terminal = open();
    // What came in before the terminal was closed is gone: components wait in memory alone.
    if (code === 'COMPONENT') await prepare?.(terminal);
    const before = await terminal.info();
    const answer = (await answerOf(attempt, terminal)) as { status: string; message: string };
    assert.equal(answer.status, code, answer.message);
    assert.deepEqual(await terminal.info(), before);
  });
}

test('a component of eight bytes is no TDES KEK, nor is one of five', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  for (const digits of [KEY.slice(0, 10), '']) {
    const result = await terminal.loadKeyComponent(0, component(digits, 1));
    assert.equal(result.status, 'COMPONENT');
  }
});

test('an AES key is no initial key of TDES DUKPT: three-key TDES neither', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK + OTHER.slice(0, 16), 'TDES');
  const kbpk = TDES_KEK + OTHER.slice(0, 16);
  const text = block(kbpk, 'B', 'B1TX00N', KEY + OTHER.slice(0, 16), [ks(KSN)]);
  assert.equal((await terminal.sendTR31Key(text)).status, 'KEY_LENGTH');
});

test('a caller that names what is not there gets a RangeError or a TypeError', async () => {
  using directory = scratch();
  assert.throws(
    () => openSoftwareTerminal({ directory: directory.path, policy: 'lax' as 'strict' }),
    TypeError,
  );
  using terminal = openSoftwareTerminal({ directory: directory.path, serial: 'A-1' });
  await enterKek(terminal, AES_KEK, 'AES');
  const slot = 'PIN-10' as 'PIN-1';
  await assert.rejects(terminal.sendTR31Key('', { slot }), RangeError);
  await assert.rejects(terminal.eraseKey(slot), RangeError);
  await assert.rejects(terminal.getKeyCheckValue('KEK-0', 9), RangeError);
  terminal[Symbol.dispose]();
  await assert.rejects(terminal.zeroize(), TypeError);
  assert.throws(() => openSoftwareTerminal({ directory: directory.path, serial: 'A-2' }), RangeError);
});
