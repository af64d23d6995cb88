import type { OpenStore, TerminalStore } from '@keywright/terminal';
import type { Disk } from '../src/store/disk.ts';
import { SealedStore } from '../src/store/sealed-store.ts';

/** The power went: the program that was running is gone. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/** What a disk may have kept of what was not synced: nothing, half, or all of the data; none or all of the names. */
export interface Aftermath {
  readonly data: 'lost' | 'torn' | 'whole';
  readonly names: 'lost' | 'kept';
}

export const AFTERMATHS: readonly Aftermath[] = (['lost', 'torn', 'whole'] as const).flatMap((data) =>
  (['lost', 'kept'] as const).map((names) => ({ data, names })),
);

interface File {
  content: Uint8Array;
  /** Undefined: never synced. */
  synced: Uint8Array | undefined;
}

/**
 * A disk in memory that forgets what was not synced when the power is cut, and whose power is cut, or which fails once, before any
 * of its operations.
 */
export class SimulatedDisk implements Disk {
  #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();
  #fuse = Number.POSITIVE_INFINITY;
  #failure: 'power' | 'error' = 'power';
  operations = 0;

  /** Lets `operations` more through, and then cuts the power or fails once. */
  arm(operations: number, failure: 'power' | 'error' = 'power'): void {
    this.#fuse = operations;
    this.#failure = failure;
  }

  disarm(): void {
    this.#fuse = Number.POSITIVE_INFINITY;
  }

  /** Comes back after a power cut with what has lasted. */
  restart({ data, names }: Aftermath): void {
    this.disarm();
    const kept = names === 'kept' ? this.#names : this.#syncedNames;
    for (const file of [...kept.values()]) {
      const half = file.content.slice(0, file.content.length >> 1);
      const left = { lost: file.synced ?? new Uint8Array(), torn: half, whole: file.content }[data];
      // Synced data that nobody wrote over are safe whatever happens.
      if (file.synced !== file.content) file.content = left;
      file.synced = file.content;
    }
    this.#names = new Map(kept);
    this.#syncedNames = new Map(kept);
  }

  #step(): void {
    this.operations += 1;
    this.#fuse -= 1;
    if (this.#fuse >= 0) return;
    if (this.#failure === 'power') throw new PowerCut();
    this.disarm();
    throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
  }

  #file(name: string): File {
    const file = this.#names.get(name);
    if (file === undefined) throw Object.assign(new Error(`no ${name}`), { code: 'ENOENT' });
    return file;
  }

  read(name: string): Uint8Array | undefined {
    const content = this.#names.get(name)?.content;
    return content && Uint8Array.from(content);
  }

  write(name: string, bytes: Uint8Array): void {
    this.#step();
    const content = Uint8Array.from(bytes);
    const file = this.#names.get(name);
    if (file === undefined) this.#names.set(name, { content, synced: undefined });
    else file.content = content;
  }

  sync(name: string): void {
    this.#step();
    const file = this.#file(name);
    file.synced = file.content;
  }

  rename(from: string, to: string): void {
    this.#step();
    this.#names.set(to, this.#file(from));
    this.#names.delete(from);
  }

  syncNames(): void {
    this.#step();
    this.#syncedNames = new Map(this.#names);
  }
}

/** The sealed store of a terminal, as `FileStore` has it, on a simulated disk. */
export class SimulatedStore implements TerminalStore {
  readonly disk: SimulatedDisk;

  constructor(disk = new SimulatedDisk()) {
    this.disk = disk;
  }

  open(): OpenStore {
    return new SealedStore(this.disk, 'T-1');
  }
}
