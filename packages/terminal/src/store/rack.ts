import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { encodeAscii } from '@keywright/crypto';
import type { Disk } from './disk.ts';
import { SealedStore } from './sealed-store.ts';
import { inUse, type TerminalStore } from './terminal-store.ts';

/**
 * Many terminals in one file, each with its sealed store: for simulations of whole fleets. What a terminal has stored survives
 * the end of the process, however that comes; a power cut may take the last of it, which a `FileStore` does not allow.
 */
export interface Rack extends Disposable {
  /** In order; at most `limit` of those after `after`. */
  serials(after?: string, limit?: number): string[];
  /** The store of a terminal, which is made when it is first opened. */
  store(serial: string): TerminalStore;
  /** Makes many changes at the cost of one, as long as nobody minds that all of them go with the process. */
  together<T>(work: () => Promise<T>): Promise<T>;
}

const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS files (
    serial TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (serial, name)
  ) STRICT, WITHOUT ROWID;
`;

/** The device memory is there from a terminal's first day, and stays. */
const SERIALS =
  "SELECT serial FROM files WHERE name = 'device-memory' AND serial > ? ORDER BY serial LIMIT ?";

interface Statements {
  readonly read: StatementSync;
  readonly write: StatementSync;
  readonly rename: StatementSync;
}

function prepare(database: DatabaseSync): Statements {
  return {
    read: database.prepare('SELECT bytes FROM files WHERE serial = ? AND name = ?'),
    write: database.prepare('INSERT OR REPLACE INTO files (serial, name, bytes) VALUES (?, ?, ?)'),
    rename: database.prepare('UPDATE OR REPLACE files SET name = ? WHERE serial = ? AND name = ?'),
  };
}

/** One terminal's files. The database keeps the order of what is done, so that nothing is left to be synchronized. */
function rackDisk(serial: string, { read, write, rename }: Statements): Disk {
  return {
    read: (name) => read.get(serial, name)?.bytes as Uint8Array | undefined,
    write: (name, bytes) => void write.run(serial, name, bytes),
    sync: () => {},
    rename: (from, to) => void rename.run(to, serial, from),
    syncNames: () => {},
  };
}

/**
 * Opens a rack, a new one when there is none. One process at a time can have it open.
 *
 * @throws Error when another process has it
 */
export function openRack(path: string): Rack {
  const database = new DatabaseSync(path, { timeout: 0 });
  const open = new Set<string>();
  try {
    database.exec(SETTINGS);
  } catch (cause) {
    database.close();
    throw inUse(cause);
  }
  const statements = prepare(database);
  const serials = database.prepare(SERIALS);
  return {
    serials: (after = '', limit = Number.MAX_SAFE_INTEGER) =>
      serials.all(after, limit).map((row) => row.serial as string),
    store(serial) {
      encodeAscii(serial, 'serial');
      return {
        open() {
          if (open.has(serial)) throw inUse();
          open.add(serial);
          const lock = { [Symbol.dispose]: () => void open.delete(serial) };
          return new SealedStore(rackDisk(serial, statements), serial, lock);
        },
      };
    },
    async together(work) {
      database.exec('BEGIN');
      try {
        return await work();
      } finally {
        database.exec('COMMIT');
      }
    },
    [Symbol.dispose]: () => database.close(),
  };
}
