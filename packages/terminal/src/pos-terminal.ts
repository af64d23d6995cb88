import type { BlockCipherName, Secret } from '@keywright/crypto';
import type { Relaxation } from './policy.ts';
import type { Refusal } from './refusals.ts';
import type { KeyAttributes, SlotIndex, SlotName } from './slots.ts';

/** Where a key block goes, and what comes beside it. */
export interface LoadOptions {
  /** Index of the target slot, 0 unless given; its purpose follows from the key usage. */
  index?: SlotIndex;
  /** The target slot by name, where the key usage does not tell it. */
  slot?: SlotName;
  /** Slot of the key block protection key; KEK-0 unless given. */
  kbpk?: SlotName;
  /** KSN of an initial key: TDES 20 hexadecimal digits (or 16), AES 24 (or the initial key ID of 16). */
  ksn?: string;
  /** What to do with a counter in the KSN: go on after it (`take`, the default), or start at the beginning. */
  counter?: 'take' | 'zero';
  /** Replaces a key of the same version. */
  overwrite?: boolean;
  /** Check value that the key must have, 2 to 16 hexadecimal digits. */
  expectedKcv?: string;
}

/** The terminal took the key. */
export interface KeyLoaded {
  readonly ok: true;
  readonly status: 'LOADED';
  readonly slot: SlotName;
  readonly usage: string;
  readonly algorithm: string;
  readonly keyVersion: string;
  /** 3 bytes: TDES over zeros, AES-CMAC over zeros (ANSI X9.24-1, annex A). */
  readonly kcv: string;
  /** DUKPT: where the key set stands; the first transaction has the next counter. */
  readonly ksn?: string;
  /** DUKPT: whether the KSN came with counter zero, or what was done with its counter. */
  readonly counter?: 'zero' | 'taken' | 'zeroed';
  /** What was let pass, by the terminal's policy. */
  readonly relaxations: readonly Relaxation[];
}

/** The terminal did not take the key, and nothing in it changed. */
export interface LoadRefused {
  readonly ok: false;
  readonly status: Refusal;
  readonly message: string;
}

/** More than the boolean that vendors report; that boolean is `ok`. */
export type LoadResult = KeyLoaded | LoadRefused;

/** A component as its custodian enters it. */
export interface ComponentInput {
  readonly algorithm: BlockCipherName;
  /** TDES 16 or 24 bytes, AES 16, 24 or 32; stays the caller's to dispose of. */
  readonly component: Secret;
  /** Which one it is, from 1 on, of how many: 2 to 9. They come in order; 1 starts anew. */
  readonly number: number;
  readonly of: number;
}

/** One component is in, others are to come. */
export interface ComponentTaken {
  readonly ok: true;
  readonly status: 'COMPONENT_TAKEN';
  readonly slot: SlotName;
  readonly kcv: string;
  readonly remaining: number;
}

/** The last component is in; the key is loaded. */
export interface ComponentsLoaded extends KeyLoaded {
  /** Check values of the components, in their order. */
  readonly componentKcvs: readonly string[];
}

export interface KeyInfo extends KeyAttributes {
  readonly slot: SlotName;
  readonly kcv: string;
  readonly ksn?: string;
}

export interface TerminalInfo {
  readonly serial: string;
  readonly state: 'READY' | 'TAMPERED';
  /** Keys taken since the terminal was new or zeroized. */
  readonly loads: number;
  readonly keys: readonly KeyInfo[];
}

/**
 * A payment terminal, whoever made it. Hexadecimal results are upper case. Loading answers with a result; the rest throws a
 * `TerminalError`. The slots of use are `DUKPT-n`, which move on to the next transaction key with each call and answer with
 * its KSN, and `PIN-n`, `DATA-n` and `MAC-n`, whose keys stay.
 */
export interface PosTerminal {
  /** Loads a key block (ANSI X9.143, TR-31): an initial key, a KEK, or a PIN, data or MAC key. */
  sendTR31Key(block: string, options?: LoadOptions): Promise<LoadResult>;
  /** `sendTR31Key` under its newer name, which begins with the index. */
  updateKeyByTR31(index: SlotIndex, block: string, options?: Omit<LoadOptions, 'index'>): Promise<LoadResult>;
  /** Takes one clear component of a KEK; the last one makes the key. Refused once the slot has a key. */
  loadKeyComponent(
    index: SlotIndex,
    input: ComponentInput,
  ): Promise<ComponentTaken | ComponentsLoaded | LoadRefused>;
  /**
   * Encrypts a PIN (ISO 9564-1): format 0 under TDES, 4 under AES.
   *
   * @param request.pin 4 to 12 ASCII digits
   * @param request.pan 12 to 19 digits
   */
  encryptPin(request: {
    slot: SlotName;
    pin: Secret;
    pan: string;
    format: 0 | 4;
  }): Promise<{ pinBlock: string; ksn?: string }>;
  /**
   * Encrypts data in CBC mode, under DUKPT with the request's data key.
   *
   * @param request.data whole blocks, at least one: of 8 bytes for TDES, 16 for AES
   * @param request.iv one block; zeros unless given
   */
  encryptData(request: {
    slot: SlotName;
    data: Uint8Array;
    iv?: Uint8Array;
  }): Promise<{ ciphertext: string; ksn?: string }>;
  /**
   * Generates a MAC: DUKPT with the request's MAC key (TDES: retail MAC, padding method 1; AES: CMAC), static keys as their
   * usage says (M1, M3: ISO 9797-1 algorithm 1, 3, padding method 1; M6: CMAC).
   *
   * @param request.length leftmost bytes to give, 4 to 8; 8 unless given
   */
  generateMac(request: {
    slot: SlotName;
    message: Uint8Array;
    length?: number;
  }): Promise<{ mac: string; ksn?: string }>;
  /** Check value of a key, of a DUKPT key set that of its initial key: `length` is 1 to 8 bytes, 3 unless given. */
  getKeyCheckValue(slot: SlotName, length?: number): Promise<string>;
  /** The KSN that a DUKPT key set used last; with counter zero when it used none. */
  getKsn(slot: SlotName): Promise<string>;
  info(): Promise<TerminalInfo>;
  /** Erases one key. What the slot remembers against older versions stays. */
  eraseKey(slot: SlotName): Promise<void>;
  /** Erases everything but the serial number, a tampered state included. */
  zeroize(): Promise<void>;
}
