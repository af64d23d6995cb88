import { keyArn } from '../../operations/key-identifier.ts';
import type { Context } from '../../operations/operation.ts';
import type { RotationItemRecord, RotationRecord } from '../../store/records/rotation.ts';
import type { OwnContext, Schema } from '../route.ts';
import { isoTime, objectOf, TEXT, TIME } from '../schemas.ts';

export const tag = 'Rotations';

export const ROTATION_ID: Schema = { type: 'string', maxLength: 64 };
export const KEY_IDENTIFIER: Schema = { type: 'string', maxLength: 322, description: 'ARN or alias' };
export const POSITION: Schema = { type: 'string', pattern: '^[0-9]{1,9}$' };
const COUNT: Schema = { type: 'integer', minimum: 0 };

export const ROTATION: Schema = objectOf(
  {
    rotationId: TEXT,
    keyArn: TEXT,
    successorArn: TEXT,
    keyVersion: TEXT,
    status: { enum: ['STARTED', 'COMPLETED', 'ROLLED_BACK'] },
    startedBy: TEXT,
    startedAt: TIME,
    endedAt: TIME,
    items: objectOf({ WAITING: COUNT, DONE: COUNT, FAILED: COUNT, BY_HAND: COUNT }),
  },
  ['endedAt'],
);

export const ITEM: Schema = objectOf(
  {
    position: COUNT,
    keyArn: TEXT,
    way: TEXT,
    counterpart: TEXT,
    party: TEXT,
    keySerialNumber: TEXT,
    state: { enum: ['WAITING', 'DONE', 'FAILED', 'BY_HAND'] },
    keyMaterial: TEXT,
    checkValue: TEXT,
    message: TEXT,
  },
  ['party', 'keySerialNumber', 'keyMaterial', 'checkValue', 'message'],
);

/** What a rotation works with: each step of it is one of AWS's operations, and names itself. */
export function rotationContext(context: OwnContext): Context {
  return { ...context, action: 'ExportKey' };
}

export async function rotationAnswer(
  rotation: RotationRecord,
  { store, account }: OwnContext,
): Promise<object> {
  const { region, rotationId, keyId, successorId, keyVersion, status, endedAt } = rotation;
  return {
    rotationId,
    keyArn: keyArn(account, region, keyId),
    successorArn: keyArn(account, region, successorId),
    keyVersion,
    status,
    startedBy: rotation.requester,
    startedAt: isoTime(rotation.startedAt),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
    items: await store.countRotationItems(rotation),
  };
}

export function itemAnswer(item: RotationItemRecord, { account, region }: OwnContext): object {
  const { keyId, counterpart, ksn: keySerialNumber, block: keyMaterial, party, checkValue, message } = item;
  const optional = { party, keySerialNumber, keyMaterial, checkValue, message };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    position: item.position,
    keyArn: keyArn(account, region, keyId),
    way: item.way,
    counterpart,
    state: item.state,
    ...Object.fromEntries(given),
  };
}
