import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type LoadOptions,
  openSoftwareTerminal,
  type PolicyName,
  type PosTerminal,
} from '@keywright/terminal';
import { enterKek, scratch } from './support.ts';

interface Vector {
  src: string;
  kbpk: string;
  block: string;
  clear: string;
  kcv?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/terminal_vectors.json', import.meta.url), 'utf8'),
).tr31 as Vector[];

interface Expectation {
  /** Beginning of the vector's block. */
  block: string;
  /** The refusal under `strict`; LOADED when the block is as X9.143 has it. */
  strict: string;
  /** The policy of the vendor, and the relaxations that it takes, or the refusal. */
  compat?: [PolicyName, string[] | string];
  options?: LoadOptions;
  slot?: string;
  ksn?: string;
  counter?: string;
  kcv?: string;
}

/** What a terminal should make of each published block. KCVs are the vectors' own where they have them. */
const EXPECTED: Expectation[] = [
  {
    block: 'D0112B1AN00E0000D9FB',
    strict: 'KBPK_TOO_WEAK',
    compat: ['compat:qpos', ['KBPK_TOO_WEAK', 'MODE_OF_USE']],
    options: { ksn: '123456789012345600000000' },
    slot: 'DUKPT-0',
    ksn: '123456789012345600000000',
    counter: 'zero',
  },
  {
    block: 'B0120B1TN00E0100KS18',
    strict: 'MODE_OF_USE',
    compat: ['compat:qpos', ['MODE_OF_USE']],
    slot: 'DUKPT-0',
    ksn: '09118012400705E00001',
    counter: 'taken',
    // The same initial key stands in tmkWrappedIpek, with its check value.
    kcv: '377EE0',
  },
  {
    block: 'B0096D0TN00E0000',
    strict: 'MODE_OF_USE',
    compat: ['compat:qpos', ['MODE_OF_USE', 'EQUAL_DES_KEYS']],
    slot: 'DATA-0',
  },
  {
    block: 'B0096K0TN00E0000',
    strict: 'MODE_OF_USE',
    compat: ['compat:qpos', ['MODE_OF_USE', 'EQUAL_DES_KEYS']],
    options: { index: 1 },
    slot: 'KEK-1',
  },
  { block: 'B0104B0TX00E0100', strict: 'BDK', compat: ['compat:sunmi', 'BDK'] },
  {
    block: 'B0104B1TX00E0100KS18FFFF9876543210E00000BF72',
    strict: 'LOADED',
    compat: ['compat:sunmi', []],
    slot: 'DUKPT-0',
    ksn: 'FFFF9876543210E00000',
  },
  {
    block: 'B0104B1TX00E0100KS18FFFF9876543210E00000347E',
    strict: 'LOADED',
    slot: 'DUKPT-0',
    ksn: 'FFFF9876543210E00000',
  },
  {
    block: 'B0104K0TD12S0100',
    strict: 'USAGE_NOT_FOR_SLOT',
    compat: ['compat:sunmi', ['INITIAL_KEY_AS_K0']],
    options: { slot: 'DUKPT-4' },
    slot: 'DUKPT-4',
    ksn: '00604B120F9292800000',
  },
  { block: 'B0080P0TE00E0000', strict: 'LOADED', slot: 'PIN-0' },
  {
    block: 'B0080B1TX00N0000',
    strict: 'LOADED',
    options: { ksn: '79123764611408E00001' },
    slot: 'DUKPT-0',
    ksn: '79123764611408E00001',
    counter: 'taken',
  },
  { block: 'B0120B1TX00N0100', strict: 'LOADED', slot: 'DUKPT-0', ksn: '1ED9D5000000BC200000' },
  { block: 'D0144B1TX00S0200', strict: 'LOADED', slot: 'DUKPT-0', ksn: '1ED9D5000000BC200000' },
  {
    block: 'B0112B1AX00S0200',
    strict: 'BLOCK_FORMAT',
    compat: ['compat:any', ['OPTIONAL_BLOCK', 'KBPK_TOO_WEAK']],
    options: { ksn: '1234567890123456' },
    slot: 'DUKPT-0',
    ksn: '123456789012345600000000',
    // The vector's note: CMAC, where the demo itself shows the older check value.
    kcv: '83B4AF',
  },
  {
    block: 'D0144B1AX00S0200',
    strict: 'BLOCK_FORMAT',
    compat: ['compat:any', ['OPTIONAL_BLOCK']],
    options: { ksn: '1234567890123456' },
    slot: 'DUKPT-0',
    ksn: '123456789012345600000000',
    kcv: '83B4AF',
  },
  { block: 'D0112K0AB00E00001669', strict: 'LOADED', options: { index: 1 }, slot: 'KEK-1' },
  { block: 'D0112K0AB00E00005C67', strict: 'LOADED', options: { index: 1 }, slot: 'KEK-1' },
  { block: 'D0112D0AB00E0000', strict: 'LOADED', slot: 'DATA-0' },
  { block: 'D0112P0AB00E0000', strict: 'LOADED', slot: 'PIN-0' },
  { block: 'B0080P0TE00N0000', strict: 'LOADED', slot: 'PIN-0' },
  {
    block: 'A0072K0TD00N0000',
    strict: 'BLOCK_VERSION',
    compat: ['compat:uic', ['DEPRECATED_VERSION']],
    options: { index: 1 },
    slot: 'KEK-1',
  },
];

function expectationOf(vector: Vector): Expectation {
  const [expected, ...more] = EXPECTED.filter(({ block }) => vector.block.startsWith(block));
  assert.ok(expected && more.length === 0, `one expectation for ${vector.src}`);
  return expected;
}

async function load(vector: Vector, policy: PolicyName, options: LoadOptions | undefined) {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path, policy });
  const isAes = vector.block.startsWith('D');
  await enterKek(terminal, vector.kbpk, isAes ? 'AES' : 'TDES');
  const result = await terminal.sendTR31Key(vector.block, options);
  if (result.ok) assert.equal(await terminal.getKeyCheckValue(result.slot), result.kcv);
  return result;
}

function assertLoaded(result: Awaited<ReturnType<typeof load>>, vector: Vector, expected: Expectation) {
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.slot, expected.slot);
  assert.equal(result.usage + result.algorithm, vector.block.slice(5, 8));
  assert.equal(result.keyVersion, vector.block.slice(9, 11));
  if (expected.ksn) assert.equal(result.ksn, expected.ksn);
  if (expected.counter) assert.equal(result.counter, expected.counter);
  const kcv = vector.kcv ?? expected.kcv;
  if (kcv) assert.equal(result.kcv, kcv);
}

for (const vector of vectors) {
  const expected = expectationOf(vector);
  const { strict, compat, options } = expected;
  test(`${vector.src}: ${strict} under strict`, async () => {
    const result = await load(vector, 'strict', options);
    assert.equal(result.status, strict);
    if (!result.ok) return;
    assertLoaded(result, vector, expected);
    assert.deepEqual(result.relaxations, []);
  });
  if (compat === undefined) continue;
  const [policy, outcome] = compat;
  test(`${vector.src}: ${outcome || 'loaded'} under ${policy}`, async () => {
    const result = await load(vector, policy, options);
    if (typeof outcome === 'string') return assert.equal(result.status, outcome);
    assertLoaded(result, vector, expected);
    assert.deepEqual(result.ok && result.relaxations, outcome);
  });
}

/** Loads one block of the chain; each KEK unwraps the next. */
async function follow(terminal: PosTerminal, block: string, options: LoadOptions): Promise<void> {
  const wanted = vectors.find((vector) => vector.block.startsWith(block))!;
  const result = await terminal.sendTR31Key(wanted.block, options);
  assert.ok(result.ok, JSON.stringify(result));
}

test('Kozen: three levels, each KEK under the one before', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, '18DC9CCEA6C5D9FED769456C18ACFAEC', 'AES');
  await follow(terminal, 'D0112K0AB00E00001669', { index: 1 });
  await follow(terminal, 'D0112K0AB00E00005C67', { index: 2, kbpk: 'KEK-1' });
  await follow(terminal, 'D0112D0AB00E0000', { kbpk: 'KEK-2' });
  await follow(terminal, 'D0112P0AB00E0000', { kbpk: 'KEK-2' });
  const { keys } = await terminal.info();
  assert.deepEqual(
    keys.map(({ slot }) => slot),
    ['KEK-0', 'KEK-1', 'KEK-2', 'DATA-0', 'PIN-0'],
  );
});
