import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { createKeyring } from '../../src/custody/keyring.ts';
import { SealError, SealedError } from '../../src/custody/main-key.ts';
import { sealUnder, unwrapMainKey } from '../../src/custody/sealing.ts';

const NOTHING = new Uint8Array();
const mainKey = (byte: number) => sealUnder(Secret.take(new Uint8Array(32).fill(byte)));
const clear = Secret.fromHex('0123456789ABCDEF');

describe('the keyring', () => {
  it('without a main key is sealed, and says so at every use', async () => {
    const keyring = createKeyring();
    assert.ok(keyring.isSealed);
    await assert.rejects(keyring.seal(clear, NOTHING), SealedError);
    await assert.rejects(keyring.open(new Uint8Array(50), NOTHING), SealedError);
    assert.throws(() => keyring.id, SealedError);
  });

  it('seals under the first main key and opens under both', async () => {
    const keyring = createKeyring();
    keyring.hold(mainKey(1));
    const before = await keyring.seal(clear, NOTHING);
    keyring.hold(mainKey(2), mainKey(1));
    const after = await keyring.seal(clear, NOTHING);
    assert.deepEqual(Buffer.from(after.subarray(1, 9)).toString('hex'), mainKey(2).id);
    for (const sealed of [before, after]) assert.ok((await keyring.open(sealed, NOTHING)).equals(clear));
    keyring.forgetRetiring();
    await assert.rejects(keyring.open(before, NOTHING), SealError);
    assert.ok((await keyring.open(after, NOTHING)).equals(clear));
  });

  it('that is emptied disposes of its main keys and tells who listens', async () => {
    const keyring = createKeyring();
    const held = mainKey(1);
    keyring.hold(held);
    let told = 0;
    keyring.onEmpty(() => {
      told += 1;
    });
    keyring.empty();
    assert.deepEqual([told, keyring.isSealed], [1, true]);
    await assert.rejects(held.seal(clear, NOTHING), TypeError);
  });

  it('keeps a main key that it is given again', async () => {
    const keyring = createKeyring();
    const held = mainKey(1);
    keyring.hold(held);
    keyring.hold(mainKey(2), held);
    assert.ok((await keyring.open(await held.seal(clear, NOTHING), NOTHING)).equals(clear));
  });
});

it('a main key wrapped under another comes back, and under a third does not', async () => {
  const [one, two, three] = [mainKey(1), mainKey(2), mainKey(3)];
  const wrapped = await one.wrapUnder!(two);
  using back = await unwrapMainKey(wrapped, two);
  assert.equal(back.id, one.id);
  assert.ok((await back.open(await one.seal(clear, NOTHING), NOTHING)).equals(clear));
  await assert.rejects(unwrapMainKey(wrapped, three), SealError);
});
