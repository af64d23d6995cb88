import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  configurationFromEnvironment,
  newShares,
  type RunningService,
  startService,
} from '@keywright/service';
import { Aborted } from '../../src/ceremony/prompts.ts';
import { connectToCustody } from '../../src/main-key/custody-client.ts';
import { unseal } from '../../src/main-key/unseal.ts';
import { ABORT, ScriptedPrompts } from '../ceremony/scripted-prompts.ts';

const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
const shares: string[] = [];
let service: RunningService;

before(async () => {
  using made = newShares(directory, { shares: 3, threshold: 2 });
  shares.push(...[1, 2, 3].map((index) => made.text(index)));
  made.keep();
  made[Symbol.dispose]();
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory, KEYWRIGHT_MAIN_KEY: 'shares' };
  const log = { write: () => undefined };
  service = await startService({ ...configurationFromEnvironment(env), log });
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(directory, 'aws-credentials');
});
after(async () => {
  await service.close();
  rmSync(directory, { recursive: true });
});

const custody = () => connectToCustody({ endpointUrl: service.url });

test('custodians unseal the service at one terminal, and a refused share is asked for again', async () => {
  const prompts = new ScriptedPrompts([shares[1]!, 'nonsense', shares[1]!, shares[2]!]);
  await unseal(prompts, custody(), false);
  const warnings = prompts.screen.filter((line) => line.startsWith('warning'));
  assert.equal(warnings.length, 2);
  assert.match(warnings[1]!, /share 2 was given already/);
  assert.equal(prompts.screen.at(-1), 'The service is unsealed');
  assert.ok(!prompts.screen.join().includes(shares[1]!.slice(10, 24)));
});

test('sealed again, each gives his share at his own terminal', async () => {
  await custody().seal();
  const first = new ScriptedPrompts([shares[0]!]);
  await unseal(first, custody(), true);
  assert.equal(first.screen.at(-1), '1 of 2 shares are there');
  await assert.rejects(unseal(new ScriptedPrompts([ABORT]), custody(), true), Aborted);
  assert.equal((await custody().status()).given, 1);
  await unseal(new ScriptedPrompts([shares[1]!]), custody(), true);
  const last = new ScriptedPrompts([]);
  await unseal(last, custody(), true);
  assert.deepEqual(last.screen, ['The service is not sealed']);
});

test('what was given is wiped when the administrator says so', async () => {
  await custody().seal();
  await unseal(new ScriptedPrompts([shares[0]!]), custody(), true);
  assert.equal((await custody().abort()).given, 0);
});
