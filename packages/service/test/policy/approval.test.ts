import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../../src/policy/approval.ts';

const [APPROVED, FAILED, OPEN] = ['APPROVED', 'FAILED', undefined] as const;
const EXPIRES = { expiresAt: 1000 };

/** The decisions as letters: a approves, d denies. */
const CASES: [
  threshold: number,
  members: number,
  decisions: string,
  now: number,
  outcome: string | undefined,
][] = [
  [1, 1, '', 0, OPEN],
  [1, 1, 'a', 0, APPROVED],
  [1, 1, 'd', 0, FAILED],
  [2, 3, 'a', 0, OPEN],
  [2, 3, 'aa', 0, APPROVED],
  [2, 3, 'ada', 0, APPROVED],
  [2, 3, 'd', 0, OPEN],
  [2, 3, 'ad', 0, OPEN],
  [2, 3, 'dd', 0, FAILED],
  [3, 3, 'aad', 0, FAILED],
  [2, 3, 'a', 999, OPEN],
  [2, 3, 'a', 1000, FAILED],
  [2, 3, '', 1000, FAILED],
  [2, 3, 'aa', 1000, APPROVED],
];

for (const [threshold, size, letters, now, outcome] of CASES) {
  test(`${threshold} of ${size}, "${letters}" at ${now}: ${outcome ?? 'open'}`, () => {
    const members = Array.from({ length: size }, (_, i) => `member${i}`);
    const decisions = Array.from(letters, (letter) => ({ approves: letter === 'a' }));
    assert.equal(outcomeOf({ members, threshold }, decisions, EXPIRES, now), outcome);
  });
}
