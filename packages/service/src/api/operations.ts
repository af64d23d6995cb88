import type { ControlPlane } from './control-plane.generated.ts';
import type { DataPlane } from './data-plane.generated.ts';
import { MODELS, type Plane } from './model.ts';

export type OperationName = keyof ControlPlane | keyof DataPlane;

/** Where an operation is found on the wire, and the shapes that it takes and gives. */
export interface OperationEntry {
  readonly name: OperationName;
  readonly plane: Plane;
  readonly method: string;
  /** The path of the data plane, a label in braces: `/keys/{KeyIdentifier}/encrypt`. `/` on the control plane. */
  readonly path: string;
  readonly input: string;
  readonly output: string;
}

function entriesOf(plane: Plane): OperationEntry[] {
  return Object.entries(MODELS[plane].operations).map(([name, { http, input, output }]) => ({
    name: name as OperationName,
    plane,
    method: http.method,
    path: http.requestUri,
    input: input.shape,
    output: output.shape,
  }));
}

/** All operations of both planes, as the models have them; no name is in both. */
export const OPERATIONS: ReadonlyMap<string, OperationEntry> = new Map(
  [...entriesOf('control'), ...entriesOf('data')].map((entry) => [entry.name, entry]),
);

/** What comes before the operation's name in the control plane's X-Amz-Target header. */
export const TARGET_PREFIX = 'PaymentCryptographyControlPlane.';
