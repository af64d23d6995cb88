// A backup of a running service and its restore, with the commands' own questions; what holds under dual control.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import {
  type Configuration,
  configurationFromEnvironment,
  newShares,
  type RunningService,
  startService,
} from '@keywright/service';
import { createBackup } from '../../src/backup/create.ts';
import { restore } from '../../src/backup/restore.ts';
import { connectToCustody } from '../../src/main-key/custody-client.ts';
import { connectToOwn } from '../../src/people/own-client.ts';
import { ScriptedPrompts } from '../ceremony/scripted-prompts.ts';
import { keywright } from '../keywright.ts';

const folder = mkdtempSync(join(tmpdir(), 'keywright-test-'));
after(() => rmSync(folder, { recursive: true }));
before(() => {
  // Nobody is signed in.
  process.env.KEYWRIGHT_SESSION_FILE = join(folder, 'none');
});

async function start(
  directory: string,
  changes: Record<string, string> = {},
): Promise<RunningService & AsyncDisposable> {
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory, ...changes };
  const configuration: Configuration = {
    ...configurationFromEnvironment(env),
    log: { write: () => undefined } as never,
  };
  const service = await startService(configuration);
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(directory, 'aws-credentials');
  return { ...service, [Symbol.asyncDispose]: () => service.close() };
}

function client(endpoint: string) {
  return new PaymentCryptography({ endpoint, region: 'us-east-1' });
}

const KEY = {
  Exportable: true,
  KeyAttributes: {
    KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: 'AES_128',
    KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
  },
} as const;

test('a main key in a file goes in under a passphrase, typed twice, and comes back by it', async () => {
  const [first, second] = [join(folder, 'one'), join(folder, 'two')];
  const file = join(folder, 'one.backup');
  let made: string;
  {
    await using service = await start(first);
    made = (await client(service.url).createKey(KEY)).Key!.KeyArn!;
    const prompts = new ScriptedPrompts([
      'too short',
      'correct horse battery',
      'another',
      'correct horse battery',
    ]);
    const own = connectToOwn({ endpointUrl: service.url });
    assert.match(await createBackup(prompts, own, file), /^a backup of the environment "development"/);
    assert.deepEqual(prompts.unused, []);
    assert.match(prompts.screen[0]!, /main key of this service is in a file/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(createBackup(prompts, own, file), /is there already/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('one.backup')),
      ['one.backup'],
    );
    assert.ok(!readdirSync(first).some((name) => name.startsWith('backup')));
  }
  const verified = keywright(['backup', 'verify', file]);
  assert.equal(verified.status, 0, verified.stderr);
  assert.match(verified.stdout, /not verified: the tag/);
  await assert.rejects(restore(new ScriptedPrompts(['correct horse battered']), file, second, undefined), {
    code: 'WRONG_PASSPHRASE',
  });
  assert.ok(!existsSync(second));
  await restore(new ScriptedPrompts(['correct horse battery']), file, second, undefined);
  await using service = await start(second);
  const { Key } = await client(service.url).getKey({ KeyIdentifier: made });
  assert.equal(Key!.KeyArn, made);
});

test('custodians restore what is in shares; a backup takes an unsealed service', async () => {
  const [first, second] = [join(folder, 'three'), join(folder, 'four')];
  const file = join(folder, 'three.backup');
  const shares = handOut(first);
  {
    await using service = await start(first, { KEYWRIGHT_MAIN_KEY: 'shares' });
    const own = connectToOwn({ endpointUrl: service.url });
    await assert.rejects(createBackup(new ScriptedPrompts([]), own, file), {
      code: 'ServiceUnavailableException',
    });
    const custody = connectToCustody({ endpointUrl: service.url });
    for (const share of shares.slice(0, 2)) await custody.unseal(share);
    await createBackup(new ScriptedPrompts([]), own, file);
  }
  const prompts = new ScriptedPrompts([shares[2]!, shares[2]!, 'nonsense', shares[0]!]);
  await restore(prompts, file, second, undefined);
  assert.ok(prompts.screen.some((line) => /share 3 was given already/.test(line)));
  assert.ok(prompts.screen.every((line) => shares.every((share) => !line.includes(share.slice(5, 19)))));
  await using service = await start(second, { KEYWRIGHT_MAIN_KEY: 'shares' });
  const custody = connectToCustody({ endpointUrl: service.url });
  for (const share of shares.slice(1)) await custody.unseal(share);
  await client(service.url).createKey(KEY);
});

test('what the commands refuse is one line', async () => {
  const file = join(folder, 'three.backup');
  process.env.KEYWRIGHT_DATA_DIR = join(folder, 'one');
  const used = keywright(['restore', file]);
  assert.deepEqual([used.status, used.stdout], [1, '']);
  assert.match(used.stderr, /^keywright: .* is not empty .*\n$/);
  const none = keywright(['backup', 'verify', join(import.meta.dirname, 'backup.test.ts')]);
  assert.match(none.stderr, /^keywright: this is no backup of Keywright.*\n$/);
});

function handOut(directory: string): string[] {
  using made = newShares(directory, { shares: 3, threshold: 2 });
  made.keep();
  return [1, 2, 3].map((index) => made.text(index));
}
