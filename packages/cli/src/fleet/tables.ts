import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';

/** How a list is written. */
export type Format = 'table' | 'csv' | 'json';

type Row = Readonly<Record<string, string | number | undefined>>;

function formatTable(columns: readonly string[], rows: readonly Row[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes a list on standard output, page by page: a table's columns are as wide as their page needs. */
export async function writeList(
  format: Format,
  columns: readonly string[],
  pages: AsyncIterable<readonly Row[]>,
): Promise<void> {
  if (format === 'json') return writeJson(pages);
  let header = true;
  for await (const rows of pages) {
    // Spreadsheets take a cell that begins with one of = + - @ for a formula.
    const csv = () => stringify([...rows], { header, columns: [...columns], escape_formulas: true });
    await write(format === 'csv' ? csv() : `${formatTable(columns, rows)}\n`);
    header = false;
  }
}

async function writeJson(pages: AsyncIterable<readonly Row[]>): Promise<void> {
  let before = '[';
  for await (const rows of pages) {
    for (const row of rows) {
      await write(`${before}\n${JSON.stringify(row)}`);
      before = ',';
    }
  }
  await write(before === '[' ? '[]\n' : '\n]\n');
}
