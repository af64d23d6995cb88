import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { AuditLog, AuditUnavailableError, MOST_WAITING } from '../../src/audit/audit-log.ts';
import { BEGINNING, hashLine, parseLine } from '../../src/audit/record.ts';
import { chainsOf, segmentsOf } from '../../src/audit/tail.ts';
import { ACCOUNT, linesOf, recordsOf, temporaryAudit } from './temporary-audit.ts';

const onFailure = (error: unknown) => assert.fail(String(error));
const body = (name: string) => `"event":{"eventName":"${name}"}`;
const namesOf = (directory: string) => recordsOf(directory).map(({ event }) => event?.eventName);

function assertChained(directory: string): void {
  let [seq, previous] = [0, BEGINNING];
  for (const line of linesOf(directory)) {
    const record = parseLine(line)!;
    assert.deepEqual([record.seq, record.previous], [seq + 1, previous]);
    [seq, previous] = [record.seq, hashLine(line)];
  }
}

test('records are on the disk in the order in which they came, each with the hash of the one before', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory } = temporary;
  await audit.start();
  for (let i = 0; i < 300; i += 1) audit.append(body(`call-${i}`));
  const first = audit.commit();
  for (let i = 300; i < 400; i += 1) audit.append(body(`call-${i}`));
  await Promise.all([first, audit.commit()]);
  assert.deepEqual(namesOf(directory), [
    'StartService',
    ...Array.from({ length: 400 }, (_, i) => `call-${i}`),
  ]);
  assertChained(directory);
});

test('records that nobody waits for are on the disk soon', async () => {
  await using temporary = temporaryAudit();
  temporary.audit.append(body('one'));
  while (chainsOf0(temporary.directory).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(namesOf(temporary.directory), ['one']);
});

/** The lines that are there, if the directory is. */
function chainsOf0(directory: string): string[] {
  try {
    return linesOf(directory);
  } catch {
    return [];
  }
}

test('with a backlog, calls that change nothing wait for the disk too', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory } = temporary;
  for (let i = 0; i < MOST_WAITING - 1; i += 1) audit.append(body('x'));
  await audit.settle();
  assert.equal(chainsOf0(directory).length, 0);
  audit.append(body('x'));
  await audit.settle();
  assert.equal(linesOf(directory).length, MOST_WAITING);
});

test('a chain goes on after a stop, and a second process has a chain of its own', async () => {
  await using temporary = temporaryAudit();
  const { directory } = temporary;
  const open = () => new AuditLog({ directory, account: ACCOUNT, onFailure });
  const [first, second] = [open(), open()];
  await first.start();
  await second.start();
  assert.equal(chainsOf(directory).length, 2);
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  const again = open();
  await again.start();
  await again[Symbol.asyncDispose]();
  assert.equal(chainsOf(directory).length, 2);
  const counts = chainsOf(directory).map(
    (chain) => recordsOf(directory).filter((r) => r.chain === chain).length,
  );
  assert.deepEqual(counts.sort(), [2, 4]);
});

test('a segment is followed by another when it is full, and on the next day', async () => {
  let now = Date.parse('2026-01-02T23:59:59.900Z');
  await using temporary = temporaryAudit({ now: () => now, segmentSize: 1000 });
  const { audit, directory } = temporary;
  for (let i = 0; i < 10; i += 1) {
    audit.append(body('x'.repeat(200)));
    await audit.commit();
  }
  const [chain] = chainsOf(directory);
  const names = readdirSync(join(directory, chain!)).filter((name) => name.endsWith('.ndjson'));
  assert.deepEqual(names.sort(), [
    '0000000000000001.ndjson',
    '0000000000000004.ndjson',
    '0000000000000007.ndjson',
    '0000000000000010.ndjson',
  ]);
  now += 200;
  audit.append(body('tomorrow'));
  await audit.commit();
  assert.equal(segmentsOf(join(directory, chain!)).at(-1)!.slice(-23), '0000000000000011.ndjson');
  assertChained(directory);
});

test('a clock that is set back is on record', async () => {
  let now = 1_800_000_000_000;
  await using temporary = temporaryAudit({ now: () => now });
  const { audit, directory } = temporary;
  audit.append(body('before'));
  now -= 3_600_000;
  audit.append(body('after'));
  await audit.commit();
  assert.deepEqual(namesOf(directory), ['before', 'SetClockBack', 'after']);
  assertChained(directory);
});

test('what a crash cut off is kept, said, and the chain goes on', async () => {
  await using temporary = temporaryAudit();
  const { directory } = temporary;
  const open = () => new AuditLog({ directory, account: ACCOUNT, onFailure });
  const crashed = open();
  await crashed.start();
  await crashed[Symbol.asyncDispose]();
  const [chain] = chainsOf(directory);
  const [segment] = segmentsOf(join(directory, chain!));
  writeFileSync(segment!, '{"chain":"half a rec', { flag: 'a' });

  const next = open();
  await next.start();
  await next[Symbol.asyncDispose]();
  assert.deepEqual(namesOf(directory), [
    'StartService',
    'StopService',
    'RecoverAudit',
    'StartService',
    'StopService',
  ]);
  assertChained(directory);
  const { torn } = recordsOf(directory)[2]!.event!.serviceEventDetails as {
    torn: { bytes: number; keptIn: string };
  };
  assert.equal(torn.bytes, 20);
  assert.equal(readFileSync(join(directory, chain!, torn.keptIn), 'utf8'), '{"chain":"half a rec');
});

test('a change that was begun and whose end is not known is named at the next start', async () => {
  await using temporary = temporaryAudit();
  const { directory } = temporary;
  const open = () => new AuditLog({ directory, account: ACCOUNT, onFailure });
  const crashed = open();
  await crashed.start();
  const done = await crashed.announce({ eventName: 'DestroyKey' });
  crashed.record({ eventName: 'DestroyKey' }, done);
  const begun = await crashed.announce({ eventName: 'DestroyKey' });
  await crashed[Symbol.asyncDispose]();
  const next = open();
  await next.start();
  await next[Symbol.asyncDispose]();
  const found = recordsOf(directory).find(({ event }) => event?.eventName === 'RecoverAudit');
  assert.deepEqual((found!.event!.serviceEventDetails as { unfinished: string[] }).unfinished, [begun]);
});

test('records that cannot be written are kept until they can, and the gap is on record', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory, failures } = temporary;
  await audit.start();
  // A file in the directory's place is what no rights and a lost disk look like.
  const [chain] = chainsOf(directory);
  renameSync(directory, `${directory}-gone`);
  writeFileSync(directory, '');
  audit.append(body('meanwhile'));
  await assert.rejects(audit.commit(), AuditUnavailableError);
  await assert.rejects(audit.announce({ eventName: 'DestroyKey' }), AuditUnavailableError);
  await audit.settle();
  assert.deepEqual([audit.available, failures.length], [false, 1]);

  rmSync(directory);
  renameSync(`${directory}-gone`, directory);
  while (!audit.available) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(chainsOf(directory)[0], chain);
  assert.equal(linesOf(directory).length, 4);
  assert.deepEqual(namesOf(directory), ['StartService', 'meanwhile', undefined, 'RestoreAudit']);
  assertChained(directory);
});

test('of more records than are kept, those of calls that change nothing are counted, and no change is left out', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory } = temporary;
  writeFileSync(directory, '');
  await audit.start();
  for (let i = 0; i < 10_100; i += 1) audit.append(body('flood'));
  await assert.rejects(audit.announce({ eventName: 'DestroyKey' }), AuditUnavailableError);
  rmSync(directory);
  await audit.commit();
  const records = recordsOf(directory);
  assert.equal(records.filter(({ attempt }) => attempt?.eventName === 'DestroyKey').length, 1);
  const { recordsLost } = records.at(-1)!.event!.serviceEventDetails as { recordsLost: number };
  assert.equal(records.filter(({ event }) => event?.eventName === 'flood').length + recordsLost, 10_100);
  assert.equal(recordsLost, 101);
  assertChained(directory);
});

test('a directory that is gone is made again; what was in it is missed by its number', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory } = temporary;
  await audit.start();
  rmSync(directory, { recursive: true });
  audit.append(body('after'));
  await assert.rejects(audit.commit(), AuditUnavailableError);
  await audit.commit();
  assert.deepEqual(
    recordsOf(directory).map(({ seq }) => seq),
    [2, 3],
  );
  assert.deepEqual(namesOf(directory), ['after', 'RestoreAudit']);
});

test('a segment that somebody else changes is left as evidence', async () => {
  await using temporary = temporaryAudit();
  const { audit, directory } = temporary;
  await audit.start();
  const [segment] = segmentsOf(join(directory, chainsOf(directory)[0]!));
  writeFileSync(segment!, 'not ours\n', { flag: 'a' });
  audit.append(body('after'));
  await assert.rejects(audit.commit(), AuditUnavailableError);
  await audit.commit();
  assert.match(readFileSync(segment!, 'utf8'), /not ours/);
  assert.equal(segmentsOf(dirname(segment!)).length, 2);
});

test("the files are their owner's alone", async () => {
  await using temporary = temporaryAudit();
  mkdirSync(temporary.directory);
  chmodSync(temporary.directory, 0o700);
  await temporary.audit.start();
  const { statSync } = await import('node:fs');
  const [segment] = segmentsOf(join(temporary.directory, chainsOf(temporary.directory)[0]!));
  assert.equal(statSync(segment!).mode & 0o777, 0o600);
});
