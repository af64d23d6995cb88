import { conflict } from '../api/exceptions.ts';
import { deleteKey } from '../operations/control/delete-key.ts';
import { stopKeyUsage } from '../operations/control/stop-key-usage.ts';
import { keyArn } from '../operations/key-identifier.ts';
import type { Context } from '../operations/operation.ts';
import type { RotationRecord } from '../store/records/rotation.ts';
import { findGoingRotation } from './export-items.ts';
import { ensureSuccessor } from './successor.ts';

/** What DeleteKey takes at least. */
const DAYS_TO_DELETE = 3;

async function end(
  rotation: RotationRecord,
  status: 'COMPLETED' | 'ROLLED_BACK',
  { store, now }: Context,
): Promise<RotationRecord> {
  const endedAt = now();
  if (await store.endRotation(rotation, status, endedAt)) return { ...rotation, status, endedAt };
  throw conflict(`Rotation ${rotation.rotationId} has been ended by another request.`);
}

async function checkItems(rotation: RotationRecord, byHandDone: boolean, { store }: Context): Promise<void> {
  const { WAITING, FAILED, BY_HAND } = await store.countRotationItems(rotation);
  if (WAITING + FAILED > 0) {
    throw conflict(
      `Rotation ${rotation.rotationId} has ${WAITING} items that wait and ${FAILED} that failed: export them first, or roll back.`,
    );
  }
  if (BY_HAND === 0 || byHandDone) return;
  throw conflict(
    `Rotation ${rotation.rotationId} has ${BY_HAND} items to be exported by hand: do so, and then say byHandDone.`,
  );
}

/**
 * Completes a rotation, once everything has gone out: all aliases of the key point to its successor from one moment to the next.
 * There is no way back from here.
 *
 * @param request.byHandDone that what can't be exported by itself has been
 * @param request.stopOldKey whether the old key is disabled as well
 */
export async function completeRotation(
  rotationId: string,
  {
    byHandDone = false,
    stopOldKey = false,
  }: { readonly byHandDone?: boolean; readonly stopOldKey?: boolean },
  context: Context,
): Promise<RotationRecord> {
  const rotation = await findGoingRotation(rotationId, context);
  await ensureSuccessor(rotation, context);
  await checkItems(rotation, byHandDone, context);
  const completed = await end(rotation, 'COMPLETED', context);
  const KeyIdentifier = keyArn(context.account, rotation.region, rotation.keyId);
  if (stopOldKey) await stopKeyUsage({ KeyIdentifier }, { ...context, action: 'StopKeyUsage' });
  return completed;
}

/** Gives a rotation up: nothing has changed for the key, and a successor that was made for it is deleted. */
export async function rollBackRotation(rotationId: string, context: Context): Promise<RotationRecord> {
  const rotation = await findGoingRotation(rotationId, context);
  const ended = await end(rotation, 'ROLLED_BACK', context);
  const successor = await context.store.findKey(rotation.region, rotation.successorId);
  if (rotation.madeHere && successor?.state === 'CREATE_COMPLETE') {
    const KeyIdentifier = keyArn(context.account, rotation.region, rotation.successorId);
    await deleteKey({ KeyIdentifier, DeleteKeyInDays: DAYS_TO_DELETE }, { ...context, action: 'DeleteKey' });
  }
  return ended;
}
