import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '..', '..');
export const REGION = 'us-east-2';

const LAUNCHER = join(ROOT, 'packages', 'cli', 'bin', 'keywright.js');

/** A directory as a new user has it: the packages are installed, nothing else is there. */
export function emptyProject(): Disposable & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

/** A service in a process of its own, with its data in `.keywright` of a directory. */
export class ServiceProcess implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #log: () => string;

  private constructor(url: string, process: ChildProcess, log: () => string) {
    this.url = url;
    this.#process = process;
    this.#log = log;
  }

  /** What it has written to standard error so far. */
  get log(): string {
    return this.#log();
  }

  static async start(
    directory: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> {
    const env = { ...process.env, KEYWRIGHT_PORT: '0', ...settings };
    const child = spawn(process.execPath, [LAUNCHER, 'serve'], {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (text) => {
      log += text;
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const [, url] = /^keywright ready on (\S+)$/.exec(line) ?? [];
      if (url !== undefined) return new ServiceProcess(url, child, () => log);
    }
    throw new Error(`the service did not become ready: ${log}`);
  }

  /** Ends it, by SIGKILL as a power cut would. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exited;
  }

  /** So that a test that fails leaves none behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}

export function credentials(directory: string): { accessKeyId: string; secretAccessKey: string } {
  const file = readFileSync(join(directory, '.keywright', 'aws-credentials'), 'utf8');
  const read = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)$`, 'm').exec(file)![1]!;
  return { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') };
}
