import { AwsException, conflict, notFound } from '../api/exceptions.ts';
import type { Context } from '../operations/operation.ts';
import type { CeremonyRecord, ComponentRecord, ComponentState } from '../store/records/ceremony.ts';

/** What the ceremonies work with: the user himself stands beside his ARN. */
export interface CeremonyContext extends Context {
  readonly user: string;
}

/** How long a ceremony may take. */
export const CEREMONY_TIME = 7 * 24 * 60 * 60 * 1000;

/** @throws AwsException when there is no such ceremony */
export async function findCeremony(
  ceremonyId: string,
  { store, region }: CeremonyContext,
): Promise<CeremonyRecord> {
  const ceremony = await store.findCeremony(region, ceremonyId);
  if (ceremony === undefined) throw notFound(ceremonyId);
  return ceremony;
}

/** @throws AwsException when there is no such ceremony, or it is over */
export async function findOpenCeremony(
  ceremonyId: string,
  context: CeremonyContext,
): Promise<CeremonyRecord> {
  const ceremony = await findCeremony(ceremonyId, context);
  if (ceremony.status !== 'OPEN') throw conflict(`Ceremony ${ceremonyId} is over: it is ${ceremony.status}.`);
  if (context.now() >= ceremony.expiresAt) throw conflict(`Ceremony ${ceremonyId} has expired.`);
  return ceremony;
}

/**
 * The component of whoever asks, in the state that it must be in.
 *
 * @throws AwsException AccessDeniedException for somebody who has none in this ceremony; ConflictException when his is in another state
 */
export async function findOwnComponent(
  { region, ceremonyId }: CeremonyRecord,
  state: ComponentState,
  { store, user, caller }: CeremonyContext,
): Promise<ComponentRecord> {
  const component = (await store.listComponents(region, ceremonyId)).find(
    ({ custodian }) => custodian === user,
  );
  if (component === undefined) {
    const message = `User: ${caller} is not a custodian of ceremony ${ceremonyId}`;
    throw new AwsException('AccessDeniedException', message);
  }
  if (component.state === state) return component;
  throw conflict(`Component ${component.number} of ceremony ${ceremonyId} is ${component.state} already.`);
}
