import { hash } from 'node:crypto';
import type { PersonRole } from '../access/person.ts';
import type { Principal } from '../access/principal.ts';
import { type Document, type Documents, documentsOf, type Keeping } from '../custody/documents.ts';

/** A key that a request is about, as those who decide see it. */
export interface ShownKey {
  /** The member of the input that names it. */
  readonly member: string;
  readonly arn: string;
  readonly usage: string;
  readonly algorithm: string;
  readonly checkValue: string;
  readonly state: string;
  readonly aliases: readonly string[];
}

/** Somebody's decision, which is never taken back. */
export interface Decision {
  readonly by: string;
  readonly approves: boolean;
  readonly at: number;
  /** SHA-256 of the code that was told to who approved, where the action makes somebody an invitation. */
  readonly codeDigest?: string | undefined;
}

/** Something that somebody wants to do and others must approve; the document's group is the requester's ARN. */
export interface ApprovalRequest {
  readonly action: string;
  readonly region: string;
  readonly requester: Pick<Principal, 'kind' | 'name' | 'arn' | 'owner'>;
  /** SHA-256 of action, region, the whole input and the keys: another input is another request. */
  readonly inputDigest: string;
  /** The input without what must not be seen. */
  readonly input: unknown;
  readonly keys: readonly ShownKey[];
  readonly approvals: number;
  readonly approvers: readonly PersonRole[];
  readonly requestedAt: number;
  readonly decideBy: number;
  readonly decisions: readonly Decision[];
  /** Set once there were approvals enough: until when it may be carried out. */
  readonly useBy?: number | undefined;
  readonly usedAt?: number | undefined;
}

export type RequestDocument = Document<ApprovalRequest>;
export type RequestStatus = 'PENDING' | 'APPROVED' | 'DENIED' | 'USED' | 'EXPIRED';

/** Milliseconds that a request is kept after its end; what was done stays in the audit. */
export const KEPT_FOR = 90 * 24 * 60 * 60 * 1000;

export function requestsIn(keeping: Keeping): Documents<ApprovalRequest> {
  return documentsOf<ApprovalRequest>('approval-request', keeping);
}

export function statusOf({ body }: RequestDocument, now: number): RequestStatus {
  const { decisions, usedAt, useBy, decideBy } = body;
  if (usedAt !== undefined) return 'USED';
  if (decisions.some(({ approves }) => !approves)) return 'DENIED';
  if (useBy !== undefined) return now < useBy ? 'APPROVED' : 'EXPIRED';
  return now < decideBy ? 'PENDING' : 'EXPIRED';
}

/** The same text for the same value, in whatever order its members stand. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : Number(a > b))))
      : inner,
  );
}

/** The keys are in it: an alias that points elsewhere since makes it another request. */
export function digestOfInput(
  action: string,
  region: string,
  input: unknown,
  keys: readonly ShownKey[],
): string {
  const named = keys.map(({ member, arn, checkValue }) => [member, arn, checkValue]);
  return hash('sha256', canonicalJson([action, region, input ?? null, named]), 'hex');
}
