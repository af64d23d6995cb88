import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../packages/service/src/store/sqlite.ts';
import { createKey } from './hot-calls.ts';
import { usageOf } from './process-usage.ts';
import type { Row } from './row.ts';
import { startService } from './servers.ts';
import { type Call, callService, type Endpoint } from './service-client.ts';

export const title =
  'a thousand, a hundred thousand and a million stored keys: start to ready, memory, GetKey of any of them (its first read) and a page of ListKeys, against a thousand';

const SIZES = [1000, 100_000, 1_000_000];
const CALLS = 200;

/** Keys that are stored in one commit. */
const AT_ONCE = 2000;
const REGION = 'us-east-2';

/** A number as 16 of the letters of key ids: hexadecimal digits 8 and 9 are none, so they become g and h, and 0 and 1 y and z. */
function idOf(number: number): string {
  const hex = ((number * 2654435761) % 4294967296).toString(16).padStart(16, '0');
  return hex.replaceAll(/[8901]/g, (digit) => 'ghyz'['8901'.indexOf(digit)]!);
}

/** Copies the one key there is under new ids until there are so many. The copies do not open; they are found and listed like others. */
async function multiply(database: string, size: number): Promise<void> {
  const store = openSqliteStore(database);
  const [key] = await store.listKeys(REGION, {}, { limit: 1 });
  for (let first = 1; first < size; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, size - first);
    const copies = Array.from({ length: count }, (_, i) => ({ ...key!, keyId: idOf(first + i) }));
    await Promise.all(copies.map((copy) => store.insertKey(copy, [])));
  }
  await store.close();
}

/** Ids from all over the table. */
function someIds(database: string): string[] {
  using connection = new DatabaseSync(database, { readOnly: true });
  const next = connection.prepare('SELECT key_id FROM keys WHERE key_id > ? ORDER BY key_id LIMIT 1');
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return Array.from({ length: CALLS }, (_, i) => {
    const start = `yyyyyyyy${letters[i % 32]}${letters[(i * 7) % 32]}`;
    return String((next.get(start) ?? next.get(''))!.key_id);
  });
}

/** Milliseconds of a call, the median. */
async function timeOf(endpoint: Endpoint, calls: readonly Call[]): Promise<number> {
  const times: number[] = [];
  for (const call of calls) {
    const started = performance.now();
    await callService(endpoint, call);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

async function prepare(directory: string, size: number): Promise<string> {
  const database = join(directory, 'keywright.db');
  {
    await using service = await startService({}, '0', directory);
    await createKey(service, 'TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B');
  }
  await multiply(database, size);
  return database;
}

export async function* run(): AsyncIterable<Row> {
  let least: { getKey: number; listKeys: number } | undefined;
  for (const size of SIZES) {
    const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
    try {
      const ids = someIds(await prepare(directory, size));
      await using service = await startService({}, '0', directory);
      const arn = (id: string) => `arn:aws:payment-cryptography:us-east-2:111122223333:key/${id}`;
      const calls = ids.map((id) => ({ operation: 'GetKey', input: { KeyIdentifier: arn(id) } }));
      const list = ids.map(() => ({ operation: 'ListKeys', input: { MaxResults: 100 } }));
      await timeOf(service, list);
      const [getKey, listKeys] = [await timeOf(service, calls), await timeOf(service, list)];
      least ??= { getKey, listKeys };
      yield {
        keys: size,
        'ready, ms': Math.round(service.start),
        'memory, MB': Math.round(usageOf(service.pid).resident / 1024 / 1024),
        'GetKey, ms': getKey.toFixed(2),
        'of 1,000': (getKey / least.getKey).toFixed(2),
        'ListKeys, ms': listKeys.toFixed(2),
        ' of 1,000': (listKeys / least.listKeys).toFixed(2),
      };
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}
