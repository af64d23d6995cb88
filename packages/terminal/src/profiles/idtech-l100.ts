import { ACCEPTANCES } from './generic-ped.ts';
import { type SlotName, type SlotProfile, type SlotRules, slotNames, slotRow } from './slots.ts';

const COUNT = 10;
const { DUKPT } = ACCEPTANCES;
const DUKPT_SLOTS = ['PIN-DUKPT', 'MASTER-DUKPT', 'PIN-PAIRING', 'DATA-PAIRING'];
const USES: Readonly<Record<SlotName, SlotRules['uses']>> = {
  'PIN-DUKPT': ['PIN'],
  'PIN-PAIRING': ['PIN'],
  'DATA-PAIRING': ['DATA', 'MAC'],
};

/** Version B blocks come under a TDES key: the device's keys are TDES. */
const KEK = [{ keyUsage: 'K0', algorithms: 'T', modes: 'BD' }] as const;

/**
 * ID TECH SmartPIN L100, the key names of its manual (80141505-001 Rev H, page 35 and 69) as far as keys are loaded into them from
 * outside: four DUKPT key sets, ten PIN master keys of up to 10,000, and the key that key blocks come under (LCL-KEK).
 *
 * Inferred: what each DUKPT key set is used for. In the device the LCL-KEK is itself a DUKPT key; here it stays.
 */
export const IDTECH_L100: SlotProfile = {
  name: 'idtech-l100',
  title: 'ID TECH SmartPIN L100: four DUKPT key sets, ten PIN master keys, LCL-KEK',
  slots: new Map([
    ...DUKPT_SLOTS.map((slot, index): [SlotName, SlotRules] => [
      slot,
      { index, accepts: DUKPT, ...(USES[slot] && { uses: USES[slot] }) },
    ]),
    ...slotRow('PIN-MASTER', COUNT, { accepts: KEK }),
    ['LCL-KEK', { index: 0, accepts: KEK }],
  ]),
  targets: { B1: DUKPT_SLOTS, K0: slotNames('PIN-MASTER', COUNT) },
  kbpks: ['LCL-KEK'],
};
