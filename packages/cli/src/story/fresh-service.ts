import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';

/** A service of its own process, with an empty data directory that goes when it goes. */
export interface FreshService extends AsyncDisposable {
  readonly url: string;
  /** An empty directory beside the service's, for whoever else needs one. */
  readonly scratch: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
}

async function readyUrl(service: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: service.stdout! })) {
    const [, url] = /^keywright ready on (\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Failure('the service ended before it was ready; what it said stands above');
}

function readCredentials(dataDirectory: string): FreshService['credentials'] {
  const text = readFileSync(join(dataDirectory, 'aws-credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)$`, 'm').exec(text)![1]!;
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

async function stop(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null) return;
  const exited = once(service, 'exit');
  service.kill('SIGTERM');
  await exited;
}

/** Starts `keywright serve` on a free port and waits until it is ready. */
export async function startFreshService(): Promise<FreshService> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-story-'));
  const dataDirectory = join(directory, 'service');
  const program = new URL('../../bin/keywright.js', import.meta.url).pathname;
  const environment = { ...process.env, KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: dataDirectory };
  const service = spawn(process.execPath, [program, 'serve'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyUrl(service);
  return {
    url,
    scratch: join(directory, 'terminal'),
    credentials: readCredentials(dataDirectory),
    async [Symbol.asyncDispose]() {
      await stop(service);
      rmSync(directory, { recursive: true });
    },
  };
}
