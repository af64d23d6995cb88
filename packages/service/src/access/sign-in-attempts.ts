import { hash } from 'node:crypto';
import { AwsException } from '../api/exceptions.ts';
import { documentsOf, type Keeping } from '../custody/documents.ts';
import { DuplicateRecordError, StaleRecordError } from '../store/errors.ts';

/** Failed attempts of one name, known or not; the document's id is a digest of the name. */
interface Attempts {
  readonly count: number;
  readonly latestAt: number;
}

/** Seconds to wait after so many failures in a row (PCI DSS 8.3.4: at most ten, and half an hour at least). */
const DELAYS = [0, 0, 0, 5, 15, 30, 60, 300, 900, 1800];
/** Milliseconds after which failures are forgotten. */
const FORGOTTEN_AFTER = 24 * 60 * 60 * 1000;
const MOST_TRIES = 5;

function delayAfter(count: number): number {
  return (DELAYS[count] ?? DELAYS.at(-1)!) * 1000;
}

function tooMany(seconds: number): AwsException {
  return new AwsException(
    'TooManyAttemptsException',
    `Too many failed attempts to sign in by this name: try again in ${seconds} seconds.`,
    { retryAfterSeconds: seconds },
  );
}

function idOf(name: string): string {
  return hash('sha256', name, 'hex');
}

/**
 * Counts an attempt as failed before anything is checked, so that attempts at the same time are no way around the delays. It is
 * the same for names that nobody has: whether there is such a person can't be told from it.
 *
 * @throws AwsException TooManyAttemptsException while the name has to wait; that attempt isn't counted
 */
export async function countAttempt(name: string, now: number, keeping: Keeping): Promise<void> {
  const attempts = documentsOf<Attempts>('sign-in-attempts', keeping);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const known = await attempts.find(idOf(name));
    const { count, latestAt } = known && known.expiresAt! > now ? known.body : { count: 0, latestAt: 0 };
    const wait = latestAt + delayAfter(count) - now;
    if (count > 0 && wait > 0) throw tooMany(Math.ceil(wait / 1000));
    const counted = { body: { count: count + 1, latestAt: now }, expiresAt: now + FORGOTTEN_AFTER };
    const change = known
      ? await attempts.replace(known, counted)
      : await attempts.insert({ id: idOf(name), group: '', ...counted });
    try {
      return await keeping.store.writeDocuments([change]);
    } catch (error) {
      if (!(error instanceof StaleRecordError || error instanceof DuplicateRecordError)) throw error;
    }
  }
  throw tooMany(1);
}

/** After a success. */
export async function forgetAttempts(name: string, keeping: Keeping): Promise<void> {
  const attempts = documentsOf<Attempts>('sign-in-attempts', keeping);
  const known = await attempts.find(idOf(name));
  if (known) await keeping.store.writeDocuments([attempts.remove(known)]);
}
