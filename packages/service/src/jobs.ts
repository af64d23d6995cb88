import { AuditUnavailableError } from './audit/audit-log.ts';
import { endCeremonies } from './ceremony/end-ceremony.ts';
import type { ServiceContext } from './http/dispatch.ts';
import type { Log } from './http/log.ts';
import { endSessions } from './operations/approval/end-sessions.ts';
import { destroyDueKeys } from './operations/destroy-due-keys.ts';
import { replicateKeys } from './operations/replicate-keys.ts';
import { TamperedDatabaseError } from './store/errors.ts';

export type Job = () => Promise<unknown>;

/** Milliseconds. */
const INTERVAL = 60_000;

/** What is to be done again and again: what time brings about, and what a crash left undone. */
export function jobsOf(context: ServiceContext, log: Log): Job[] {
  const { store, now } = context;
  return [
    () => destroyDueKeys(context),
    () => store.deleteExpiredTokens(now()),
    () => store.deleteExpiredDocuments(now()),
    () => replicateKeys(context, (error) => log.failure(error)),
    () => endCeremonies(context),
    () => endSessions(context, (error) => log.failure(error)),
  ];
}

/** Does a job now and every minute, one run at a time. @throws what the first run throws */
export async function startJob(job: Job, log: Log): Promise<AsyncDisposable> {
  const run = job().catch((error) => {
    // What could not be recorded was not done, and what somebody changed in the database is on record: both are tried again in a minute.
    if (!(error instanceof AuditUnavailableError || error instanceof TamperedDatabaseError)) throw error;
  });
  await run;
  return repeat(run, job, INTERVAL, (error) => log.failure(error));
}

/** Does a job every so many milliseconds after its first run, one run at a time. */
export function repeat(
  first: Promise<unknown>,
  job: Job,
  interval: number,
  onFailure: (error: unknown) => void,
): AsyncDisposable {
  let run = first;
  const timer = setInterval(() => {
    run = run.then(job).catch(onFailure);
  }, interval).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await run;
    },
  };
}
