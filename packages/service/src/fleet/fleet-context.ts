import type { ControlPlane } from '../api/control-plane.generated.ts';
import type { DataPlane } from '../api/data-plane.generated.ts';
import { validateInput } from '../api/validate.ts';
import { controlOperations } from '../operations/control/index.ts';
import { dataOperations } from '../operations/data/index.ts';
import type { Context, Operation } from '../operations/operation.ts';

type Planes = ControlPlane & DataPlane;

/** Carries out an operation of the AWS API for whoever asks the fleet for something, with every check that it makes for him. */
export type Perform = <Name extends keyof Planes>(
  name: Name,
  input: Planes[Name]['input'],
) => Promise<Planes[Name]['output']>;

/** What the fleet works with: who asks, where records and keys are, what time it is, and the AWS API's operations. */
export interface FleetContext extends Omit<Context, 'action'> {
  readonly perform: Perform;
}

const OPERATIONS = { ...controlOperations, ...dataOperations };

/** The fleet's context of a request. */
export function fleetContext(context: Omit<Context, 'action'>): FleetContext {
  const perform: Perform = async (name, input) => {
    const operation = OPERATIONS[name] as unknown as Operation<typeof name>;
    return operation(validateInput(name, input) as typeof input, { ...context, action: name });
  };
  return { ...context, perform };
}
