import type { EventRecorder } from './audit/audit-log.ts';
import { repeat } from './jobs.ts';
import { keyArn } from './operations/key-identifier.ts';
import { BoundedCache } from './store/bounded-cache.ts';
import type { OnTampered, TamperedDatabaseError } from './store/errors.ts';
import type { Store } from './store/store.ts';

/** Things that are remembered to be on record. */
const MOST_REMEMBERED = 10_000;
/** Milliseconds from one look at all records to the next: a day. */
const INTERVAL = 24 * 60 * 60_000;

export interface TamperingMeans {
  readonly account: string;
  readonly audit: Pick<EventRecorder, 'record'>;
  readonly onFailure: (error: unknown) => void;
}

/** The key that a record is of, or belongs to. */
function keyOf({ record }: TamperedDatabaseError, account: string): { region?: string; keys?: string[] } {
  const { region, key_id: keyId } = record?.key ?? {};
  if (typeof region !== 'string') return {};
  return { region, ...(typeof keyId === 'string' && { keys: [keyArn(account, region, keyId)] }) };
}

/** Puts on record what somebody changed in the database behind the service: each thing once. */
export function tamperingRecorder({ account, audit, onFailure }: TamperingMeans): OnTampered {
  const known = new BoundedCache<true>(MOST_REMEMBERED);
  return (error) => {
    const { message, record } = error;
    const name = JSON.stringify([message, record]);
    if (known.get(name)) return;
    known.set(name, true);
    onFailure(error);
    const details = { reason: message, ...(record && { table: record.table }) };
    audit.record({
      eventName: 'DetectTampering',
      ...keyOf(error, account),
      errorCode: 'TamperedDatabase',
      details,
    });
  };
}

/** Looks at all records now, and every day. */
export function checkDaily(
  store: Pick<Store, 'check'>,
  onFailure: (error: unknown) => void,
): AsyncDisposable {
  const ended = new AbortController();
  const check = () => store.check(ended.signal);
  const checks = repeat(check().catch(onFailure), check, INTERVAL, onFailure);
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await checks[Symbol.asyncDispose]();
    },
  };
}
