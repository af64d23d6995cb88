import type { ControlPlane, KeyState } from '../api/control-plane.generated.ts';
import { conflict } from '../api/exceptions.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { oneOf } from './wording.ts';

/** The states that a key may be in for an operation that changes it or what belongs to it. */
const STATES = {
  StartKeyUsage: ['CREATE_COMPLETE'],
  StopKeyUsage: ['CREATE_COMPLETE'],
  DeleteKey: ['CREATE_COMPLETE'],
  RestoreKey: ['DELETE_PENDING'],
  AddKeyReplicationRegions: ['CREATE_COMPLETE'],
  RemoveKeyReplicationRegions: ['CREATE_COMPLETE'],
  TagResource: ['CREATE_COMPLETE'],
  UntagResource: ['CREATE_COMPLETE'],
  PutResourcePolicy: ['CREATE_COMPLETE'],
  // A key that is deleted loses its aliases; one that may yet be restored keeps them.
  CreateAlias: ['CREATE_COMPLETE', 'DELETE_PENDING'],
  UpdateAlias: ['CREATE_COMPLETE', 'DELETE_PENDING'],
} as const satisfies Partial<Record<keyof ControlPlane, readonly KeyState[]>>;

/** Throws unless the key's state allows the operation. */
export function checkState(record: KeyRecord, arn: string, operation: keyof typeof STATES): void {
  const states: readonly KeyState[] = STATES[operation];
  if (states.includes(record.state)) return;
  throw conflict(
    `Key ${arn} is in state ${record.state}: ${operation} needs a key in state ${oneOf(states)}.`,
  );
}
