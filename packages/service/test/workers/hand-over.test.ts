import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { SealError } from '../../src/custody/main-key.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { handOver, newReceiver } from '../../src/workers/hand-over.ts';

test('a main key is handed to one receiver, and nothing of it is on the way', async () => {
  using mainKey = Secret.fromHex('00112233445566778899AABBCCDDEEFF'.repeat(2));
  using provider = sealUnder(mainKey);
  const [receiver, other] = [newReceiver(), newReceiver()];
  const handed = await handOver(provider, receiver.publicKey);
  using same = await receiver.open(handed);
  assert.equal(same.id, provider.id);
  await assert.rejects(other.open(handed), SealError);
  const wrapped = Uint8Array.from(handed.wrapped);
  wrapped[wrapped.length - 1]! ^= 1;
  await assert.rejects(receiver.open({ ...handed, wrapped }), SealError);
  const bytes = mainKey.expose((clear) => Buffer.from(clear));
  assert.ok(!Buffer.from(handed.wrapped).includes(bytes.subarray(0, 8)));
  assert.notDeepEqual((await handOver(provider, receiver.publicKey)).publicKey, handed.publicKey);
});
