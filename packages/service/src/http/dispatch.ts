import type { WireRequest } from '../access/canonical-request.ts';
import type { Caller, VerifySignature } from '../access/verify-signature.ts';
import { AwsException } from '../api/exceptions.ts';
import type { OperationName } from '../api/operations.ts';
import { validateInput } from '../api/validate.ts';
import type { Context, Operation } from '../operations/operation.ts';
import { parseInput } from './parse-input.ts';
import type { Route } from './route.ts';

/** The operations that there are; a name of the models that is missing is answered as not implemented. */
export type Operations = Partial<{ [Name in OperationName]: Operation<Name> }>;

/** What an operation works with, but for the region, which each request brings. */
export type ServiceContext = Omit<Context, 'region'>;

/** What requests are answered with. */
export interface Service {
  readonly operations: Operations;
  readonly context: ServiceContext;
  readonly verifySignature: VerifySignature;
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

/** Carries out a request: signature, input, operation, in this order; nothing is parsed before it is known who asks. */
export async function dispatch(service: Service, route: Route, request: DispatchedRequest): Promise<unknown> {
  const { operations, context, verifySignature } = service;
  const { region }: Caller = verifySignature(request, context.now());
  const operation = operationOf(operations, route.operation.name);
  const input = validateInput(route.operation.name, parseInput(route, request.body));
  return operation(input, { ...context, region });
}
