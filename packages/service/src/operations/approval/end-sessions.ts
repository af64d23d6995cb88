import { outcomeOf } from '../../policy/approval.ts';
import type { ApprovalSessionRecord } from '../../store/records/approval.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { destroyed } from '../destroy-due-keys.ts';
import { keyArn } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import { approvalOf } from './approval.ts';

type SessionContext = Pick<Context, 'account' | 'store' | 'vault' | 'audit' | 'now'>;

const MOST_TRIES = 5;

/** The key that waited, usable from now on, or without its material. */
async function decidedKey(
  key: KeyRecord,
  session: ApprovalSessionRecord,
  { account, vault, now }: SessionContext,
): Promise<KeyRecord> {
  const { region } = session;
  const approval = approvalOf(session, { account, region });
  if (session.status !== 'APPROVED') {
    return { ...destroyed(key, now()), usageStoppedAt: undefined, approval };
  }
  const usageStartedAt = key.enabled ? now() : undefined;
  return vault.resealKey(key, { state: 'CREATE_COMPLETE', usageStartedAt, approval });
}

async function end(session: ApprovalSessionRecord, context: SessionContext): Promise<boolean> {
  const { store } = context;
  const key = session.keyId === undefined ? undefined : await store.findKey(session.region, session.keyId);
  return store.endSession(session, key && (await decidedKey(key, session, context)));
}

function recordEnd(session: ApprovalSessionRecord, { account, audit }: SessionContext): void {
  const { region, sessionId, teamName, operation, keyId, status } = session;
  audit.record({
    eventName: 'EndApprovalSession',
    region,
    keys: keyId === undefined ? [] : [keyArn(account, region, keyId)],
    details: { sessionId, teamName, operation, status },
  });
}

/**
 * Ends a session once it has an outcome: the key that waited becomes usable or is destroyed, or the association goes, in the
 * same step.
 *
 * @returns the session as it then is
 */
export async function endSession(
  { region, sessionId }: Pick<ApprovalSessionRecord, 'region' | 'sessionId'>,
  context: SessionContext,
): Promise<ApprovalSessionRecord> {
  const { store, now } = context;
  for (let tries = 0; ; tries += 1) {
    const session = (await store.findApprovalSession(region, sessionId))!;
    if (session.status !== 'PENDING' || tries === MOST_TRIES) return session;
    const team = (await store.findApprovalTeam(region, session.teamName))!;
    const status = outcomeOf(team, await store.listDecisions(region, sessionId), session, now());
    if (status === undefined) return session;
    const ended = { ...session, status };
    if (!(await end(ended, context))) continue;
    recordEnd(ended, context);
    return ended;
  }
}

/**
 * Ends the sessions, of every region, whose time is over, and what a crash left between a decision and its effect.
 *
 * @param failed is told the error of a session that can't be ended; the others still are
 */
export async function endSessions(context: SessionContext, failed: (error: unknown) => void): Promise<void> {
  for (const session of await context.store.pendingSessions()) {
    await context.audit.commit();
    await endSession(session, context).catch(failed);
  }
}
