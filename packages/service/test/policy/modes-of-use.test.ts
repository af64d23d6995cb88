import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeModes, describeModes, letterOfModes, modesOfLetter } from '../../src/policy/modes-of-use.ts';

test('a letter and its nine booleans stand for each other', () => {
  for (const letter of ['B', 'C', 'D', 'E', 'G', 'N', 'S', 'V', 'X'] as const) {
    const modes = modesOfLetter(letter);
    assert.equal(Object.keys(modes).length, 9);
    assert.equal(letterOfModes(modes), letter);
  }
});

test('the letters are those of X9.143, section 6.3.3', () => {
  assert.equal(letterOfModes({ Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true }), 'B');
  assert.equal(letterOfModes({ Generate: true, Verify: true }), 'C');
  assert.equal(letterOfModes({ Decrypt: true, Unwrap: true }), 'D');
  assert.equal(letterOfModes({ Encrypt: true, Wrap: true }), 'E');
  assert.equal(letterOfModes({ Generate: true }), 'G');
  assert.equal(letterOfModes({ NoRestrictions: true }), 'N');
  assert.equal(letterOfModes({ Sign: true }), 'S');
  assert.equal(letterOfModes({ Verify: true }), 'V');
  assert.equal(letterOfModes({ DeriveKey: true }), 'X');
});

test('other combinations have no letter', () => {
  for (const modes of [
    {},
    { Encrypt: true },
    { Encrypt: true, Decrypt: true },
    { Generate: true, Sign: true },
  ]) {
    assert.equal(letterOfModes(modes), undefined);
    assert.equal(letterOfModes(completeModes(modes)), undefined);
  }
});

test('messages show the modes in the order of the model', () => {
  assert.equal(describeModes({ Wrap: true, Encrypt: true, Unwrap: false }), '{Encrypt, Wrap}');
  assert.equal(describeModes({}), '{}');
});
