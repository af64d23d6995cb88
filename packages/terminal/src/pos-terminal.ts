import type { BlockCipherName, Secret } from '@keywright/crypto';
import type { TerminalListener } from './events.ts';
import type { SlotIndex, SlotName } from './profiles/slots.ts';
import type {
  BindResult,
  ComponentResult,
  DeviceCertificate,
  KeyInfo,
  LoadResult,
  TerminalInfo,
} from './results.ts';

/** Where a key goes, and what comes beside it. */
export interface LoadOptions {
  /** Index of the target slot, 0 unless given; which slot that is follows from the key usage and the slot profile. */
  index?: SlotIndex;
  /** The target slot by name, where usage and index do not tell it. */
  slot?: SlotName;
  /** Slot of the key block protection key; the one that the profile has for the index unless given. */
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

/** A component as its custodian enters it. */
export interface ComponentInput {
  readonly algorithm: BlockCipherName;
  /** TDES 16 or 24 bytes, AES 16, 24 or 32; stays the caller's to dispose of. */
  readonly component: Secret;
  /** Which one it is, from 1 on, of how many: 2 to 9. They come in order, within 15 minutes; 1 starts anew. */
  readonly number: number;
  readonly of: number;
}

/** A key as devices took it before key blocks: encrypted under a KEK in the terminal, TDES in ECB mode, and bound to nothing. */
export interface KeyCryptogram extends Omit<LoadOptions, 'index' | 'slot'> {
  readonly slot: SlotName;
  /** 16 or 24 bytes in hexadecimal. */
  readonly cryptogram: string;
}

/** What one transaction's PIN encryption takes. */
export interface PinRequest {
  slot: SlotName;
  /** 4 to 12 ASCII digits, where the terminal takes them from outside. Left out, the cardholder types it. */
  pin?: Secret;
  /** 12 to 19 digits. */
  pan: string;
  /** ISO 9564-1: 0 under TDES, 4 under AES. */
  format: 0 | 4;
}

export interface DataRequest {
  slot: SlotName;
  /** Whole blocks, at least one: of 8 bytes for TDES, 16 for AES. */
  data: Uint8Array;
  /** One block; zeros unless given. */
  iv?: Uint8Array;
}

export interface MacRequest {
  slot: SlotName;
  message: Uint8Array;
  /** Leftmost bytes to give, 4 to 8; 8 unless given. */
  length?: number;
}

/** Certificates for TR-34, X.509 in DER. What is left out stays as it is. */
export interface TerminalCertificates {
  /** The terminal's own, for the key of its CSR. */
  device?: Uint8Array;
  /** The authority of `device`, which may also rebind and unbind the terminal. */
  deviceAuthority?: Uint8Array;
  /** The authority that every key distribution host's certificate has to come from. */
  hostAuthority?: Uint8Array;
}

/** Who signed a rebind or unbind token: the host that the terminal is bound to (unless given), or the terminal's own authority. */
export type TokenSigner = 'host' | 'device-authority';

/**
 * A payment terminal, whoever made it. Every method is there on every terminal; what a device or its driver can't do it refuses
 * with NOT_SUPPORTED. Whatever changes a terminal's keys answers with a result; the rest throws a `TerminalError`. Both name one
 * reason of a closed list (refusals.ts). Hexadecimal results are upper case, certificates and tokens are DER.
 *
 * The slots of use are DUKPT key sets, which move on to the next transaction key with each call and answer with its KSN, and
 * slots of PIN, data and MAC keys, which stay. The slot profile says which slots there are.
 */
export interface PosTerminal extends AsyncDisposable {
  info(): Promise<TerminalInfo>;

  /**
   * Loads a key block (ANSI X9.143, TR-31): an initial key, a KEK, or a PIN, data or MAC key. A vendor's envelope around the block
   * is taken where its format was observed; what of it could not be verified is named in the result.
   */
  sendTR31Key(block: string, options?: LoadOptions): Promise<LoadResult>;
  /** `sendTR31Key` under its newer name, which begins with the index. */
  updateKeyByTR31(index: SlotIndex, block: string, options?: Omit<LoadOptions, 'index'>): Promise<LoadResult>;
  /** Takes one clear component of a KEK; the last one makes the key. Refused once there is a KEK. */
  loadKeyComponent(target: SlotIndex | SlotName, input: ComponentInput): Promise<ComponentResult>;
  /** Loads a key from a bare cryptogram, as older devices do. What it is for, its slot alone says. */
  loadKeyCryptogram(input: KeyCryptogram): Promise<LoadResult>;

  /** Check value of a key, of a DUKPT key set that of its initial key: `length` is 1 to 8 bytes, 3 unless given. */
  getKeyCheckValue(slot: SlotName, length?: number): Promise<string>;
  getKeyInfo(slot: SlotName): Promise<KeyInfo>;
  /** The KSN that a DUKPT key set used last; with counter zero when it used none. */
  getKsn(slot: SlotName): Promise<string>;

  /** What the terminal hands its key server before it gets keys: who it is, and a random number. The format is the vendor's own. */
  getTR31Token(): Promise<string>;
  getDeviceCertificate(): Promise<DeviceCertificate>;
  /** A certification request (PKCS #10) for the terminal's key pair, which is made if there is none yet. */
  createCsr(): Promise<Uint8Array>;
  storeCertificates(certificates: TerminalCertificates): Promise<BindResult>;

  /** Begins an exchange of two passes: a fresh random number token (TR-34, RT_KRD). The one before is worth nothing from then on. */
  getTR34RandomToken(): Promise<Uint8Array>;
  /** Binds to the host of a credential token (TR-34, CT_KDH). */
  bindTR34(credentialToken: Uint8Array): Promise<BindResult>;
  /** Binds to a new host, by a rebind token (TR-34, RBT). */
  rebindTR34(token: Uint8Array, signer?: TokenSigner): Promise<BindResult>;
  /** Releases the terminal from its host, by an unbind token (TR-34, UBT). */
  unbindTR34(token: Uint8Array, signer?: TokenSigner): Promise<BindResult>;
  /** Loads the key of a key token (TR-34, KT), of two passes when a random number token is open, of one pass otherwise. */
  loadTR34Key(keyToken: Uint8Array, options?: Omit<LoadOptions, 'kbpk'>): Promise<LoadResult>;

  /** Encrypts a PIN (ISO 9564-1). */
  encryptPin(request: PinRequest): Promise<{ pinBlock: string; ksn?: string }>;
  /** Encrypts data in CBC mode, under DUKPT with the request's data key. */
  encryptData(request: DataRequest): Promise<{ ciphertext: string; ksn?: string }>;
  /**
   * Generates a MAC: DUKPT with the request's MAC key (TDES: retail MAC, padding method 1; AES: CMAC), static keys as their
   * usage says (M1, M3: ISO 9797-1 algorithm 1, 3, padding method 1; M6: CMAC).
   */
  generateMac(request: MacRequest): Promise<{ mac: string; ksn?: string }>;

  /** Erases one key. What the slot remembers against older versions stays. */
  eraseKey(slot: SlotName): Promise<void>;
  /** Erases everything but the serial number, a tampered state included. */
  zeroize(): Promise<void>;

  /** Calls `listener` with each event, after what caused it. Dispose of the result to hear no more. */
  onEvent(listener: TerminalListener): Disposable;
}
