import { createPublicKey, type KeyObject } from 'node:crypto';
import { invalid } from '../../api/exceptions.ts';
import { checkUsable } from '../../policy/key-use.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { openPrivateKey } from '../asymmetric-key.ts';
import { arnOf, resolveKey } from '../key-identifier.ts';
import type { Context } from '../operation.ts';

export interface OwnKeyPair {
  readonly record: KeyRecord;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The key pair that a certificate is asked for. */
export async function openOwnKeyPair(identifier: string, context: Context): Promise<OwnKeyPair> {
  const record = await resolveKey(identifier, context);
  const arn = arnOf(record, context);
  const { KeyClass } = record.attributes;
  if (KeyClass !== 'ASYMMETRIC_KEY_PAIR') {
    throw invalid(
      `KeyClass of the key ${arn} is ${KeyClass}: use an ASYMMETRIC_KEY_PAIR that was created here.`,
    );
  }
  checkUsable(record, arn);
  const privateKey = await openPrivateKey(record, context);
  return { record, publicKey: createPublicKey(privateKey), privateKey };
}
