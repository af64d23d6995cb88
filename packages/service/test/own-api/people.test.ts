import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { authenticator, OwnService, PASSWORD } from './own-service.ts';

const WRONG_CODE = '000000';
const MINUTE = 60_000;

test('somebody is invited, enrols, signs in, says who he is and signs out', async (t) => {
  const service = await OwnService.start(t);
  const invited = await service.done(
    'POST',
    '/people',
    { name: 'alice', roles: ['administrator'] },
    service.operator,
  );
  assert.match(invited.enrolmentCode, /^(?:[A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}$/);
  const enrolled = await service.done('POST', '/enrolments', {
    name: 'alice',
    codes: [invited.enrolmentCode.toLowerCase().replaceAll('-', ' ')],
    password: PASSWORD,
  });
  assert.match(enrolled.uri, /^otpauth:\/\/totp\/Keywright:alice\?secret=[A-Z2-7]{32}&issuer=Keywright&/);
  const code = authenticator(enrolled.secret);
  const session = (await service.signIn('alice', PASSWORD, code())).body;
  assert.deepEqual([session.name, session.roles], ['alice', ['administrator']]);
  const me = await service.done('GET', '/whoami', undefined, session.token);
  const arn = 'arn:aws:iam::111122223333:user/alice';
  assert.deepEqual(me, { kind: 'person', name: 'alice', arn, roles: ['administrator'] });
  const { people } = await service.done('GET', '/people', undefined, session.token);
  assert.deepEqual([people[0].name, people[0].status], ['alice', 'active']);
  await service.done('DELETE', '/sessions/current', {}, session.token);
  const after = await service.own('GET', '/whoami', undefined, session.token);
  assert.deepEqual([after.status, after.code], [401, 'SessionExpiredException']);
  // The codes of an invitation are good until the first success only.
  const again = { name: 'alice', codes: [invited.enrolmentCode], password: PASSWORD };
  assert.equal((await service.own('POST', '/enrolments', again)).code, 'SignInFailedException');
});

test('whatever is wrong, signing in fails in the same words', async (t) => {
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'auditor');
  const bob = await service.person('bob', 'auditor');
  await service.done('POST', '/people', { name: 'carol', roles: ['auditor'] }, service.operator);
  await service.done('POST', '/people/bob/disable', {}, service.operator);
  const attempts = [
    await service.signIn('alice', PASSWORD, WRONG_CODE),
    await service.signIn('alice', 'another password', alice.code()),
    await service.signIn('bob', PASSWORD, bob.code()),
    await service.signIn('carol', PASSWORD, WRONG_CODE),
    await service.signIn('nobody', PASSWORD, WRONG_CODE),
    await service.signIn('__proto__', PASSWORD, WRONG_CODE),
  ];
  const answers = attempts.map(({ status, code, body }) => [status, code, body.message]);
  const words = 'The name, the password or the one-time password is wrong.';
  assert.deepEqual(answers, Array(6).fill([401, 'SignInFailedException', words]));
});

test('a one-time password is good once', async (t) => {
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'auditor');
  const code = alice.code();
  assert.equal((await service.signIn('alice', PASSWORD, code)).status, 200);
  assert.equal((await service.signIn('alice', PASSWORD, code)).code, 'SignInFailedException');
  const next = alice.code();
  const both = await Promise.all([1, 2].map(() => service.signIn('alice', PASSWORD, next)));
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 401]);
});

test('after failures one has to wait ever longer, known or not', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'auditor');
  for (const name of ['alice', 'nobody']) {
    const codes = [];
    for (let i = 0; i < 4; i += 1)
      codes.push((await service.signIn(name, 'wrong password', WRONG_CODE)).code);
    const expected = [...Array(3).fill('SignInFailedException'), 'TooManyAttemptsException'];
    assert.deepEqual(codes, expected, name);
  }
  const waiting = await service.signIn('alice', PASSWORD, alice.code());
  assert.deepEqual([waiting.status, waiting.body.retryAfterSeconds], [429, 5]);
  t.mock.timers.tick(5000);
  assert.equal((await service.signIn('alice', 'wrong password', WRONG_CODE)).code, 'SignInFailedException');
  assert.equal((await service.signIn('alice', PASSWORD, alice.code())).body.retryAfterSeconds, 15);
  t.mock.timers.tick(15_000);
  assert.equal((await service.signIn('alice', PASSWORD, alice.code())).status, 200);
  assert.equal((await service.signIn('alice', 'wrong password', WRONG_CODE)).code, 'SignInFailedException');
});

test('attempts at the same time are no way around the wait', async (t) => {
  const service = await OwnService.start(t);
  const all = await Promise.all(Array.from({ length: 8 }, () => service.signIn('eve', PASSWORD, WRONG_CODE)));
  const tried = all.filter(({ code }) => code === 'SignInFailedException');
  assert.ok(tried.length <= 3, String(tried.length));
});

test('a session ends when it idles, and at the latest after eight hours', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'auditor');
  const token = await alice.signIn();
  const status = async (by: string) => (await service.own('GET', '/whoami', undefined, by)).status;
  t.mock.timers.tick(14 * MINUTE);
  assert.equal(await status(token), 200);
  t.mock.timers.tick(14 * MINUTE);
  assert.equal(await status(token), 200);
  t.mock.timers.tick(16 * MINUTE);
  assert.equal(await status(token), 401);
  const other = await alice.signIn();
  for (let minutes = 0; minutes < 8 * 60; minutes += 10) {
    assert.equal(await status(other), 200, `after ${minutes} minutes`);
    t.mock.timers.tick(10 * MINUTE);
  }
  assert.equal(await status(other), 401);
});

test('passwords that are easy to guess are refused, at enrolment and later', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const service = await OwnService.start(t);
  const { enrolmentCode } = await service.done(
    'POST',
    '/people',
    { name: 'alice', roles: ['auditor'] },
    service.operator,
  );
  const enrol = (password: string) =>
    service.own('POST', '/enrolments', { name: 'alice', codes: [enrolmentCode], password });
  for (const password of ['short', 'x'.repeat(257), 'my name is Alice!', 'aaaaaaaaaaaab']) {
    const { code, body } = await enrol(password);
    assert.equal(code, 'ValidationException', password);
    assert.match(body.message, /^password must/);
  }
  const alice = await service.enrol('alice', [enrolmentCode]);
  const token = await alice.signIn();
  const change = (newPassword: string, password = PASSWORD) =>
    service.own('PUT', '/password', { password, code: alice.code(), newPassword }, token);
  assert.equal((await change('short')).code, 'ValidationException');
  assert.equal((await change('entirely different', 'wrong password')).code, 'SignInFailedException');
  t.mock.timers.tick(MINUTE);
  assert.equal((await change('entirely different')).status, 200);
  assert.equal((await service.own('GET', '/whoami', undefined, token)).code, 'SessionExpiredException');
});

test('other roles, a reset and being disabled end the sessions at once', async (t) => {
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'auditor');
  const first = await alice.signIn();
  await service.done('PUT', '/people/alice/roles', { roles: ['approver', 'custodian'] }, service.operator);
  assert.equal((await service.own('GET', '/whoami', undefined, first)).status, 401);
  const second = await alice.signIn();
  assert.deepEqual((await service.done('GET', '/whoami', undefined, second)).roles, [
    'approver',
    'custodian',
  ]);
  const { enrolmentCode } = await service.done('POST', '/people/alice/reset', {}, service.operator);
  assert.equal((await service.own('GET', '/whoami', undefined, second)).status, 401);
  const anew = await service.enrol('alice', [enrolmentCode], 'another long password');
  const third = await anew.signIn();
  await service.done('POST', '/people/alice/disable', {}, service.operator);
  assert.equal((await service.own('GET', '/whoami', undefined, third)).status, 401);
  assert.equal((await service.signIn('alice', 'another long password', anew.code())).status, 401);
});

test('roles and names are held against the schema, and a name is one user', async (t) => {
  const service = await OwnService.start(t);
  const make = (input: object) => service.own('POST', '/people', input, service.operator);
  const cases: [object, RegExp][] = [
    [{ name: 'Alice', roles: ['auditor'] }, /^name must match pattern/],
    [{ name: 'alice', roles: [] }, /^roles must NOT have fewer than 1 items/],
    [
      { name: 'alice', roles: ['root'] },
      /^roles\.0 must be one of administrator, key-manager, custodian, approver, auditor/,
    ],
    [{ name: 'alice' }, /must have required property 'roles'/],
    [
      { name: 'alice', roles: ['auditor'], admin: true },
      /^The body has a member that this request does not know/,
    ],
    [{ name: 'alice', roles: 'auditor' }, /^roles must be array/],
  ];
  for (const [input, words] of cases) {
    const { status, code, body } = await make(input);
    assert.deepEqual([status, code, body.code], [400, 'ValidationException', 'ValidationException']);
    assert.match(body.message, words);
    assert.match(body.requestId, /^[0-9a-f-]{36}$/);
  }
  await service.person('alice', 'auditor');
  assert.equal((await make({ name: 'alice', roles: ['auditor'] })).code, 'ConflictException');
  assert.equal((await make({ name: 'administrator', roles: ['auditor'] })).code, 'ConflictException');
});

test('who is no administrator makes and changes nobody', async (t) => {
  const service = await OwnService.start(t);
  const bob = await service.person('bob', 'key-manager', 'custodian', 'approver', 'auditor');
  const token = await bob.signIn();
  const refused = [
    await service.own('POST', '/people', { name: 'eve', roles: ['administrator'] }, token),
    await service.own('PUT', '/people/bob/roles', { roles: ['administrator'] }, token),
    await service.own('POST', '/people/bob/reset', {}, token),
    await service.own('POST', '/people/bob/disable', {}, token),
  ];
  assert.deepEqual(
    refused.map(({ code }) => code),
    Array(4).fill('AccessDeniedException'),
  );
  assert.equal((await service.own('GET', '/people', undefined, 'kws_guess')).code, 'SessionExpiredException');
  assert.equal((await service.own('GET', '/people')).code, 'MissingAuthenticationTokenException');
});

test('passwords, shared secrets, codes and tokens are in no file, log or other answer', async (t) => {
  const service = await OwnService.start(t);
  const { enrolmentCode } = await service.done(
    'POST',
    '/people',
    { name: 'alice', roles: ['auditor'] },
    service.operator,
  );
  const alice = await service.enrol('alice', [enrolmentCode]);
  const token = await alice.signIn();
  const before = service.answers.length;
  await service.done('GET', '/people', undefined, token);
  await service.own('POST', '/sessions', { name: PASSWORD, password: alice.secret, code: 'x' });
  await service.own('POST', '/people', { [PASSWORD]: token });
  await service.own('POST', `/${token}`, {});
  const shared = Buffer.from(
    alice.secret
      .replace(/./g, (c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
      .match(/.{8}/g)!
      .map((b) => Number.parseInt(b, 2)),
  );
  const secrets = [
    PASSWORD,
    alice.secret,
    enrolmentCode,
    enrolmentCode.replaceAll('-', ''),
    token,
    shared,
    shared.toString('hex'),
  ];
  const places: [string, Buffer][] = [
    ['log', Buffer.from(service.log.join(''))],
    ['answers', Buffer.from(service.answers.slice(before).join(''))],
    ...readdirSync(service.directory, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map(({ parentPath, name }): [string, Buffer] => [name, readFileSync(join(parentPath, name))]),
  ];
  for (const [place, content] of places) {
    for (const secret of secrets)
      assert.ok(!content.includes(secret), `${place} has ${secrets.indexOf(secret)}`);
  }
});

test('the OpenAPI document is there for everybody, and answers are as it says', async (t) => {
  const service = await OwnService.start(t);
  const document = await service.done('GET', '/openapi.json');
  assert.equal(document.openapi, '3.1.0');
  const { post } = document.paths['/keywright/v1/people'];
  assert.deepEqual(post.requestBody.content['application/json'].schema.required, ['name', 'roles']);
  assert.deepEqual(document.paths['/keywright/v1/sessions'].post.security, []);
});
