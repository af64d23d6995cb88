import type {
  ApprovalDecisionRecord,
  ApprovalSessionRecord,
  ApprovalTeamRecord,
} from '../store/records/approval.ts';

/**
 * What a team has decided: APPROVED with as many approvals as its threshold; FAILED when the members who have not denied are
 * too few for that, or the session's time is over. Undefined while it is open.
 */
export function outcomeOf(
  { members, threshold }: Pick<ApprovalTeamRecord, 'members' | 'threshold'>,
  decisions: readonly Pick<ApprovalDecisionRecord, 'approves'>[],
  { expiresAt }: Pick<ApprovalSessionRecord, 'expiresAt'>,
  now: number,
): 'APPROVED' | 'FAILED' | undefined {
  const approvals = decisions.filter(({ approves }) => approves).length;
  // Decisions are taken only in time, so that approvals that are enough were so before the time was over.
  if (approvals >= threshold) return 'APPROVED';
  const denials = decisions.length - approvals;
  return members.length - denials < threshold || now >= expiresAt ? 'FAILED' : undefined;
}
