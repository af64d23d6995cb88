import { open } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import type { OwnClient } from '../people/own-client.ts';

interface Rotation {
  readonly rotationId: string;
  readonly keyArn: string;
  readonly successorArn: string;
  readonly keyVersion: string;
  readonly status: string;
  readonly startedAt: string;
  readonly items: Readonly<Record<'WAITING' | 'DONE' | 'FAILED' | 'BY_HAND', number>>;
}

interface Item {
  readonly position: number;
  readonly keyArn: string;
  readonly counterpart: string;
  readonly party?: string;
  readonly keySerialNumber?: string;
  readonly state: string;
  readonly message?: string;
}

const BATCH = 50;

function placeOf(rotationId: string, step = ''): string {
  return `/rotations/${encodeURIComponent(rotationId)}${step}`;
}

function summarize({ rotationId, status, keyArn, successorArn, items, startedAt }: Rotation): string {
  const counts = `${items.DONE} done, ${items.WAITING} waiting, ${items.FAILED} failed, ${items.BY_HAND} by hand`;
  return `${rotationId}  ${status}  ${startedAt}\n  ${keyArn}\n  -> ${successorArn}\n  ${counts}`;
}

export async function listRotations(client: OwnClient): Promise<void> {
  const { rotations } = await client.send<{ rotations: Rotation[] }>('GET', '/rotations');
  for (const rotation of rotations) console.log(summarize(rotation));
}

export async function completeRotation(
  client: OwnClient,
  rotationId: string,
  choices: { readonly byHandDone: boolean; readonly stopOldKey: boolean },
): Promise<void> {
  console.log(summarize(await client.send<Rotation>('POST', placeOf(rotationId, '/complete'), choices)));
}

export async function rollBackRotation(client: OwnClient, rotationId: string): Promise<void> {
  console.log(summarize(await client.send<Rotation>('POST', placeOf(rotationId, '/roll-back'), {})));
}

/** Progress on one line of a terminal; elsewhere nothing, the summary says it all. */
function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} exported${done === all ? '\n' : ''}`);
}

/** Exports what waits, a batch at a time; what failed is passed over, and told at the end. */
async function exportAll(client: OwnClient, { rotationId, items }: Rotation): Promise<void> {
  const all = items.WAITING + items.FAILED;
  let [after, done] = [0, 0];
  for (;;) {
    const place = placeOf(rotationId, '/export');
    const { items: batch } = await client.send<{ items: Item[] }>('POST', place, { after, limit: BATCH });
    if (batch.length === 0) return;
    after = batch.at(-1)!.position;
    done += batch.length;
    progress(done, all);
  }
}

async function* everyItem(client: OwnClient, rotationId: string): AsyncGenerator<Item> {
  for (let after = 0; ; ) {
    const place = placeOf(rotationId, `/items?after=${after}`);
    const { items } = await client.send<{ items: Item[] }>('GET', place);
    if (items.length === 0) return;
    yield* items;
    after = items.at(-1)!.position;
  }
}

/** @returns what is left to do, a line each */
async function writeItems(client: OwnClient, rotationId: string, output: string): Promise<string[]> {
  await using file = await open(output, 'wx', 0o600);
  const left: string[] = [];
  for await (const item of everyItem(client, rotationId)) {
    await file.write(`${JSON.stringify(item)}\n`);
    const { position, keyArn, state, message = '' } = item;
    if (state !== 'DONE') left.push(`  ${position}  ${state}  ${keyArn}: ${message}`);
  }
  return left;
}

export interface RunOptions {
  readonly key: string | undefined;
  /** The rotation to go on with. */
  readonly resume: string | undefined;
  readonly successor: string | undefined;
  /** A new file. */
  readonly output: string;
}

/** Starts a rotation or goes on with one, exports everything, and writes the blocks. */
export async function runRotation(client: OwnClient, options: RunOptions): Promise<void> {
  const { key: keyIdentifier, resume, successor: successorIdentifier, output } = options;
  const started = resume
    ? await client.send<Rotation>('GET', placeOf(resume))
    : await client.send<Rotation>('POST', '/rotations', {
        keyIdentifier,
        ...(successorIdentifier && { successorIdentifier }),
      });
  const { rotationId } = started;
  console.log(`rotation ${rotationId}`);
  await exportAll(client, started);
  const left = await writeItems(client, rotationId, output);
  console.log(summarize(await client.send<Rotation>('GET', placeOf(rotationId))));
  console.log(`the key blocks are in ${output}`);
  if (left.length > 0) throw new Failure(`left to do:\n${left.join('\n')}`);
  console.log(`when the other parties have loaded them: keywright rotate --complete ${rotationId}`);
}
