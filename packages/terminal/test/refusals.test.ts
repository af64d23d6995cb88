import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCredentialToken, encodeAscii, Secret } from '@keywright/crypto';
import {
  openSoftwareTerminal,
  type PosTerminal,
  REFUSALS,
  type Refusal,
  TerminalError,
} from '@keywright/terminal';
import qpos from '../../../vectors/qpos-envelope.json' with { type: 'json' };
import { decodeState, encodeState } from '../src/software/state-codec.ts';
import { withKey } from '../src/software/terminal-state.ts';
import { FileStore } from '../src/store/file-store.ts';
import { AES_KEK, block, enterKek, hex, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';
import {
  bindTo,
  Clock,
  CRLS,
  HOUR,
  KDH,
  KDH_3072,
  KRD,
  keyToken,
  NEW_KDH,
  NOW,
  OTHER_KRD,
  openDevice,
  personalize,
  REVOKED_KDH,
} from './tr34-parties.ts';

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
  /** The terminal's clock at the attempt. */
  now?: number;
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

/** Of devices behind a driver alone. */
const DRIVERS_ONLY = ['NO_ANSWER', 'BAD_ANSWER', 'BUSY', 'CANCELLED', 'UNAUTHENTICATED', 'REFUSED'] as const;

/** The KRD's certificate with another public key: what is encrypted for it the KRD can not open. */
function wrongKeyCertificate(): Uint8Array {
  const modulusOf = ({ privateKey }: typeof KRD) =>
    Buffer.from(privateKey.export({ format: 'jwk' }).n!, 'base64url');
  const bytes = Buffer.from(KRD.certificate);
  modulusOf(KDH_3072).copy(bytes, bytes.indexOf(modulusOf(KRD)));
  return new Uint8Array(bytes);
}

const bound = (terminal: PosTerminal) => personalize(terminal).then(() => bindTo(terminal, KDH));
const load = (token: Uint8Array) => (terminal: PosTerminal) => terminal.loadTR34Key(token);
const bind = (credential: Parameters<typeof createCredentialToken>[0]) => (terminal: PosTerminal) =>
  terminal.bindTR34(createCredentialToken(credential));
const pins = (count: number) => async (terminal: PosTerminal) => {
  await terminal.sendTR31Key(tdes('P0TE00N'));
  for (let i = 0; i < count; i++)
    await terminal.encryptPin({ slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 });
};

const CASES: Record<Exclude<Refusal, (typeof DRIVERS_ONLY)[number]>, Case> = {
  NOT_SUPPORTED: {
    prepare: send(tdes('P0TE00N')),
    attempt: (terminal) => terminal.encryptPin({ slot: 'PIN-0', pan: PAN, format: 0 }),
  },
  ENVELOPE: { attempt: send(qpos.envelope) },
  KEY_CRYPTOGRAM: { attempt: (terminal) => terminal.loadKeyCryptogram({ slot: 'PIN-0', cryptogram: KEY }) },
  DECRYPTION_FAILED: { prepare: bound, attempt: load(keyToken({ krdCertificate: wrongKeyCertificate() })) },
  NO_CERTIFICATE: { attempt: bind(KDH) },
  TOKEN_FORMAT: { prepare: bound, attempt: load(keyToken().subarray(0, -1)) },
  TOKEN_SIGNATURE: { prepare: bound, attempt: load(keyToken({ kdh: NEW_KDH })) },
  TOKEN_RECIPIENT: {
    prepare: bound,
    attempt: load(keyToken({ krdCertificate: OTHER_KRD.certificate })),
  },
  TOKEN_NONCE: { prepare: bound, attempt: load(keyToken({ pass: { nonce: new Uint8Array(8) } })) },
  TOKEN_REPLAYED: { prepare: bound, attempt: load(keyToken({ pass: { time: new Date(NOW + HOUR) } })) },
  CERTIFICATE: {
    prepare: (terminal) => terminal.createCsr(),
    attempt: (terminal) => terminal.storeCertificates({ device: OTHER_KRD.certificate }),
  },
  CERTIFICATE_EXPIRED: {
    prepare: (terminal) => terminal.createCsr(),
    now: Date.parse('2050-01-01T00:00:00Z'),
    attempt: (terminal) => terminal.storeCertificates({ device: KRD.certificate }),
  },
  CERTIFICATE_REVOKED: {
    prepare: personalize,
    attempt: bind({ certificate: REVOKED_KDH.certificate, crl: CRLS.current }),
  },
  CRL: { prepare: personalize, attempt: bind({ certificate: KDH.certificate, crl: CRLS.expired }) },
  NOT_BOUND: { prepare: personalize, attempt: load(keyToken()) },
  ALREADY_BOUND: { prepare: bound, attempt: bind(NEW_KDH) },
  PIN_RATE: {
    prepare: pins(127),
    attempt: (terminal) => terminal.encryptPin({ slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 }),
  },
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

for (const code of Object.keys(CASES) as (keyof typeof CASES)[]) {
  const { prepare, attempt, blank, break: breaks, now, loadLimit } = CASES[code];
  test(`${code}, and nothing in the terminal changes`, async () => {
    using directory = scratch();
    const clock = new Clock();
    const options = { directory: directory.path, clock: clock.read, ...(loadLimit && { loadLimit }) };
    const open = () => openDevice(options);
    {
      using terminal = open();
      if (!blank) await enterKek(terminal, TDES_KEK, 'TDES');
      const prepared = await prepare?.(terminal);
      assert.notEqual((prepared as { ok?: boolean } | undefined)?.ok, false, JSON.stringify(prepared));
    }
    breaks?.(directory.path);
    clock.now = now ?? NOW;
    using terminal = open();
    // What came in before the terminal was closed is gone: components wait in memory alone.
    if (code === 'COMPONENT') await prepare?.(terminal);
    const before = await terminal.info();
    const answer = (await answerOf(attempt, terminal)) as { status: string; message: string };
    assert.equal(answer.status, code, answer.message);
    assert.deepEqual(await terminal.info(), before);
  });
}

test('every reason has a case here, or is one of drivers', () => {
  const covered = [...Object.keys(CASES), ...DRIVERS_ONLY];
  assert.deepEqual(covered.toSorted(), Object.keys(REFUSALS).toSorted());
});

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
