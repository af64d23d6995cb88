import type { BlockCipherName } from '@keywright/crypto';

/** A slot by its name in the profile: `KEK-0`, `DUKPT-3`, `IPEK0`. */
export type SlotName = string;

/** Which of the slots for a usage, from 0 on. */
export type SlotIndex = number;

/** What a key does in a terminal. */
export type Purpose = 'KEK' | 'PIN' | 'DATA' | 'MAC' | 'DUKPT';

/** The key usages that terminals take (ANSI X9.143:2021, 6.3.1, table 2). */
export const PURPOSES: Readonly<Record<string, Purpose>> = {
  B1: 'DUKPT',
  D0: 'DATA',
  K0: 'KEK',
  K1: 'KEK',
  M1: 'MAC',
  M3: 'MAC',
  M6: 'MAC',
  P0: 'PIN',
};

/** Ciphers of the header's algorithms; D is single DES. */
export const CIPHERS: Readonly<Record<string, BlockCipherName>> = { A: 'AES', D: 'TDES', T: 'TDES' };

/** Keys that a slot takes: of a usage, of these algorithms and modes of use, one letter each. */
export interface Acceptance {
  readonly keyUsage: string;
  readonly algorithms: string;
  readonly modes: string;
  /** In bytes; whatever the algorithm knows unless given. */
  readonly lengths?: readonly number[];
}

/** What transaction keys of a DUKPT key set are for. */
export type DukptUse = 'PIN' | 'DATA' | 'MAC';

export interface SlotRules {
  /** Which of its row it is. */
  readonly index: SlotIndex;
  readonly accepts: readonly Acceptance[];
  /** Of a DUKPT key set: what it is used for; everything unless given. */
  readonly uses?: readonly DukptUse[];
}

/** The slots of a kind of terminal, as a table. */
export interface SlotProfile {
  readonly name: string;
  /** For people: make and model, and where the table is from. */
  readonly title: string;
  readonly slots: ReadonlyMap<SlotName, SlotRules>;
  /** By key usage: the slot of each index. */
  readonly targets: Readonly<Record<string, readonly SlotName[]>>;
  /** The slot of the key block protection key for each index; the last one stands for all that follow. */
  readonly kbpks: readonly SlotName[];
}

/** Slots of a name and an index each, all of the same rules. */
export function slotRow(
  prefix: string,
  count: number,
  rules: Omit<SlotRules, 'index'>,
): [SlotName, SlotRules][] {
  return slotNames(prefix, count).map((name, index) => [name, { ...rules, index }]);
}

export function slotNames(prefix: string, count: number): SlotName[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
