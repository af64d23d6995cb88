import { remembered } from '../memo.ts';
import type { Origin } from './call-event.ts';
import { plainText } from './event.ts';

/** Who a signature proved to be asking. */
export interface Identity {
  /** None where somebody signed in with a password. */
  readonly accessKeyId?: string | undefined;
  readonly user: string;
  readonly arn: string;
}

const agentJson = remembered((text) => JSON.stringify(plainText(text)));
const addressJson = remembered((text) => JSON.stringify(text.replace(/^::ffff:(?=\d+\.)/, '')));

/** Where a request came from; what a proxy in front says of it is not believed. */
export function originOf(address: string | undefined, userAgent: string | undefined): Origin {
  return { sourceAddress: addressJson(address ?? 'unknown'), userAgent: agentJson(userAgent ?? '') };
}

const userJson = remembered((text) => {
  const [accessKeyId, user, arn, account] = text.split('\n');
  const who = { principalId: user, arn, accountId: account };
  return JSON.stringify(
    accessKeyId
      ? { type: 'IAMUser', ...who, accessKeyId, userName: user }
      : { type: 'Person', ...who, userName: user },
  );
});

/** A user, as CloudTrail has users of IAM. */
export function identityJson({ accessKeyId = '', user, arn }: Identity, account: string): string {
  return userJson(`${accessKeyId}\n${user}\n${arn}\n${account}`);
}

const CLAIM = /\bCredential=([A-Za-z0-9]{4,128})\/[0-9]{8}\/([a-z]{2}-[a-z]{1,16}-[0-9]{1,4})\//;

/** What an unproved Authorization header says of who asks, and of which region. Who it was is not known. */
export function claimedBy(authorization: string | undefined): { identityJson: string; region: string } {
  const [, accessKeyId, region = 'unknown'] = CLAIM.exec(authorization?.slice(0, 1024) ?? '') ?? [];
  return { identityJson: JSON.stringify({ type: 'Unknown', ...(accessKeyId && { accessKeyId }) }), region };
}
