import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesGlob } from '../../src/policy/glob.ts';

const CASES: [pattern: string, text: string, matches: boolean][] = [
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['?', 'a', true],
  ['a*', 'a', true],
  ['*a', 'ba', true],
  ['a*c', 'abcbc', true],
  ['a*c', 'abcb', false],
  ['a**c', 'ac', true],
  ['a?c', 'a*c', true],
  ['*ab*ab*', 'abab', true],
  ['*ab*ab*', 'abba', false],
  ['A', 'a', false],
  ['.', 'a', false],
];

for (const [pattern, text, matches] of CASES) {
  test(`${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
    assert.equal(matchesGlob(pattern, text), matches);
  });
}

test('is what a regular expression says', () => {
  const letters = (unit: string) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 12 });
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(matchesGlob(pattern, text), expression.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern that would keep a backtracking matcher busy for years is answered', () => {
  assert.equal(matchesGlob(`${'*a'.repeat(2000)}b`, 'a'.repeat(2000)), false);
});
