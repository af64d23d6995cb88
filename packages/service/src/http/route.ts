import { OPERATIONS, type OperationEntry, TARGET_PREFIX } from '../api/operations.ts';

/** The operation that a request asks for, with what its path says of the input. */
export interface Route {
  readonly operation: OperationEntry;
  /** Still escaped as the client sent it. */
  readonly label?: { readonly member: string; readonly escaped: string };
}

const LABEL = /\{(\w+)\}/;

const dataOperations = Array.from(OPERATIONS.values()).filter(({ plane }) => plane === 'data');

const FIXED: ReadonlyMap<string, Route> = new Map(
  dataOperations
    .filter(({ path }) => !LABEL.test(path))
    .map((operation) => [`${operation.method} ${operation.path}`, { operation }]),
);

const LABELLED = dataOperations
  .filter(({ path }) => LABEL.test(path))
  .map((operation) => ({
    operation,
    member: LABEL.exec(operation.path)![1]!,
    // A label is one segment of the path: the slash of an ARN or alias comes as %2F.
    pattern: new RegExp(`^${operation.method} ${operation.path.replace(LABEL, '([^/]+)')}$`),
  }));

/** The control plane is one address; what it shall do stands in a header. */
export function isControlPlane(method: string, path: string): boolean {
  return method === 'POST' && path === '/';
}

function routeControl(target: string | undefined): Route | undefined {
  if (!target?.startsWith(TARGET_PREFIX)) return undefined;
  const operation = OPERATIONS.get(target.slice(TARGET_PREFIX.length));
  return operation?.plane === 'control' ? { operation } : undefined;
}

function routeData(place: string): Route | undefined {
  for (const { operation, member, pattern } of LABELLED) {
    const escaped = pattern.exec(place)?.[1];
    if (escaped !== undefined) return { operation, label: { member, escaped } };
  }
  return FIXED.get(place);
}

/** Finds the operation by method, path (as the client escaped it) and X-Amz-Target; undefined when there is none. */
export function findRoute(method: string, path: string, target: string | undefined): Route | undefined {
  return isControlPlane(method, path) ? routeControl(target) : routeData(`${method} ${path}`);
}
