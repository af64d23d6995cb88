import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concat, encodeAscii, equal, randomBytes, Secret } from '@keywright/crypto';
import { TerminalError } from '../refusals.ts';
import { blankMemory, type DeviceMemory, readMemory, tamperedMemory, writeMemory } from './device-memory.ts';
import { type Disk, replaceFile } from './disk.ts';
import { newSerial } from './serial.ts';
import type { OpenStore } from './terminal-store.ts';

const STORE = 'store';

// The file: KWTS and a version, generation (8 bytes), nonce (12), ciphertext, tag (16). What stands before the nonce, and the
// serial number, are authenticated too.
const MAGIC = new TextEncoder().encode('KWTS\x01');
const HEAD_LENGTH = 13;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

function headOf(generation: number): Uint8Array {
  const head = concat(MAGIC, new Uint8Array(8));
  new DataView(head.buffer).setBigUint64(MAGIC.length, BigInt(generation));
  return head;
}

function keyObject({ masterKey }: DeviceMemory): KeyObject {
  return masterKey.expose((bytes) => createSecretKey(bytes));
}

/** AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. */
function seal(memory: DeviceMemory, generation: number, content: Secret): Uint8Array {
  const head = headOf(generation);
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', keyObject(memory), nonce);
  cipher.setAAD(concat(head, encodeAscii(memory.serial)));
  const sealed = content.expose((bytes) => concat(cipher.update(bytes), cipher.final()));
  return concat(head, nonce, sealed, cipher.getAuthTag());
}

/** @returns undefined when the file is not what was sealed as that generation */
function unseal(memory: DeviceMemory, generation: number, file: Uint8Array): Secret | undefined {
  const head = headOf(generation);
  const isWhole = file.length >= HEAD_LENGTH + NONCE_LENGTH + TAG_LENGTH;
  if (!isWhole || !equal(file.subarray(0, HEAD_LENGTH), head)) return undefined;
  const nonceEnd = HEAD_LENGTH + NONCE_LENGTH;
  const options = { authTagLength: TAG_LENGTH };
  const nonce = file.subarray(HEAD_LENGTH, nonceEnd);
  const decipher = createDecipheriv('aes-256-gcm', keyObject(memory), nonce, options);
  decipher.setAAD(concat(head, encodeAscii(memory.serial)));
  decipher.setAuthTag(file.subarray(-TAG_LENGTH));
  const clear = decipher.update(file.subarray(nonceEnd, -TAG_LENGTH));
  try {
    decipher.final();
    return Secret.copyOf(clear);
  } catch {
    // Node has one error for a wrong tag; which byte was wrong nobody can tell.
    return undefined;
  } finally {
    clear.fill(0);
  }
}

/**
 * A terminal's store on a disk, sealed under the master key of its device memory. Written whole, and on the disk when a write
 * returns. A store that was changed, removed or put back to an older state is taken for tampering: the master key is erased, and
 * nothing but `zeroize` helps. Who can put back the whole disk, device memory included, is not noticed.
 */
export class SealedStore implements OpenStore {
  readonly #disk: Disk;
  readonly #lock: Disposable | undefined;
  #memory: DeviceMemory;
  #closed = false;

  /**
   * Opens the store, or makes a new one.
   *
   * @param lock let go of with the store
   * @throws RangeError when it is of another serial number
   */
  constructor(disk: Disk, serial?: string, lock?: Disposable) {
    this.#disk = disk;
    this.#lock = lock;
    this.#memory = this.#openMemory(serial);
  }

  get serial(): string {
    return this.#memory.serial;
  }

  get tampered(): boolean {
    return this.#memory.tampered;
  }

  /** A store without device memory was brought here from elsewhere. */
  #openMemory(serial: string | undefined): DeviceMemory {
    const memory = readMemory(this.#disk);
    if (memory !== undefined) {
      if (serial === undefined || serial === memory.serial) return memory;
      throw new RangeError('the store is that of a terminal of another serial number');
    }
    const first = this.#disk.read(STORE) === undefined ? blankMemory : tamperedMemory;
    return this.#keepMemory(first(serial ?? newSerial()));
  }

  #keepMemory(memory: DeviceMemory): DeviceMemory {
    writeMemory(this.#disk, memory);
    return memory;
  }

  read(): Secret | undefined {
    if (this.tampered) return undefined;
    const { generation } = this.#memory;
    const file = this.#disk.read(STORE);
    const current = file && unseal(this.#memory, generation, file);
    if (current !== undefined) return current;
    // Power was cut after the store was written and before the memory was: the store is one ahead.
    const ahead = file && unseal(this.#memory, generation + 1, file);
    if (ahead !== undefined) this.#memory = this.#keepMemory({ ...this.#memory, generation: generation + 1 });
    // In generation 0 there is no store yet; what lies there is of before a zeroize.
    else if (generation > 0) this.#tamper();
    return ahead;
  }

  #tamper(): void {
    this.#replaceMemory(tamperedMemory(this.serial));
  }

  write(content: Secret): void {
    this.#assertOpen();
    if (this.tampered) throw new TerminalError('TAMPERED');
    const generation = this.#memory.generation + 1;
    replaceFile(this.#disk, STORE, seal(this.#memory, generation, content));
    this.#memory = this.#keepMemory({ ...this.#memory, generation });
  }

  /** Erases the master key, and with it everything that was ever sealed under it: what lies on the disk is worth nothing. */
  zeroize(): void {
    this.#assertOpen();
    this.#replaceMemory(blankMemory(this.serial));
  }

  #replaceMemory(memory: DeviceMemory): void {
    const { masterKey } = this.#memory;
    this.#memory = this.#keepMemory(memory);
    masterKey[Symbol.dispose]();
  }

  #assertOpen(): void {
    if (this.#closed) throw new TypeError('this terminal was closed');
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory.masterKey[Symbol.dispose]();
    this.#lock?.[Symbol.dispose]();
  }
}
