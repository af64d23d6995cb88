// Every setting that the service reads is told of where a user looks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './service.ts';

const SETTING = /KEYWRIGHT_[A-Z0-9_]*[A-Z0-9]/g;
/** Refused: it is kept for another store. */
const RESERVED = 'KEYWRIGHT_DATABASE_URL';

function settingsIn(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...new Set(text.match(SETTING))].filter((name) => name !== RESERVED).sort();
}

const read = settingsIn('packages/service/src/configuration.ts');

test('the table of docs/guides/operation.md has each', () => {
  const text = readFileSync(join(ROOT, 'docs/guides/operation.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(KEYWRIGHT_\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.sort(), read);
});

test('keywright serve --help has each', () => {
  assert.deepEqual(settingsIn('packages/cli/src/commands/serve.ts'), read);
});
