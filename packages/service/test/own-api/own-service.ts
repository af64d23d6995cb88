// The whole service in this process, with people in it, for tests of its own interface.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Secret } from '@keywright/crypto';
import { oneTimePassword, stepOf } from '../../src/access/one-time-password.ts';
import { TARGET_PREFIX } from '../../src/api/operations.ts';
import { type Configuration, configurationFromEnvironment, startService } from '../../src/index.ts';
import { type Credentials, type Scope, signRequest } from '../access/sign.ts';

export interface Answer {
  readonly status: number;
  readonly code: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
  readonly body: any;
}

/** Somebody who can sign in. */
export interface TestPerson {
  readonly name: string;
  readonly password: string;
  /** Base32. */
  readonly secret: string;
  /** Signs in anew, with a code that was not used. */
  signIn(): Promise<string>;
  /** A code that was not used yet. Three of them are good at any time. */
  code(): string;
}

export const PASSWORD = 'correct horse battery';

function decodeBase32(text: string): Secret {
  const bits = Array.from(text, (character) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0'),
  ).join('');
  return Secret.take(Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2)));
}

/** Milliseconds for which a code is good, and those that a sign-in on a slow machine may take. */
const STEP = 30_000;
const SLOW = 3000;

/** Waits for the next step when this one is about to end: the earliest code that is good now would not be good any more when it arrives. */
function awaitStep(): void {
  const left = STEP - (Date.now() % STEP);
  if (left < SLOW) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left);
}

/** Gives codes that were not used, the earliest first. */
export function authenticator(secret: string): () => string {
  let last = 0;
  return () => {
    awaitStep();
    last = Math.max(last + 1, stepOf(Date.now()) - 1);
    return oneTimePassword(decodeBase32(secret), last);
  };
}

export class OwnService {
  readonly directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  readonly log: string[] = [];
  /** Every answer's text. */
  readonly answers: string[] = [];
  url = '';
  #close: () => Promise<void> = async () => {};

  static async start(t: TestContext, changes: Partial<Configuration> = {}): Promise<OwnService> {
    const service = await OwnService.open(changes);
    t.after(() => service.close());
    return service;
  }

  static async open(changes: Partial<Configuration> = {}): Promise<OwnService> {
    const service = new OwnService();
    await service.restart(changes);
    return service;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true });
  }

  get database(): string {
    return join(this.directory, 'keywright.db');
  }

  async stop(): Promise<void> {
    await this.#close();
    this.#close = async () => {};
  }

  async restart(changes: Partial<Configuration> = {}): Promise<void> {
    await this.stop();
    const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: this.directory };
    const log = { write: (line: string) => this.log.push(line) };
    const service = await startService({ ...configurationFromEnvironment(env), log, ...changes });
    this.url = service.url;
    this.#close = () => service.close();
  }

  /** The access key in the file aws-credentials. */
  get operator(): Credentials {
    const ini = readFileSync(join(this.directory, 'aws-credentials'), 'utf8');
    const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
    return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
  }

  async #answer(response: Response): Promise<Answer> {
    const text = await response.text();
    this.answers.push(text);
    const body = text === '' ? {} : JSON.parse(text);
    const code = response.headers.get('x-amzn-errortype') ?? body.__type ?? null;
    return { status: response.status, code, body };
  }

  /** A request to the own interface: with a session's token, signed with an access key, or as nobody. */
  async own(method: string, path: string, input?: unknown, by?: string | Credentials): Promise<Answer> {
    const place = `/keywright/v1${path}`;
    const body = input === undefined ? '' : JSON.stringify(input);
    const unsigned = { method, path: place, headers: {}, body };
    const headers: Record<string, string> =
      by === undefined
        ? {}
        : typeof by === 'string'
          ? { authorization: `Bearer ${by}` }
          : (await signRequest(new URL(this.url).host, by, unsigned)).headers;
    const request = { method, headers, ...(body !== '' && { body }) };
    return this.#answer(await fetch(`${this.url}${place}`, request));
  }

  /** An operation of AWS's control plane, or with a path of its data plane. */
  async aws(
    name: string,
    input: object,
    by: Credentials = this.operator,
    scope: Scope = {},
  ): Promise<Answer> {
    const control = !name.startsWith('/');
    const path = control ? '/' : name;
    const headers = control ? { 'x-amz-target': `${TARGET_PREFIX}${name}` } : {};
    const unsigned = { method: 'POST', path, headers, body: JSON.stringify(input) };
    const { headers: signed, body } = await signRequest(new URL(this.url).host, by, unsigned, scope);
    return this.#answer(await fetch(`${this.url}${path}`, { method: 'POST', headers: signed, body }));
  }

  /** Does what must succeed. */
  async done(method: string, path: string, input?: unknown, by?: string | Credentials) {
    const { status, body } = await this.own(method, path, input, by);
    assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  }

  async signIn(name: string, password: string, code: string): Promise<Answer> {
    return this.own('POST', '/sessions', { name, password, code });
  }

  /** Sets somebody's password by the codes of an invitation. */
  async enrol(name: string, codes: readonly string[], password = PASSWORD): Promise<TestPerson> {
    const { secret } = await this.done('POST', '/enrolments', { name, codes, password });
    const code = authenticator(secret);
    const signIn = async () => {
      const { status, body } = await this.signIn(name, password, code());
      assert.equal(status, 200, JSON.stringify(body));
      return body.token as string;
    };
    return { name, password, secret, signIn, code };
  }

  /** Makes a person as the operator may while dual control is off. */
  async person(name: string, ...roles: string[]): Promise<TestPerson> {
    const { enrolmentCode } = await this.done('POST', '/people', { name, roles }, this.operator);
    return this.enrol(name, [enrolmentCode]);
  }
}
