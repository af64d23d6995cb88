import type { Acceptance, SlotName, SlotProfile, SlotRules } from './slots.ts';

/** Algorithms, lengths and modes of use of message 02. A terminal decrypts with a KEK, encrypts PINs and data, makes or checks MACs. */
const K0: Acceptance = { keyUsage: 'K0', algorithms: 'T', modes: 'D', lengths: [16, 24] };
const P0: Acceptance = { keyUsage: 'P0', algorithms: 'T', modes: 'E', lengths: [16, 24] };
const D0: Acceptance = { keyUsage: 'D0', algorithms: 'T', modes: 'E', lengths: [16, 24] };
const M1: Acceptance = { keyUsage: 'M1', algorithms: 'D', modes: 'GV', lengths: [8] };
const M3: Acceptance = { keyUsage: 'M3', algorithms: 'T', modes: 'GV', lengths: [16] };
const B1: Acceptance = { keyUsage: 'B1', algorithms: 'T', modes: 'X', lengths: [16] };

const MASTER_SLOTS = [...'0123456789'];
const MAC_SLOTS = [...'BCDE'];
const DUKPT_SLOTS = ['IPEK0', 'IPEK1'];

function rows(slots: readonly SlotName[], ...accepts: readonly Acceptance[]): [SlotName, SlotRules][] {
  return slots.map((slot, index) => [slot, { index, accepts }]);
}

/**
 * UIC PP791, appendix A of its programmer's manual (UDN PM0103-U r06): slots 0 to 9 and B to G of the master and session keys,
 * and two DUKPT key sets. The manual's table has no slot A.
 *
 * Inferred: mode of use E of a D0 key in slot G; P0 and D0 keys of 24 bytes; F as the key block protection key unless another
 * is named.
 */
export const UIC_PP791: SlotProfile = {
  name: 'uic-pp791',
  title: 'UIC PP791: slots 0 to 9, B to G, and two DUKPT key sets (appendix A)',
  slots: new Map([
    ...rows(MASTER_SLOTS, P0, K0),
    ...rows(MAC_SLOTS, M1, M3, K0),
    ...rows(['F'], K0),
    ...rows(['G'], D0, K0),
    ...rows(DUKPT_SLOTS, B1),
  ]),
  targets: { B1: DUKPT_SLOTS, D0: ['G'], K0: ['F'], M1: MAC_SLOTS, M3: MAC_SLOTS, P0: MASTER_SLOTS },
  kbpks: ['F'],
};
