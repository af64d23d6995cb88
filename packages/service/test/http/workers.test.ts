// The service in several processes on one port: start, what one changes, a death, the end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { attributes } from '../operations/service.ts';
import { WORKERS, WorkerService } from './worker-service.ts';

test('what one worker changes, the next request to another knows', async (t) => {
  const service = await new WorkerService(t).ready();
  assert.equal(service.workers.length, WORKERS);
  const KeyAttributes = attributes('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'AES_128', 'B');
  const { Key } = (await service.control('CreateKey', { KeyAttributes, Exportable: true })).body;
  const KeyIdentifier = Key.KeyArn;
  const encrypt = () =>
    service.send(`/keys/${encodeURIComponent(KeyIdentifier)}/encrypt`, {
      PlainText: '00'.repeat(16),
      EncryptionAttributes: { Symmetric: { Mode: 'ECB' } },
    });
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 2 * WORKERS; i += 1) assert.equal((await encrypt()).status, 200);
    assert.equal((await service.control('StopKeyUsage', { KeyIdentifier })).status, 200);
    for (let i = 0; i < 2 * WORKERS; i += 1) assert.equal((await encrypt()).status, 400);
    assert.equal((await service.control('StartKeyUsage', { KeyIdentifier })).status, 200);
  }
  const { workers } = service;
  assert.deepEqual(await service.end(), [0, null]);
  assert.match(service.output, /^keywright ready on \S+\n$/);
  for (const pid of workers) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('a worker that dies is told of and replaced, and the others go on', async (t) => {
  const service = await new WorkerService(t).ready();
  const [victim] = service.workers;
  process.kill(victim!, 'SIGKILL');
  while (!service.log.includes('workerEnded')) await setTimeout(20);
  const line = service.log.split('\n').find((each) => each.includes('workerEnded'))!;
  const { pid, status, signal } = JSON.parse(line);
  assert.deepEqual([pid, status, signal], [victim, null, 'SIGKILL']);
  for (let i = 0; i < 4; i += 1) assert.equal((await service.control('ListKeys', {})).status, 200);
  while (service.workers.length < WORKERS) await setTimeout(20);
  assert.ok(!service.workers.includes(victim!));
  assert.deepEqual(await service.end(), [0, null]);
});

test('a port in use is one line, and nothing stays behind', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const service = new WorkerService(t, { KEYWRIGHT_PORT: `${port}` });
  const [status] = await once(service.process, 'exit');
  assert.deepEqual([status, service.output], [1, '']);
  assert.match(service.log, new RegExp(`^keywright: port ${port} of 127\\.0\\.0\\.1 is in use;`, 'm'));
  assert.equal(service.log.split('\n').filter((line) => line.startsWith('keywright:')).length, 1);
});

test('workers whose primary is killed end as well', async (t) => {
  const service = await new WorkerService(t).ready();
  const { workers } = service;
  service.process.kill('SIGKILL');
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (workers.some(isThere)) await setTimeout(20);
});
