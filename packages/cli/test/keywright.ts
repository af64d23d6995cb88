import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../bin/keywright.js', import.meta.url));

/** Runs the command line as its own process. */
export function keywright(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [LAUNCHER, ...args], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** One answer of a batch command. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
export type Answer = any;

/** Runs a batch command over objects, each written as a line. */
export function batch(args: readonly string[], lines: readonly object[]): Answer[] {
  const { stdout, status, stderr } = keywright(
    args,
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  if (status !== 0 || stderr !== '') throw new Error(`exit status ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A file of `vectors/` at the root of the workspace. */
export function vectors(name: string): Answer {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), 'utf8'));
}
