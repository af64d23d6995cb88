import { MODULE } from './module.generated.ts';

/** As much of the platform's WebAssembly as is used here; the compiler knows it with the types of a browser only. */
declare const WebAssembly:
  | {
      validate(code: Uint8Array): boolean;
      Module: new (code: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

interface Address {
  readonly value: number;
}

/** What the module exports (assembly/index.ts). Keys are addresses of slots, lengths are in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly KEY: Address;
  readonly CHAIN: Address;
  readonly DATA: Address;
  readonly DATA_LENGTH: Address;
  readonly SLOTS: Address;
  readonly SLOT_LENGTH: Address;
  wipe(slot: number): void;
  expandAes(slot: number, length: number): void;
  expandTdes(slot: number, length: number): void;
  encryptEcb(slot: number, length: number): void;
  decryptEcb(slot: number, length: number): void;
  encryptCbc(slot: number, length: number): void;
  decryptCbc(slot: number, length: number): void;
  ctr(slot: number, length: number): void;
  cbcMac(slot: number, length: number): void;
  cmac(slot: number, length: number): void;
  retailMac(slot: number, length: number): void;
  retailMacPart(slot: number, length: number): void;
  deriveKeyBlockKeys(
    kbpk: number,
    encryption: number,
    mac: number,
    usage: number,
    algorithm: number,
    length: number,
  ): void;
  sealKeyBlock(
    encryption: number,
    mac: number,
    headerLength: number,
    payloadLength: number,
    counterMode: boolean,
  ): void;
  /** The key's length, or -1. */
  openKeyBlock(
    encryption: number,
    mac: number,
    headerLength: number,
    payloadLength: number,
    counterMode: boolean,
  ): number;
  translatePin(
    incoming: number,
    outgoing: number,
    control: number,
    lowestFill: number,
    highestFill: number,
    outgoingControl: number,
    outgoingFill: number,
  ): number;
  deriveTdesDukpt(counter: number, fromBdk: boolean, oneWay: boolean): void;
  deriveAesDukpt(
    keyLength: number,
    counter: number,
    fromBdk: boolean,
    working: boolean,
    usage: number,
    algorithm: number,
    length: number,
  ): void;
}

/** The running module with its memory, and the addresses in it as plain numbers. */
export interface FastModule {
  readonly run: Exports;
  readonly bytes: Uint8Array;
  /** The same memory, for text. */
  readonly text: Buffer;
  /** At most 32 bytes of key, in or out. */
  readonly keyAt: number;
  /** Where chaining values go in and out. */
  readonly chainAt: number;
  /** Where data go in and out, and how many at a time. */
  readonly dataAt: number;
  readonly dataLength: number;
  readonly slotsAt: number;
  readonly slotLength: number;
}

/** Starts the module; `undefined` where WebAssembly, or its vector instructions, are not to be had. */
export function startModule(): FastModule | undefined {
  const code = Buffer.from(MODULE, 'base64');
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(code)) return undefined;
  const run = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Exports;
  return {
    run,
    bytes: new Uint8Array(run.memory.buffer),
    text: Buffer.from(run.memory.buffer),
    keyAt: run.KEY.value,
    chainAt: run.CHAIN.value,
    dataAt: run.DATA.value,
    dataLength: run.DATA_LENGTH.value,
    slotsAt: run.SLOTS.value,
    slotLength: run.SLOT_LENGTH.value,
  };
}
