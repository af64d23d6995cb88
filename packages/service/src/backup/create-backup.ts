import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { encodeHex, randomBytes } from '@keywright/crypto';
import type { Custody } from '../custody/custody.ts';
import { MainKeyError, type MainKeyProvider } from '../custody/main-key.ts';
import { mainKeyPath } from '../custody/main-key-files.ts';
import { copySqlite } from '../store/copy-sqlite.ts';
import type { CustodyStore } from '../store/custody-store.ts';
import { DATABASE } from '../store/database-file.ts';
import { MAIN_KEY_PARTS, type Manifest, type Part, ROOT, writeHeader } from './manifest.ts';
import { assertProtection, type Protection, protectMainKey } from './protection.ts';

export interface BackupMeans {
  readonly dataDirectory: string;
  readonly custody: Pick<Custody, 'kind' | 'keyring'>;
  readonly store: Pick<CustodyStore, 'findRetiringMainKey'>;
  readonly environment: string;
  readonly tokenUri?: string | undefined;
  readonly now: () => number;
}

/** Makes a backup; `protection` is what a main key that is in a file goes in under. @throws MainKeyError, SealedError */
export type CreateBackup = (protection?: Protection) => Promise<Readable>;

const COPY = /^backup-[0-9a-f]{16}$/;

/** Copies of the database that a crash left behind. Called while no backup is made. */
export function removeCopies(dataDirectory: string): void {
  for (const name of readdirSync(dataDirectory)) {
    if (COPY.test(name.replace(/-journal$/, ''))) rmSync(join(dataDirectory, name), { force: true });
  }
}

type Content = Part & { readonly bytes: Uint8Array };

function content(name: string, bytes: Uint8Array): Content {
  return {
    name,
    length: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex').toUpperCase(),
    bytes,
  };
}

async function mainKeyContent(
  { custody, dataDirectory }: BackupMeans,
  mainKey: MainKeyProvider,
  protection: Protection | undefined,
): Promise<Content> {
  const { kind } = custody;
  assertProtection(kind, protection);
  if (kind === 'file') return content(MAIN_KEY_PARTS.file, await protectMainKey(mainKey, protection));
  return content(MAIN_KEY_PARTS[kind], readFileSync(mainKeyPath(dataDirectory, kind)));
}

/** A copy of the database that is in no directory any more, so that it is gone when it is closed; and its root. */
async function copyDatabase(dataDirectory: string): Promise<{ file: FileHandle; root: Content }> {
  const copy = join(dataDirectory, `backup-${encodeHex(randomBytes(8)).toLowerCase()}`);
  try {
    const root = await copySqlite(join(dataDirectory, DATABASE), copy);
    return { file: await open(copy, 'r'), root: content(ROOT, Buffer.from(root)) };
  } finally {
    rmSync(copy, { force: true });
  }
}

async function partOf(name: string, file: FileHandle): Promise<Part> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { name, length, sha256: hash.digest('hex').toUpperCase() };
}

function listed({ name, length, sha256 }: Part): Part {
  return { name, length, sha256 };
}

async function* bytesOf(header: Uint8Array, contents: readonly Content[], file: FileHandle) {
  try {
    yield header;
    for (const { bytes } of contents) yield bytes;
    yield* file.createReadStream({ start: 0, autoClose: false });
  } finally {
    await file.close();
  }
}

/**
 * The main key changed, or went, while the copy was made: what was read before and after does not belong together. Another process may
 * seal under the next one before this one does, but not before there is a record of it.
 */
async function assertKept(mainKey: MainKeyProvider, { custody, store }: BackupMeans): Promise<void> {
  const retiring = await store.findRetiringMainKey();
  if (mainKey === custody.keyring.current && mainKey.id !== retiring?.mainKeyId) return;
  throw new MainKeyError('ROTATING', 'the main key was replaced while the backup was made; make it again');
}

/**
 * A backup of a data directory that is in use: the database as it is at one moment, and what the main key is opened with. It is useless
 * without the main key. The audit and the access key in the file aws-credentials are not part of it.
 */
export function backupOf(means: BackupMeans): CreateBackup {
  const { custody, dataDirectory, environment, tokenUri, now } = means;
  return async (protection) => {
    const { keyring, kind } = custody;
    const mainKey = keyring.current;
    const first = await mainKeyContent(means, mainKey, protection);
    const createdAt = new Date(now()).toISOString();
    const { file, root } = await copyDatabase(dataDirectory);
    try {
      const parts = [...[first, root].map(listed), await partOf(DATABASE, file)];
      const uri = kind === 'pkcs11' && tokenUri !== undefined ? { tokenUri } : {};
      await assertKept(mainKey, means);
      const manifest: Manifest = { createdAt, environment, mainKey: { kind, id: mainKey.id, ...uri }, parts };
      return Readable.from(bytesOf(await writeHeader(manifest, mainKey), [first, root], file));
    } catch (error) {
      await file.close();
      throw error;
    }
  };
}
