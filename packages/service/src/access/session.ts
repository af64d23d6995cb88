import { hash } from 'node:crypto';
import { randomBytes } from '@keywright/crypto';
import { AwsException } from '../api/exceptions.ts';
import { type Document, documentsOf, type Keeping } from '../custody/documents.ts';
import { StaleRecordError } from '../store/errors.ts';
import { type PersonDocument, peopleIn } from './person.ts';

/** Somebody signed in; the document's id is the SHA-256 of the token, its group the person's name. */
interface Session {
  readonly generation: number;
  readonly startedAt: number;
  readonly seenAt: number;
}

const MINUTE = 60_000;
/** A session ends when nothing was asked for so long (PCI DSS 8.2.8). */
export const IDLE_TIME = 15 * MINUTE;
/** And at the latest after so long. */
export const LONGEST_TIME = 8 * 60 * MINUTE;
/** How exactly it is known when somebody asked last: a write to the disk each time would cost more than the request. */
const SEEN_STEP = MINUTE;

const TOKEN = /^kws_[A-Za-z0-9_-]{43}$/;

function ended(): AwsException {
  return new AwsException(
    'SessionExpiredException',
    'There is no such session, or it has ended: sign in (keywright login).',
  );
}

function idOf(token: string): string {
  return hash('sha256', token, 'hex');
}

function sessionsIn(keeping: Keeping) {
  return documentsOf<Session>('session', keeping);
}

/** Starts a session. @returns its token: 256 random bits, of which only a digest is kept */
export async function startSession(
  { id: name, body: { generation } }: PersonDocument,
  now: number,
  keeping: Keeping,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const token = `kws_${Buffer.from(randomBytes(32)).toString('base64url')}`;
  const expiresAt = now + LONGEST_TIME;
  const body = { generation, startedAt: now, seenAt: now };
  const change = await sessionsIn(keeping).insert({ id: idOf(token), group: name, body, expiresAt });
  await keeping.store.writeDocuments([change]);
  return { token, expiresAt };
}

/** Notes that somebody asked now; another request that notes it first is as good. */
async function noteUse(session: Document<Session>, now: number, keeping: Keeping): Promise<void> {
  if (now - session.body.seenAt < SEEN_STEP) return;
  const change = await sessionsIn(keeping).replace(session, { body: { ...session.body, seenAt: now } });
  try {
    await keeping.store.writeDocuments([change]);
  } catch (error) {
    if (!(error instanceof StaleRecordError)) throw error;
  }
}

async function findSession(token: string, keeping: Keeping): Promise<Document<Session>> {
  const session = TOKEN.test(token) ? await sessionsIn(keeping).find(idOf(token)) : undefined;
  if (session === undefined) throw ended();
  return session;
}

/**
 * Who has a session. The token is looked up by its digest, so that no comparison takes longer the more of it is right.
 *
 * @throws AwsException SessionExpiredException when there is none, it has ended, or what ends all sessions of the person happened
 */
export async function useSession(token: string, now: number, keeping: Keeping): Promise<PersonDocument> {
  const session = await findSession(token, keeping);
  const { seenAt, generation } = session.body;
  if (now >= session.expiresAt! || now >= seenAt + IDLE_TIME) throw ended();
  const person = await peopleIn(keeping).find(session.group);
  if (person?.body.status !== 'active' || person.body.generation !== generation) throw ended();
  await noteUse(session, now, keeping);
  return person;
}

/** Ends a session; its token is worth nothing from then on. */
export async function endSession(token: string, keeping: Keeping): Promise<void> {
  const sessions = sessionsIn(keeping);
  await keeping.store.writeDocuments([sessions.remove(await findSession(token, keeping))]);
}
