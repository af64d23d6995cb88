import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { checkpointSigner } from '../../src/audit/checkpoint.ts';
import { exportRecords } from '../../src/audit/export.ts';
import { copiedCheckpoints } from '../../src/audit/read-lines.ts';
import { CHECKPOINTS_NAME, hashLine, parseLine } from '../../src/audit/record.ts';
import { chainsOf, segmentsOf } from '../../src/audit/tail.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { ACCOUNT } from './temporary-audit.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const body = (name: string) => `"event":{"eventName":"${name}","requestID":"${name}"}`;

/** Writes an audit of one chain: starts, 30 calls, stops, twice. */
async function writeAudit(directory: string): Promise<void> {
  let now = Date.parse('2026-01-02T03:00:00Z');
  for (const run of [1, 2]) {
    const onFailure = (error: unknown) => assert.fail(String(error));
    const audit = new AuditLog({ directory, account: ACCOUNT, onFailure, now: () => now });
    await audit.start();
    for (let call = 1; call <= 30; call += 1) {
      now += 1000;
      audit.append(body(`run-${run}-call-${call}`));
      if (call % 10 === 0) await audit.commit();
    }
    audit.signWith(checkpointSigner(privateKey));
    await audit[Symbol.asyncDispose]();
  }
}

type Bend = (lines: string[]) => string[];

/** Makes the records from one on again, each with the right hash of the one before: what somebody without the key can do. */
function remake(lines: string[], from: number): string[] {
  const made = lines.slice(0, from);
  for (const [i, line] of lines.slice(from).entries()) {
    const previous = hashLine(made.at(-1)!);
    made.push(
      line
        .replace(/"seq":\d+/, `"seq":${from + i + 1}`)
        .replace(/"previous":"[0-9a-f]{64}"/, `"previous":"${previous}"`),
    );
  }
  return made;
}

/** Line i has record i + 1. Records 1 to 31 are a start and 30 calls, 32 the stop, 33 the checkpoint; then all over again. */
const BENDS: [name: string, bend: Bend, message: RegExp][] = [
  [
    'a record is changed',
    (lines) => lines.with(4, lines[4]!.replace('call-4', 'call-5')),
    /^record 5 was changed/,
  ],
  ['one character is changed', (lines) => lines.with(10, `${lines[10]} `), /^record 11 was changed/],
  [
    'the hash in a record is changed',
    (lines) => lines.with(4, lines[4]!.replace(/"previous":"./, '"previous":"x')),
    /^record 5 was changed/,
  ],
  [
    'the last record before a checkpoint is changed',
    (lines) => lines.with(31, lines[31]!.replace('Stop', 'Step')),
    /^record 32 was changed/,
  ],
  [
    'a checkpoint is changed',
    (lines) => lines.with(32, lines[32]!.replace(/"signature":"../, '"signature":"AA')),
    /^record 33 is not signed by the key/,
  ],
  ['a record is cut out', (lines) => lines.toSpliced(6, 1), /^record 7 is missing before record 8/],
  ['records are cut out', (lines) => lines.toSpliced(6, 20), /^records 7 to 26 are missing before record 27/],
  ['the beginning is cut off', (lines) => lines.slice(3), /^records 1 to 3 are missing/],
  [
    'two records are swapped',
    (lines) => lines.with(6, lines[7]!).with(7, lines[6]!),
    /^record 8 stands before record 7/,
  ],
  [
    'a record is moved to the end',
    (lines) => [...lines.toSpliced(6, 1), lines[6]!],
    /^record 8 stands before record 7/,
  ],
  [
    'a record is inserted',
    (lines) => lines.toSpliced(6, 0, lines[5]!.replace('"seq":6', '"seq":7')),
    /^a record 7 was inserted after record 6/,
  ],
  [
    'a record is repeated',
    (lines) => lines.toSpliced(6, 0, lines[5]!),
    /^there is another record 6 after record 6/,
  ],
  [
    'a record is inserted with the right hash',
    (lines) => lines.toSpliced(6, 0, lines[6]!.replace('call-6', 'call-x')),
    /^there is another record 7 after record 7/,
  ],
  [
    'something that is no record is inserted',
    (lines) => lines.toSpliced(6, 0, 'hello'),
    /^what stands after record 6 is no record/,
  ],
  [
    'a record is made something else',
    (lines) => lines.with(6, '{}'),
    /^what stands after record 6 is no record/,
  ],
  ['the end is cut off', (lines) => lines.slice(0, 60), /^it ends with record 60: records 61 to 66 cut off/],
  ['the last record is cut off', (lines) => lines.slice(0, 65), /^it ends with record 65: record 66 cut off/],
  ['all is cut off', () => [], /^it ends with record 0: records 1 to 66 cut off/],
  [
    'a record is changed and all after it are made anew',
    (lines) => remake(lines.with(4, lines[4]!.replace('call-4', 'call-5')), 5),
    /^record 33 is not signed by the key: it, or one of the records 1 to 32, was changed/,
  ],
  [
    'a record is cut out and all after it are made anew',
    (lines) => remake(lines.toSpliced(40, 1), 40),
    /^record 65 is not signed by the key: it, or one of the records 34 to 64, was changed/,
  ],
];

suite('a bent audit is detected, and the first bent record named', () => {
  const home = mkdtempSync(join(tmpdir(), 'keywright-verify-'));
  const genuine = join(home, 'genuine');
  let chain = '';
  before(async () => {
    await writeAudit(genuine);
    [chain] = chainsOf(genuine) as [string];
  });
  after(() => rmSync(home, { recursive: true }));

  const segmentOf = (directory: string) => segmentsOf(join(directory, chain))[0]!;
  const copy = (name: string) => {
    const directory = join(home, name);
    cpSync(genuine, directory, { recursive: true });
    return directory;
  };
  const verify = (path: string, keys: KeyObject[] = [publicKey]) => verifyAudit([path], { publicKeys: keys });

  test('as it was written it is whole', async () => {
    const { chains, faults, unfinished } = await verify(genuine);
    assert.deepEqual([faults, unfinished], [[], []]);
    const [{ first, last, signedTo, from }] = chains as [(typeof chains)[0]];
    assert.deepEqual([first, last, signedTo, from], [1, 66, 66, '2026-01-02T03:00:00.000Z']);
  });

  for (const [i, [name, bend, message]] of BENDS.entries()) {
    test(name, async () => {
      const directory = copy(`bent-${i}`);
      const lines = readFileSync(segmentOf(directory), 'utf8').split('\n').slice(0, -1);
      writeFileSync(
        segmentOf(directory),
        bend(lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const { faults } = await verify(directory);
      assert.equal(faults.length, 1);
      assert.equal(faults[0]!.chain, chain);
      assert.match(faults[0]!.message, message);
    });
  }

  test('another key did not sign it', async () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    const { faults } = await verify(genuine, [other]);
    assert.match(faults[0]!.message, /^record 33 is not signed by the key/);
    assert.deepEqual((await verify(genuine, [other, publicKey])).faults, []);
  });

  test('the end cut off, copies of the checkpoints and all, is seen with a checkpoint that was kept elsewhere', async () => {
    const directory = copy('end-and-copies');
    const kept = copiedCheckpoints(directory);
    writeFileSync(
      segmentOf(directory),
      readFileSync(segmentOf(directory), 'utf8').split('\n').slice(0, 33).join('\n').concat('\n'),
    );
    writeFileSync(join(directory, chain, CHECKPOINTS_NAME), `${JSON.stringify(kept[0])}\n`);
    assert.deepEqual((await verify(directory)).faults, []);
    const { faults } = await verifyAudit([directory], { publicKeys: [publicKey], checkpoints: kept });
    assert.match(faults[0]!.message, /^it ends with record 33: records 34 to 66 cut off/);
  });

  test('a forged checkpoint proves nothing', async () => {
    const directory = copy('forged');
    const [genuineOne] = copiedCheckpoints(directory) as [ReturnType<typeof copiedCheckpoints>[0]];
    const forged = { ...genuineOne, seq: 1000 };
    writeFileSync(join(directory, chain, CHECKPOINTS_NAME), `${JSON.stringify(forged)}\n`, { flag: 'a' });
    assert.deepEqual((await verify(directory)).faults, []);
  });

  test('checkpoints that were taken out leave too much that is not signed', async () => {
    const directory = copy('unsigned');
    const onFailure = (error: unknown) => assert.fail(String(error));
    const audit = new AuditLog({ directory, account: ACCOUNT, onFailure });
    for (let call = 0; call < 10_100; call += 1) audit.append(body(`late-${call}`));
    await audit[Symbol.asyncDispose]();
    const { faults } = await verify(directory);
    assert.match(faults[0]!.message, /^records 67 to 10167 are not signed/);
  });

  test('a chain that is taken away is missed by the others', async () => {
    const directory = copy('two-chains');
    const onFailure = (error: unknown) => assert.fail(String(error));
    const open = async () => {
      const audit = new AuditLog({ directory, account: ACCOUNT, onFailure });
      audit.signWith(checkpointSigner(privateKey));
      await audit.start();
      return audit;
    };
    const logs = [await open(), await open()];
    for (const audit of logs) await audit[Symbol.asyncDispose]();
    assert.deepEqual((await verify(directory)).faults, []);
    const later = await verify(directory);
    assert.equal(later.chains.length, 2);
    rmSync(join(directory, chain), { recursive: true });
    const { faults } = await verify(directory);
    assert.match(faults[0]!.message, /saw it signed up to record \d+, and it is not$/);
    assert.equal(faults[0]!.chain, chain);
  });

  test('segments that were archived are missed unless it is said', async () => {
    const directory = copy('archived');
    const segment = segmentOf(directory);
    const lines = readFileSync(segment, 'utf8').split('\n');
    copyFileSync(segment, join(home, 'archive.ndjson'));
    rmSync(segment);
    writeFileSync(join(directory, chain, '0000000000000033.ndjson'), lines.slice(32).join('\n'));
    assert.match((await verify(directory)).faults[0]!.message, /^records 1 to 32 are missing/);
    const { faults, chains } = await verifyAudit([directory], { publicKeys: [publicKey], archived: true });
    assert.deepEqual([faults, chains[0]!.first, chains[0]!.last], [[], 33, 66]);
  });

  test('an export of a time verifies by itself, and bent it does not', async () => {
    const range = { from: '2026-01-02T03:00:35.000Z', to: '2026-01-02T03:00:40.000Z' };
    const lines: string[] = [];
    for await (const line of exportRecords(genuine, range)) lines.push(line.toString());
    const seqs = lines.map((line) => parseLine(line)!.seq);
    assert.deepEqual([seqs[0], seqs.at(-1)], [33, 66]);
    const file = join(home, 'export.ndjson');
    const write = (content: string[]) => writeFileSync(file, content.map((line) => `${line}\n`).join(''));
    write(lines);
    assert.deepEqual((await verify(file)).faults, []);
    write(lines.toSpliced(3, 1));
    assert.match((await verify(file)).faults[0]!.message, /^record 36 is missing before record 37/);
    write(lines.slice(1));
    assert.match((await verify(file)).faults[0]!.message, /begins with record 34, which is no checkpoint/);
  });

  test('the public key is read from PEM', () => {
    const pem = checkpointSigner(privateKey).publicKey;
    assert.ok(createPublicKey(pem).equals(publicKey));
  });
});
