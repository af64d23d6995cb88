import assert from 'node:assert/strict';
import type { Service } from '../service.ts';

/** How bytes may show themselves. */
function disguises(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex');
  return [hex.toLowerCase(), bytes.toString('base64').slice(0, 18).toLowerCase(), bytes.join(',')];
}

/** Fails when an answer or a refusal showed a key, or a text as a PAN or a PIN. */
export function assertHidden({ sent }: Service, keys: readonly string[], texts: readonly string[]): void {
  assert.ok(sent.length > 0);
  const everything = sent.join('\n').toLowerCase();
  for (const look of [...keys.flatMap(disguises), ...texts]) assert.ok(!everything.includes(look), look);
}
