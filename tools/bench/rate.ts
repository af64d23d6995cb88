import type { Row } from './row.ts';

/** A thing to do over and over, by its name in the table. */
export type Case = readonly [name: string, once: () => unknown];

const ROUNDS = 7;
const ROUND_MILLISECONDS = 150;

/** Operations a second of this thread's own processor time, so that what else runs on the machine counts less. */
function measure(once: () => unknown): number {
  const start = process.threadCpuUsage();
  const end = performance.now() + ROUND_MILLISECONDS;
  let count = 0;
  while (performance.now() < end) for (let i = 0; i < 50; i += 1, count += 1) once();
  const { user, system } = process.threadCpuUsage(start);
  return (count * 1e6) / (user + system);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/**
 * Measures all cases in turns, round by round, the median of the rounds standing for each.
 *
 * @param cases the first is what the ratios are against
 */
export function* rates(cases: readonly Case[]): Iterable<Row> {
  for (const [, once] of cases) measure(once);
  const rounds = Array.from({ length: ROUNDS }, () => cases.map(([, once]) => measure(once)));
  const medians = cases.map((_, i) => median(rounds.map((round) => round[i]!)));
  for (const [i, [name]] of cases.entries()) {
    const perSecond = medians[i]!;
    yield { '': name, 'a second': Math.round(perSecond), ratio: (perSecond / medians[0]!).toFixed(1) };
  }
}
