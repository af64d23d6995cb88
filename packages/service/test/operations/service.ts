import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Secret } from '@keywright/crypto';
import { checkAnswer } from '../../src/api/check-answer.ts';
import type {
  ControlPlane,
  KeyAlgorithm,
  KeyAttributes,
  KeyExportability,
  KeyUsage,
} from '../../src/api/control-plane.generated.ts';
import type { DataPlane } from '../../src/api/data-plane.generated.ts';
import { AwsException } from '../../src/api/exceptions.ts';
import { validateInput } from '../../src/api/validate.ts';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { Call, type RecordSink } from '../../src/audit/call.ts';
import { AWS_SOURCE } from '../../src/audit/event.ts';
import { originOf } from '../../src/audit/identity.ts';
import { redactInput, redactOutput } from '../../src/audit/redaction.ts';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import { keepOpened } from '../../src/custody/opened-keys.ts';
import { createVault } from '../../src/custody/vault.ts';
import { controlOperations } from '../../src/operations/control/index.ts';
import { dataOperations } from '../../src/operations/data/index.ts';
import { isReadOnly } from '../../src/operations/effects.ts';
import { type NewKeySettings, storeNewKey } from '../../src/operations/new-key.ts';
import type { Context, Operation } from '../../src/operations/operation.ts';
import { type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { cacheRecords } from '../../src/store/cached-store.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

export const DAY = 24 * 60 * 60 * 1000;
/** 2026-01-02 03:04:05.678 UTC. */
export const START = 1767323045678;
export const ADMINISTRATOR = 'arn:aws:iam::111122223333:user/administrator';

const OPERATIONS = { ...controlOperations, ...dataOperations };

const INCOMING = {
  at: START,
  requestId: 'a-request',
  account: '111122223333',
  origin: originOf('127.0.0.1', 'a client'),
  authorization: undefined,
  eventSource: AWS_SOURCE,
  category: 'Management',
} as const;

type Planes = ControlPlane & DataPlane;
type Input<Name extends keyof Planes> = Planes[Name]['input'];
type Output<Name extends keyof Planes> = Planes[Name]['output'];

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** A key with known bytes that is put into the store by the way that imported keys take. */
export interface KnownKey extends NewKeySettings {
  readonly usage: KeyUsage;
  readonly algorithm: KeyAlgorithm;
  readonly mode: ModeLetter;
  readonly hex: string;
  readonly exportability?: KeyExportability;
}

export function attributes(usage: KeyUsage, algorithm: KeyAlgorithm, mode: ModeLetter): KeyAttributes {
  return {
    KeyUsage: usage,
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: algorithm,
    KeyModesOfUse: modesOfLetter(mode),
  };
}

/** A service over a real store and vault in a directory of its own, with a clock to set. */
export class Service {
  readonly context: Context;
  /** Everything that went out, for the search for keys that should not have. */
  readonly sent: string[] = [];
  readonly called = new Set<keyof Planes>();
  time = START;
  readonly #directory = mkdtempSync(join(tmpdir(), 'keywright-'));
  readonly #recorder: RecordSink = {
    append: (body) => this.sent.push(body),
    commit: async () => undefined,
    settle: async () => undefined,
  };

  constructor(t: TestContext, region = 'us-east-2') {
    const mainKey = openFileMainKey(join(this.#directory, 'main-key'));
    const vault = keepOpened(createVault(mainKey));
    const store = cacheRecords(openSqliteStore(join(this.#directory, 'keys.sqlite')), () => vault.doubt());
    const onFailure = (error: unknown) => assert.fail(error as Error);
    const audit = new AuditLog({
      directory: join(this.#directory, 'audit'),
      account: '111122223333',
      onFailure,
      now: () => this.time,
    });
    this.context = {
      account: '111122223333',
      region,
      store,
      vault,
      caller: ADMINISTRATOR,
      action: 'ImportKey',
      quotas: {},
      audit,
      noteKey: () => undefined,
      now: () => this.time,
    };
    t.after(async () => {
      await audit[Symbol.asyncDispose]();
      await store.close();
      vault.close();
      mainKey[Symbol.dispose]();
      rmSync(this.#directory, { recursive: true });
    });
  }

  /**
   * Calls an operation as a client would: input and answer go through JSON and are held against the model. What the audit records of
   * it, refused or not, is among what went out.
   */
  async call<Name extends keyof Planes>(name: Name, input: Input<Name>, context: Partial<Context> = {}) {
    this.called.add(name);
    const call = new Call(this.#recorder, { ...INCOMING, eventName: name, readOnly: isReadOnly(name) });
    try {
      const parsed = validateInput(name, JSON.parse(JSON.stringify(input))) as Input<Name>;
      call.describe(redactInput(name, parsed));
      await call.begin();
      const json = JSON.stringify(
        await this.#run(name, parsed, { ...context, noteKey: (arn) => call.noteKey(arn) }),
      );
      await call.succeed(redactOutput(name, JSON.parse(json)));
      this.sent.push(json);
      const answer = JSON.parse(json) as Output<Name>;
      checkAnswer(name, answer);
      return answer;
    } catch (error) {
      if (error instanceof AwsException) await call.fail(error);
      throw error;
    }
  }

  #run<Name extends keyof Planes>(name: Name, input: Input<Name>, context: Partial<Context>) {
    const operation = OPERATIONS[name] as unknown as Operation<Name>;
    return operation(input, { ...this.context, action: name, ...context });
  }

  /** Calls an operation that must be refused. */
  async refusal<Name extends keyof Planes>(
    name: Name,
    input: Input<Name>,
    context: Partial<Context> = {},
  ): Promise<Refusal> {
    const error = await this.call(name, input, context).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof AwsException)) throw error ?? new Error(`${name} was not refused`);
    this.sent.push(`${error.stack} ${JSON.stringify(error.members)}`);
    return { code: error.code, message: error.message, members: error.members };
  }

  async putKey(key: KnownKey, context: Partial<Context> = {}): Promise<string> {
    using clear = Secret.fromHex(key.hex);
    const made = {
      attributes: attributes(key.usage, key.algorithm, key.mode),
      origin: 'EXTERNAL',
      exportability: key.exportability ?? 'EXPORTABLE',
    } as const;
    return (await storeNewKey(clear, made, key, { ...this.context, ...context })).KeyArn;
  }

  /** How many keys are in the store. */
  async count(): Promise<number> {
    return (await this.context.store.listKeys(this.context.region, {}, { limit: 1000 })).length;
  }
}
