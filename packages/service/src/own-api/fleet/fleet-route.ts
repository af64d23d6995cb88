import { type FleetContext, fleetContext } from '../../fleet/fleet-context.ts';
import type { ClosedRoute, OwnContext } from '../route.ts';

/** Who arranges fleets, who loads terminals, and who may look. */
export const MANAGERS: ClosedRoute['to'] = ['key-manager', 'operator'];
export const LOADERS: ClosedRoute['to'] = ['key-manager', 'custodian', 'operator'];
export const READERS: ClosedRoute['to'] = [...LOADERS, 'administrator', 'auditor'];

/** A route whose work is the fleet's. */
export function fleetRoute<Input>({
  run,
  ...route
}: Omit<ClosedRoute, 'run' | 'tag'> & {
  run: (input: Input, context: FleetContext) => Promise<object>;
}): ClosedRoute {
  const work = (input: Input, context: OwnContext) => run(input, fleetContext(context));
  return { ...route, tag: 'Fleet', run: work };
}

/** A list's size as a query has it. */
export function withNumber<Input extends { readonly maxResults?: string }>({ maxResults, ...input }: Input) {
  return { ...input, ...(maxResults !== undefined && { maxResults: Number(maxResults) }) };
}
