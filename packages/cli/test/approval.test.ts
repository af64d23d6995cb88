// Two people approve the trust in a root certificate, on the command line, against a service of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { signRequest } from '../../service/test/access/sign.ts';
import { type FreshService, startFreshService } from '../src/story/fresh-service.ts';
import { type Answer, LAUNCHER } from './keywright.ts';

const REGION = 'us-east-2';
const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';
const MpaTeamArn = `arn:aws:mpa:${REGION}:111122223333:approval-team/roots`;

let service: FreshService;
before(async () => {
  service = await startFreshService();
  mkdirSync(service.scratch);
});
after(() => service[Symbol.asyncDispose]());

/** A file beside the service's data. */
const file = (name: string) => join(service.scratch, name);

/** Runs `keywright approval …` as somebody; by default with the credentials that the service wrote. */
function approval(args: string[], who?: string): { status: number | null; stdout: string; stderr: string } {
  const { AWS_SHARED_CREDENTIALS_FILE: _, AWS_ACCESS_KEY_ID: __, ...env } = process.env;
  const by = who === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: file(`${who}.credentials`) };
  return spawnSync(process.execPath, [LAUNCHER, 'approval', ...args, '--endpoint-url', service.url], {
    encoding: 'utf8',
    env: { ...env, AWS_REGION: REGION, KEYWRIGHT_DATA_DIR: join(service.scratch, '../service'), ...by },
  });
}

function succeed(args: string[], who?: string): string {
  const { status, stdout, stderr } = approval(args, who);
  assert.deepEqual([status, stderr], [0, ''], args.join(' '));
  return stdout;
}

function fail(args: string[], who?: string): string {
  const { status, stdout, stderr } = approval(args, who);
  assert.deepEqual([status, stdout], [1, ''], args.join(' '));
  return stderr;
}

/** An operation of AWS's that the SDK's published client may not know yet, called by the administrator. */
async function control(operation: string, input: object): Promise<Answer> {
  const headers = { 'x-amz-target': `PaymentCryptographyControlPlane.${operation}` };
  const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
  const signed = await signRequest(new URL(service.url).host, service.credentials, request, {
    region: REGION,
  });
  const answer = await fetch(service.url, signed);
  const body = (await answer.json()) as object;
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body;
}

function selfSigned(): string {
  const { stdout, status } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=Scheme root',
      '-keyout',
      '/dev/null',
    ],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0);
  return stdout;
}

test('members get access keys in files that are theirs alone', () => {
  for (const name of ['alice', 'bob', 'carol']) {
    const path = file(`${name}.credentials`);
    const said = succeed(['member', 'add', name, '--credentials', path]);
    assert.match(said, new RegExp(`^${name} has the access key AKIA[A-Z2-7]{16}, in .*\\.credentials\\n$`));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const content = readFileSync(path, 'latin1');
    assert.match(
      content,
      /^\[default\]\naws_access_key_id = AKIA\w{16}\naws_secret_access_key = [\w+/]{40}\n$/,
    );
    assert.ok(!said.includes(/secret_access_key = (.*)/.exec(content)![1]!));
  }
  const taken = fail(['member', 'add', 'dave', '--credentials', file('alice.credentials')]);
  assert.match(taken, /alice\.credentials is there already/);
  const again = fail(['member', 'add', 'alice', '--credentials', file('alice2.credentials')]);
  assert.match(again, /^keywright: ConflictException: alice has an access key already/);
  assert.ok(!existsSync(file('alice2.credentials')));
  // The name of dave was not used up by the file that was there.
  succeed(['member', 'add', 'dave', '--credentials', file('dave.credentials')]);
});

test('a team is made of them', () => {
  const team = `${MpaTeamArn}\n  2 of 3: alice, bob, carol\n`;
  const members = ['--member', 'alice', 'bob', 'carol'];
  assert.equal(succeed(['team', 'create', 'roots', ...members, '--threshold', '2']), team);
  assert.equal(succeed(['team', 'list']), team);
  assert.match(
    fail(['team', 'create', 'more', ...members, '--threshold', '4']),
    /ValidationException: threshold must be/,
  );
  assert.match(fail(['team', 'list'], 'alice'), /AccessDeniedException/);
  assert.match(
    fail(['member', 'add', 'eve', '--credentials', file('eve.credentials')], 'alice'),
    /AccessDeniedException/,
  );
  const { status, stderr } = approval(['team', 'create', 'x', '--member', 'alice', '--threshold', 'two']);
  assert.deepEqual([status, /whole number/.test(stderr)], [2, true]);
});

test('a root certificate is trusted once two of them have approved', async () => {
  await control('AssociateMpaTeam', { Action, MpaTeamArn });
  const pem = selfSigned();
  const PublicKeyCertificate = Buffer.from(pem).toString('base64');
  const KeyAttributes = {
    KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
    KeyClass: 'PUBLIC_KEY',
    KeyAlgorithm: 'ECC_NIST_P256',
    KeyModesOfUse: { Verify: true },
  } as const;
  const KeyMaterial = { RootCertificatePublicKey: { KeyAttributes, PublicKeyCertificate } };
  const RequesterComment = 'the scheme’s new root\n\u001B[2Kapproved by everybody';
  const { Key } = await control('ImportKey', { KeyMaterial, RequesterComment });
  const { MpaSessionArn: session } = Key.MpaStatus;

  const shown = succeed(['list'], 'alice');
  const { fingerprint256 } = new X509Certificate(pem);
  for (const text of [session, Key.KeyArn, 'CN=Scheme root', fingerprint256, 'nobody, of 2 needed']) {
    assert.ok(shown.includes(text), text);
  }
  assert.ok(shown.includes('"the scheme’s new root\\n\\u001b[2Kapproved by everybody"'), shown);
  assert.equal(succeed(['list'], 'dave'), '');

  assert.match(fail(['approve', session]), /AccessDeniedException: .*nobody approves his own request/);
  assert.match(fail(['approve', session], 'dave'), /AccessDeniedException: .*only members of team roots may/);
  assert.match(succeed(['approve', session], 'alice'), /approved by {2}alice, of 2 needed/);
  assert.match(fail(['approve', session], 'alice'), /ConflictException: alice has decided on session/);
  const client = new PaymentCryptography({
    endpoint: service.url,
    region: REGION,
    credentials: service.credentials,
  });
  const stateOf = async () => (await client.getKey({ KeyIdentifier: Key.KeyArn })).Key!.KeyState;
  assert.equal(await stateOf(), 'CREATE_IN_PROGRESS');
  assert.match(
    succeed(['approve', session.split('/').at(-1)!], 'bob'),
    /APPROVED\n.*alice, bob, of 2 needed/s,
  );
  assert.equal(await stateOf(), 'CREATE_COMPLETE');
  client.destroy();
  assert.match(fail(['deny', session], 'carol'), /ConflictException: Session \w+ has ended: it is APPROVED/);
  assert.equal(succeed(['list'], 'carol'), '');
});

test('the team stays when two of three deny that it goes', async () => {
  const { MpaTeamAssociation } = await control('DisassociateMpaTeam', { Action });
  const session = MpaTeamAssociation.MpaStatus.MpaSessionArn;
  assert.match(succeed(['list'], 'carol'), /to remove the team from the import of root certificates/);
  assert.match(succeed(['deny', session], 'carol'), /PENDING/);
  assert.match(succeed(['deny', session], 'bob'), /FAILED/);
  const { MpaTeamAssociation: stays } = await control('GetMpaTeamAssociation', { Action });
  assert.equal(stays.AssociationState, 'ACTIVE');
});

test('a member’s access key does nothing of AWS’s', async () => {
  const content = readFileSync(file('alice.credentials'), 'latin1');
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(content)![1]!;
  const credentials = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  };
  const client = new PaymentCryptography({ endpoint: service.url, region: REGION, credentials });
  await assert.rejects(client.listKeys({}), { name: 'AccessDeniedException' });
  client.destroy();
});

test('without credentials, and without a service, one line says so', () => {
  const run = (changes: Record<string, string>) => {
    const {
      AWS_SHARED_CREDENTIALS_FILE: _,
      AWS_ACCESS_KEY_ID: __,
      AWS_PROFILE: ___,
      ...others
    } = process.env;
    const env = { ...others, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: REGION, ...changes };
    return spawnSync(process.execPath, [LAUNCHER, 'approval', 'list'], { env, encoding: 'utf8' });
  };
  const nobody = run({ AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_CONFIG_FILE: '/dev/null' });
  assert.equal(nobody.status, 1);
  assert.match(
    nobody.stderr,
    /^keywright: there are no credentials: set AWS_SHARED_CREDENTIALS_FILE to .*\n$/,
  );
  const nowhere = run({
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  assert.equal(nowhere.status, 1);
  assert.match(
    nowhere.stderr,
    /^keywright: no service answers at http:\/\/\S+: (?:ECONNREFUSED|bad port)\n$/,
  );
});
