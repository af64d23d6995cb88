import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';

/** A session of somebody who signed in, by the endpoint that it is good at. */
export interface Session {
  readonly name: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

type Sessions = Readonly<Record<string, Session>>;

/** KEYWRIGHT_SESSION_FILE, or a file of this user's state (XDG Base Directory Specification). */
export function sessionPath({ env } = process): string {
  const state = env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return env.KEYWRIGHT_SESSION_FILE ?? join(state, 'keywright', 'sessions.json');
}

function readSessions(path: string): Sessions {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return {};
  if ((mode & 0o077) !== 0) {
    throw new Failure(
      `${path} must be for its owner alone (chmod 600): whoever reads it is signed in as you`,
    );
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Sessions;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(`${path} is damaged: remove it and sign in again`);
  }
}

/** The file appears whole, for its owner alone, or not at all. */
function writeSessions(path: string, sessions: Sessions): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(sessions, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}

export function findSession(endpoint: string): Session | undefined {
  return readSessions(sessionPath())[endpoint];
}

export function keepSession(endpoint: string, session: Session): void {
  const path = sessionPath();
  writeSessions(path, { ...readSessions(path), [endpoint]: session });
}

export function dropSession(endpoint: string): void {
  const path = sessionPath();
  const { [endpoint]: _, ...others } = readSessions(path);
  writeSessions(path, others);
}
