import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REFUSALS, REMEDIES, type Refusal } from '@keywright/terminal';

test('docs/terminal-reasons.md says of each reason what the code says, in the same order', () => {
  const page = readFileSync(new URL('../../../docs/terminal-reasons.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  const reasons = Object.keys(REFUSALS) as Refusal[];
  assert.ok(reasons.length > 50);
  assert.deepEqual(
    rows,
    reasons.map((code) => [code, REFUSALS[code], REMEDIES[code]]),
  );
});
