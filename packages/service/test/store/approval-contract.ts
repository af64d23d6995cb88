import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { DuplicateRecordError, TooManyRecordsError } from '../../src/store/errors.ts';
import type { AccessKeyRecord } from '../../src/store/records/access-key.ts';
import type {
  ApprovalDecisionRecord,
  ApprovalSessionRecord,
  ApprovalTeamRecord,
} from '../../src/store/records/approval.ts';
import type { Store } from '../../src/store/store.ts';
import { present, someAlias, someKey } from './records.ts';

const REGION = 'us-east-2';
const WEST = 'us-west-2';
const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';

export function someAccessKey(fields: Partial<AccessKeyRecord> = {}): AccessKeyRecord {
  return {
    user: 'alice',
    accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
    createdAt: 1_785_000_000_000,
    sealed: Uint8Array.of(5, 6, 0, 255),
    ...fields,
  };
}

function someTeam(fields: Partial<ApprovalTeamRecord> = {}): ApprovalTeamRecord {
  return {
    region: REGION,
    teamName: 'roots',
    members: ['alice', 'bob'],
    threshold: 2,
    createdAt: 1,
    ...fields,
  };
}

function someSession(fields: Partial<ApprovalSessionRecord> = {}): ApprovalSessionRecord {
  return {
    region: REGION,
    sessionId: 'aaaaaaaaaaaaaaaa',
    teamName: 'roots',
    operation: 'ImportKey',
    requester: 'arn:aws:iam::111122223333:user/administrator',
    comment: 'please, “now”',
    status: 'PENDING',
    requestedAt: 1_785_000_000_000,
    expiresAt: 1_785_086_400_000,
    ...fields,
  };
}

type Test = (title: string, body: (store: Store) => Promise<void>) => void;

/** The part of the contract that is about who may do what: policies, access keys, approvals, and how many of a kind. */
export function approvalContract(name: string, test: Test): void {
  describe(`${name}: resource policies`, () => {
    test('are one for a key, replaced, and removed', async (store) => {
      const [key, other] = [someKey(), someKey({ region: WEST })];
      for (const record of [key, other]) await store.insertKey(record, []);
      assert.equal(await store.findResourcePolicy(REGION, key.keyId), undefined);
      await store.putResourcePolicy(REGION, key.keyId, '{"a":1}');
      await store.putResourcePolicy(WEST, other.keyId, 'other');
      await store.putResourcePolicy(REGION, key.keyId, ' {"ü":2}\t');
      assert.equal(await store.findResourcePolicy(REGION, key.keyId), ' {"ü":2}\t');
      await store.removeResourcePolicy(REGION, key.keyId);
      await store.removeResourcePolicy(REGION, key.keyId);
      assert.equal(await store.findResourcePolicy(REGION, key.keyId), undefined);
      assert.equal(await store.findResourcePolicy(WEST, other.keyId), 'other');
    });

    test('belong to a key that there is', async (store) => {
      await assert.rejects(store.putResourcePolicy(REGION, 'aaaaaaaaaaaaaaaa', '{}'));
    });
  });

  describe(`${name}: how many`, () => {
    test('keys and aliases of a region there may be, deleted keys aside', async (store) => {
      const most = 1;
      await store.insertKey(someKey({ state: 'DELETE_COMPLETE' }), [], { most });
      await store.insertKey(someKey(), [], { most });
      const more = someKey();
      await assert.rejects(store.insertKey(more, [{ Key: 'a', Value: 'b' }], { most }), TooManyRecordsError);
      assert.equal(await store.findKey(REGION, more.keyId), undefined);
      assert.deepEqual(await store.listTags(REGION, more.keyId, { limit: 9 }), []);
      await store.insertKey({ ...more, region: WEST }, [], { most });
      await store.insertKey(more, []);

      await store.insertAlias(someAlias(), most);
      await assert.rejects(store.insertAlias(someAlias({ aliasName: 'alias/b' }), most), TooManyRecordsError);
      assert.equal(await store.findAlias(REGION, 'alias/b'), undefined);
      await assert.rejects(store.insertAlias(someAlias(), most), DuplicateRecordError);
      await store.insertAlias(someAlias({ region: WEST }), most);
    });
  });

  describe(`${name}: access keys`, () => {
    test('are found by their id and by their user, who has one', async (store) => {
      const key = someAccessKey();
      await store.insertAccessKey(key);
      assert.deepEqual(await store.findAccessKey(key.accessKeyId), key);
      assert.deepEqual(await store.findAccessKeyOf('alice'), key);
      assert.equal(await store.findAccessKey('AKIA'), undefined);
      assert.equal(await store.findAccessKeyOf('Alice'), undefined);
      const second = someAccessKey({ accessKeyId: 'AKIAQRSTUVWXYZ234567' });
      await assert.rejects(store.insertAccessKey(second), DuplicateRecordError);
      assert.equal(await store.findAccessKey(second.accessKeyId), undefined);
    });
  });

  describe(`${name}: approvals`, () => {
    test('have teams, each name once in a region', async (store) => {
      const [roots, all] = [someTeam(), someTeam({ teamName: 'all', threshold: 1 })];
      for (const team of [roots, all, someTeam({ region: WEST })]) await store.insertApprovalTeam(team);
      assert.deepEqual(await store.findApprovalTeam(REGION, 'roots'), roots);
      assert.equal(await store.findApprovalTeam(REGION, 'Roots'), undefined);
      assert.deepEqual(await store.listApprovalTeams(REGION), [all, roots]);
      await assert.rejects(store.insertApprovalTeam(someTeam({ threshold: 1 })), DuplicateRecordError);
    });

    test('of a new key are stored with it, or neither is', async (store) => {
      await store.insertApprovalTeam(someTeam());
      const key = someKey({ state: 'CREATE_IN_PROGRESS' });
      const session = someSession({ keyId: key.keyId });
      const nobody = someSession({ keyId: key.keyId, teamName: 'nobody' });
      await assert.rejects(store.insertKey(key, [], { session: nobody }));
      assert.equal(await store.findKey(REGION, key.keyId), undefined);
      await store.insertKey(key, [], { session });
      assert.deepEqual(await store.findApprovalSession(REGION, session.sessionId), session);
      assert.equal(await store.findApprovalSession(WEST, session.sessionId), undefined);
    });

    test('that are open are listed, the oldest first', async (store) => {
      for (const region of [REGION, WEST]) await store.insertApprovalTeam(someTeam({ region }));
      const sessions = [
        someSession({ sessionId: 'b', requestedAt: 2 }),
        someSession({ sessionId: 'a', requestedAt: 3 }),
        someSession({ sessionId: 'c', requestedAt: 1, region: WEST }),
        someSession({ sessionId: 'd', requestedAt: 0, status: 'FAILED' }),
      ];
      for (const session of sessions)
        await store.insertKey(someKey({ region: session.region }), [], { session });
      const ids = async (region?: string) =>
        (await store.pendingSessions(region)).map(({ sessionId }) => sessionId);
      assert.deepEqual(await ids(), ['c', 'b', 'a']);
      assert.deepEqual(await ids(REGION), ['b', 'a']);
    });

    test('have one decision of each member', async (store) => {
      await store.insertApprovalTeam(someTeam());
      const session = someSession();
      await store.insertKey(someKey(), [], { session });
      const decision = (fields: Partial<ApprovalDecisionRecord>): ApprovalDecisionRecord => {
        const { sessionId } = session;
        return { region: REGION, sessionId, member: 'alice', approves: true, decidedAt: 1, ...fields };
      };
      await store.insertDecision(decision({ member: 'bob', approves: false, decidedAt: 2 }));
      await store.insertDecision(decision({}));
      await assert.rejects(store.insertDecision(decision({ approves: false })), DuplicateRecordError);
      await assert.rejects(store.insertDecision(decision({ sessionId: 'none' })));
      const found = await store.listDecisions(REGION, session.sessionId);
      assert.deepEqual(found, [decision({}), decision({ member: 'bob', approves: false, decidedAt: 2 })]);
      assert.deepEqual(await store.listDecisions(WEST, session.sessionId), []);
    });

    test('end once, together with the key', async (store) => {
      await store.insertApprovalTeam(someTeam());
      const key = someKey({ state: 'CREATE_IN_PROGRESS' });
      const session = someSession({ keyId: key.keyId });
      await store.insertKey(key, [], { session });
      const ended = { ...session, status: 'APPROVED' } as const;
      const complete = { ...key, state: 'CREATE_COMPLETE' } as const;
      assert.equal(await store.endSession(ended, { ...complete, revision: key.revision + 1 }), false);
      assert.deepEqual(await store.findApprovalSession(REGION, session.sessionId), session);
      assert.equal(await store.endSession(ended, complete), true);
      const stored = { ...complete, revision: key.revision + 1 };
      assert.deepEqual(present(await store.findKey(REGION, key.keyId)), present(stored));
      assert.deepEqual(await store.findApprovalSession(REGION, session.sessionId), ended);
      assert.equal(await store.endSession({ ...session, status: 'FAILED' }, stored), false);
      assert.deepEqual(await store.findApprovalSession(REGION, session.sessionId), ended);
      assert.deepEqual(present(await store.findKey(REGION, key.keyId)), present(stored));
    });
  });

  describe(`${name}: team associations`, () => {
    const association = { region: REGION, action: Action, teamName: 'roots' } as const;
    const leaving = (sessionId: string) => someSession({ sessionId, operation: 'DisassociateMpaTeam' });

    test('are one for an action of a region', async (store) => {
      for (const region of [REGION, WEST]) await store.insertApprovalTeam(someTeam({ region }));
      assert.equal(await store.findTeamAssociation(REGION, Action), undefined);
      await store.insertTeamAssociation(association);
      assert.deepEqual(present(await store.findTeamAssociation(REGION, Action)), association);
      await assert.rejects(store.insertTeamAssociation(association), DuplicateRecordError);
      await store.insertTeamAssociation({ ...association, region: WEST });
      await assert.rejects(store.insertTeamAssociation({ ...association, region: 'eu-west-1' }));
    });

    test('go when the session that decides on it ends well', async (store) => {
      await store.insertApprovalTeam(someTeam());
      await store.insertTeamAssociation(association);
      const [first, second] = [leaving('first'), leaving('second')];
      assert.equal(await store.insertEndingSession(association, first), true);
      // Another request was faster: there is one session only.
      assert.equal(await store.insertEndingSession(association, second), false);
      assert.equal(await store.findApprovalSession(REGION, 'second'), undefined);
      assert.equal(await store.endSession({ ...first, status: 'FAILED' }), true);
      const found = (await store.findTeamAssociation(REGION, Action))!;
      assert.equal(found.sessionId, 'first');
      assert.equal(await store.insertEndingSession(found, second), true);
      assert.equal(await store.endSession({ ...second, status: 'APPROVED' }), true);
      assert.equal(await store.findTeamAssociation(REGION, Action), undefined);
      await store.insertTeamAssociation(association);
    });

    test('are left alone by the approval of an import', async (store) => {
      await store.insertApprovalTeam(someTeam());
      await store.insertTeamAssociation(association);
      const session = someSession();
      await store.insertKey(someKey(), [], { session });
      assert.equal(await store.endSession({ ...session, status: 'APPROVED' }), true);
      assert.deepEqual(present(await store.findTeamAssociation(REGION, Action)), association);
    });
  });
}
