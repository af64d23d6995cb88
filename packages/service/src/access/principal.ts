import { userArn } from './access-keys.ts';
import type { PersonDocument, PersonRole } from './person.ts';

/**
 * Who asks. `operator` has the access key in the file aws-credentials: whoever set the service up; `person` signed in; `machine` has an
 * access key with policies; `member` has the access key of a member of approval teams.
 */
export interface Principal {
  readonly kind: 'operator' | 'person' | 'machine' | 'member';
  readonly name: string;
  readonly arn: string;
  /** Of a person; nobody else has any. */
  readonly roles: readonly PersonRole[];
}

export function personPrincipal({ id: name, body }: PersonDocument, account: string): Principal {
  return { kind: 'person', name, arn: userArn(account, name), roles: body.roles };
}
