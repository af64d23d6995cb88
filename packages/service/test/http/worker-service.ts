// The service in several processes on one port.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { TARGET_PREFIX } from '../../src/api/operations.ts';
import { signRequest } from '../access/sign.ts';

const PROGRAM = `import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}).then((m) => m.runMain())`;
export const WORKERS = 2;
/** Enough connections for each worker to get some. */
export const ROUNDS = 3 * WORKERS;
/** What a connection meets that nobody takes, or that was handed to a worker which is no more. */
const GONE: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET'];

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
export type Answer = { readonly status: number; readonly body: any };

/** The service in several processes, as a process of its own. */
export class WorkerService {
  readonly process: ChildProcess;
  readonly directory: string;
  url = '';
  output = '';
  log = '';

  /** What `prepare` made of the data directory before the start. */
  readonly prepared: string[];

  constructor(
    t: TestContext,
    changes: Readonly<Record<string, string>> = {},
    prepare: (directory: string) => string[] = () => [],
  ) {
    this.directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
    this.prepared = prepare(this.directory);
    const env = {
      KEYWRIGHT_PORT: '0',
      KEYWRIGHT_DATA_DIR: this.directory,
      KEYWRIGHT_WORKERS: `${WORKERS}`,
      ...changes,
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

  async get(path: string): Promise<Answer> {
    const [response] = await once(httpRequest(`${this.url}${path}`, { agent: false }).end(), 'response');
    return { status: response.statusCode, body: await json(response) };
  }

  control(name: string, input: object): Promise<Answer> {
    return this.send('/', input, { 'x-amz-target': `${TARGET_PREFIX}${name}` });
  }

  /** Kills all workers; whoever answers then has taken the place of one that is gone. */
  async replaceAll(): Promise<void> {
    const before = this.workers;
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await this.replaced(before);
  }

  /** Waits until these workers are gone, and others answer in their place. */
  async replaced(gone: readonly number[]): Promise<void> {
    while (this.workers.some((pid) => gone.includes(pid))) await setTimeout(20);
    while (this.workers.length < WORKERS) await setTimeout(20);
    for (;;) {
      try {
        await this.get('/health/live');
        return;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && GONE.includes(error.code))) throw error;
        await setTimeout(100);
      }
    }
  }

  async end(): Promise<unknown[]> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return exited;
  }
}
