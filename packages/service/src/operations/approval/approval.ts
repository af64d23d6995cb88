import type { Approval, ApprovalSessionRecord } from '../../store/records/approval.ts';
import type { Context } from '../operation.ts';
import { randomId } from '../random-id.ts';

const HOUR = 60 * 60 * 1000;
/** A session that has no outcome by then has failed. */
export const SESSION_TIME = 24 * HOUR;

type Place = Pick<Context, 'account' | 'region'>;

function arnPrefix({ account, region }: Place): string {
  return `arn:aws:mpa:${region}:${account}:`;
}

export function teamArn(teamName: string, place: Place): string {
  return `${arnPrefix(place)}approval-team/${teamName}`;
}

export function sessionArn({ teamName, sessionId }: ApprovalSessionRecord, place: Place): string {
  return `${arnPrefix(place)}session/${teamName}/${sessionId}`;
}

/** The name of a team of this account and region; undefined for the ARN of another place. */
export function teamNameOf(arn: string, place: Place): string | undefined {
  const prefix = teamArn('', place);
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

/** A session that begins now. */
export function newSession(
  request: Pick<ApprovalSessionRecord, 'teamName' | 'operation' | 'comment'>,
  { region, caller, now }: Context,
): ApprovalSessionRecord {
  const requestedAt = now();
  const expiresAt = requestedAt + SESSION_TIME;
  const sessionId = randomId();
  return { ...request, region, sessionId, requester: caller, status: 'PENDING', requestedAt, expiresAt };
}

/** AWS's own words. */
const FAILED = 'Approval session expired or was denied';

/** What a key or an association says of its session. */
export function approvalOf(session: ApprovalSessionRecord, place: Place): Approval {
  const { teamName, status, requestedAt } = session;
  return {
    teamArn: teamArn(teamName, place),
    sessionArn: sessionArn(session, place),
    status,
    requestedAt,
    ...(status === 'FAILED' ? { statusMessage: FAILED } : {}),
  };
}
