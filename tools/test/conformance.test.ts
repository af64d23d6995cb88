import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OPERATIONS } from '../../packages/service/src/api/operations.ts';
import { controlOperations } from '../../packages/service/src/operations/control/index.ts';
import { dataOperations } from '../../packages/service/src/operations/data/index.ts';
import { ROOT } from './service.ts';

const page = readFileSync(join(ROOT, 'docs', 'conformance.md'), 'utf8');
const built = new Set([...Object.keys(controlOperations), ...Object.keys(dataOperations)]);

test('docs/conformance.md says of each operation whether there is one', () => {
  const rows = new Map(
    [...page.matchAll(/^\| (\w+) \| (yes|not yet) \|/gm)].map(([, name, state]) => [name!, state!]),
  );
  const truth = new Map(
    [...OPERATIONS.keys()].map((name) => [name as string, built.has(name) ? 'yes' : 'not yet']),
  );
  assert.deepEqual(rows, truth);
});

test('docs/conformance.md counts them', () => {
  for (const [plane, title] of [
    ['control', 'Control plane'],
    ['data', 'Data plane'],
  ] as const) {
    const names = [...OPERATIONS.values()]
      .filter((operation) => operation.plane === plane)
      .map(({ name }) => name);
    const count = names.filter((name) => built.has(name)).length;
    assert.ok(
      page.includes(`## ${title}: ${count} of ${names.length}\n`),
      `${title}: ${count} of ${names.length}`,
    );
  }
});
