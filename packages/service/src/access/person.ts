import { type Document, type Documents, documentsOf, type Keeping } from '../custody/documents.ts';
import type { PasswordParameters } from './password.ts';

/** What a person is there for. Somebody may have several roles, and never decides on his own requests. */
export const PERSON_ROLES = ['administrator', 'key-manager', 'custodian', 'approver', 'auditor'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** `invited`: has codes to enrol with. `enrolling`: has a password, and a shared secret that no code was seen of yet. */
export type PersonStatus = 'invited' | 'enrolling' | 'active' | 'disabled';

/** What somebody who was invited proves himself with, once. */
export interface Invitation {
  /** SHA-256 of each code, hexadecimal: the requester's, and those of who approved; one of each is needed. */
  readonly requesterCode: string;
  readonly approverCodes: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A person; the document's id is the name, its secret the credentials: the shared secret of the one-time passwords (20 bytes)
 * and the stretched password (32 bytes), or nothing for who has not enrolled.
 */
export interface Person {
  readonly roles: readonly PersonRole[];
  readonly status: PersonStatus;
  readonly createdAt: number;
  /** Counts what ends a person's sessions: another password, other roles, being disabled. */
  readonly generation: number;
  readonly invitation?: Invitation | undefined;
  readonly password?: PasswordParameters | undefined;
  readonly passwordChangedAt?: number | undefined;
  /** The time step of the one-time password that was used last: neither it nor an earlier one is taken again. */
  readonly lastStep: number;
}

export type PersonDocument = Document<Person>;

/** Lower case, so that no two names look like one; what an ARN may hold at its end. */
export const PERSON_NAME = '^[a-z][a-z0-9._-]{1,63}$';

/** All people are in one group. */
export const PEOPLE = 'people';

export function peopleIn(keeping: Keeping): Documents<Person> {
  return documentsOf<Person>('person', keeping);
}
