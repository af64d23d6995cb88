import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
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

async function readyUrl(service: ChildProcess, log: string): Promise<string> {
  for await (const line of createInterface({ input: service.stdout! })) {
    const [, url] = /^keywright ready on (\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Failure(`the service ended before it was ready: ${readFileSync(log, 'utf8').trim()}`);
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

/** Starts `keywright serve`; its log goes into a file. */
function spawnService(dataDirectory: string, log: string): ChildProcess {
  const program = new URL('../../bin/keywright.js', import.meta.url).pathname;
  const env = { ...process.env, KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: dataDirectory };
  const descriptor = openSync(log, 'a');
  const service = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', descriptor] });
  closeSync(descriptor);
  return service;
}

/**
 * Starts a service on a free port and waits until it is ready.
 *
 * @throws Failure with what the service said, when it does not become ready
 */
export async function startFreshService(): Promise<FreshService> {
  await using opened = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'keywright-story-'));
  opened.defer(() => rmSync(directory, { recursive: true }));
  const [dataDirectory, log] = [join(directory, 'service'), join(directory, 'service.log')];
  const service = spawnService(dataDirectory, log);
  opened.defer(() => stop(service));
  const url = await readyUrl(service, log);
  const running = opened.move();
  return {
    url,
    scratch: join(directory, 'terminal'),
    credentials: readCredentials(dataDirectory),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
