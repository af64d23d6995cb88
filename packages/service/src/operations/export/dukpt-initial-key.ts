import {
  deriveDukptKey,
  formatAesKsn,
  formatTdesKsn,
  parseAesKsn,
  parseTdesKsn,
  type Secret,
  schemeOfKsn,
} from '@keywright/crypto';
import type { KeyAlgorithm } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Exported } from '../../policy/export-header.ts';
import { checkKeyUse } from '../../policy/key-use.ts';
import type { KeyRecord } from '../../store/records/key.ts';

/** TDES DUKPT (X9.24-1) has a KSN of 10 bytes and keys of two parts; AES DUKPT (X9.24-3) has a KSN of 12. */
const SCHEMES = {
  TDES_2KEY: { scheme: 'TDES', ksnDigits: 20 },
  AES_128: { scheme: 'AES', ksnDigits: 24 },
  AES_192: { scheme: 'AES', ksnDigits: 24 },
  AES_256: { scheme: 'AES', ksnDigits: 24 },
} as const;

const ALGORITHMS = Object.keys(SCHEMES) as (keyof typeof SCHEMES)[];

function schemeOf(algorithm: KeyAlgorithm) {
  return SCHEMES[algorithm as keyof typeof SCHEMES];
}

/** Throws unless the key is a BDK whose scheme has such a KSN. */
export function checkBaseDerivationKey(record: KeyRecord, arn: string, ksn: string): void {
  const allowed = {
    usages: ['TR31_B0_BASE_DERIVATION_KEY'],
    algorithms: ALGORITHMS,
    modes: ['DeriveKey'],
  } as const;
  checkKeyUse(record, arn, allowed, 'ConflictException');
  const { KeyAlgorithm } = record.attributes;
  const { ksnDigits } = schemeOf(KeyAlgorithm);
  if (ksn.length === ksnDigits) return;
  throw invalid(
    `KeySerialNumber has ${ksn.length} hexadecimal digits: for a base derivation key of ${KeyAlgorithm} it must have ${ksnDigits}.`,
  );
}

/** The initial key of a terminal; the counter bits of the KSN do not matter. It has the BDK's algorithm. */
export function deriveInitialKey(bdk: Secret, algorithm: KeyAlgorithm, ksn: string): Secret {
  return deriveDukptKey({ bdk, scheme: schemeOf(algorithm).scheme, ksn, usage: 'initial' });
}

/** An initial key is B1 (X9.143, section 6.3.1): it derives keys, and goes out for one terminal. */
export function asInitialKey({ attributes, exportability }: KeyRecord): Exported {
  return {
    usage: 'B1',
    algorithm: attributes.KeyAlgorithm,
    mode: 'X',
    narrowerModes: ['X'],
    exportability: exportability === 'NON_EXPORTABLE' ? exportability : 'SENSITIVE',
  };
}

/** A terminal's KSN with its counter at zero, in upper case: what tells its initial key from another's. */
export function initialKsn(ksn: string): string {
  return schemeOfKsn(ksn) === 'AES'
    ? formatAesKsn({ ...parseAesKsn(ksn), counter: 0 })
    : formatTdesKsn({ ...parseTdesKsn(ksn), counter: 0 });
}
