import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plane } from '../../src/api/model.ts';
import { rateLimiter } from '../../src/http/rate-limit.ts';

const NOW = 1_785_000_000_000;

/** How many of `count` requests at one time go through. */
function taken(
  limit: ReturnType<typeof rateLimiter>,
  count: number,
  now: number,
  plane: Plane = 'control',
  region = 'us-east-2',
) {
  let passed = 0;
  for (let i = 0; i < count; i += 1) {
    try {
      limit(plane, region, now);
      passed += 1;
    } catch (error) {
      const { name, message } = error as Error;
      assert.deepEqual([name, message], ['ThrottlingException', 'Rate exceeded']);
    }
  }
  return passed;
}

test('no limit unless there is one', () => {
  assert.equal(taken(rateLimiter({}), 10_000, NOW), 10_000);
  assert.equal(taken(rateLimiter({ data: 1 }), 10_000, NOW), 10_000);
});

test('a second’s requests at once, then as they come back', () => {
  const limit = rateLimiter({ control: 5 });
  assert.equal(taken(limit, 9, NOW), 5);
  assert.equal(taken(limit, 9, NOW + 199), 0);
  assert.equal(taken(limit, 9, NOW + 200), 1);
  assert.equal(taken(limit, 9, NOW + 600), 2);
  // An hour saves up no more than a second.
  assert.equal(taken(limit, 9, NOW + 3_600_000), 5);
});

test('over a minute, the rate and the first second’s burst', () => {
  const limit = rateLimiter({ control: 5 });
  let passed = 0;
  for (let at = 0; at < 60_000; at += 10) passed += taken(limit, 1, NOW + at);
  assert.ok(Math.abs(passed - 305) <= 1, String(passed));
});

test('planes and regions have their own', () => {
  const limit = rateLimiter({ control: 2, data: 3 });
  assert.equal(taken(limit, 9, NOW), 2);
  assert.equal(taken(limit, 9, NOW, 'data'), 3);
  assert.equal(taken(limit, 9, NOW, 'control', 'eu-west-1'), 2);
  assert.equal(taken(limit, 9, NOW), 0);
});

test('a clock that is set back gives nothing, and takes nothing for long', () => {
  const limit = rateLimiter({ control: 2 });
  assert.equal(taken(limit, 9, NOW), 2);
  assert.equal(taken(limit, 9, NOW - 3_600_000), 0);
  assert.equal(taken(limit, 9, NOW - 3_600_000 + 1000), 2);
});
