import type { PersonRole } from '../access/person.ts';
import type { Principal } from '../access/principal.ts';
import type { CreateBackup } from '../backup/create-backup.ts';
import type { Custody } from '../custody/custody.ts';
import type { MainKeyRotation } from '../custody/main-key-rotation.ts';
import type { Grant } from '../dual-control/guard.ts';
import type { DualControl } from '../dual-control/policy-record.ts';
import type { ShownKey } from '../dual-control/request.ts';
import type { Context } from '../operations/operation.ts';

/** A JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

/** Whom a route answers: people by their roles, holders of access keys by their kind. */
export type Audience = PersonRole | Exclude<Principal['kind'], 'person'>;

/** What a route works with. */
export interface OwnContext extends Omit<Context, 'action' | 'caller' | 'asked'> {
  readonly custody: Custody;
  readonly dualControl: DualControl;
  readonly mainKeyRotation: MainKeyRotation;
  readonly createBackup: CreateBackup;
  /** Who asks. */
  readonly principal: Principal;
  /** The ARN of who asks. */
  readonly caller: string;
  /** The token of the session, where somebody signed in. */
  readonly token?: string | undefined;
  /** The approval by which this is done, where others had to approve it. */
  readonly grant?: Grant | undefined;
}

/** A request that nobody has signed yet is answered without a principal. */
export type OpenContext = Omit<OwnContext, 'principal' | 'caller' | 'identity' | 'token' | 'grant'>;

interface Described {
  /** For the log, refusals, and as the OpenAPI document's operationId. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/keywright/v1`; `{name}` stands for a parameter. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  /** Each member's schema; every one must be there that is not among `optional`, and no others. */
  readonly params?: Schemas;
  readonly query?: Schemas;
  readonly body?: Schemas;
  readonly optional?: readonly string[];
  /** Answered while the service is sealed, too. */
  readonly whenSealed?: boolean;
  /** Where the answer is no JSON: of which media type. */
  readonly mediaType?: string;
  readonly answer: Schema;
}

// What `run` takes is what the schemas let through; a table of routes holds every kind of it.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Input = any;

/** A route for those who prove who they are. */
export interface ClosedRoute extends Described {
  readonly to: readonly Audience[];
  /** What would be refused anyway is, before others are asked to approve it. */
  check?(input: Input, context: OwnContext): Promise<void>;
  /** The keys that it is about, for those who decide. */
  keys?(input: Input, context: OwnContext): Promise<readonly ShownKey[]>;
  /** @param input the parameters, the query and the body as one */
  run(input: Input, context: OwnContext): Promise<object>;
}

/** A route for everybody: signing in, and what comes before. */
export interface OpenRoute extends Described {
  readonly to: 'anybody';
  run(input: Input, context: OpenContext): Promise<object>;
}

/** One request of the service's own interface: what it takes, whom it answers and what it does. */
export type OwnRoute = ClosedRoute | OpenRoute;

/** Everybody who signed in. */
export const EVERY_PERSON: readonly PersonRole[] = [
  'administrator',
  'key-manager',
  'custodian',
  'approver',
  'auditor',
];
