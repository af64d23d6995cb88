import type { FastifyRequest } from 'fastify';
import { type Principal, personPrincipal, signerPrincipal } from '../access/principal.ts';
import { useSession } from '../access/session.ts';
import { AwsException } from '../api/exceptions.ts';
import type { ClosedRoute, OwnRoute } from '../own-api/route.ts';
import type { IdentityPolicy } from '../policy/identity-policy.ts';
import type { Service } from './dispatch.ts';
import { readHeaders } from './read-request.ts';

/** Who asks, and of which region. */
export interface OwnCaller {
  readonly principal: Principal;
  readonly region: string;
  /** Of the session, where somebody signed in. */
  readonly token?: string;
  /** Where a request was signed. */
  readonly accessKeyId?: string;
  /** What its policy allows; none for people and where it has no policy. */
  readonly identity?: IdentityPolicy | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's name, for the log. */
    readonly name?: string;
    readonly route?: OwnRoute;
  }
  interface FastifyRequest {
    /** Set before validation; none on routes for everybody. */
    own: OwnCaller | undefined;
  }
}

const BEARER = /^Bearer +(\S+)$/i;
const REGION_HEADER = 'x-keywright-region';
const REGION = /^[a-z]{2}-[a-z]{1,16}-[0-9]+$/;
/** Where no header says otherwise, as the AWS clients have it in their examples. */
export const DEFAULT_REGION = 'us-east-1';

/** Sessions are of no region; a request may name one for what it asks about. */
export function regionOf({ headers }: FastifyRequest): string {
  const { [REGION_HEADER]: region = DEFAULT_REGION } = headers;
  if (typeof region === 'string' && REGION.test(region)) return region;
  throw new AwsException(
    'ValidationException',
    `The header ${REGION_HEADER} must be a region, as us-east-2.`,
  );
}

async function findSignedIn(
  token: string,
  { context }: Service,
  request: FastifyRequest,
): Promise<OwnCaller> {
  const person = await useSession(token, context.now(), context);
  return { principal: personPrincipal(person, context.account), region: regionOf(request), token };
}

async function findSigner(
  { context, verifySignature }: Service,
  request: FastifyRequest,
): Promise<OwnCaller> {
  const { method, originalUrl: url, raw } = request;
  const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
  const received = { method, url, headers: readHeaders(raw), body };
  const caller = await verifySignature(received, context.now());
  const { region, accessKeyId, identity } = caller;
  return { principal: signerPrincipal(caller, context.account), region, accessKeyId, identity };
}

function mayUse({ to }: ClosedRoute, { kind, roles }: Principal): boolean {
  return kind === 'person' ? roles.some((role) => to.includes(role)) : to.includes(kind);
}

/**
 * Who asks: by the token of a session or, for holders of access keys, by the signature; then whether the route is for them.
 *
 * @throws AwsException
 */
export async function authorize(
  route: ClosedRoute,
  service: Service,
  request: FastifyRequest,
): Promise<OwnCaller> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  const caller =
    token === undefined ? await findSigner(service, request) : await findSignedIn(token, service, request);
  const { principal, region, accessKeyId } = caller;
  request.call.identify({ user: principal.name, arn: principal.arn, region, accessKeyId });
  if (mayUse(route, principal)) return caller;
  throw new AwsException(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: ${route.name}, which is for: ${route.to.join(', ')}`,
  );
}
