import { readFileSync } from 'node:fs';

const PAGE = new URL('../../../../docs/aws-divergences.md', import.meta.url);

/** The operations that list an exception in the model and can't come to it, as docs/aws-divergences.md has them. */
export function neverOccurring(exception: string): string[] {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const row = lines.find((line) => line.startsWith(`| \`${exception}\` |`)) ?? '';
  return [...row.matchAll(/`(\w+)`/g)].map((match) => match[1]!).slice(1);
}
