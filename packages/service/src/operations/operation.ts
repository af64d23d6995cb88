import type { ControlPlane } from '../api/control-plane.generated.ts';
import type { DataPlane } from '../api/data-plane.generated.ts';
import type { OperationName } from '../api/operations.ts';
import type { EventRecorder } from '../audit/audit-log.ts';
import type { Vault } from '../custody/vault.ts';
import type { PolicyRequest } from '../policy/condition-keys.ts';
import type { IdentityPolicy } from '../policy/identity-policy.ts';
import type { Quotas } from '../policy/quotas.ts';
import type { Store } from '../store/store.ts';

/** What an operation works with: who it serves, where records and keys are, and what time it is. */
export interface Context {
  readonly account: string;
  readonly region: string;
  readonly store: Store;
  readonly vault: Vault;
  /** The ARN of who asks. */
  readonly caller: string;
  /** What the policy of the caller's access key allows; everything where it has none. */
  readonly identity?: IdentityPolicy | undefined;
  /** What the request itself says that policies ask about. */
  readonly asked?: Pick<PolicyRequest, 'requestTags' | 'attributes'> | undefined;
  /** The operation that is being carried out. */
  readonly action: OperationName;
  readonly quotas: Quotas;
  /** Is told what the service does by itself. */
  readonly audit: EventRecorder;
  /** Is told the ARN of each key that the request names, uses or makes. */
  noteKey(arn: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

type Operations = ControlPlane & DataPlane;

/** One AWS operation. Its input has passed the model's validation. */
export type Operation<Name extends keyof Operations> = (
  input: Operations[Name]['input'],
  context: Context,
) => Promise<Operations[Name]['output']>;
