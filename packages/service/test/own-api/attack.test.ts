// A custodian, an approver, an administrator and a key manager each try alone to obtain or change a key: over the interface, with an
// access key, and in the database file. Each fails, and each attempt over a connection is on record.
import assert from 'node:assert/strict';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, mock, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { ownRoutes } from '../../src/own-api/index.ts';
import type { OwnRoute, Schemas } from '../../src/own-api/route.ts';
import type { Credentials } from '../access/sign.ts';
import { attributes } from '../operations/service.ts';
import { type Answer, OwnService, PASSWORD, type TestPerson } from './own-service.ts';

const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});
const KEK = attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B');

/** Whose doing changes no key, no person and no rule: one's own session and password, and decisions on what others ask for. */
const HARMLESS = new Set(['SignOut', 'ChangePassword', 'ApproveRequest', 'DenyRequest', 'SignIn', 'Enrol']);

/** Refusals that tell that nothing was done. */
const REFUSALS = new Set([
  'AccessDeniedException',
  'ApprovalRequiredException',
  'ValidationException',
  'ResourceNotFoundException',
  'ConflictException',
  'UnknownOperationException',
]);

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly group_name: string;
  readonly body: string;
  readonly sealed: Uint8Array;
}

suite('one person alone', () => {
  let service: OwnService;
  const people: Record<string, TestPerson> = {};
  const tokens: Record<string, string> = {};
  let machine: Credentials;
  let kek: string;
  let before_: string;

  const signIn = async () => {
    for (const [name, person] of Object.entries(people)) tokens[name] = await person.signIn();
  };
  const database = <Result>(use: (database: DatabaseSync) => Result): Result => {
    const connection = new DatabaseSync(service.database);
    try {
      return use(connection);
    } finally {
      connection.close();
    }
  };
  const rows = (where: string) =>
    database(
      (connection) => connection.prepare(`SELECT * FROM documents WHERE ${where}`).all() as unknown as Row[],
    );
  /** Keys, people, rules and access keys, as they are stored. */
  const state = () =>
    database((connection) =>
      JSON.stringify([
        connection.prepare('SELECT * FROM keys ORDER BY region, key_id').all(),
        connection.prepare('SELECT * FROM aliases ORDER BY region, alias_name').all(),
        connection.prepare('SELECT * FROM resource_policies ORDER BY region, key_id').all(),
        connection
          .prepare(
            "SELECT kind, id, group_name, CASE kind WHEN 'person' THEN json_extract(body, '$.roles', '$.status') ELSE body END FROM documents WHERE kind IN ('person', 'access-key', 'dual-control') ORDER BY kind, id",
          )
          .all(),
      ]),
    );
  const onRecord = () =>
    globSync('audit/*/*.ndjson', { cwd: service.directory })
      .map((path) => readFileSync(join(service.directory, path), 'utf8'))
      .join('');

  /** Refusals are put on record in groups, soon after the answer. */
  const assertOnRecord = async (route: string, name: string, code: string) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const lines = onRecord().split('\n');
      const parts = [`"${route}"`, `user/${name}"`, `"${code}"`];
      if (lines.some((line) => parts.every((part) => line.includes(part)))) return;
      await setTimeout(20);
    }
    assert.fail(`${route} by ${name}, ${code}, is not on record`);
  };

  before(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    service = await OwnService.open();
    people.alice = await service.person('alice', 'administrator');
    people.bob = await service.person('bob', 'administrator');
    people.carol = await service.person('carol', 'approver');
    people.dora = await service.person('dora', 'custodian');
    people.mallory = await service.person('mallory', 'key-manager');
    await signIn();
    machine = await service.done(
      'POST',
      '/access-keys',
      { user: 'switch', policy: EVERYTHING },
      tokens.mallory,
    );
    kek = (await service.aws('CreateKey', { KeyAttributes: KEK, Exportable: true })).body.Key.KeyArn;
    await service.done('POST', '/dual-control/enable', {}, service.operator);
    before_ = state();
  });
  after(async () => {
    await service.close();
    mock.timers.reset();
  });

  /** A value for each member, one that names what is there where it can. */
  const valueFor = (name: string): unknown => {
    const known: Record<string, unknown> = {
      name: 'alice',
      roles: ['administrator'],
      user: 'eve-machine',
      policy: EVERYTHING,
      accessKeyId: machine.accessKeyId,
      rules: [],
      keyIdentifier: kek,
      keyArn: kek,
      id: 'req-aaaaaaaaaaaaaaaa',
      password: PASSWORD,
      newPassword: PASSWORD,
      code: '000000',
    };
    return known[name];
  };
  const inputFor = (schemas: Schemas = {}) =>
    Object.fromEntries(
      Object.keys(schemas)
        .map((name) => [name, valueFor(name)])
        .filter(([, value]) => value !== undefined),
    );
  const tryRoute = async (route: OwnRoute, by: string | Credentials): Promise<Answer> => {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(String(valueFor(name) ?? 'x')),
    );
    return service.own(route.method, path, inputFor(route.body), by);
  };

  for (const name of ['alice', 'carol', 'dora', 'mallory']) {
    test(`${name} tries every route that changes something`, async () => {
      const attempts: [string, string][] = [];
      for (const route of ownRoutes) {
        if (route.method === 'GET' || route.to === 'anybody' || HARMLESS.has(route.name)) continue;
        const { status, code, body } = await tryRoute(route, tokens[name]!);
        assert.ok(status >= 400 && REFUSALS.has(code!), `${route.name}: ${status} ${JSON.stringify(body)}`);
        attempts.push([route.name, code!]);
      }
      for (const [route, code] of attempts) await assertOnRecord(route, name, code);
      assert.equal(state(), before_);
    });

    test(`${name} tries AWS’s operations with a session’s token`, async () => {
      for (const [target, path] of [
        ['PaymentCryptographyControlPlane.ExportKey', '/'],
        ['PaymentCryptographyControlPlane.DeleteKey', '/'],
        ['', '/pindata/translate'],
      ]) {
        const headers = { authorization: `Bearer ${tokens[name]}`, 'x-amz-target': target! };
        const response = await fetch(`${service.url}${path}`, { method: 'POST', headers, body: '{}' });
        assert.ok(response.status >= 400);
        assert.match(await response.text(), /IncompleteSignature|Authorization header/);
      }
    });
  }

  test('an access key that may do everything moves, changes and ends no KEK by itself', async () => {
    const Tr31KeyBlock = { WrappingKeyIdentifier: kek };
    const attempts: [string, object][] = [
      ['ExportKey', { ExportKeyIdentifier: kek, KeyMaterial: { Tr31KeyBlock } }],
      ['DeleteKey', { KeyIdentifier: kek }],
      ['PutResourcePolicy', { ResourceArn: kek, Policy: EVERYTHING }],
      ['DeleteResourcePolicy', { ResourceArn: kek }],
      [
        'ImportKey',
        {
          KeyMaterial: {
            Tr31KeyBlock: { ...Tr31KeyBlock, WrappedKeyBlock: `D0144K0AB00E0000${'0'.repeat(128)}` },
          },
        },
      ],
    ];
    for (const [operation, input] of attempts) {
      const { code, body } = await service.aws(operation, input, machine);
      assert.equal(code, 'AccessDeniedException', operation);
      assert.match(body.Message, /before 1 person with the role approver other than the requester/);
    }
    assert.equal(state(), before_);
  });

  test('who made the access key, an administrator and a custodian approve none of it', async () => {
    const { requests } = await service.done('GET', '/requests?status=PENDING', undefined, tokens.carol);
    const own = requests.filter(({ requester }: { requester: string }) => requester.endsWith('user/switch'));
    assert.ok(own.length > 3);
    for (const { id } of own) {
      for (const name of ['mallory', 'alice', 'dora']) {
        const { code } = await service.own('POST', `/requests/${id}/approve`, {}, tokens[name]);
        assert.equal(code, 'AccessDeniedException', `${name} on ${id}`);
      }
      const signed = await service.own('POST', `/requests/${id}/approve`, {}, machine);
      assert.equal(signed.code, 'AccessDeniedException');
    }
  });

  /** How often it is on record that somebody changed the database. */
  const tamperings = () => onRecord().split('"eventName":"DetectTampering"').length - 1;

  /** Changes the database behind the service, which has to be told by what is done then, and be on record. */
  const bend = async (change: (database: DatabaseSync) => void, use: () => Promise<void>) => {
    await service.stop();
    const files = [service.database, `${service.database}-root`];
    const kept = files.map((file) => readFileSync(file));
    database(change);
    await service.restart();
    const before = tamperings();
    try {
      await use();
      await service.stop();
      assert.ok(tamperings() > before, 'not on record');
    } finally {
      await service.stop();
      for (const [i, file] of files.entries()) writeFileSync(file, kept[i]!);
      for (const file of [`${service.database}-wal`, `${service.database}-shm`])
        rmSync(file, { force: true });
      await service.restart();
    }
  };
  const set = (column: string, value: string | Uint8Array, where: string) => (connection: DatabaseSync) => {
    assert.equal(
      connection.prepare(`UPDATE documents SET ${column} = ? WHERE ${where}`).run(value).changes,
      1,
    );
  };

  test('a custodian who writes himself another role is nobody any more', async () => {
    const [row] = rows("kind = 'person' AND id = 'dora'");
    const body = row!.body.replace('custodian', 'administrator');
    await bend(set('body', body, "kind = 'person' AND id = 'dora'"), async () => {
      const { code } = await service.own('GET', '/whoami', undefined, tokens.dora);
      assert.equal(code, 'InternalServerException');
      mock.timers.tick(60_000);
      assert.equal(
        (await service.signIn('dora', PASSWORD, people.dora!.code())).code,
        'InternalServerException',
      );
    });
  });

  test('an administrator’s row does not open under another name', async () => {
    const [row] = rows("kind = 'person' AND id = 'alice'");
    const change = (connection: DatabaseSync) => {
      set('body', row!.body, "kind = 'person' AND id = 'dora'")(connection);
      set('sealed', row!.sealed, "kind = 'person' AND id = 'dora'")(connection);
    };
    await bend(change, async () => {
      assert.equal(
        (await service.own('GET', '/whoami', undefined, tokens.dora)).code,
        'InternalServerException',
      );
    });
  });

  test('a session does not become somebody else’s, nor longer', async () => {
    const where = "kind = 'session' AND group_name = 'dora'";
    for (const change of [
      (connection: DatabaseSync) => {
        connection.exec(`UPDATE documents SET group_name = 'alice' WHERE ${where}`);
      },
      (connection: DatabaseSync) => {
        connection.exec(`UPDATE documents SET expires_at = expires_at + 86400000 WHERE ${where}`);
      },
    ]) {
      await bend(change, async () => {
        const { status } = await service.own('GET', '/whoami', undefined, tokens.dora);
        assert.ok(status >= 400, String(status));
      });
    }
  });

  test('an access key’s policy and owner can’t be written', async () => {
    const where = `kind = 'access-key' AND id = '${machine.accessKeyId}'`;
    const [row] = rows(where);
    await bend(set('body', row!.body.replace('mallory', 'dora'), where), async () => {
      assert.equal((await service.aws('ListKeys', {}, machine)).code, 'InternalServerException');
    });
  });

  test('an approval can’t be written, nor taken from another request', async () => {
    const input = { KeyIdentifier: kek };
    const [row] = rows("kind = 'approval-request' AND body LIKE '%\"DeleteKey\"%'");
    const decision = { by: 'carol', approves: true, at: Date.now() };
    const body = JSON.stringify({ ...JSON.parse(row!.body), decisions: [decision], useBy: Date.now() + 1e7 });
    await bend(set('body', body, `kind = 'approval-request' AND id = '${row!.id}'`), async () => {
      assert.equal((await service.aws('DeleteKey', input, machine)).code, 'InternalServerException');
    });
    assert.equal(state(), before_);
  });

  test('rules that are taken away or put back switch nothing off', async () => {
    const gone = (connection: DatabaseSync) =>
      connection.exec("DELETE FROM documents WHERE kind = 'dual-control'");
    await bend(gone, async () => {
      assert.equal(
        (await service.aws('DeleteKey', { KeyIdentifier: kek }, machine)).code,
        'InternalServerException',
      );
      assert.equal(
        (await service.own('POST', '/people', { name: 'eve', roles: ['auditor'] }, service.operator)).code,
        'InternalServerException',
      );
    });
    const [old] = rows("kind = 'dual-control'");
    await signIn();
    mock.timers.tick(30_000);
    const change = { hoursToUse: 2 };
    const asked = await service.own('PUT', '/dual-control', change, tokens.alice);
    await service.done('POST', `/requests/${asked.body.approvalRequest}/approve`, {}, tokens.bob);
    await service.done('PUT', '/dual-control', change, tokens.alice);
    const back = (connection: DatabaseSync) => {
      set('body', old!.body, "kind = 'dual-control'")(connection);
      set('sealed', old!.sealed, "kind = 'dual-control'")(connection);
    };
    await bend(back, async () => {
      assert.equal(
        (await service.aws('DeleteKey', { KeyIdentifier: kek }, machine)).code,
        'InternalServerException',
      );
    });
  });

  test('somebody who is invited does not become somebody else by one code', async () => {
    mock.timers.tick(60_000);
    await signIn();
    const asked = await service.own('POST', '/people', { name: 'fred', roles: ['approver'] }, tokens.alice);
    const { enrolmentCode: second } = await service.done(
      'POST',
      `/requests/${asked.body.approvalRequest}/approve`,
      {},
      tokens.bob,
    );
    const { enrolmentCode: first } = await service.done(
      'POST',
      '/people',
      { name: 'fred', roles: ['approver'] },
      tokens.alice,
    );
    for (const codes of [[first], [second], ['', first]]) {
      const { code } = await service.own('POST', '/enrolments', {
        name: 'fred',
        codes,
        password: 'made by one alone',
      });
      assert.equal(code, 'SignInFailedException');
    }
  });
});
