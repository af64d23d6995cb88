import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './service.ts';

const ROW = /^\| (?!term|---)([^|]+?) \| ([^|]+?) \| ([^|]+?) \|/gm;
const rows = [...readFileSync(join(ROOT, 'docs', 'glossary.md'), 'utf8').matchAll(ROW)];

test('each file of the glossary exists', () => {
  assert.ok(rows.length > 30);
  for (const [, term, , files] of rows) {
    const paths = [...files!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
    assert.ok(paths.length > 0, `${term} has no file`);
    for (const path of paths) assert.ok(existsSync(join(ROOT, path)), `${term}: ${path}`);
  }
});

test('the terms of the glossary are in order', () => {
  const terms = rows.map(([, term]) => term!.toLowerCase());
  assert.deepEqual(
    terms,
    terms.toSorted((a, b) => a.localeCompare(b, 'en')),
  );
});
