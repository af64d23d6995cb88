import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { DATABASE } from '../store/database-file.ts';
import { BackupError } from './backup-error.ts';
import { type Header, LARGEST_HEADER, type Part, readHeader } from './manifest.ts';

/** A backup whose parts are the ones of its manifest. Whether the manifest is genuine only its main key tells. */
export interface Backup extends AsyncDisposable, Header {
  /** A part that is not the database, as text. */
  text(name: string): Promise<string>;
  /** Writes a part into a file. @throws BackupError when its bytes are not the ones that the manifest says, by now */
  copy(name: string, to: FileHandle): Promise<void>;
}

type Write = (chunk: Uint8Array) => Promise<unknown>;

function damaged({ name }: Part): BackupError {
  return new BackupError(
    'PART_DAMAGED',
    `the part ${name} of the backup is damaged, or of another backup: its SHA-256 is another`,
  );
}

/** Goes over a part's bytes. @throws BackupError when they are not the manifest's */
async function read(file: FileHandle, part: Part, start: number, write?: Write): Promise<void> {
  const hash: Hash = createHash('sha256');
  if (part.length > 0) {
    const range = { start, end: start + part.length - 1, autoClose: false };
    for await (const chunk of file.createReadStream(range)) {
      hash.update(chunk);
      await write?.(chunk);
    }
  }
  if (hash.digest('hex').toUpperCase() !== part.sha256) throw damaged(part);
}

function placesOf({ manifest, length }: Header): Map<string, { part: Part; start: number }> {
  let start = length;
  return new Map(
    manifest.parts.map((part) => {
      const place = { part, start };
      start += part.length;
      return [part.name, place];
    }),
  );
}

/** What is too short or too long is said before any hash is: it is the more telling. */
async function assertLength(file: FileHandle, { manifest, length }: Header): Promise<void> {
  const { size } = await file.stat();
  let end = length;
  for (const part of manifest.parts) {
    end += part.length;
    if (size >= end) continue;
    throw new BackupError('TRUNCATED', `the backup ends in its part ${part.name}: it has ${size} bytes`);
  }
  if (size > end) throw new BackupError('TOO_LONG', `${size - end} bytes follow the last part of the backup`);
}

async function start(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(LARGEST_HEADER), 0, LARGEST_HEADER, 0);
  return buffer.subarray(0, bytesRead);
}

/** Opens a backup and verifies what can be verified without its main key: the manifest, and each part by its hash. @throws BackupError */
export async function openBackup(path: string): Promise<Backup> {
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await open(path, 'r'));
  const header = readHeader(await start(file));
  await assertLength(file, header);
  const places = placesOf(header);
  for (const { part, start: from } of places.values()) await read(file, part, from);
  const held = opened.move();
  return {
    ...header,
    async text(name) {
      const { part, start: from } = places.get(name)!;
      if (name === DATABASE) throw new TypeError('the database is no text');
      const chunks: Uint8Array[] = [];
      await read(file, part, from, async (chunk) => chunks.push(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    async copy(name, to) {
      const { part, start: from } = places.get(name)!;
      await read(file, part, from, (chunk) => to.writeFile(chunk));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
