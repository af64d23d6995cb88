import { hash } from 'node:crypto';
import type { Row, Value } from '../database.ts';

/** Bytes of SHA-256 (FIPS 180-4). */
export const DIGEST_LENGTH = 32;
/** Bytes by which a record is found in the tree: enough that nobody finds two of the same name. */
export const NAME_LENGTH = 16;

export function sha256(content: string | Uint8Array): Buffer {
  return hash('sha256', content, 'buffer');
}

/** As JSON, in which text, numbers and bytes can't be taken for each other. */
function plain(value: Value): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function nameOf(...parts: readonly unknown[]): Buffer {
  return sha256(JSON.stringify(parts)).subarray(0, NAME_LENGTH);
}

/** @param key the values of the row's primary key */
export function rowName(table: string, key: readonly Value[]): Buffer {
  return nameOf('row', table, key);
}

/** The name of how many rows of a table have these values. */
export function countName(table: string, columns: readonly string[], values: readonly Value[]): Buffer {
  return nameOf('count', table, columns, values);
}

/** Of all columns but those that are null, so that a column that is added later changes no digest. */
export function rowDigest(row: Row): Buffer {
  const fields: unknown[] = [];
  for (const column in row) if (row[column] !== null) fields.push(column, plain(row[column]!));
  return sha256(JSON.stringify(fields));
}

/** A count in the place of a digest. */
export function countDigest(count: number): Buffer {
  const digest = Buffer.alloc(DIGEST_LENGTH);
  digest.writeUIntBE(count, DIGEST_LENGTH - 6, 6);
  return digest;
}

export function readCount(digest: Buffer | undefined): number {
  return digest?.readUIntBE(DIGEST_LENGTH - 6, 6) ?? 0;
}
