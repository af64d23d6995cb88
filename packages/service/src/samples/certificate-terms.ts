import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithmType } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import type { Certified } from '../pki/issue.ts';
import type { DistinguishedName } from '../pki/name.ts';
import {
  type NewCertificate,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  type Subject,
} from './private-ca-model.ts';

const HOUR = 60 * 60 * 1000;

/** The parts of a name in the order that AWS has them; an empty one is none. */
export function nameOf(subject: Subject): DistinguishedName {
  return {
    country: subject.Country || undefined,
    state: subject.State || undefined,
    locality: subject.Locality || undefined,
    organization: subject.Organization || undefined,
    unit: subject.OrganizationalUnit || undefined,
    common: subject.CommonName || undefined,
    serialNumber: subject.SerialNumber || undefined,
  };
}

/** The hash of a signing algorithm. @throws AwsException when the key is of another type than the algorithm's */
export function hashOf(algorithm: SigningAlgorithm, key: KeyObject, field: string): SigningAlgorithmType {
  const [type, hash] = SIGNING_ALGORITHMS[algorithm];
  if (key.asymmetricKeyType === type) return hash;
  throw invalid(`${field} must be of the kind of the authority's key, which ${algorithm} is not.`);
}

/** From an hour ago on, for those whose clocks are behind. */
export function validity({ Type, Value }: NewCertificate['Validity'], now: number): Certified['validity'] {
  const end = new Date(now);
  if (Type === 'DAYS') end.setUTCDate(end.getUTCDate() + Value);
  if (Type === 'MONTHS') end.setUTCMonth(end.getUTCMonth() + Value);
  if (Type === 'YEARS') end.setUTCFullYear(end.getUTCFullYear() + Value);
  return { notBefore: now - HOUR, notAfter: end.getTime() };
}
