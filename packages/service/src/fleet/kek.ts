import { AwsException, conflict, invalid } from '../api/exceptions.ts';
import { resolveKey } from '../operations/key-identifier.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { FleetContext } from './fleet-context.ts';

const USAGES: readonly string[] = ['TR31_K0_KEY_ENCRYPTION_KEY', 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'];

/**
 * Finds the key that is to be a terminal's KEK.
 *
 * @throws AwsException when there is none, it wraps no keys, or it is another terminal's
 */
export async function findKek(identifier: string, serial: string, context: FleetContext): Promise<KeyRecord> {
  const record = await resolveKey(identifier, { ...context, action: 'GetKey' });
  const { KeyUsage } = record.attributes;
  if (!USAGES.includes(KeyUsage)) {
    throw invalid(
      `${identifier} is a key of ${KeyUsage}: a terminal's KEK is one of ${USAGES.join(' or ')}.`,
    );
  }
  const owner = await context.store.fleet.findTerminalOfKek(record.region, record.keyId);
  if (owner === undefined || owner === serial) return record;
  throw conflict(`${identifier} is the KEK of terminal ${owner}: each terminal has one of its own.`);
}

/** As a sentence, what is wrong with a KEK that cannot be found or used. */
export function kekProblem(error: unknown): string {
  if (error instanceof AwsException) return error.message;
  throw error;
}
