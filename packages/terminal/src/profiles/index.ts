import { GENERIC_PED } from './generic-ped.ts';
import { IDTECH_L100 } from './idtech-l100.ts';
import { QPOS } from './qpos.ts';
import type { SlotName, SlotProfile, SlotRules } from './slots.ts';
import { UIC_PP791 } from './uic-pp791.ts';

/** Every slot profile by its name. */
export const PROFILES = {
  'generic-ped': GENERIC_PED,
  'idtech-l100': IDTECH_L100,
  qpos: QPOS,
  'uic-pp791': UIC_PP791,
} as const satisfies Record<string, SlotProfile>;

export type ProfileName = keyof typeof PROFILES;

export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** @throws TypeError when there is no such profile */
export function findProfile(name: string): SlotProfile {
  if (!Object.hasOwn(PROFILES, name)) {
    throw new TypeError(`slot profile must be one of ${PROFILE_NAMES.join(', ')}`);
  }
  return PROFILES[name as ProfileName];
}

/** @throws RangeError when the profile has no such slot */
export function rulesOf({ slots, name }: SlotProfile, slot: SlotName): SlotRules {
  const rules = slots.get(slot);
  if (rules !== undefined) return rules;
  throw new RangeError(`slot ${slot} is not one of ${name}: it has ${[...slots.keys()].join(', ')}`);
}
