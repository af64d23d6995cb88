import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { SealError } from '../../src/custody/main-key.ts';
import { newPkcs11MainKey } from '../../src/custody/pkcs11-main-key.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { handOver, newReceiver } from '../../src/workers/hand-over.ts';
import { newSoftToken } from '../custody/soft-token.ts';
import { newFolder } from '../store/folder.ts';

test('a main key is handed to one receiver, and nothing of it is on the way', async () => {
  using mainKey = Secret.fromHex('00112233445566778899AABBCCDDEEFF'.repeat(2));
  using provider = sealUnder(mainKey);
  const [receiver, other] = [newReceiver(), newReceiver()];
  const handed = await handOver(provider, receiver.publicKey);
  assert.ok('wrapped' in handed);
  using same = await receiver.open(handed);
  assert.equal(same.id, provider.id);
  await assert.rejects(other.open(handed), SealError);
  const wrapped = Uint8Array.from(handed.wrapped);
  wrapped[wrapped.length - 1]! ^= 1;
  await assert.rejects(receiver.open({ ...handed, wrapped }), SealError);
  const bytes = mainKey.expose((clear) => Buffer.from(clear));
  assert.ok(!Buffer.from(handed.wrapped).includes(bytes.subarray(0, 8)));
  const again = await handOver(provider, receiver.publicKey);
  assert.ok('wrapped' in again);
  assert.notDeepEqual(again.publicKey, handed.publicKey);
});

test('of a main key in a token only where it is', async () => {
  const { uri } = newSoftToken(newFolder(), 'handed');
  const { provider } = newPkcs11MainKey(uri);
  using _mainKey = provider;
  const receiver = newReceiver();
  const handed = await handOver(provider, receiver.publicKey);
  assert.deepEqual(handed, { mainKeyId: provider.id, tokenUri: uri });
  using same = await receiver.open(handed);
  using clear = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
  using opened = await same.open(await provider.seal(clear, new Uint8Array()), new Uint8Array());
  assert.ok(opened.equals(clear));
});
