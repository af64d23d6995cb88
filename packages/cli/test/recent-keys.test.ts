import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { RecentKeys } from '../src/batch/recent-keys.ts';

const bytesOf = (secret: Secret) => secret.expose((bytes) => bytes);
const key = (fill: number) => Secret.take(new Uint8Array(16).fill(fill));

test('an equal key is found again; the one that came for it is wiped', () => {
  const recent = new RecentKeys();
  using first = recent.share(key(1));
  const second = key(1);
  const offered = bytesOf(second);
  using again = recent.share(second);
  assert.equal(bytesOf(again), bytesOf(first));
  assert.deepEqual(offered, new Uint8Array(16));
});

test('keys of other bytes or lengths are not taken for one another', () => {
  const recent = new RecentKeys();
  using first = recent.share(key(0));
  using longer = recent.share(Secret.take(new Uint8Array(24)));
  using other = recent.share(key(2));
  assert.deepEqual([first.length, longer.length, bytesOf(other)[0]], [16, 24, 2]);
});

test('eight keys are kept; the one that was used least recently is wiped when the ninth comes', () => {
  const recent = new RecentKeys();
  const bytes = Array.from({ length: 8 }, (_, i) => {
    using secret = recent.share(key(i + 1));
    return bytesOf(secret);
  });
  recent.share(key(1))[Symbol.dispose]();
  recent.share(key(9))[Symbol.dispose]();
  assert.deepEqual(bytes[1], new Uint8Array(16));
  assert.deepEqual(bytes[0], new Uint8Array(16).fill(1));
});
