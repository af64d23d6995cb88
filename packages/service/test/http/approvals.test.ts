// Approvals, policies and limits over HTTP, against the whole service.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkAnswer } from '../../src/api/check-answer.ts';
import type { ControlPlane } from '../../src/api/control-plane.generated.ts';
import { TARGET_PREFIX } from '../../src/api/operations.ts';
import { type Configuration, configurationFromEnvironment, startService } from '../../src/index.ts';
import { type Credentials, type Scope, signRequest } from '../access/sign.ts';
import { publicKey } from '../operations/asymmetric.ts';
import { attributes } from '../operations/service.ts';
import { selfSigned } from '../pki/openssl.ts';

const root = selfSigned({ name: 'root' });
const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';
const MpaTeamArn = 'arn:aws:mpa:us-east-2:111122223333:approval-team/roots';

interface Answer {
  readonly status: number;
  readonly code: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
  readonly body: any;
}

interface Running {
  readonly directory: string;
  readonly log: string[];
  readonly administrator: Credentials;
  send(
    method: string,
    path: string,
    body?: unknown,
    by?: Credentials,
    headers?: Record<string, string>,
    scope?: Scope,
  ): Promise<Answer>;
  control<Name extends keyof ControlPlane>(
    name: Name,
    input: ControlPlane[Name]['input'],
    by?: Credentials,
  ): Promise<Answer>;
}

async function start(t: TestContext, changes: Partial<Configuration> = {}): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  const log: string[] = [];
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory };
  const configuration = {
    ...configurationFromEnvironment(env),
    log: { write: (line: string) => log.push(line) },
  };
  const service = await startService({ ...configuration, ...changes });
  t.after(async () => {
    await service.close();
    rmSync(directory, { recursive: true });
  });
  const ini = readFileSync(join(directory, 'aws-credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
  const administrator = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  };
  const send: Running['send'] = async (method, path, input, by = administrator, headers = {}, scope = {}) => {
    const body = input === undefined ? '' : JSON.stringify(input);
    const signed = await signRequest(new URL(service.url).host, by, { method, path, headers, body }, scope);
    const given = method === 'GET' ? {} : { body };
    const response = await fetch(`${service.url}${path}`, { method, headers: signed.headers, ...given });
    const answer = (await response.json()) as { __type?: string };
    const code = response.headers.get('x-amzn-errortype') ?? answer.__type ?? null;
    return { status: response.status, code, body: answer };
  };
  return {
    directory,
    log,
    administrator,
    send,
    async control(name, input, by) {
      const answer = await send('POST', '/', input, by, { 'x-amz-target': `${TARGET_PREFIX}${name}` });
      if (answer.status === 200) checkAnswer(name, answer.body);
      return answer;
    },
  };
}

async function addMember({ send }: Running, name: string): Promise<Credentials> {
  const { status, body } = await send('POST', '/keywright/v1/approvals/members', { name });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.name, name);
  return body;
}

async function withTeam(service: Running): Promise<Credentials[]> {
  const members = [await addMember(service, 'alice'), await addMember(service, 'bob')];
  const team = { name: 'roots', members: ['alice', 'bob'], threshold: 2 };
  assert.equal((await service.send('POST', '/keywright/v1/approvals/teams', team)).status, 200);
  assert.equal((await service.control('AssociateMpaTeam', { Action, MpaTeamArn })).status, 200);
  return members;
}

const IMPORT = {
  KeyMaterial: {
    RootCertificatePublicKey: { KeyAttributes: publicKey(), PublicKeyCertificate: root.base64 },
  },
  RequesterComment: 'the new root',
};

const CREATE = {
  KeyAttributes: attributes('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'AES_256', 'B'),
  Exportable: true,
};

test('two people with their own access keys approve an import', async (t) => {
  const service = await start(t);
  const [alice, bob] = await withTeam(service);
  const { Key } = (await service.control('ImportKey', IMPORT)).body;
  assert.deepEqual([Key.KeyState, Key.MpaStatus.Status], ['CREATE_IN_PROGRESS', 'PENDING']);
  const { body } = await service.send('GET', '/keywright/v1/approvals/sessions', undefined, alice);
  assert.equal(body.sessions[0].certificate, root.pem);
  const place = `/keywright/v1/approvals/sessions/${Key.MpaStatus.MpaSessionArn.split('/')[2]}`;

  const own = await service.send('POST', `${place}/approve`, {});
  assert.deepEqual([own.status, own.code], [403, 'AccessDeniedException']);
  assert.equal((await service.send('POST', `${place}/approve`, {}, alice)).body.status, 'PENDING');
  const twice = await service.send('POST', `${place}/approve`, {}, alice);
  assert.deepEqual([twice.status, twice.code], [409, 'ConflictException']);
  const elsewhere = await service.send('POST', `${place}/approve`, {}, bob, {}, { region: 'eu-west-1' });
  assert.deepEqual([elsewhere.status, elsewhere.code], [404, 'ResourceNotFoundException']);
  assert.equal((await service.send('POST', `${place}/approve`, {}, bob)).body.status, 'APPROVED');
  const got = (await service.control('GetKey', { KeyIdentifier: Key.KeyArn })).body.Key;
  assert.deepEqual([got.KeyState, got.MpaStatus.Status], ['CREATE_COMPLETE', 'APPROVED']);
  assert.ok(service.log.some((line) => line.includes('"Approvals.Approve"')));
});

test('an approver’s access key is for approvals, and for nothing of AWS’s', async (t) => {
  const service = await start(t);
  const [alice] = await withTeam(service);
  const { Key } = (await service.control('CreateKey', CREATE)).body;
  const denied = await service.control('GetKey', { KeyIdentifier: Key.KeyArn }, alice);
  assert.deepEqual([denied.status, denied.code], [400, 'AccessDeniedException']);
  assert.equal(
    denied.body.Message,
    'User: arn:aws:iam::111122223333:user/alice is not authorized to perform: payment-cryptography:GetKey because no identity-based policy allows the payment-cryptography:GetKey action',
  );
  const path = `/keys/${encodeURIComponent(Key.KeyArn)}/encrypt`;
  const encrypt = { PlainText: '00'.repeat(16), EncryptionAttributes: { Symmetric: { Mode: 'ECB' } } };
  const data = await service.send('POST', path, encrypt, alice);
  assert.deepEqual([data.status, data.code], [403, 'AccessDeniedException']);
  for (const [method, place, input] of [
    ['POST', 'members', { name: 'mallory' }],
    ['POST', 'teams', { name: 'mine', members: ['alice'], threshold: 1 }],
    ['GET', 'teams', undefined],
  ] as const) {
    const answer = await service.send(method, `/keywright/v1/approvals/${place}`, input, alice);
    assert.deepEqual([answer.status, answer.code], [403, 'AccessDeniedException']);
  }
});

test('requests to the own interface are signed, well-formed, and for what there is', async (t) => {
  const service = await start(t);
  const forged = { ...service.administrator, secretAccessKey: 'guessed' };
  const stranger = { ...service.administrator, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' };
  const members = '/keywright/v1/approvals/members';
  const cases: [Answer, number, string][] = [
    [await service.send('POST', members, { name: 'eve' }, forged), 403, 'InvalidSignatureException'],
    [await service.send('POST', members, { name: 'eve' }, stranger), 403, 'UnrecognizedClientException'],
    [await service.send('POST', members, [1]), 400, 'SerializationException'],
    [await service.send('POST', members, { name: 7 }), 400, 'ValidationException'],
    [await service.send('GET', members), 404, 'UnknownOperationException'],
    [await service.send('POST', `${members}/eve`, {}), 404, 'UnknownOperationException'],
    [
      await service.send('POST', '/keywright/v1/approvals/sessions/x/approve', {}),
      404,
      'ResourceNotFoundException',
    ],
  ];
  for (const [answer, status, code] of cases) assert.deepEqual([answer.status, answer.code], [status, code]);
});

test('the secrets of access keys are in no file and no log', async (t) => {
  const service = await start(t);
  const [alice] = await withTeam(service);
  const secret = alice!.secretAccessKey;
  const files = readdirSync(service.directory, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of files.filter((file) => file.isFile())) {
    const content = readFileSync(join(parentPath, name));
    assert.ok(!content.includes(secret), name);
    assert.ok(!content.includes(Buffer.from(secret, 'base64')), name);
  }
  assert.ok(!service.log.join('').includes(secret));
});

test('a policy denies over HTTP, on both planes, as AWS says it', async (t) => {
  const service = await start(t);
  const { Key } = (await service.control('CreateKey', CREATE)).body;
  const Statement = {
    Effect: 'Deny',
    Principal: { AWS: 'arn:aws:iam::111122223333:user/administrator' },
    Action: [
      'payment-cryptography:EncryptData',
      'payment-cryptography:ExportKey',
      'payment-cryptography:DeleteKey',
    ],
    Resource: '*',
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await service.control('PutResourcePolicy', { ResourceArn: Key.KeyArn, Policy });
  const got = await service.control('GetResourcePolicy', { ResourceArn: Key.KeyArn });
  assert.equal(got.body.Policy, Policy);
  const denial = (action: string) =>
    `User: arn:aws:iam::111122223333:user/administrator is not authorized to perform: payment-cryptography:${action} on resource: ${Key.KeyArn} with an explicit deny in a resource-based policy`;
  const deleted = await service.control('DeleteKey', { KeyIdentifier: Key.KeyArn });
  assert.deepEqual(
    [deleted.status, deleted.code, deleted.body.Message],
    [400, 'AccessDeniedException', denial('DeleteKey')],
  );
  const path = `/keys/${encodeURIComponent(Key.KeyArn)}/encrypt`;
  const encrypt = { PlainText: '00'.repeat(16), EncryptionAttributes: { Symmetric: { Mode: 'ECB' } } };
  const encrypted = await service.send('POST', path, encrypt);
  assert.deepEqual(
    [encrypted.status, encrypted.code, encrypted.body.Message],
    [403, 'AccessDeniedException', denial('EncryptData')],
  );
  const open = JSON.stringify({
    Version: '2012-10-17',
    Statement: { ...Statement, Effect: 'Allow', Principal: '*' },
  });
  const refused = await service.control('PutResourcePolicy', { ResourceArn: Key.KeyArn, Policy: open });
  assert.deepEqual([refused.status, refused.code], [400, 'PublicPolicyException']);
  assert.equal((await service.control('DeleteResourcePolicy', { ResourceArn: Key.KeyArn })).status, 200);
  assert.equal((await service.send('POST', path, encrypt)).status, 200);
});

test('limits that are set are kept, by plane', async (t) => {
  const now = t.mock.method(Date, 'now', () => 1_785_000_000_000);
  const service = await start(t, { rates: { control: 2 }, quotas: { keys: 1 } });
  const scope = { date: new Date(1_785_000_000_000) };
  const list = () =>
    service.send('POST', '/', {}, undefined, { 'x-amz-target': `${TARGET_PREFIX}ListKeys` }, scope);
  const answers = [await list(), await list(), await list()];
  assert.deepEqual(
    answers.map(({ status, code }) => [status, code]),
    [
      [200, null],
      [200, null],
      [400, 'ThrottlingException'],
    ],
  );
  assert.equal(answers[2]!.body.Message, 'Rate exceeded');
  now.mock.mockImplementation(() => 1_785_000_001_000);
  const create = () =>
    service.send('POST', '/', CREATE, undefined, { 'x-amz-target': `${TARGET_PREFIX}CreateKey` }, scope);
  assert.equal((await create()).status, 200);
  const over = await create();
  assert.deepEqual([over.status, over.code], [400, 'ServiceQuotaExceededException']);
});
