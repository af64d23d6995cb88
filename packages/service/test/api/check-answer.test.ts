import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAnswer } from '../../src/api/check-answer.ts';
import { MODELS } from '../../src/api/model.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { MOST_CHOICES, sample } from './sample.ts';

test('a full answer of every operation is right', () => {
  for (const { name, plane, output } of OPERATIONS.values()) {
    for (let choice = 0; choice < MOST_CHOICES; choice += 1) checkAnswer(name, sample(plane, output, choice));
  }
});

test('every required member of every answer is missed', () => {
  for (const { name, plane, output } of OPERATIONS.values()) {
    for (const member of MODELS[plane].shapes[output]!.required ?? []) {
      const { [member]: _, ...rest } = sample(plane, output) as Record<string, unknown>;
      assert.throws(() => checkAnswer(name, rest), /Member must not be null/);
    }
  }
});

test('a member that the model does not have, a wrong type, enum, pattern and timestamp', () => {
  const key = sample('control', 'Key') as object;
  const wrong: [object, RegExp][] = [
    [{ Key: key, Extra: 1 }, /at 'Extra' .* Member must be in the model/],
    [{ Key: { ...key, Secret: 1 } }, /at 'key.Secret' .* Member must be in the model/],
    [{ Key: { ...key, Enabled: 'yes' } }, /cannot be converted to Boolean/],
    [{ Key: { ...key, KeyState: 'LOST' } }, /enum value set/],
    [{ Key: { ...key, KeyArn: 'arn' } }, /regular expression pattern/],
    [{ Key: { ...key, CreateTimestamp: '2026-01-01' } }, /cannot be converted to Timestamp/],
  ];
  for (const [answer, message] of wrong) assert.throws(() => checkAnswer('GetKey', answer), message);
  checkAnswer('GetKey', { Key: key });
});
