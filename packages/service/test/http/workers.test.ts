// The service in several processes on one port: start, what one changes, a death, the end.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { TARGET_PREFIX } from '../../src/api/operations.ts';
import { signRequest } from '../access/sign.ts';
import { attributes } from '../operations/service.ts';

const PROGRAM = `import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}).then((m) => m.runMain())`;
const WORKERS = 2;

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
type Answer = { readonly status: number; readonly body: any };

class Running {
  readonly process: ChildProcess;
  readonly directory: string;
  url = '';
  output = '';
  log = '';

  constructor(t: TestContext, port = 0) {
    this.directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
    const env = {
      KEYWRIGHT_PORT: `${port}`,
      KEYWRIGHT_DATA_DIR: this.directory,
      KEYWRIGHT_WORKERS: `${WORKERS}`,
    };
    this.process = spawn(process.execPath, ['--eval', PROGRAM], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.on('data', (chunk) => {
      this.output += chunk;
    });
    this.process.stderr!.on('data', (chunk) => {
      this.log += chunk;
    });
    t.after(() => {
      for (const pid of this.workers) process.kill(pid, 'SIGKILL');
      this.process.kill('SIGKILL');
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  async ready(): Promise<this> {
    while (!this.output.includes('\n')) await setTimeout(20);
    this.url = /^keywright ready on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(this.output)![1]!;
    return this;
  }

  /** The process ids of its workers. */
  get workers(): number[] {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const pairs = table
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return pairs.filter(([, parent]) => parent === this.process.pid).map(([pid]) => pid!);
  }

  /** Each request has a connection of its own, so that the workers take turns. */
  async send(path: string, input: object, headers: Record<string, string> = {}): Promise<Answer> {
    const ini = readFileSync(join(this.directory, 'aws-credentials'), 'utf8');
    const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
    const credentials = {
      accessKeyId: value('aws_access_key_id'),
      secretAccessKey: value('aws_secret_access_key'),
    };
    const unsigned = { method: 'POST', path, headers, body: JSON.stringify(input) };
    const signed = await signRequest(new URL(this.url).host, credentials, unsigned);
    const request = httpRequest(`${this.url}${path}`, { ...signed, agent: false });
    const [response] = await once(request.end(signed.body), 'response');
    return { status: response.statusCode, body: await json(response) };
  }

  control(name: string, input: object): Promise<Answer> {
    return this.send('/', input, { 'x-amz-target': `${TARGET_PREFIX}${name}` });
  }

  async end(): Promise<unknown[]> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return exited;
  }
}

test('what one worker changes, the next request to another knows', async (t) => {
  const service = await new Running(t).ready();
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
  const service = await new Running(t).ready();
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
  const service = new Running(t, port);
  const [status] = await once(service.process, 'exit');
  assert.deepEqual([status, service.output], [1, '']);
  assert.match(service.log, new RegExp(`^keywright: port ${port} of 127\\.0\\.0\\.1 is in use;`, 'm'));
  assert.equal(service.log.split('\n').filter((line) => line.startsWith('keywright:')).length, 1);
});

test('workers whose primary is killed end as well', async (t) => {
  const service = await new Running(t).ready();
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
