import { ACCEPTANCES } from './generic-ped.ts';
import { type SlotProfile, slotNames, slotRow } from './slots.ts';

const COUNT = 10;

const { KEK, PIN, DATA, MAC, DUKPT } = ACCEPTANCES;
const TMKS = slotNames('TMK', COUNT);
const MACS = slotNames('MCK', COUNT);

/**
 * Dspread QPOS, from the vendor's published class tables and documentation: ten indexes of a master key (TMK) with its PIN, track and
 * MAC keys, and ten DUKPT groups, each of three separate key sets. Keys of an index come under the master key of that index, and
 * so does the next master key.
 *
 * Inferred, not published: that the track and the EMV set also make MACs; that an initial key without more goes into the PIN set.
 */
export const QPOS: SlotProfile = {
  name: 'qpos',
  title: 'Dspread QPOS: ten indexes, and ten DUKPT groups of a track, an EMV and a PIN set',
  slots: new Map([
    ...slotRow('TMK', COUNT, { accepts: KEK }),
    ...slotRow('PIK', COUNT, { accepts: PIN }),
    ...slotRow('TDK', COUNT, { accepts: DATA }),
    ...slotRow('MCK', COUNT, { accepts: MAC }),
    ...slotRow('DUKPT-TRK', COUNT, { accepts: DUKPT, uses: ['DATA', 'MAC'] }),
    ...slotRow('DUKPT-EMV', COUNT, { accepts: DUKPT, uses: ['DATA', 'MAC'] }),
    ...slotRow('DUKPT-PIN', COUNT, { accepts: DUKPT, uses: ['PIN'] }),
  ]),
  targets: {
    B1: slotNames('DUKPT-PIN', COUNT),
    D0: slotNames('TDK', COUNT),
    K0: TMKS,
    K1: TMKS,
    M1: MACS,
    M3: MACS,
    M6: MACS,
    P0: slotNames('PIK', COUNT),
  },
  kbpks: TMKS,
};
