import { TerminalError } from '../refusals.ts';
import { rulesOf } from './index.ts';
import { PURPOSES, type SlotIndex, type SlotName, type SlotProfile } from './slots.ts';

/** Where somebody wants a key to go. */
export interface SlotWish {
  readonly index?: SlotIndex | undefined;
  readonly slot?: SlotName | undefined;
}

/** @throws TerminalError BDK or USAGE when no slot of the profile takes keys of this usage */
export function assertUsage({ targets, name }: SlotProfile, keyUsage: string): void {
  if (keyUsage === 'B0') throw new TerminalError('BDK');
  if (Object.hasOwn(PURPOSES, keyUsage) && Object.hasOwn(targets, keyUsage)) return;
  const taken = Object.keys(targets).join(', ');
  throw new TerminalError('USAGE', `no slot of ${name} takes key usage ${keyUsage}, only ${taken}`);
}

/**
 * The slot that a key of this usage goes to.
 *
 * @throws TerminalError BDK or USAGE
 * @throws RangeError when the profile has no such slot or index
 */
export function chooseSlot(profile: SlotProfile, keyUsage: string, { slot, index = 0 }: SlotWish): SlotName {
  assertUsage(profile, keyUsage);
  if (slot !== undefined) {
    rulesOf(profile, slot);
    return slot;
  }
  const targets = profile.targets[keyUsage]!;
  const target = targets[index];
  if (target !== undefined) return target;
  const right = targets.length === 1 ? 'must be 0' : `must be 0 to ${targets.length - 1}`;
  throw new RangeError(`index of key usage ${keyUsage} ${right} in ${profile.name}, got ${index}`);
}

/**
 * The slot of the key block protection key for a key that goes there.
 *
 * @throws RangeError when the profile has no such slot
 */
export function chooseKbpk(
  profile: SlotProfile,
  { slot, index = 0, kbpk }: SlotWish & { readonly kbpk?: SlotName | undefined },
): SlotName {
  if (kbpk !== undefined) {
    rulesOf(profile, kbpk);
    return kbpk;
  }
  const wanted = slot === undefined ? index : rulesOf(profile, slot).index;
  return profile.kbpks[wanted] ?? profile.kbpks.at(-1)!;
}
