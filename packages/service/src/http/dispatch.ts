import { userArn } from '../access/access-keys.ts';
import type { WireRequest } from '../access/canonical-request.ts';
import { signerPrincipal } from '../access/principal.ts';
import type { VerifySignature } from '../access/verify-signature.ts';
import { AwsException } from '../api/exceptions.ts';
import type { OperationName } from '../api/operations.ts';
import { validateInput } from '../api/validate.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Call } from '../audit/call.ts';
import { redactInput, redactOutput } from '../audit/redaction.ts';
import type { CreateBackup } from '../backup/create-backup.ts';
import type { Custody } from '../custody/custody.ts';
import { SealedError } from '../custody/main-key.ts';
import type { MainKeyRotation } from '../custody/main-key-rotation.ts';
import { guardOperation } from '../dual-control/guard-operation.ts';
import type { DualControl } from '../dual-control/policy-record.ts';
import { askedOf, askIdentity } from '../operations/ask-identity.ts';
import { notAllowed } from '../operations/check-policy.ts';
import { isReadOnly } from '../operations/effects.ts';
import type { Context, Operation } from '../operations/operation.ts';
import type { SampleService } from '../samples/sample-service.ts';
import { parseInput } from './parse-input.ts';
import type { LimitRate } from './rate-limit.ts';
import type { Route } from './route.ts';

/** The operations that there are; a name of the models that is missing is answered as not implemented. */
export type Operations = Partial<{ [Name in OperationName]: Operation<Name> }>;

/** What an operation works with, but for what each request brings. */
export type ServiceContext = Omit<
  Context,
  'region' | 'caller' | 'action' | 'identity' | 'asked' | 'noteKey'
> & {
  readonly audit: AuditLog;
  readonly dualControl: DualControl;
};

/** What requests are answered with. */
export interface Service {
  readonly operations: Operations;
  readonly context: ServiceContext;
  /** Before a request is looked at: nothing that was read before it is taken for what is stored now. */
  refresh(): Promise<void>;
  readonly verifySignature: VerifySignature;
  readonly limitRate: LimitRate;
  /** Parts of other AWS services, for AWS's own samples; none unless they are switched on. */
  readonly samples?: readonly SampleService[];
  readonly custody: Custody;
  readonly mainKeyRotation: MainKeyRotation;
  readonly createBackup: CreateBackup;
}

export type DispatchedRequest = WireRequest & { readonly body: Buffer };

type AnyOperation = (input: unknown, context: Context) => Promise<unknown>;

function operationOf(operations: Operations, name: OperationName): AnyOperation {
  const operation = operations[name];
  if (operation) return operation as AnyOperation;
  throw new AwsException(
    'NotImplementedException',
    `Keywright does not have the operation ${name} yet; docs/conformance.md lists what it has.`,
  );
}

/**
 * Carries out a request: signature, input, policies, dual control, operation, in this order; nothing is parsed before it is known who
 * asks. `call` is told what is to be recorded of it, and that it was done; its failure is for the caller to tell.
 *
 * @returns the output as JSON
 */
export async function dispatch(
  service: Service,
  route: Route,
  request: DispatchedRequest,
  call: Call,
): Promise<string> {
  const { operations, context, verifySignature, limitRate } = service;
  if (context.vault.isSealed) throw new SealedError();
  await service.refresh();
  const { name: action, plane } = route.operation;
  const signer = await verifySignature(request, context.now());
  const { accessKeyId, user, role, region, identity } = signer;
  const caller = userArn(context.account, user);
  call.identify({ accessKeyId, user, arn: caller, region });
  if (role === 'approver') throw notAllowed({ caller, action });
  limitRate(plane, region, context.now());
  const operation = operationOf(operations, action);
  const input = validateInput(action, parseInput(route, request.body));
  call.describe(redactInput(action, input));
  const noteKey = (arn: string) => call.noteKey(arn);
  const asking = { ...context, region, caller, action, identity, asked: identity && askedOf(input), noteKey };
  askIdentity(input, asking);
  const principal = signerPrincipal(signer, context.account);
  // What waits for approval is stored as well.
  await call.begin();
  const output = await guardOperation(input, principal, asking, async () => {
    const result = await operation(input, asking);
    // CloudTrail has the answers of what changes something, and of nothing else.
    await call.succeed(isReadOnly(action) ? undefined : redactOutput(action, result));
    return result;
  });
  return JSON.stringify(output);
}
