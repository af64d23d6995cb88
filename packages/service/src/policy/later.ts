import { type AwsException, invalid } from '../api/exceptions.ts';

/** Refuses what the interface has and this service does not do yet; passing over it would be a lie. */
export function comesLater(what: string, feature: string): AwsException {
  return invalid(`${what} is not supported yet: ${feature} in a later release.`);
}

/** Members of requests that belong to later features. */
const LATER_MEMBERS: Readonly<Record<string, string>> = {
  ReplicationRegions: 'multi-Region keys come',
  RequesterComment: 'multi-party approval comes',
};

/** Throws when a request has a member of a later feature. */
export function refuseLaterMembers(input: object): void {
  for (const [member, feature] of Object.entries(LATER_MEMBERS)) {
    if ((input as Record<string, unknown>)[member] !== undefined) throw comesLater(member, feature);
  }
}
