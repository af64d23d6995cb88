// RFC 4226, appendix D, and RFC 6238, appendix B (SHA-1; its codes have eight digits, of which ours are the last six).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import {
  encodeBase32,
  matchOneTimePassword,
  oneTimePassword,
  stepOf,
} from '../../src/access/one-time-password.ts';

const secret = () => Secret.copyOf(Buffer.from('12345678901234567890'));

const RFC_4226 = [
  '755224',
  '287082',
  '359152',
  '969429',
  '338314',
  '254676',
  '287922',
  '162583',
  '399871',
  '520489',
];

const RFC_6238: [number, string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];

test('the codes of the counters 0 to 9', () => {
  assert.deepEqual(
    RFC_4226.map((_, counter) => oneTimePassword(secret(), counter)),
    RFC_4226,
  );
});

test('the codes of times', () => {
  for (const [seconds, code] of RFC_6238) {
    assert.equal(oneTimePassword(secret(), stepOf(seconds * 1000)), code.slice(2));
  }
});

test('the present code and its neighbours are taken, others are not', () => {
  const now = 1234567890_000;
  const step = stepOf(now);
  for (let distance = -3; distance <= 3; distance += 1) {
    const code = oneTimePassword(secret(), step + distance);
    const expected = Math.abs(distance) <= 1 ? step + distance : undefined;
    assert.equal(matchOneTimePassword(secret(), code, now, 0), expected, String(distance));
  }
});

test('a code that was used is not taken again, nor an earlier one', () => {
  const now = 1234567890_000;
  const step = stepOf(now);
  const codes = [-1, 0, 1].map((distance) => oneTimePassword(secret(), step + distance));
  const taken = codes.map((code) => matchOneTimePassword(secret(), code, now, step));
  assert.deepEqual(taken, [undefined, undefined, step + 1]);
});

test('what is no code is not taken', () => {
  for (const code of ['', '00000', '0000000', 'abcdef']) {
    assert.equal(matchOneTimePassword(secret(), code, 59_000, 0), undefined);
  }
});

test('base32, by RFC 4648, 10, without padding', () => {
  const vectors = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB' };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.equal(encodeBase32(Buffer.from(text)), encoded);
  }
});
