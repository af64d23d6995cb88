import { conflict, invalid } from '../api/exceptions.ts';
import { arnOf, resolveKey } from '../operations/key-identifier.ts';
import type { Context } from '../operations/operation.ts';
import { randomId } from '../operations/random-id.ts';
import { checkUsable } from '../policy/key-use.ts';
import { checkNotReplica } from '../policy/replication.ts';
import { DuplicateRecordError } from '../store/errors.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { RotationRecord } from '../store/records/rotation.ts';
import { planItems } from './plan.ts';
import { ensureSuccessor } from './successor.ts';

export interface StartRotation {
  /** ARN or alias of the key to replace. */
  readonly keyIdentifier: string;
  /** ARN or alias of a key that is there already, one that the partner made, say; a new one is made without it. */
  readonly successorIdentifier?: string | undefined;
}

/** Key versions that X9.143, 6.3.4, can count. */
const MOST_VERSIONS = 99;

function checkRotatable(record: KeyRecord, arn: string): void {
  checkUsable(record, arn, 'ConflictException');
  checkNotReplica(record, arn);
  if (record.attributes.KeyClass !== 'SYMMETRIC_KEY') {
    throw invalid(
      `Key ${arn} is of class ${record.attributes.KeyClass}: only a SYMMETRIC_KEY can be rotated.`,
    );
  }
}

function checkSuccessor(successor: KeyRecord, key: KeyRecord, context: Context): void {
  const arn = arnOf(successor, context);
  checkRotatable(successor, arn);
  if (successor.keyId === key.keyId)
    throw invalid('successorIdentifier names the key itself: give another key.');
  const [theirs, ours] = [successor.attributes, key.attributes];
  if (theirs.KeyUsage === ours.KeyUsage && theirs.KeyAlgorithm === ours.KeyAlgorithm) return;
  throw invalid(
    `successorIdentifier is ${theirs.KeyUsage} of ${theirs.KeyAlgorithm}: it must be as the key, ${ours.KeyUsage} of ${ours.KeyAlgorithm}.`,
  );
}

async function findSuccessor(identifier: string, record: KeyRecord, context: Context): Promise<string> {
  const successor = await resolveKey(identifier, context);
  checkSuccessor(successor, record, context);
  return successor.keyId;
}

async function nextVersion({ region, keyId }: KeyRecord, { store }: Context): Promise<string> {
  const version = Number((await store.rotationOfSuccessor(region, keyId))?.keyVersion ?? 0) + 1;
  if (version <= MOST_VERSIONS) return String(version).padStart(2, '0');
  throw conflict(
    `The key has been rotated ${MOST_VERSIONS} times: its key version number can't be counted further.`,
  );
}

async function insert(rotation: RotationRecord, record: KeyRecord, context: Context): Promise<void> {
  const items = await planItems(record, rotation.successorId, context);
  try {
    await context.store.insertRotation(rotation, items);
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict('The key is being rotated already: complete that rotation, or roll it back.');
  }
}

/**
 * Begins to replace a key: plans what must go out anew, and makes its successor. Until the rotation is completed, aliases point to the
 * old key, and it works as before.
 *
 * @throws AwsException when there is no such key, it can't be rotated, or it is being rotated
 */
export async function startRotation(input: StartRotation, context: Context): Promise<RotationRecord> {
  const record = await resolveKey(input.keyIdentifier, context);
  checkRotatable(record, arnOf(record, context));
  const { successorIdentifier: given } = input;
  const rotation: RotationRecord = {
    region: context.region,
    rotationId: randomId(),
    keyId: record.keyId,
    successorId: given === undefined ? randomId() : await findSuccessor(given, record, context),
    madeHere: given === undefined,
    keyVersion: await nextVersion(record, context),
    status: 'STARTED',
    requester: context.caller,
    startedAt: context.now(),
  };
  await insert(rotation, record, context);
  await ensureSuccessor(rotation, context);
  return rotation;
}
