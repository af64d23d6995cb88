import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createKey } from './hot-calls.ts';
import { usageOf } from './process-usage.ts';
import type { Row } from './row.ts';
import { startService } from './servers.ts';
import { type Call, callService, type Endpoint } from './service-client.ts';

export const title =
  'a thousand, a hundred thousand and a million stored keys: start to ready, memory, GetKey of any of them (its first read) and a page of ListKeys, against a thousand';

const SIZES = [1000, 100_000, 1_000_000];
const CALLS = 200;

/** Copies the one key there is under new ids until there are so many. The copies do not open; they are found and listed like others. */
function multiply(database: string, size: number): void {
  using connection = new DatabaseSync(database);
  connection.exec('PRAGMA synchronous = OFF');
  const columns = connection
    .prepare("SELECT name FROM pragma_table_info('keys') WHERE name <> 'key_id'")
    .all()
    .map(({ name }) => name);
  const list = columns.join(', ');
  // A number as 16 of the letters of key ids: hexadecimal digits 8 and 9 are none, so they become g and h, and 0 and 1 y and z.
  connection
    .prepare(
      `INSERT INTO keys (key_id, ${list})
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       SELECT replace(replace(replace(replace(lower(printf('%016x', n * 2654435761 % 4294967296)), '8', 'g'), '9', 'h'), '0', 'y'), '1', 'z'), ${list}
       FROM numbers, (SELECT * FROM keys LIMIT 1)`,
    )
    .run(size - 1);
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
  multiply(database, size);
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
