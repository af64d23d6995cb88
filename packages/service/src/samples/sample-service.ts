import type { Role } from '../access/access-keys.ts';
import { getCallerIdentity } from './caller-identity.ts';
import { privateAuthorityOperations } from './private-ca.ts';

/** Who asks, where and when. */
export interface SampleContext {
  readonly account: string;
  readonly region: string;
  readonly user: string;
  /** The user's ARN. */
  readonly caller: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type SampleOperation = (input: unknown, context: SampleContext) => Promise<object>;

/** A part of another AWS service, as far as AWS's samples for Payment Cryptography use it. */
export interface SampleService {
  /** What its requests' signatures are scoped to. */
  readonly signingName: string;
  /** AWS's query protocol, or awsJson1_1 with what comes before an operation's name in the X-Amz-Target header. */
  readonly protocol: 'query' | { readonly targetPrefix: string };
  /** Who may use it. */
  readonly to: readonly Role[];
  readonly operations: Readonly<Record<string, SampleOperation>>;
}

/** The services that the samples use besides Payment Cryptography. What they hold is in memory, and gone with the process. */
export function sampleServices(): readonly SampleService[] {
  return [
    {
      signingName: 'sts',
      protocol: 'query',
      to: ['administrator', 'approver'],
      operations: { GetCallerIdentity: getCallerIdentity },
    },
    {
      signingName: 'acm-pca',
      protocol: { targetPrefix: 'ACMPrivateCA.' },
      to: ['administrator'],
      operations: privateAuthorityOperations(),
    },
  ];
}
