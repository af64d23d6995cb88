import type { Fields } from '../../operations/approval/fields.ts';
import { addMember } from '../../operations/approval/members.ts';
import { approveSession, denySession, listSessions } from '../../operations/approval/sessions.ts';
import { createTeam, listTeams } from '../../operations/approval/teams.ts';
import { checkNameIsFree } from '../people/person-answer.ts';
import type { ClosedRoute } from '../route.ts';
import { listOf, objectOf, TEXT, TIME } from '../schemas.ts';

// The multi-party approval of AWS's operations: teams of members decide on the import of root certificates.

const NAME = { type: 'string', pattern: '^[a-zA-Z0-9._-]{1,64}$' };
const NUMBER = { type: 'integer', minimum: 1 };
const SESSION_ID = { type: 'string', maxLength: 64 };
const TEAM = objectOf({ teamArn: TEXT, name: NAME, members: listOf(NAME, 1), threshold: NUMBER });
const SESSION = objectOf(
  {
    sessionArn: TEXT,
    operation: TEXT,
    requester: TEXT,
    comment: TEXT,
    status: TEXT,
    requestedAt: TIME,
    expiresAt: TIME,
    threshold: NUMBER,
    approvedBy: listOf(NAME),
    deniedBy: listOf(NAME),
    keyArn: TEXT,
    certificate: TEXT,
  },
  ['comment', 'keyArn', 'certificate'],
);

const tag = 'Approval teams';

function decision(name: string, verb: string, decide: typeof approveSession): ClosedRoute {
  return {
    name: `Approvals.${name}`,
    method: 'POST',
    path: `/approvals/sessions/{sessionId}/${verb}`,
    tag,
    summary: `${name} what a session of a team of one's own asks for`,
    to: ['operator', 'member'],
    params: { sessionId: SESSION_ID },
    answer: SESSION,
    run: ({ sessionId }: { readonly sessionId: string }, context) => decide({}, context, sessionId),
  };
}

export const approvalRoutes: readonly ClosedRoute[] = [
  {
    name: 'Approvals.AddMember',
    method: 'POST',
    path: '/approvals/members',
    tag,
    summary: 'Make somebody an access key that approves and denies',
    to: ['operator', 'administrator'],
    body: { name: NAME },
    answer: objectOf({ name: NAME, accessKeyId: TEXT, secretAccessKey: TEXT }),
    check: ({ name }: { readonly name: string }, context) => checkNameIsFree(name, context),
    async run(fields: { readonly name: string }, context) {
      // A member with an access key already is refused in other words.
      if ((await context.store.findAccessKeyOf(fields.name)) === undefined)
        await checkNameIsFree(fields.name, context);
      return addMember({ ...fields }, context);
    },
  },
  {
    name: 'Approvals.CreateTeam',
    method: 'POST',
    path: '/approvals/teams',
    tag,
    summary: 'Make a team of members; it is never changed',
    to: ['operator', 'administrator'],
    body: { name: NAME, members: listOf(NAME, 1), threshold: NUMBER },
    answer: TEAM,
    run: (fields: Fields, context) => createTeam(fields, context),
  },
  {
    name: 'Approvals.ListTeams',
    method: 'GET',
    path: '/approvals/teams',
    tag,
    summary: 'The teams of the region',
    to: ['operator', 'administrator', 'auditor'],
    answer: objectOf({ teams: listOf(TEAM) }),
    run: (fields: Fields, context) => listTeams(fields, context),
  },
  {
    name: 'Approvals.ListSessions',
    method: 'GET',
    path: '/approvals/sessions',
    tag,
    summary: "The open sessions of the caller's teams",
    to: ['operator', 'member'],
    answer: objectOf({ sessions: listOf(SESSION) }),
    run: (fields: Fields, context) => listSessions(fields, context),
  },
  decision('Approve', 'approve', approveSession),
  decision('Deny', 'deny', denySession),
];
