import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Credentials } from '../../packages/service/test/access/sign.ts';
import { spawnNode } from './pinned.ts';

/** A server in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** The service, with its data in a directory that goes away with it. */
export interface BenchService extends BenchServer {
  readonly url: string;
  readonly credentials: Credentials;
  /** Milliseconds from the start of the process to the line that says it is ready. */
  readonly start: number;
}

const LAUNCHER = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'keywright.js');

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Bare node:http; see bare-server.ts. */
export async function startBareServer(kind: 'echo' | 'json', cores = '0', workers = 1): Promise<BenchServer> {
  const child = spawnNode([join(import.meta.dirname, 'bare-server.ts'), kind, String(workers)], cores, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return { pid: child.pid!, port, [Symbol.asyncDispose]: () => end(child) };
}

function readCredentials(directory: string): Credentials {
  const file = readFileSync(join(directory, 'aws-credentials'), 'utf8');
  const read = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(file)![1]!;
  return { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') };
}

async function readyUrl(child: ChildProcess, log: string): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /^keywright ready on (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the service did not become ready: ${readFileSync(log, 'utf8')}`);
}

/**
 * The service as people run it, its log in a file.
 *
 * @param data a data directory that stays; without it, one that goes away with the service
 */
export async function startService(
  env: Readonly<Record<string, string>> = {},
  cores = '0',
  data?: string,
): Promise<BenchService> {
  const own = data === undefined ? mkdtempSync(join(tmpdir(), 'keywright-bench-')) : undefined;
  const directory = data ?? own!;
  const log = join(directory, 'log');
  const started = performance.now();
  const child = spawnNode([...process.execArgv, LAUNCHER, 'serve'], cores, {
    env: { ...process.env, KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', openSync(log, 'a', 0o600)],
  });
  const url = await readyUrl(child, log);
  return {
    pid: child.pid!,
    port: Number(new URL(url).port),
    url,
    credentials: readCredentials(directory),
    start: performance.now() - started,
    async [Symbol.asyncDispose]() {
      await end(child);
      if (own !== undefined) rmSync(own, { recursive: true });
    },
  };
}
