import type { Relaxation } from './policy.ts';
import type { SlotName } from './profiles/slots.ts';
import type { Refusal } from './refusals.ts';

/** What of a key block's header stays with a key. */
export interface KeyAttributes {
  readonly keyUsage: string;
  readonly algorithm: string;
  readonly modeOfUse: string;
  readonly keyVersion: string;
  readonly exportability: string;
}

/** A part of a vendor's envelope that nobody outside the vendor can verify. */
export type UnverifiedPart = 'recipient' | 'wrapped-kbpk' | 'signature' | 'freshness';

/** What an envelope said around its key block. */
export interface EnvelopeReading {
  readonly format: 'qpos';
  /** ISO 8601, without a time zone: the envelope does not say one. */
  readonly timestamp: string;
  readonly unverified: readonly UnverifiedPart[];
}

/** The terminal took the key. */
export interface KeyLoaded {
  readonly ok: true;
  readonly status: 'LOADED';
  readonly slot: SlotName;
  readonly usage: string;
  readonly algorithm: string;
  readonly keyVersion: string;
  /**
   * As the terminal itself computed it, 3 bytes unless its protocol gives fewer: TDES over zeros, AES-CMAC over zeros (ANSI
   * X9.24-1, annex A). Missing where the device tells none: then nothing but the key in use proves it.
   */
  readonly kcv?: string;
  /** DUKPT: where the key set stands; the first transaction has the next counter. */
  readonly ksn?: string;
  /** DUKPT: whether the KSN came with counter zero, or what was done with its counter. */
  readonly counter?: 'zero' | 'taken' | 'zeroed';
  /** What was let pass, by the terminal's policy. */
  readonly relaxations: readonly Relaxation[];
  /** When the block came in a vendor's envelope. */
  readonly envelope?: EnvelopeReading;
}

/** The terminal refused, and nothing in it changed (after NO_ANSWER and BAD_ANSWER that is not known). */
export interface Refused {
  readonly ok: false;
  readonly status: Refusal;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The device's own code, where a driver got one. */
  readonly deviceCode?: string;
}

/** More than the boolean that vendors report; that boolean is `ok`. */
export type LoadResult = KeyLoaded | Refused;

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

export type ComponentResult = ComponentTaken | ComponentsLoaded | Refused;

/** The key distribution host that a terminal is bound to (TR-34). */
export interface BoundHost {
  /** Of its certificate, as OpenSSL prints it, one attribute a line. */
  readonly subject: string;
  /** Of its certificate, in hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of its certificate, in hexadecimal. */
  readonly fingerprint: string;
}

/** A TR-34 bind, rebind or unbind, or certificates stored. */
export type BindResult =
  | { readonly ok: true; readonly status: 'BOUND' | 'UNBOUND' | 'STORED'; readonly host?: BoundHost }
  | Refused;

/** What may be told of a key. Devices tell less than the software terminal does: all but the slot may be missing. */
export interface KeyInfo extends Partial<KeyAttributes> {
  readonly slot: SlotName;
  readonly kcv?: string;
  /** DUKPT: the KSN used last; with counter zero when none was. */
  readonly ksn?: string;
  /** What was let pass when it was loaded. */
  readonly relaxations?: readonly Relaxation[];
}

export interface TerminalInfo {
  readonly serial: string;
  readonly state: 'READY' | 'TAMPERED';
  /** Make, model and firmware, as far as the device tells. */
  readonly model?: string;
  /** Keys taken since the terminal was new or zeroized. */
  readonly loads?: number;
  readonly keys: readonly KeyInfo[];
  /** TR-34: whose keys it takes. */
  readonly host?: BoundHost;
}

/** Its certificate for receiving keys, X.509 in DER, and those of the authorities above it, the nearest first. */
export interface DeviceCertificate {
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
}
