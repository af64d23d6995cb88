import { encodeAscii, randomBytes, Secret } from '@keywright/crypto';
import { type Disk, replaceFile } from './disk.ts';

/**
 * What a terminal keeps in memory that is erased when it is opened: the master key of its store and the store's generation.
 * Here it is a file for its owner alone (mode 0600), which stands for that memory and is as safe as the directory is.
 */
export interface DeviceMemory {
  readonly serial: string;
  /** A tampered one has lost its master key. */
  readonly tampered: boolean;
  /** How often the store was written. It only goes up: an older store is known by it. */
  readonly generation: number;
  readonly masterKey: Secret;
}

// Version, state, generation (8 bytes), master key (32 bytes), serial number in ASCII.
const VERSION = 1;
const STATES = { ready: 1, tampered: 2 } as const;
const KEY_START = 10;
const KEY_LENGTH = 32;
const SERIAL_START = KEY_START + KEY_LENGTH;

const NAME = 'device-memory';

export function blankMemory(serial: string): DeviceMemory {
  return { serial, tampered: false, generation: 0, masterKey: Secret.take(randomBytes(KEY_LENGTH)) };
}

export function tamperedMemory(serial: string): DeviceMemory {
  return { serial, tampered: true, generation: 0, masterKey: Secret.take(new Uint8Array(KEY_LENGTH)) };
}

export function writeMemory(disk: Disk, memory: DeviceMemory): void {
  const bytes = new Uint8Array(SERIAL_START + memory.serial.length);
  bytes.set([VERSION, memory.tampered ? STATES.tampered : STATES.ready]);
  new DataView(bytes.buffer).setBigUint64(2, BigInt(memory.generation));
  memory.masterKey.expose((key) => bytes.set(key, KEY_START));
  bytes.set(encodeAscii(memory.serial, 'serial number'), SERIAL_START);
  replaceFile(disk, NAME, bytes);
  bytes.fill(0);
}

/** @returns undefined when there is none; a tampered one when it can't be read */
export function readMemory(disk: Disk): DeviceMemory | undefined {
  const bytes = disk.read(NAME);
  if (bytes === undefined) return undefined;
  const [version, state] = bytes;
  if (bytes.length < SERIAL_START || version !== VERSION || state !== STATES.ready) {
    return tamperedMemory(readSerial(bytes));
  }
  const memory = {
    serial: readSerial(bytes),
    tampered: false,
    generation: Number(new DataView(bytes.buffer).getBigUint64(2)),
    masterKey: Secret.copyOf(bytes.subarray(KEY_START, SERIAL_START)),
  };
  bytes.fill(0);
  return memory;
}

/** What is not printable was not written: the store, which is bound to the serial number, will not open. */
function readSerial(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(SERIAL_START)).toString('latin1');
  return text.replace(/[^\x20-\x7E]/g, '?');
}
