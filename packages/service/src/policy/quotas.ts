import { AwsException } from '../api/exceptions.ts';

/** How many of a kind an account may have in a region; as many as it likes where there is no number. */
export interface Quotas {
  /** Deleted keys don't count. Replicas do, but none is refused for it: its primary is there already. */
  readonly keys?: number | undefined;
  readonly aliases?: number | undefined;
}

const ADVICE: Record<keyof Quotas, string> = {
  keys: 'delete keys that are no longer needed, or raise KEYWRIGHT_QUOTA_KEYS',
  aliases: 'delete aliases that are no longer needed, or raise KEYWRIGHT_QUOTA_ALIASES',
};

export function quotaExceeded(kind: keyof Quotas, most: number, region: string): AwsException {
  return new AwsException(
    'ServiceQuotaExceededException',
    `The account may have at most ${most} ${kind} in region ${region}: ${ADVICE[kind]}.`,
  );
}
