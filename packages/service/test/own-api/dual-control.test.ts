import assert from 'node:assert/strict';
import { after, before, mock, suite, test } from 'node:test';
import type { Credentials } from '../access/sign.ts';
import { attributes } from '../operations/service.ts';
import { type Answer, OwnService } from './own-service.ts';

const HOUR = 60 * 60 * 1000;
const ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'payment-cryptography:*', Resource: '*' },
});
const KEK = attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B');
const PIN_KEY = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B');

/** The id of the request that a refusal names. */
function requestIn({ status, code, body }: Answer): string {
  assert.ok(status === 400 || status === 403, JSON.stringify(body));
  assert.ok(code === 'AccessDeniedException' || code === 'ApprovalRequiredException', JSON.stringify(body));
  const [, id] = /approved request (req-[a-z2-7]{16}), by /.exec(body.message ?? body.Message) ?? [];
  assert.ok(id, JSON.stringify(body));
  return id;
}

suite('dual control', () => {
  let service: OwnService;
  /** Tokens of people who have signed in. */
  let alice: string;
  let bob: string;
  let carol: string;
  let mallory: string;
  /** An access key that may do everything; the key manager mallory has made it. */
  let machine: Credentials;
  let kek: string;
  const signIns: (() => Promise<string>)[] = [];

  const signIn = async () => {
    [alice, bob, carol, mallory] = (await Promise.all(signIns.map((one) => one()))) as [
      string,
      string,
      string,
      string,
    ];
  };
  /** Time goes by; whose session ended signs in again. */
  const wait = async (milliseconds: number) => {
    mock.timers.tick(milliseconds);
    await signIn();
  };
  const decide = (id: string, by: string, verb = 'approve') =>
    service.own('POST', `/requests/${id}/${verb}`, {}, by);
  const approve = (id: string, by: string) => service.done('POST', `/requests/${id}/approve`, {}, by);
  const statusOf = async (id: string) =>
    (await service.done('GET', `/requests/${id}`, undefined, carol)).status;
  const createKey = async (KeyAttributes: object) =>
    (await service.aws('CreateKey', { KeyAttributes, Exportable: true }, machine)).body.Key.KeyArn as string;

  before(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    service = await OwnService.open();
    for (const [name, ...roles] of [
      ['alice', 'administrator'],
      ['bob', 'administrator'],
      ['carol', 'approver'],
      ['mallory', 'key-manager', 'approver'],
    ] as const) {
      signIns.push((await service.person(name, ...roles)).signIn);
    }
    await signIn();
    machine = await service.done('POST', '/access-keys', { user: 'switch', policy: ALL }, mallory);
    const { policy, warnings } = await service.done('POST', '/dual-control/enable', {}, service.operator);
    assert.deepEqual([policy.enabled, policy.version, warnings], [true, 1, []]);
  });
  after(async () => {
    await service.close();
    mock.timers.reset();
  });

  test('an AWS client is refused with a request, and succeeds once it is approved', async () => {
    kek = await createKey(KEK);
    const input = { KeyIdentifier: kek, DeleteKeyInDays: 3 };
    const refused = await service.aws('DeleteKey', input, machine);
    const id = requestIn(refused);
    assert.match(
      refused.body.Message,
      /^User: arn:aws:iam::111122223333:user\/switch is not authorized to perform: payment-cryptography:DeleteKey before 1 person with the role approver other than the requester approved request req-/,
    );
    // Asked again, it is the same request.
    assert.equal(requestIn(await service.aws('DeleteKey', input, machine)), id);
    const shown = await service.done('GET', `/requests/${id}`, undefined, carol);
    const { status, action, owner } = shown;
    assert.deepEqual([status, action, owner, shown.input], ['PENDING', 'DeleteKey', 'mallory', input]);
    const { usage, arn, checkValue } = shown.keys[0];
    assert.deepEqual([shown.keys.length, usage, arn], [1, 'TR31_K0_KEY_ENCRYPTION_KEY', kek]);
    assert.match(checkValue, /^[0-9A-F]{6}$/);
    await approve(id, carol);
    assert.equal((await service.aws('DeleteKey', input, machine)).body.Key.KeyState, 'DELETE_PENDING');
    // An approval is used once.
    await service.aws('RestoreKey', { KeyIdentifier: kek }, machine);
    await service.aws('StartKeyUsage', { KeyIdentifier: kek }, machine);
    assert.notEqual(requestIn(await service.aws('DeleteKey', input, machine)), id);
    assert.equal(await statusOf(id), 'USED');
  });

  test('another input, another region, another key behind an alias: another request', async () => {
    const [one, other] = [await createKey(KEK), await createKey(KEK)];
    await service.aws('CreateAlias', { AliasName: 'alias/kek', KeyArn: one }, machine);
    const input = { KeyIdentifier: 'alias/kek' };
    const id = requestIn(await service.aws('DeleteKey', input, machine));
    await approve(id, carol);
    await service.aws('UpdateAlias', { AliasName: 'alias/kek', KeyArn: other }, machine);
    assert.notEqual(requestIn(await service.aws('DeleteKey', input, machine)), id);
    await service.aws('UpdateAlias', { AliasName: 'alias/kek', KeyArn: one }, machine);
    const longer = { ...input, DeleteKeyInDays: 180 };
    assert.notEqual(requestIn(await service.aws('DeleteKey', longer, machine)), id);
    const elsewhere = await service.aws('DeleteKey', input, machine, { region: 'eu-west-1' });
    assert.equal(elsewhere.code, 'ResourceNotFoundException');
    assert.equal((await service.aws('DeleteKey', input, machine)).status, 200);
  });

  test('nobody approves what he asks for, by his access key neither, nor twice, nor without the role', async () => {
    const id = requestIn(await service.aws('DeleteKey', { KeyIdentifier: await createKey(KEK) }, machine));
    assert.match((await decide(id, mallory)).body.message, /nobody approves his own requests/);
    assert.match((await decide(id, alice)).body.message, /that is for people with the role approver/);
    const signed = await service.own('POST', `/requests/${id}/approve`, {}, machine);
    assert.equal(signed.code, 'AccessDeniedException');
    assert.equal((await decide(id, carol)).status, 200);
    assert.equal((await decide(id, carol)).code, 'ConflictException');
    assert.equal((await decide(id, carol, 'deny')).code, 'ConflictException');
  });

  test('a denial ends a request; requests and approvals expire', async () => {
    const KeyIdentifier = await createKey(KEK);
    const ask = async () => requestIn(await service.aws('DeleteKey', { KeyIdentifier }, machine));
    const denied = await ask();
    assert.equal((await decide(denied, carol, 'deny')).body.request.status, 'DENIED');
    const late = await ask();
    assert.notEqual(late, denied);
    await wait(24 * HOUR);
    assert.equal(await statusOf(late), 'EXPIRED');
    assert.equal((await decide(late, carol)).code, 'ConflictException');
    const approved = await ask();
    await approve(approved, carol);
    await wait(24 * HOUR);
    assert.notEqual(await ask(), approved);
  });

  test('what moves no KEK goes on alone; what does, or goes under a stranger’s key, does not', async () => {
    const arn = await createKey(PIN_KEY);
    const Tr31KeyBlock = { WrappingKeyIdentifier: kek };
    const pinKey = { ExportKeyIdentifier: arn, KeyMaterial: { Tr31KeyBlock } };
    const exported = await service.aws('ExportKey', pinKey, machine);
    assert.equal(exported.status, 200, JSON.stringify(exported.body));
    const WrappedKeyBlock: string = exported.body.WrappedKey.KeyMaterial;
    const importing = (block: string) => ({
      KeyMaterial: { Tr31KeyBlock: { ...Tr31KeyBlock, WrappedKeyBlock: block } },
    });
    assert.equal((await service.aws('ImportKey', importing(WrappedKeyBlock), machine)).status, 200);
    const inHeader = importing(WrappedKeyBlock.replace('P0', 'K0'));
    const requested = requestIn(await service.aws('ImportKey', inHeader, machine));
    const shown = await service.own('GET', `/requests/${requested}`, undefined, machine);
    assert.equal(shown.body.input.KeyMaterial.Tr31KeyBlock.WrappedKeyBlock, '***');
    assert.equal(shown.body.keys[0].arn, kek);
    const other = await createKey(KEK);
    requestIn(await service.aws('ExportKey', { ...pinKey, ExportKeyIdentifier: other }, machine));
    requestIn(await service.aws('PutResourcePolicy', { ResourceArn: arn, Policy: '{}' }, machine));
  });

  test('an approval that a failing call could not use is not lost', async () => {
    const input = { ResourceArn: kek, Policy: '{"Version": "2012-10-17"}' };
    const id = requestIn(await service.aws('PutResourcePolicy', input, machine));
    await approve(id, carol);
    assert.equal((await service.aws('PutResourcePolicy', input, machine)).code, 'ValidationException');
    assert.equal(await statusOf(id), 'APPROVED');
  });

  test('of calls at once at most one uses an approval', async () => {
    const [ExportKeyIdentifier, WrappingKeyIdentifier] = [await createKey(KEK), kek];
    const input = { ExportKeyIdentifier, KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier } } };
    const id = requestIn(await service.aws('ExportKey', input, machine));
    await approve(id, carol);
    const all = await Promise.all([1, 2, 3, 4].map(() => service.aws('ExportKey', input, machine)));
    assert.equal(all.filter(({ status }) => status === 200).length, 1, JSON.stringify(all));
    assert.equal(await statusOf(id), 'USED');
  });

  test('somebody is made by two administrators, and enrols with a code of each', async () => {
    const input = { name: 'dave', roles: ['custodian'] };
    const refused = await service.own('POST', '/people', input, alice);
    assert.deepEqual([refused.status, refused.code], [403, 'ApprovalRequiredException']);
    const id = requestIn(refused);
    assert.equal(refused.body.approvalRequest, id);
    assert.match((await decide(id, alice)).body.message, /nobody approves his own requests/);
    const approved = await approve(id, bob);
    const { enrolmentCode } = await service.done('POST', '/people', input, alice);
    const enrol = (codes: string[]) =>
      service.own('POST', '/enrolments', { name: 'dave', codes, password: 'words of my own choice' });
    for (const alone of [
      [enrolmentCode],
      [approved.enrolmentCode],
      [enrolmentCode, 'AAAAA-AAAAA-AAAAA-AAAAA'],
    ]) {
      assert.equal((await enrol(alone)).code, 'SignInFailedException');
    }
    await wait(60_000);
    assert.equal((await enrol([approved.enrolmentCode, enrolmentCode])).status, 200);
    // Nobody is told the other's code.
    const told = JSON.stringify(await service.done('GET', `/requests/${id}`, undefined, alice));
    assert.ok(!told.includes(approved.enrolmentCode));
  });

  test('the file aws-credentials has no part in what needs approval', async () => {
    const { operator } = service;
    const refused = [
      await service.aws('DeleteKey', { KeyIdentifier: kek }, operator),
      await service.own('POST', '/people', { name: 'eve', roles: ['administrator'] }, operator),
      await service.own('POST', '/access-keys', { user: 'eve', policy: ALL }, operator),
      await service.own('POST', '/approvals/members', { name: 'eve' }, operator),
    ];
    for (const { code, body } of refused) {
      assert.equal(code, 'AccessDeniedException');
      assert.match(body.message ?? body.Message, /the access key in the file aws-credentials has no part/);
    }
    assert.equal(
      (await service.own('POST', '/dual-control/disable', {}, operator)).code,
      'AccessDeniedException',
    );
    assert.equal((await service.aws('GetKey', { KeyIdentifier: kek }, operator)).status, 200);
  });

  test('an approval counts only as long as who gave it may still approve', async () => {
    const input = { KeyIdentifier: await createKey(KEK) };
    const id = requestIn(await service.aws('DeleteKey', input, machine));
    await approve(id, carol);
    const change = { roles: ['auditor'] };
    await approve(requestIn(await service.own('PUT', '/people/carol/roles', change, alice)), bob);
    await service.done('PUT', '/people/carol/roles', change, alice);
    assert.notEqual(requestIn(await service.aws('DeleteKey', input, machine)), id);
  });

  test('two approvals, of people with different roles', async () => {
    const rules = [{ actions: ['DeleteKey'], approvals: 2, approvers: ['auditor', 'administrator'] }];
    await approve(requestIn(await service.own('PUT', '/dual-control', { rules }, alice)), bob);
    await service.done('PUT', '/dual-control', { rules }, alice);
    await wait(60_000);
    const input = { KeyIdentifier: await createKey(KEK) };
    const id = requestIn(await service.aws('DeleteKey', input, machine));
    await approve(id, bob);
    assert.equal(requestIn(await service.aws('DeleteKey', input, machine)), id);
    await approve(id, carol);
    assert.equal((await service.aws('DeleteKey', input, machine)).status, 200);
  });

  test('the access key in the file can be shut out altogether', async () => {
    const choice = { operator: 'nothing' };
    await approve(requestIn(await service.own('PUT', '/dual-control', choice, alice)), bob);
    await service.done('PUT', '/dual-control', choice, alice);
    const answers = [
      await service.aws('ListKeys', {}),
      await service.own('GET', '/people', undefined, service.operator),
    ];
    for (const { code } of answers) assert.equal(code, 'AccessDeniedException');
  });

  test('no rules leave out who makes people and rules, and it takes two to switch dual control off', async () => {
    const rules = [{ actions: ['*'], approvals: 0, approvers: ['administrator'] }];
    await approve(requestIn(await service.own('PUT', '/dual-control', { rules }, alice)), bob);
    await service.done('PUT', '/dual-control', { rules }, alice);
    const somebody = { name: 'eve', roles: ['auditor'] };
    requestIn(await service.own('POST', '/people', somebody, alice));
    const off = requestIn(await service.own('POST', '/dual-control/disable', {}, alice));
    assert.match((await decide(off, alice)).body.message, /nobody approves his own requests/);
    await approve(off, bob);
    assert.equal((await service.done('POST', '/dual-control/disable', {}, alice)).enabled, false);
    assert.equal((await service.own('POST', '/people', somebody, alice)).status, 200);
  });
});

test('dual control begins with two administrators, and says what it lacks', async (t) => {
  const service = await OwnService.start(t);
  const alice = await service.person('alice', 'administrator');
  await alice.signIn();
  const alone = await service.own('POST', '/dual-control/enable', {}, service.operator);
  assert.match(alone.body.message, /needs 2 active administrators, and there are 1/);
  const bob = await service.person('bob', 'administrator');
  await bob.signIn();
  const { warnings } = await service.done('POST', '/dual-control/enable', {}, service.operator);
  assert.ok(warnings.length > 0);
  assert.ok(
    warnings.every((warning: string) => warning.endsWith('role approver, and there are 0')),
    warnings,
  );
});
