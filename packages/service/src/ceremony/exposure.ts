import { AwsException } from '../api/exceptions.ts';
import type { CeremonyRecord, ComponentRecord, ExposureRecord } from '../store/records/ceremony.ts';
import type { Store } from '../store/store.ts';

/**
 * Whoever has seen a component of a key may never see another of it, in this ceremony or a later one (PCI PIN, requirement 21-2.4).
 * A key is known by itself once it is here, and by the name that both parties have for it.
 */
export function identitiesOf({ region, keyId, keyName, party }: CeremonyRecord): string[] {
  const named = `name/${party}/${keyName}`;
  return keyId === undefined ? [named] : [named, `key/${region}/${keyId}`];
}

export function exposuresIn(
  ceremony: CeremonyRecord,
  { ceremonyId, custodian, number }: ComponentRecord,
  at: number,
): ExposureRecord[] {
  return identitiesOf(ceremony).map((identity) => ({ identity, custodian, ceremonyId, number, at }));
}

/** A key that comes in has the same components every time; one that goes out is split anew. */
function isAnother({ kind }: CeremonyRecord, seen: ExposureRecord, number: number): boolean {
  return kind === 'SEND' || seen.number !== number;
}

/**
 * Throws when a custodian would come to see a second component of the key.
 *
 * @throws AwsException AccessDeniedException
 */
export async function checkExposure(
  ceremony: CeremonyRecord,
  custodian: string,
  number: number,
  store: Store,
): Promise<void> {
  for (const identity of identitiesOf(ceremony)) {
    const seen = await store.exposuresOf(identity, custodian);
    if (seen.some((one) => isAnother(ceremony, one, number))) {
      throw new AwsException(
        'AccessDeniedException',
        `${custodian} has seen another component of this key: somebody else must be the custodian of component ${number}.`,
      );
    }
  }
}
