import type { FastifyRequest } from 'fastify';
import type { Role } from '../access/access-keys.ts';

/** Who asks, as the signature says. */
export interface RequestCaller {
  readonly user: string;
  readonly role: Role;
  readonly region: string;
  readonly arn: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's name, for the log and for refusals. */
    readonly name?: string;
    /** Who may ask; nobody where it is not given. */
    readonly to?: readonly Role[];
  }
  interface FastifyRequest {
    /** Set once the signature is verified, which is before validation. */
    caller: RequestCaller | undefined;
  }
}

/** Who asks; for handlers, which run after the check. */
export function callerOf({ caller }: FastifyRequest): RequestCaller {
  if (caller === undefined) throw new TypeError('the route is not one of the own interface');
  return caller;
}
