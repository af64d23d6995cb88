import type { FastifyInstance } from 'fastify';
import type { Role } from '../access/access-keys.ts';
import type { Fields } from '../operations/approval/fields.ts';
import { addMember } from '../operations/approval/members.ts';
import {
  type ApprovalContext,
  approveSession,
  denySession,
  listSessions,
} from '../operations/approval/sessions.ts';
import { createTeam, listTeams } from '../operations/approval/teams.ts';
import type { ServiceContext } from './dispatch.ts';
import { callerOf } from './own-request.ts';

type Run = (fields: Fields, context: ApprovalContext, sessionId: string) => Promise<object>;

interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly to: readonly Role[];
  readonly run: Run;
}

const SESSION = 'sessions/:sessionId(^[a-z2-7]{16}$)';
const EVERYBODY = ['administrator', 'approver'] as const;

/** What people need to approve. */
const ROUTES: readonly Route[] = [
  { name: 'AddMember', method: 'POST', path: 'members', to: ['administrator'], run: addMember },
  { name: 'CreateTeam', method: 'POST', path: 'teams', to: ['administrator'], run: createTeam },
  { name: 'ListTeams', method: 'GET', path: 'teams', to: ['administrator'], run: listTeams },
  { name: 'ListSessions', method: 'GET', path: 'sessions', to: EVERYBODY, run: listSessions },
  { name: 'Approve', method: 'POST', path: `${SESSION}/approve`, to: EVERYBODY, run: approveSession },
  { name: 'Deny', method: 'POST', path: `${SESSION}/deny`, to: EVERYBODY, run: denySession },
];

/** Adds the routes of approvals to the service's own interface. */
export function addApprovals(server: FastifyInstance, context: ServiceContext): void {
  for (const { name, method, path, to, run } of ROUTES) {
    server.route<{ Params: { sessionId?: string }; Body: Fields }>({
      method,
      url: `/approvals/${path}`,
      config: { name: `Approvals.${name}`, to },
      handler: (request) => {
        const { arn: caller, region } = callerOf(request);
        return run(request.body, { ...context, region, caller }, request.params.sessionId ?? '');
      },
    });
  }
}
