import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { userArn } from '../../src/access/access-keys.ts';
import type { Key } from '../../src/api/control-plane.generated.ts';
import { AwsException } from '../../src/api/exceptions.ts';
import { endSession, endSessions } from '../../src/operations/approval/end-sessions.ts';
import type { Fields } from '../../src/operations/approval/fields.ts';
import { addMember } from '../../src/operations/approval/members.ts';
import { approveSession, denySession, listSessions } from '../../src/operations/approval/sessions.ts';
import { createTeam, listTeams } from '../../src/operations/approval/teams.ts';
import { issuedBy, type Party, selfSigned } from '../pki/openssl.ts';
import { publicKey, trusted } from './asymmetric.ts';
import { WEST } from './regions.ts';
import { ADMINISTRATOR, DAY, type Refusal, Service } from './service.ts';

const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';
const MpaTeamArn = 'arn:aws:mpa:us-east-2:111122223333:approval-team/roots';
const SESSION = /^arn:aws:mpa:us-east-2:111122223333:session\/roots\/([a-z2-7]{16})$/;
const PEOPLE = ['alice', 'bob', 'carol'];
const root = selfSigned({ name: 'root' });

type Own = (fields: Fields, context: Service['context'], sessionId: string) => Promise<object>;

/** Calls one of the service's own operations, by default as the administrator. */
function own(service: Service, operation: Own, fields: Fields = {}, user = 'administrator', sessionId = '') {
  const caller = userArn('111122223333', user);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
  return operation(fields, { ...service.context, caller }, sessionId) as Promise<any>;
}

async function refusalOf(answer: Promise<unknown>): Promise<Pick<Refusal, 'code' | 'message'>> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwsException) return error;
  throw error ?? new Error('it was not refused');
}

async function withTeam(t: import('node:test').TestContext, threshold = 2): Promise<Service> {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  for (const name of [...PEOPLE, 'dave']) await own(service, addMember, { name });
  await own(service, createTeam, { name: 'roots', members: PEOPLE, threshold });
  return service;
}

async function associated(t: import('node:test').TestContext, threshold = 2): Promise<Service> {
  const service = await withTeam(t, threshold);
  await service.call('AssociateMpaTeam', { Action, MpaTeamArn, RequesterComment: 'as agreed' });
  return service;
}

function rootRequest({ base64 }: Party = root, RequesterComment?: string, Enabled?: boolean) {
  return {
    KeyMaterial: { RootCertificatePublicKey: { KeyAttributes: publicKey(), PublicKeyCertificate: base64 } },
    ...(RequesterComment === undefined ? {} : { RequesterComment }),
    ...(Enabled === undefined ? {} : { Enabled }),
  };
}

async function pending(service: Service, Enabled?: boolean): Promise<{ key: Key; id: string }> {
  const { Key: key } = await service.call('ImportKey', rootRequest(root, 'the scheme’s new root', Enabled));
  return { key, id: SESSION.exec(key.MpaStatus!.MpaSessionArn)![1]! };
}

async function getKey(service: Service, { KeyArn }: Key): Promise<Key> {
  return (await service.call('GetKey', { KeyIdentifier: KeyArn })).Key;
}

const approve = (service: Service, id: string, user: string) => own(service, approveSession, {}, user, id);
const deny = (service: Service, id: string, user: string) => own(service, denySession, {}, user, id);

describe('an import under a team', () => {
  test('waits, unusable, and comes in with the second approval', async (t) => {
    const service = await associated(t);
    const { key, id } = await pending(service);
    const MpaStatus = { ...key.MpaStatus!, Status: 'PENDING', InitiationDate: service.time / 1000 } as const;
    assert.deepEqual([key.KeyState, key.MpaStatus], ['CREATE_IN_PROGRESS', MpaStatus]);
    assert.ok(!('UsageStartTimestamp' in key));

    assert.equal((await approve(service, id, 'alice')).status, 'PENDING');
    assert.deepEqual(await getKey(service, key), key);

    service.time += 1000;
    const { status, approvedBy } = await approve(service, id, 'carol');
    assert.deepEqual([status, approvedBy], ['APPROVED', ['alice', 'carol']]);
    assert.deepEqual(await getKey(service, key), {
      ...key,
      KeyState: 'CREATE_COMPLETE',
      UsageStartTimestamp: service.time / 1000,
      MpaStatus: { ...MpaStatus, Status: 'APPROVED' },
    });
    const leaf = issuedBy(root, { name: 'leaf' });
    await service.call('ImportKey', trusted(leaf, key.KeyArn));
  });

  test('is disabled when it comes in, if that was asked for', async (t) => {
    const service = await associated(t, 1);
    const { key, id } = await pending(service, false);
    await approve(service, id, 'bob');
    const { Enabled, KeyState, UsageStartTimestamp } = await getKey(service, key);
    assert.deepEqual([Enabled, KeyState, UsageStartTimestamp], [false, 'CREATE_COMPLETE', undefined]);
  });

  test('is good for nothing while it waits', async (t) => {
    const service = await associated(t);
    const { key } = await pending(service);
    const { KeyArn } = key;
    const refusals = [
      await service.refusal('ImportKey', trusted(issuedBy(root, { name: 'leaf' }), KeyArn)),
      await service.refusal('StartKeyUsage', { KeyIdentifier: KeyArn }),
      await service.refusal('StopKeyUsage', { KeyIdentifier: KeyArn }),
      await service.refusal('DeleteKey', { KeyIdentifier: KeyArn }),
      await service.refusal('RestoreKey', { KeyIdentifier: KeyArn }),
      await service.refusal('CreateAlias', { AliasName: 'alias/root', KeyArn }),
      await service.refusal('TagResource', { ResourceArn: KeyArn, Tags: [{ Key: 'a', Value: 'b' }] }),
      await service.refusal('AddKeyReplicationRegions', {
        KeyIdentifier: KeyArn,
        ReplicationRegions: [WEST],
      }),
    ];
    for (const { message } of refusals) assert.match(message, /in state CREATE_IN_PROGRESS/);
    assert.deepEqual(await getKey(service, key), key);
  });

  for (const [what, decide] of Object.entries({
    'denied by so many that the others are too few': async (service: Service, id: string) => {
      await approve(service, id, 'alice');
      assert.equal((await deny(service, id, 'bob')).status, 'PENDING');
      assert.equal((await deny(service, id, 'carol')).status, 'FAILED');
    },
    expired: async (service: Service, id: string) => {
      await approve(service, id, 'alice');
      service.time += DAY;
      await endSessions(service.context, assert.ifError);
      assert.equal((await refusalOf(approve(service, id, 'bob'))).code, 'ConflictException');
    },
  })) {
    test(`is destroyed when it is ${what}`, async (t) => {
      const service = await associated(t);
      const { key, id } = await pending(service);
      await decide(service, id);
      const failed = await getKey(service, key);
      assert.deepEqual(
        [failed.KeyState, failed.Enabled, failed.MpaStatus],
        [
          'DELETE_COMPLETE',
          false,
          {
            ...key.MpaStatus!,
            Status: 'FAILED',
            StatusMessage: 'Approval session expired or was denied',
          },
        ],
      );
      assert.equal(failed.DeleteTimestamp, service.time / 1000);
      const record = await service.context.store.findKey('us-east-2', key.KeyArn.slice(-16));
      assert.equal(record!.sealed, undefined);
      assert.equal(
        (await service.refusal('RestoreKey', { KeyIdentifier: key.KeyArn })).code,
        'ConflictException',
      );
    });
  }

  test('needs a comment', async (t) => {
    const service = await associated(t);
    for (const comment of [undefined, '', '  ']) {
      const { code, message } = await service.refusal('ImportKey', rootRequest(root, comment));
      assert.equal(code, 'ValidationException');
      assert.match(message, /^RequesterComment must be given/);
    }
    assert.equal(await service.count(), 0);
  });

  test('that is refused for itself opens no session', async (t) => {
    const service = await associated(t);
    const leaf = issuedBy(root, { name: 'no root' });
    assert.equal((await service.refusal('ImportKey', rootRequest(leaf, 'x'))).code, 'ValidationException');
    assert.deepEqual((await own(service, listSessions)).sessions, []);
  });

  test('needs no approval in another region, nor without a team', async (t) => {
    const service = await withTeam(t);
    const free = await service.call('ImportKey', rootRequest(root, 'a comment for nobody'));
    assert.deepEqual([free.Key.KeyState, free.Key.MpaStatus], ['CREATE_COMPLETE', undefined]);
    await service.call('AssociateMpaTeam', { Action, MpaTeamArn });
    const elsewhere = await service.call('ImportKey', rootRequest(), { region: WEST });
    assert.equal(elsewhere.Key.KeyState, 'CREATE_COMPLETE');
  });
});

describe('a decision', () => {
  test('is not the requester’s, a stranger’s, nor made twice', async (t) => {
    const service = await associated(t);
    const { key, id } = await pending(service);
    const cases: [user: string, code: string, message: RegExp][] = [
      [
        'administrator',
        'AccessDeniedException',
        /user\/administrator may not decide .*nobody approves his own request/,
      ],
      ['dave', 'AccessDeniedException', /only members of team roots may/],
    ];
    for (const [user, code, message] of cases) {
      for (const decide of [approve, deny]) {
        const refused = await refusalOf(decide(service, id, user));
        assert.equal(refused.code, code);
        assert.match(refused.message, message);
      }
    }
    await approve(service, id, 'alice');
    for (const decide of [approve, deny]) {
      const { code, message } = await refusalOf(decide(service, id, 'alice'));
      assert.deepEqual([code, message], ['ConflictException', `alice has decided on session ${id} already.`]);
    }
    assert.equal((await getKey(service, key)).KeyState, 'CREATE_IN_PROGRESS');
    await approve(service, id, 'bob');
    const late = await refusalOf(deny(service, id, 'carol'));
    assert.deepEqual(
      [late.code, late.message],
      ['ConflictException', `Session ${id} has ended: it is APPROVED.`],
    );
    assert.equal((await getKey(service, key)).KeyState, 'CREATE_COMPLETE');
  });

  test('comes before the session’s time is over, to the millisecond', async (t) => {
    const service = await associated(t, 1);
    const [late, early] = [await pending(service), await pending(service)];
    service.time += DAY - 1;
    assert.equal((await approve(service, early.id, 'alice')).status, 'APPROVED');
    service.time += 1;
    const { code, message } = await refusalOf(approve(service, late.id, 'alice'));
    assert.deepEqual([code, message], ['ConflictException', `Session ${late.id} has expired.`]);
  });

  test('is about a session of the region', async (t) => {
    const service = await associated(t);
    const { id } = await pending(service);
    assert.equal(
      (await refusalOf(approve(service, 'aaaaaaaaaaaaaaaa', 'alice'))).code,
      'ResourceNotFoundException',
    );
    const caller = userArn('111122223333', 'alice');
    const west = approveSession({}, { ...service.context, region: WEST, caller }, id);
    assert.equal((await refusalOf(west)).code, 'ResourceNotFoundException');
    assert.equal(
      (await refusalOf(own(service, approveSession, { force: true }, 'alice', id))).code,
      'ValidationException',
    );
  });

  test('of several members at the same time ends the session once', async (t) => {
    const service = await associated(t);
    const { key, id } = await pending(service);
    const decided = await Promise.allSettled(PEOPLE.map((user) => approve(service, id, user)));
    assert.ok(decided.filter(({ status }) => status === 'fulfilled').length >= 2);
    assert.equal((await getKey(service, key)).MpaStatus!.Status, 'APPROVED');
  });

  test('that a crash left without effect takes effect with the next run', async (t) => {
    const service = await associated(t, 1);
    const { key, id } = await pending(service);
    const decision = {
      region: 'us-east-2',
      sessionId: id,
      member: 'alice',
      approves: true,
      decidedAt: service.time,
    };
    await service.context.store.insertDecision(decision);
    assert.equal((await getKey(service, key)).KeyState, 'CREATE_IN_PROGRESS');
    service.time += 2 * DAY;
    await endSessions(service.context, assert.ifError);
    assert.equal((await getKey(service, key)).KeyState, 'CREATE_COMPLETE');
  });

  test('has no effect that the store did not take whole', async (t) => {
    const service = await associated(t, 1);
    const { key, id } = await pending(service);
    const { store } = service.context;
    const session = (await store.findApprovalSession('us-east-2', id))!;
    const record = (await store.findKey('us-east-2', key.KeyArn.slice(-16)))!;
    const ended = { ...session, status: 'APPROVED' } as const;
    assert.equal(await store.endSession(ended, { ...record, revision: record.revision + 1 }), false);
    assert.equal((await endSession(session, service.context)).status, 'PENDING');
  });
});

describe('the association', () => {
  test('is there once, and says its team', async (t) => {
    const service = await withTeam(t);
    const none = await service.refusal('GetMpaTeamAssociation', { Action });
    assert.deepEqual([none.code, none.members], ['ResourceNotFoundException', { ResourceId: Action }]);
    const MpaTeamAssociation = { Action, MpaTeamArn, AssociationState: 'ACTIVE' };
    assert.deepEqual(await service.call('AssociateMpaTeam', { Action, MpaTeamArn }), { MpaTeamAssociation });
    assert.deepEqual(await service.call('GetMpaTeamAssociation', { Action }), { MpaTeamAssociation });
    const twice = await service.refusal('AssociateMpaTeam', { Action, MpaTeamArn });
    assert.equal(twice.code, 'ConflictException');
    assert.match(twice.message, /DisassociateMpaTeam/);
  });

  test('needs a team that there is, of this account and region', async (t) => {
    const service = await withTeam(t);
    for (const arn of [
      `${MpaTeamArn}s`,
      MpaTeamArn.replace('us-east-2', 'us-west-2'),
      MpaTeamArn.replace('111122223333', '999999999999'),
    ]) {
      const { code, members } = await service.refusal('AssociateMpaTeam', { Action, MpaTeamArn: arn });
      assert.deepEqual([code, members], ['ResourceNotFoundException', { ResourceId: arn }]);
    }
    const malformed = await service.refusal('AssociateMpaTeam', {
      Action,
      MpaTeamArn: 'team/a-team-of-mine-it-is',
    });
    assert.match(malformed.message, /'mpaTeamArn' failed to satisfy constraint/);
    for (const operation of ['AssociateMpaTeam', 'DisassociateMpaTeam', 'GetMpaTeamAssociation'] as const) {
      const unknown = { Action: 'EXPORT_KEY', MpaTeamArn } as never;
      assert.match(
        (await service.refusal(operation, unknown)).message,
        /'action' failed to satisfy constraint/,
      );
    }
  });

  test('goes only when its team approves, and is in force until then', async (t) => {
    const service = await associated(t);
    const request = { Action, RequesterComment: 'another team' } as const;
    const { MpaTeamAssociation: leaving } = await service.call('DisassociateMpaTeam', request);
    assert.deepEqual([leaving.AssociationState, leaving.MpaStatus!.Status], ['DELETE_PENDING', 'PENDING']);
    const id = SESSION.exec(leaving.MpaStatus!.MpaSessionArn)![1]!;
    assert.deepEqual(await service.call('GetMpaTeamAssociation', { Action }), {
      MpaTeamAssociation: leaving,
    });
    assert.equal((await service.refusal('DisassociateMpaTeam', { Action })).code, 'ConflictException');
    assert.equal(
      (await service.refusal('AssociateMpaTeam', { Action, MpaTeamArn })).code,
      'ConflictException',
    );
    assert.equal((await pending(service)).key.KeyState, 'CREATE_IN_PROGRESS');
    await approve(service, id, 'alice');
    assert.equal((await pending(service)).key.KeyState, 'CREATE_IN_PROGRESS');
    await approve(service, id, 'bob');
    assert.equal(
      (await service.refusal('GetMpaTeamAssociation', { Action })).code,
      'ResourceNotFoundException',
    );
    assert.equal((await service.call('ImportKey', rootRequest())).Key.KeyState, 'CREATE_COMPLETE');
    await service.call('AssociateMpaTeam', { Action, MpaTeamArn });
  });

  test('stays when its team denies, and may be asked about again', async (t) => {
    const service = await associated(t, 3);
    const ask = async () => (await service.call('DisassociateMpaTeam', { Action })).MpaTeamAssociation;
    await deny(service, SESSION.exec((await ask()).MpaStatus!.MpaSessionArn)![1]!, 'carol');
    const { MpaTeamAssociation } = await service.call('GetMpaTeamAssociation', { Action });
    assert.deepEqual(
      [MpaTeamAssociation.AssociationState, MpaTeamAssociation.MpaStatus!.Status],
      ['ACTIVE', 'FAILED'],
    );
    assert.equal((await pending(service)).key.KeyState, 'CREATE_IN_PROGRESS');
    assert.equal((await ask()).AssociationState, 'DELETE_PENDING');
  });

  test('has nothing to be removed where there is none', async (t) => {
    const service = await withTeam(t);
    assert.equal(
      (await service.refusal('DisassociateMpaTeam', { Action })).code,
      'ResourceNotFoundException',
    );
  });
});

describe('members and teams', () => {
  const refused: [operation: Own, fields: Fields, code: string, message: RegExp][] = [
    [addMember, {}, 'ValidationException', /^name must be 1 to 64 letters/],
    [addMember, { name: '../alice' }, 'ValidationException', /^name must be/],
    [addMember, { name: 'a'.repeat(65) }, 'ValidationException', /^name must be/],
    [addMember, { name: 'erin', role: 'x' }, 'ValidationException', /only these members: name/],
    [addMember, { name: 'administrator' }, 'ValidationException', /must not be administrator/],
    [addMember, { name: 'alice' }, 'ConflictException', /^alice has an access key already/],
    [
      createTeam,
      { name: 'roots', members: ['alice'], threshold: 1 },
      'ConflictException',
      /There is a team roots already/,
    ],
    [createTeam, { name: 'a b', members: ['alice'], threshold: 1 }, 'ValidationException', /^name must be/],
    [
      createTeam,
      { name: 'b', members: [], threshold: 1 },
      'ValidationException',
      /^members must be a list of names/,
    ],
    [
      createTeam,
      { name: 'b', members: 'alice', threshold: 1 },
      'ValidationException',
      /^members must be a list/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice', 7], threshold: 1 },
      'ValidationException',
      /^members\[1\] must be/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice', 'alice'], threshold: 1 },
      'ValidationException',
      /everybody once/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice', 'erin'], threshold: 1 },
      'ValidationException',
      /erin, who has no access key/,
    ],
    [
      createTeam,
      { name: 'b', members: ['administrator'], threshold: 1 },
      'ValidationException',
      /no access key/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice'], threshold: 0 },
      'ValidationException',
      /^threshold must be a whole number from 1 to 1/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice'], threshold: 2 },
      'ValidationException',
      /^threshold must be/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice'], threshold: '1' },
      'ValidationException',
      /^threshold must be/,
    ],
    [
      createTeam,
      { name: 'b', members: ['alice'], threshold: 1, region: 'x' },
      'ValidationException',
      /only these members/,
    ],
    [
      createTeam,
      { name: 'b', members: Array.from({ length: 21 }, (_, i) => `m${i}`), threshold: 1 },
      'ValidationException',
      /at most 20/,
    ],
  ];
  test('are refused for what is wrong with them', async (t) => {
    const service = await withTeam(t);
    for (const [operation, fields, code, message] of refused) {
      const refusal = await refusalOf(own(service, operation, fields));
      assert.equal(refusal.code, code, JSON.stringify(fields));
      assert.match(refusal.message, message);
    }
    const team = { teamArn: MpaTeamArn, name: 'roots', members: PEOPLE, threshold: 2 };
    assert.deepEqual(await own(service, listTeams), { teams: [team] });
  });

  test('of a team see what waits for them, others see nothing', async (t) => {
    const service = await associated(t);
    const { key, id } = await pending(service);
    await deny(service, id, 'bob');
    const expected = {
      sessionArn: key.MpaStatus!.MpaSessionArn,
      operation: 'ImportKey',
      requester: ADMINISTRATOR,
      comment: 'the scheme’s new root',
      status: 'PENDING',
      requestedAt: new Date(service.time).toISOString(),
      expiresAt: new Date(service.time + DAY).toISOString(),
      threshold: 2,
      approvedBy: [],
      deniedBy: ['bob'],
      keyArn: key.KeyArn,
      certificate: root.pem,
    };
    for (const user of ['alice', 'bob', 'administrator']) {
      assert.deepEqual(await own(service, listSessions, {}, user), { sessions: [expected] });
    }
    assert.deepEqual(await own(service, listSessions, {}, 'dave'), { sessions: [] });
  });
});
