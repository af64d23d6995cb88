import assert from 'node:assert/strict';
import { createHmac, webcrypto } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { encodeAscii, Secret } from '@keywright/crypto';
import { SealError } from '../../src/custody/main-key.ts';
import { sealUnder } from '../../src/custody/sealing.ts';

const MAIN_KEY = Buffer.from('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F', 'hex');
const mainKey = () => sealUnder(Secret.copyOf(MAIN_KEY));
const clear = () => Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
const associated = encodeAscii('associated data');

/** HKDF-Expand of one block (RFC 5869, 2.3), written a second time. */
const expand = (label: string) => createHmac('sha256', MAIN_KEY).update(`${label}\x01`).digest();

describe('sealing under a main key', () => {
  it('opens what it sealed, of any length', async () => {
    using provider = mainKey();
    for (const length of [0, 1, 16, 24, 32, 2400]) {
      using secret = Secret.copyOf(new Uint8Array(length).fill(0x5a));
      using opened = await provider.open(await provider.seal(secret, associated), associated);
      assert.ok(opened.equals(secret));
    }
  });

  it('gives back plain byte arrays, not buffers', async () => {
    using provider = mainKey();
    const sealed = await provider.seal(clear(), associated);
    using opened = await provider.open(sealed, associated);
    assert.equal(Object.getPrototypeOf(sealed), Uint8Array.prototype);
    opened.expose((bytes) => assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype));
  });

  it('is AES-256-GCM as another implementation opens it, with the header in the associated data', async () => {
    using provider = mainKey();
    const sealed = await provider.seal(clear(), associated);
    assert.equal(sealed.length, 1 + 8 + 12 + 16 + 16);
    assert.equal(sealed[0], 2);
    const id = Buffer.from(sealed.subarray(1, 9)).toString('hex');
    assert.equal(id, provider.id);
    assert.equal(id, expand('keywright main key id').toString('hex').slice(0, 16));
    const key = await webcrypto.subtle.importKey('raw', expand('keywright sealing key'), 'AES-GCM', false, [
      'decrypt',
    ]);
    const iv = sealed.slice(9, 21);
    const additionalData = Buffer.concat([sealed.subarray(0, 21), associated]);
    const opened = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData },
      key,
      sealed.slice(21),
    );
    clear().expose((bytes) => assert.deepEqual(new Uint8Array(opened), bytes));
  });

  it('never gives the same bytes twice', async () => {
    using provider = mainKey();
    const seals = await Promise.all(Array.from({ length: 500 }, () => provider.seal(clear(), associated)));
    const nonces = new Set(seals.map((sealed) => Buffer.from(sealed.subarray(9, 21)).toString('hex')));
    assert.equal(nonces.size, 500);
  });

  it('opens under no other main key, even one that claims the id', async () => {
    using provider = mainKey();
    using other = sealUnder(Secret.copyOf(new Uint8Array(32)));
    assert.notEqual(other.id, provider.id);
    const sealed = await provider.seal(clear(), associated);
    await assert.rejects(other.open(sealed, associated), SealError);
    sealed.set(Buffer.from(other.id, 'hex'), 1);
    await assert.rejects(other.open(sealed, associated), SealError);
  });

  it('opens with no other associated data', async () => {
    using provider = mainKey();
    const sealed = await provider.seal(clear(), associated);
    for (const other of ['', 'associated dat', 'associated data ', 'Associated data']) {
      await assert.rejects(provider.open(sealed, encodeAscii(other)), SealError);
    }
  });

  it('does not open bytes cut short, lengthened, or with any bit changed', async () => {
    using provider = mainKey();
    const sealed = await provider.seal(clear(), associated);
    for (let length = 0; length < sealed.length; length++) {
      await assert.rejects(provider.open(sealed.subarray(0, length), associated), SealError);
      await assert.rejects(provider.open(sealed.subarray(sealed.length - length), associated), SealError);
    }
    await assert.rejects(provider.open(Buffer.concat([sealed, Buffer.of(0)]), associated), SealError);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await assert.rejects(provider.open(changed, associated), SealError);
    }
  });

  it('ends with the disposal of the main key', async () => {
    const provider = mainKey();
    const sealed = await provider.seal(clear(), associated);
    provider[Symbol.dispose]();
    await assert.rejects(provider.seal(clear(), associated), TypeError);
    await assert.rejects(provider.open(sealed, associated), TypeError);
  });

  it('does not seal or pass on a secret that was wiped', async () => {
    using provider = mainKey();
    const wiped = clear();
    wiped[Symbol.dispose]();
    await assert.rejects(provider.seal(wiped, associated), TypeError);
  });

  it('does not print the main key', () => {
    using provider = mainKey();
    const printed =
      inspect(provider, { depth: 9, showHidden: true }) + JSON.stringify(provider) + String(provider);
    for (const form of ['hex', 'base64'] as const) {
      assert.ok(!printed.toLowerCase().includes(MAIN_KEY.toString(form).toLowerCase()));
    }
  });
});
