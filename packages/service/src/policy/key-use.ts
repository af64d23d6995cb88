import type { KeyAlgorithm, KeyAttributes, KeyUsage } from '../api/control-plane.generated.ts';
import { type AwsException, conflict, invalid } from '../api/exceptions.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { describeModes, type ModeName } from './modes-of-use.ts';
import { oneOf } from './wording.ts';

/** What a key must be for an operation. One of `modes` is enough; NoRestrictions always is. */
export interface AllowedKeys {
  readonly usages: readonly KeyUsage[];
  readonly algorithms: readonly KeyAlgorithm[];
  readonly modes: readonly ModeName[];
}

/** How to say that a key is disabled or being deleted: the data plane knows no ConflictException. */
export type Unusable = 'ValidationException' | 'ConflictException';

const EXCEPTIONS: Readonly<Record<Unusable, (message: string) => AwsException>> = {
  ValidationException: invalid,
  ConflictException: conflict,
};

/** Throws unless the key is there and enabled. */
export function checkUsable(
  record: KeyRecord,
  arn: string,
  unusable: Unusable = 'ValidationException',
): void {
  if (record.state !== 'CREATE_COMPLETE') {
    throw EXCEPTIONS[unusable](
      `Key ${arn} is not usable: it is in state ${record.state}; use a key in state CREATE_COMPLETE.`,
    );
  }
  if (!record.enabled) {
    throw EXCEPTIONS[unusable](`Key ${arn} is not usable: it is disabled; enable it with StartKeyUsage.`);
  }
}

/**
 * Throws unless a key is of a usage, algorithm and mode of use that the operation takes.
 *
 * @param what names the key in messages
 */
export function checkUse(
  { KeyUsage, KeyAlgorithm, KeyModesOfUse }: KeyAttributes,
  what: string,
  allowed: AllowedKeys,
): void {
  if (!allowed.usages.includes(KeyUsage)) throw wrong('KeyUsage', what, KeyUsage, allowed.usages);
  if (!allowed.algorithms.includes(KeyAlgorithm)) {
    throw wrong('KeyAlgorithm', what, KeyAlgorithm, allowed.algorithms);
  }
  if (!KeyModesOfUse.NoRestrictions && !allowed.modes.some((mode) => KeyModesOfUse[mode])) {
    throw wrong('KeyModesOfUse', what, describeModes(KeyModesOfUse), [...allowed.modes, 'NoRestrictions']);
  }
}

/** Throws unless the key is usable, and of a usage, algorithm and mode of use that the operation takes. */
export function checkKeyUse(
  record: KeyRecord,
  arn: string,
  allowed: AllowedKeys,
  unusable: Unusable = 'ValidationException',
): void {
  checkUsable(record, arn, unusable);
  checkUse(record.attributes, `the input key ${arn}`, allowed);
}

function wrong(attribute: string, what: string, actual: string, allowed: readonly string[]): AwsException {
  return invalid(
    `${attribute} of ${what} is invalid for the operation. It is ${actual}; use a key with ${oneOf(allowed)}.`,
  );
}
