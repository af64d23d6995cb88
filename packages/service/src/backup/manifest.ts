import { createHash } from 'node:crypto';
import { decodeHex, encodeAscii, encodeHex, equal, Secret } from '@keywright/crypto';
import { boundToEnvironment } from '../custody/environment.ts';
import { type MainKeyProvider, SealError } from '../custody/main-key.ts';
import { MAIN_KEY_KINDS, type MainKeyKind } from '../custody/main-key-files.ts';
import { DATABASE } from '../store/database-file.ts';
import { rootPathOf } from '../store/hash-tree/pinned-root.ts';
import { BackupError } from './backup-error.ts';

// A backup is three lines, each with a line feed at its end, and then the bytes of its parts, in the manifest's order: what it is; the
// manifest, as JSON; its SHA-256 and the tag, as JSON. The tag is the SHA-256 sealed under the main key.
const FIRST_LINE = 'keywright backup 1';
const NAME = /^keywright backup /;
const BINDING = encodeAscii('keywright backup tag 1');
/** The header has at most this many bytes. */
export const LARGEST_HEADER = 64 * 1024;
/** The part that holds what a main key is opened with: what is public of it, or the key of a file under a passphrase. */
export const MAIN_KEY_PARTS: { readonly [Kind in MainKeyKind]: string } = {
  file: 'main-key-wrapped',
  passphrase: 'main-key-parameters',
  shares: 'main-key-shares',
  pkcs11: 'main-key-token',
};
/** The root of the database's records, which is kept outside of it (store/hash-tree/). */
export const ROOT = rootPathOf(DATABASE);

export interface Part {
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What a backup says of itself. */
export interface Manifest {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly environment: string;
  readonly mainKey: {
    readonly kind: MainKeyKind;
    readonly id: string;
    /** The PKCS#11 URI by which the token was found. */
    readonly tokenUri?: string;
  };
  readonly parts: readonly Part[];
}

export interface Header {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's line. */
  readonly digest: Uint8Array;
  readonly tag: Uint8Array;
  /** Bytes of the header; the parts follow. */
  readonly length: number;
}

type Sealer = Pick<MainKeyProvider, 'seal' | 'open'>;

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** The header of a backup, its manifest sealed under the main key. */
export async function writeHeader(manifest: Manifest, mainKey: Sealer): Promise<Uint8Array> {
  const line = Buffer.from(JSON.stringify(manifest));
  const digest = sha256(line);
  using content = Secret.copyOf(digest);
  const tag = await boundToEnvironment(manifest.environment, mainKey).seal(content, BINDING);
  const seal = JSON.stringify({ sha256: encodeHex(digest), tag: encodeHex(tag) });
  return Buffer.concat([Buffer.from(`${FIRST_LINE}\n`), line, Buffer.from(`\n${seal}\n`)]);
}

/** @throws BackupError when the tag was not made under this main key over this manifest */
export async function checkTag(
  { manifest, digest, tag }: Pick<Header, 'manifest' | 'digest' | 'tag'>,
  mainKey: Sealer,
): Promise<void> {
  try {
    using opened = await boundToEnvironment(manifest.environment, mainKey).open(tag, BINDING);
    if (opened.expose((bytes) => equal(bytes, digest))) return;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
  }
  const message =
    'the tag of the backup does not fit its manifest: somebody changed it and made the hashes fit';
  throw new BackupError('FORGED', `${message}; nothing of it was written`);
}

function isPart(part: Partial<Part> | null): part is Part {
  const { name, length, sha256: hash } = part ?? {};
  const names = [ROOT, DATABASE, ...Object.values(MAIN_KEY_PARTS)];
  return (
    typeof name === 'string' &&
    names.includes(name) &&
    Number.isSafeInteger(length) &&
    length! >= 0 &&
    /^[0-9A-F]{64}$/.test(`${hash}`)
  );
}

/** One part of the main key, of its kind, one root, and its database. */
function areParts(kind: MainKeyKind, parts: readonly Part[]): boolean {
  return parts.map(({ name }) => name).join() === [MAIN_KEY_PARTS[kind], ROOT, DATABASE].join();
}

function isManifest(value: Partial<Manifest> | null): value is Manifest {
  const { createdAt, environment, mainKey, parts } = value ?? {};
  return (
    typeof createdAt === 'string' &&
    !Number.isNaN(Date.parse(createdAt)) &&
    typeof environment === 'string' &&
    MAIN_KEY_KINDS.includes(mainKey?.kind as MainKeyKind) &&
    /^[0-9a-f]{16}$/.test(`${mainKey!.id}`) &&
    ['string', 'undefined'].includes(typeof mainKey!.tokenUri) &&
    Array.isArray(parts) &&
    parts.every(isPart) &&
    areParts(mainKey!.kind, parts)
  );
}

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (cause) {
    throw new BackupError('MANIFEST_DAMAGED', 'the manifest of the backup is damaged', { cause });
  }
}

/** The first bytes of the file up to the third line feed, as its lines. */
function linesOf(start: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; lines.length < 3; ) {
    const end = start.indexOf(10, from);
    if (end < 0) break;
    lines.push(start.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function assertBackup(line: Uint8Array | undefined): void {
  const text = Buffer.from(line ?? []).toString('latin1');
  if (text === FIRST_LINE) return;
  if (!NAME.test(text))
    throw new BackupError('NOT_A_BACKUP', 'this is no backup of Keywright, or its first line is damaged');
  throw new BackupError(
    'OTHER_VERSION',
    `this release reads "${FIRST_LINE}", and the backup is "${text.slice(0, 40)}"`,
  );
}

/**
 * Reads the header from the first bytes of a backup. That its hash fits tells damage; only `checkTag` tells who made it.
 *
 * @throws BackupError
 */
export function readHeader(start: Uint8Array): Header {
  const [first, line, seal] = linesOf(start);
  assertBackup(first);
  if (line === undefined || seal === undefined)
    throw new BackupError('TRUNCATED', 'the backup ends, or is damaged, before the end of its manifest');
  const { sha256: expected, tag } = (parse(seal) ?? {}) as Record<string, unknown>;
  const digest = sha256(line);
  const isHex = /^(?:[0-9A-F]{2})+$/.test(`${tag}`);
  if (encodeHex(digest) !== expected || !isHex)
    throw new BackupError(
      'MANIFEST_DAMAGED',
      'the manifest of the backup is damaged: its SHA-256 is another',
    );
  const manifest = parse(line) as Partial<Manifest> | null;
  if (!isManifest(manifest))
    throw new BackupError('MANIFEST_DAMAGED', 'the manifest of the backup says what no backup can');
  const length = first!.length + line.length + seal.length + 3;
  return { manifest, digest, tag: decodeHex(`${tag}`), length };
}
