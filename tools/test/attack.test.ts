// On the command line, against a service in a process of its own: a custodian, an approver and an administrator alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { signRequest } from '../../packages/service/test/access/sign.ts';
import { authenticator, PASSWORD } from '../../packages/service/test/own-api/own-service.ts';
import { credentials, emptyProject, REGION, ROOT, ServiceProcess } from './service.ts';

const LAUNCHER = join(ROOT, 'packages', 'cli', 'bin', 'keywright.js');
const ROLES = { alice: 'administrator', bob: 'administrator', carol: 'approver', dora: 'custodian' };

test('each fails, and is told why', async () => {
  using project = emptyProject();
  const { directory } = project;
  await using service = await ServiceProcess.start(directory);

  /** Sends to the own interface as the operator, or as nobody. */
  const send = async (path: string, input: object, signed: boolean) => {
    const unsigned = {
      method: 'POST',
      path: `/keywright/v1${path}`,
      headers: {},
      body: JSON.stringify(input),
    };
    const { host } = new URL(service.url);
    const request = signed
      ? await signRequest(host, credentials(directory), unsigned, { region: REGION })
      : unsigned;
    const answer = await fetch(`${service.url}${unsigned.path}`, request);
    const body = (await answer.json()) as Record<string, string>;
    assert.equal(answer.status, 200, JSON.stringify(body));
    return body;
  };
  const keywright = (who: string, args: readonly string[], input = '') =>
    spawnSync(process.execPath, [LAUNCHER, ...args, '--endpoint-url', service.url], {
      input,
      encoding: 'utf8',
      cwd: directory,
      env: { ...process.env, KEYWRIGHT_SESSION_FILE: join(directory, `${who}.session`) },
    });

  for (const [name, role] of Object.entries(ROLES)) {
    const { enrolmentCode } = await send('/people', { name, roles: [role] }, true);
    const { secret } = await send('/enrolments', { name, codes: [enrolmentCode], password: PASSWORD }, false);
    const { status, stderr } = keywright(name, ['login', name], `${PASSWORD}\n${authenticator(secret!)()}\n`);
    assert.equal(status, 0, stderr);
    assert.equal(statSync(join(directory, `${name}.session`)).mode & 0o777, 0o600);
  }
  await send('/dual-control/enable', {}, true);

  const policy = join(directory, 'everything.json');
  const Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  writeFileSync(policy, JSON.stringify({ Version: '2012-10-17', Statement }));
  const attempts = [
    ['user', 'create', 'eve', '--role', 'administrator'],
    ['user', 'roles', 'dora', '--role', 'administrator'],
    ['user', 'reset', 'bob'],
    ['access-key', 'create', 'eve-machine', '--policy', policy, '--credentials', join(directory, 'eve')],
    ['custody', 'disable'],
  ];
  for (const who of ['alice', 'carol', 'dora']) {
    for (const args of attempts) {
      const { status, stdout, stderr } = keywright(who, args);
      assert.deepEqual([status, stdout], [1, ''], `${who}: ${args.join(' ')}`);
      assert.match(stderr, who === 'alice' ? /ApprovalRequiredException/ : /AccessDeniedException/);
      const [id] = /req-[a-z2-7]{16}/.exec(stderr) ?? [];
      if (id === undefined) continue;
      assert.match(keywright(who, ['request', 'approve', id]).stderr, /nobody approves his own requests/);
    }
  }
  const { stdout } = keywright('bob', ['user', 'list']);
  assert.deepEqual(
    [...stdout.matchAll(/^(\w+) /gm)].map(([, name]) => name),
    Object.keys(ROLES),
  );
});
