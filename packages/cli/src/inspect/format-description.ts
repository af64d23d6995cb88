import { styleText } from 'node:util';
import type { KeyBlockDescription } from '@keywright/crypto';

/** Rows as lines, each column as wide as its widest cell. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (wide, row) => row.map((cell, column) => Math.max(cell.length, wide[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [styleText('bold', title), ...lines, ''];
}

/** Long data, a certificate's for instance, would push everything else off the screen. */
function shorten(data: string): string {
  return data.length <= 40 ? data : `${data.slice(0, 37)}…`;
}

/** A key block in plain words, for a terminal. */
export function formatDescription({ fields, optionalBlocks, unusual }: KeyBlockDescription): string {
  const header = fields.map(({ name, value, meaning, section: place }) => [name, value, meaning, place]);
  const blocks = optionalBlocks.map(({ id, name, data, meaning }) => [
    id,
    name,
    shorten(data),
    meaning === data ? '' : meaning,
  ]);
  return [
    ...section('Header (sections of ANSI X9.143)', align(header)),
    ...section('Optional blocks', align(blocks)),
    ...section(
      'Unusual',
      unusual.map(({ message }) => `  - ${message}`),
    ),
    'Nothing of this is verified: that takes the key block protection key.',
  ].join('\n');
}
