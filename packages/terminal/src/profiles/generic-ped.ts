import { type Acceptance, type SlotProfile, slotNames, slotRow } from './slots.ts';

const COUNT = 10;

/** A terminal unwraps, and never wraps. */
const KEK: readonly Acceptance[] = ['K0', 'K1'].map((keyUsage) => ({
  keyUsage,
  algorithms: 'AT',
  modes: 'BD',
}));
/** A terminal encrypts PINs and data. */
const PIN: readonly Acceptance[] = [{ keyUsage: 'P0', algorithms: 'AT', modes: 'BE' }];
const DATA: readonly Acceptance[] = [{ keyUsage: 'D0', algorithms: 'AT', modes: 'BE' }];
const MAC: readonly Acceptance[] = [
  { keyUsage: 'M3', algorithms: 'T', modes: 'CG' },
  { keyUsage: 'M1', algorithms: 'T', modes: 'CG' },
  { keyUsage: 'M6', algorithms: 'AT', modes: 'CG' },
];
const DUKPT: readonly Acceptance[] = [{ keyUsage: 'B1', algorithms: 'AT', modes: 'X' }];

/** What slots of each purpose take, in the two profiles that have no tighter table. */
export const ACCEPTANCES = { KEK, PIN, DATA, MAC, DUKPT } as const;

const MACS = slotNames('MAC', COUNT);
const KEKS = slotNames('KEK', COUNT);

/** A terminal of nobody's: ten slots of each purpose, and one KEK for all of them. */
export const GENERIC_PED: SlotProfile = {
  name: 'generic-ped',
  title: 'generic PED: ten slots of each purpose',
  slots: new Map([
    ...slotRow('KEK', COUNT, { accepts: KEK }),
    ...slotRow('PIN', COUNT, { accepts: PIN }),
    ...slotRow('DATA', COUNT, { accepts: DATA }),
    ...slotRow('MAC', COUNT, { accepts: MAC }),
    ...slotRow('DUKPT', COUNT, { accepts: DUKPT }),
  ]),
  targets: {
    B1: slotNames('DUKPT', COUNT),
    D0: slotNames('DATA', COUNT),
    K0: KEKS,
    K1: KEKS,
    M1: MACS,
    M3: MACS,
    M6: MACS,
    P0: slotNames('PIN', COUNT),
  },
  kbpks: ['KEK-0'],
};
