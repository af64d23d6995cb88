import { mkdirSync } from 'node:fs';
import { lockDirectory } from './directory-lock.ts';
import { directoryDisk } from './disk.ts';
import { SealedStore } from './sealed-store.ts';
import type { OpenStore, TerminalStore } from './terminal-store.ts';

/** A store in a directory, sealed (sealed-store.ts), for one terminal at a time of any process. */
export class FileStore implements TerminalStore {
  readonly #directory: string;
  readonly #serial: string | undefined;

  /**
   * @param directory made when there is none
   * @param serial printable ASCII; of a new store drawn at random unless given, of an existing one it must be the same
   */
  constructor(directory: string, serial?: string) {
    this.#directory = directory;
    this.#serial = serial;
  }

  /**
   * @throws RangeError when the directory holds a terminal of another serial number
   * @throws Error when another terminal has the directory open
   */
  open(): OpenStore {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const lock = lockDirectory(this.#directory);
    try {
      return new SealedStore(directoryDisk(this.#directory), this.#serial, lock);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }
}
