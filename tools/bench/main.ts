// Runs benchmarks: `npm run bench` all of them, `npm run bench -- NAME ...` those of tools/bench/NAME.bench.ts;
// `--full` at the whole size, where that takes many minutes.
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Benchmark, Row } from './row.ts';

const SUFFIX = '.bench.ts';
const known = globSync(`*${SUFFIX}`, { cwd: import.meta.dirname })
  .map((file) => basename(file, SUFFIX))
  .sort();

const WIDTH = { first: 52, other: 14 } as const;

function formatCells(cells: readonly (string | number)[]): string {
  const texts = cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell));
  return texts.map((text, i) => (i === 0 ? text.padEnd(WIDTH.first) : text.padStart(WIDTH.other))).join('');
}

const FULL = '--full';
const full = process.argv.includes(FULL);

async function run(name: string): Promise<void> {
  const benchmark: Benchmark = await import(join(import.meta.dirname, `${name}${SUFFIX}`));
  console.log(`\n${name}: ${benchmark.title}`);
  let columns = '';
  for await (const row of benchmark.run({ full })) {
    const heading = formatCells(Object.keys(row));
    if (heading !== columns) console.log(heading);
    columns = heading;
    console.log(formatCells(Object.values(row satisfies Row)));
  }
}

const names = process.argv.slice(2).filter((argument) => argument !== FULL);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exitCode = 2;
} else for (const name of names.length > 0 ? names : known) await run(name);
