import { type Role, userArn } from '../access/access-keys.ts';
import { AwsException } from '../api/exceptions.ts';
import type { Fields } from '../operations/approval/fields.ts';
import { addMember } from '../operations/approval/members.ts';
import {
  type ApprovalContext,
  approveSession,
  denySession,
  listSessions,
} from '../operations/approval/sessions.ts';
import { createTeam, listTeams } from '../operations/approval/teams.ts';
import type { DispatchedRequest, Service } from './dispatch.ts';
import { parseInput } from './parse-input.ts';

type Run = (fields: Fields, context: ApprovalContext, sessionId: string) => Promise<object>;

interface Entry {
  readonly method: 'GET' | 'POST';
  /** Below `/keywright/v1/approvals/`; `*` stands for the id of a session. */
  readonly path: string;
  readonly to: readonly Role[];
  readonly run: Run;
}

/** The service's own interface, beside AWS's: what people need to approve. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  AddMember: { method: 'POST', path: 'members', to: ['administrator'], run: addMember },
  CreateTeam: { method: 'POST', path: 'teams', to: ['administrator'], run: createTeam },
  ListTeams: { method: 'GET', path: 'teams', to: ['administrator'], run: listTeams },
  ListSessions: { method: 'GET', path: 'sessions', to: ['administrator', 'approver'], run: listSessions },
  Approve: {
    method: 'POST',
    path: 'sessions/*/approve',
    to: ['administrator', 'approver'],
    run: approveSession,
  },
  Deny: { method: 'POST', path: 'sessions/*/deny', to: ['administrator', 'approver'], run: denySession },
};

const ROUTES = Object.entries(ENTRIES).map(([name, entry]) => ({
  name: `Approvals.${name}`,
  ...entry,
  pattern: new RegExp(`^/keywright/v1/approvals/${entry.path.replace('*', '([a-z2-7]{16})')}$`),
}));

/** What a request asks of the service's own interface. */
export interface ApprovalRoute {
  /** For the log. */
  readonly name: string;
  readonly to: readonly Role[];
  readonly run: Run;
  readonly sessionId: string;
}

/** Finds it by method and path; undefined when there is none. */
export function findApprovalRoute(method: string, path: string): ApprovalRoute | undefined {
  for (const { pattern, ...route } of ROUTES) {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found !== null) return { ...route, sessionId: found[1] ?? '' };
  }
  return undefined;
}

/** Carries out a request to the service's own interface: signature, role, body, in this order. */
export async function dispatchApproval(
  { context, verifySignature }: Service,
  { name, to, run, sessionId }: ApprovalRoute,
  request: DispatchedRequest,
): Promise<object> {
  const { user, role, region } = await verifySignature(request, context.now());
  const caller = userArn(context.account, user);
  if (!to.includes(role)) {
    const message = `User: ${caller} is not authorized to perform: ${name}`;
    throw new AwsException('AccessDeniedException', message);
  }
  return run(parseInput({}, request.body) as Fields, { ...context, region, caller }, sessionId);
}
