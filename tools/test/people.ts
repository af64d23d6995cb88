import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type ServiceProcess } from './service.ts';

// People at the command line, each with a session of his own.

const LAUNCHER = join(ROOT, 'packages', 'cli', 'bin', 'keywright.js');
const PASSWORD = 'a long enough password';

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

function decodeBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  );
}

/** The code of an authenticator app for now (RFC 6238). */
function codeOf(secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A place where people work: a service, a directory, and programs that they find on their path. */
export class Office {
  readonly #directory: string;
  readonly #service: ServiceProcess;

  constructor(directory: string, service: ServiceProcess) {
    this.#directory = directory;
    this.#service = service;
    mkdirSync(join(directory, 'bin'));
    mkdirSync(join(directory, 'sessions'));
  }

  #sessionFile(name: string): string {
    return join(this.#directory, 'sessions', `${name}.json`);
  }

  /** Puts a program on everybody's path. */
  install(name: string, script: string): void {
    const path = join(this.#directory, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Runs the command line as somebody, by default as the holder of aws-credentials; `lines` answer its questions. */
  async run(args: readonly string[], as = 'operator', lines: readonly string[] = []): Promise<Ran> {
    const env = {
      ...process.env,
      PATH: `${join(this.#directory, 'bin')}:${process.env.PATH}`,
      AWS_ENDPOINT_URL: this.#service.url,
      AWS_REGION: 'us-east-2',
      KEYWRIGHT_SESSION_FILE: this.#sessionFile(as),
    };
    const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd: this.#directory, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, output };
  }

  /** What must succeed. */
  async do(args: readonly string[], as?: string, lines?: readonly string[]): Promise<string> {
    const { status, output } = await this.run(args, as, lines);
    assert.equal(status, 0, `${args.join(' ')}: ${output}`);
    return output;
  }

  async #send<Answer>(path: string, body: object): Promise<Answer> {
    const response = await fetch(`${this.#service.url}/keywright/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer as Answer;
  }

  /** Invites somebody, who enrols and signs in. */
  async hire(name: string, ...roles: string[]): Promise<void> {
    const invitation = await this.do(['user', 'create', name, '--role', ...roles]);
    const codes = [invitation.trimEnd().split('\n').at(-1)!];
    const { secret } = await this.#send<{ secret: string }>('/enrolments', {
      name,
      codes,
      password: PASSWORD,
    });
    const session = await this.#send<{ token: string; expiresAt: string }>('/sessions', {
      name,
      password: PASSWORD,
      code: codeOf(secret),
    });
    const { token, expiresAt } = session;
    const sessions = { [this.#service.url]: { name, token, expiresAt } };
    writeFileSync(this.#sessionFile(name), JSON.stringify(sessions), { mode: 0o600 });
  }
}
