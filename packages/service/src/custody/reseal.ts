import { setImmediate } from 'node:timers/promises';
import type { CustodyStore, Reseal, SealedRow, SealedTable } from '../store/custody-store.ts';
import { SEALED_TABLES } from '../store/sealed-tables.ts';
import { BINDINGS } from './binding.ts';
import { boundToEnvironment } from './environment.ts';
import type { MainKeyProvider } from './main-key.ts';
import { headerOf } from './sealing.ts';

/** Rows that are resealed in one transaction. */
const BATCH = 100;
const TABLES = Object.keys(SEALED_TABLES) as SealedTable[];

/** How far a walk over the sealed rows is. */
export interface Walk {
  /** Rows that were looked at. */
  seen: number;
  /** Rows that are now under the current main key. */
  resealed: number;
  /** Rows that are under the other main key and do not open: they were changed outside. */
  failed: number;
}

interface Means {
  readonly store: Pick<CustodyStore, 'listSealed' | 'reseal'>;
  /** Seals under the current main key, opens under both. */
  readonly keyring: Pick<MainKeyProvider, 'seal' | 'open'>;
  readonly environment: string;
  readonly onFailure: (error: unknown) => void;
  /** Ends the walk after the batch that is being written. */
  readonly signal: AbortSignal;
}

async function resealRow(row: SealedRow<SealedTable>, means: Means): Promise<Reseal> {
  const { table, position, sealed } = row;
  const bound = boundToEnvironment(means.environment, means.keyring);
  const binding = (BINDINGS[table] as (record: object) => Uint8Array)(row.record);
  using clear = await bound.open(sealed, binding);
  return { table, position, before: sealed, after: await bound.seal(clear, binding) };
}

async function resealRows(rows: readonly SealedRow<SealedTable>[], means: Means, walk: Walk): Promise<void> {
  const reseals: Reseal[] = [];
  for (const row of rows) {
    try {
      reseals.push(await resealRow(row, means));
    } catch (error) {
      walk.failed += 1;
      means.onFailure(error);
    }
  }
  if (reseals.length > 0) await means.store.reseal(reseals);
  walk.resealed += reseals.length;
}

/**
 * Goes once over every sealed row and reseals those under the main key `from`, in batches of a transaction each. A row that a request
 * changed meanwhile stays as the request left it.
 */
export async function resealAll(from: string, means: Means, walk: Walk): Promise<void> {
  for (const table of TABLES) {
    let after: SealedRow<SealedTable>['position'] | undefined;
    for (;;) {
      const rows: SealedRow<SealedTable>[] = await means.store.listSealed(table, { after, limit: BATCH });
      const old = rows.filter(({ sealed }) => headerOf(sealed).mainKeyId === from);
      await resealRows(old, means, walk);
      walk.seen += rows.length;
      after = rows.at(-1)?.position;
      if (means.signal.aborted) return;
      if (rows.length < BATCH) break;
      await setImmediate();
    }
  }
}
