import type { SampleContext } from './sample-service.ts';

/** Who signed the request, in the words of AWS STS. */
export async function getCallerIdentity(
  _input: unknown,
  { account, caller, user }: SampleContext,
): Promise<object> {
  return { Arn: caller, UserId: user, Account: account };
}
