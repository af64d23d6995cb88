import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { exportRecords } from '@keywright/service/audit';
import { Failure } from '../failure.ts';
import { auditDirectory } from './directory.ts';

export interface ExportCommand {
  readonly dataDir?: string;
  readonly from: string;
  readonly to: string;
  readonly output?: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/;

function readTime(name: string, text: string): string {
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new Failure(`${name} must be a day or a time in UTC, as 2026-01-31 or 2026-01-31T12:00:00Z`);
}

/** Writes the records of a time, with what is needed to verify them, to a new file or standard output. */
export async function exportAudit(options: ExportCommand): Promise<void> {
  const range = { from: readTime('--from', options.from), to: readTime('--to', options.to) };
  const directory = auditDirectory(options.dataDir);
  const { output } = options;
  const out = output === undefined ? process.stdout : createWriteStream(output, { flags: 'wx', mode: 0o600 });
  if (output !== undefined) await once(out, 'open');
  let count = 0;
  for await (const line of exportRecords(directory, range)) {
    count += 1;
    if (!out.write(Buffer.concat([line, Buffer.from('\n')]))) await once(out, 'drain');
  }
  if (output !== undefined) {
    out.end();
    await finished(out);
  }
  console.error(`keywright: ${count} records`);
}
