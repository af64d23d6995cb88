import { type Role, userArn } from './access-keys.ts';
import type { PersonDocument, PersonRole } from './person.ts';
import type { Caller } from './verify-signature.ts';

/**
 * Who asks. `operator` has the access key in the file aws-credentials: whoever set the service up; `person` signed in; `machine` has an
 * access key with policies; `member` has the access key of a member of approval teams.
 */
export interface Principal {
  readonly kind: 'operator' | 'person' | 'machine' | 'member';
  readonly name: string;
  readonly arn: string;
  /** The person whose doing it is: of an access key, its owner. Nobody approves what his own access keys ask for. */
  readonly owner: string;
  /** Of a person; nobody else has any. */
  readonly roles: readonly PersonRole[];
}

export function personPrincipal({ id: name, body }: PersonDocument, account: string): Principal {
  return { kind: 'person', name, arn: userArn(account, name), owner: name, roles: body.roles };
}

/** The roles of access keys, as kinds of those who ask. */
const KINDS: Readonly<Record<Role, Principal['kind']>> = {
  administrator: 'operator',
  approver: 'member',
  machine: 'machine',
};

/** Who signed a request. */
export function signerPrincipal({ user: name, owner = name, role }: Caller, account: string): Principal {
  return { kind: KINDS[role], name, arn: userArn(account, name), owner, roles: [] };
}
