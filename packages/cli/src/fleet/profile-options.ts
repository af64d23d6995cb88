import { findProfile, POLICY_NAMES, PROFILE_NAMES, type ProfileName, rulesOf } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Purpose } from './fleet-api.ts';

/** An initial key as the service takes it. */
export interface NewKey {
  readonly purpose: Purpose;
  readonly slot: string;
  readonly bdk: string;
  readonly keySetId: string;
  readonly firstNumber?: number;
  readonly lastNumber?: number;
}

const PURPOSES: readonly string[] = ['PIN', 'DATA', 'MAC'];
const FORM = 'PURPOSE=SLOT,BDK,KEYSET or PURPOSE=SLOT,BDK,KEYSET,FIRST-LAST';
const KEY = /^([A-Za-z]+)=([^,]+),([^,]+),([0-9A-Fa-f]+)(?:,(\d+)-(\d+))?$/;

/** Reads `PIN=DUKPT-0,alias/bdk,FFFF987654` or `…,1000-1999`. @throws Failure */
export function readKey(text: string): NewKey {
  const [, purpose = '', slot, bdk, keySetId, first, last] = KEY.exec(text) ?? [];
  if (!PURPOSES.includes(purpose.toUpperCase())) {
    throw new Failure(`--key ${text}: it must be ${FORM}, its purpose one of ${PURPOSES.join(', ')}`);
  }
  return {
    purpose: purpose.toUpperCase() as Purpose,
    slot: slot!,
    bdk: bdk!,
    keySetId: keySetId!.toUpperCase(),
    ...(first !== undefined && { firstNumber: Number(first), lastNumber: Number(last) }),
  };
}

function assertOneOf(value: string, names: readonly string[], what: string): void {
  if (!names.includes(value)) throw new Failure(`${what} ${value}: it must be one of ${names.join(', ')}`);
}

function checkSlot(profile: ProfileName, { slot, purpose }: NewKey): void {
  const rules = findProfile(profile);
  const dukpt = [...rules.slots.keys()].filter((name) =>
    rulesOf(rules, name).accepts.some(({ keyUsage }) => keyUsage === 'B1'),
  );
  assertOneOf(slot, dukpt, `slot of ${profile} for initial keys`);
  const { uses } = rulesOf(rules, slot);
  if (uses !== undefined && !uses.includes(purpose)) {
    throw new Failure(`slot ${slot} of ${profile} is for ${uses.join(' and ')}, not for ${purpose}`);
  }
}

/**
 * Holds a key profile against the slots that such a terminal has, before the service is asked.
 *
 * @throws Failure
 */
export function checkDevice(
  device: { readonly model: string; readonly policy: string; readonly kekSlot: string },
  keys: readonly NewKey[],
): void {
  assertOneOf(device.model, PROFILE_NAMES, 'model');
  assertOneOf(device.policy, POLICY_NAMES, 'policy');
  const model = device.model as ProfileName;
  const { kbpks } = findProfile(model);
  assertOneOf(device.kekSlot, [...kbpks], `KEK slot of ${model}`);
  for (const key of keys) checkSlot(model, key);
}

export function defaultKekSlot(model: string): string {
  assertOneOf(model, PROFILE_NAMES, 'model');
  return findProfile(model as ProfileName).kbpks[0]!;
}
