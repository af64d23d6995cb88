import assert from 'node:assert/strict';
import { test } from 'node:test';
import vectors from '../../../vectors/as2805-key-cryptograms.json' with { type: 'json' };
import {
  decodeHex,
  decryptKeyCryptogram,
  encodeHex,
  encryptKeyCryptogram,
  type KeyVariant,
  kekVariant,
  Secret,
} from '../src/index.ts';

const DOUBLE = '0123456789ABCDEFFEDCBA9876543210';
const VARIANTS = ['00', '22', '24', '28'] as const;

test('keys of both lengths under every variant of KEKs of both lengths, both ways', () => {
  for (const { variant, kek: kekHex, key: keyHex, cryptogram } of vectors.tests) {
    using kek = Secret.fromHex(kekHex);
    using key = Secret.fromHex(keyHex);
    assert.equal(encodeHex(encryptKeyCryptogram({ kek, variant: variant as KeyVariant, key })), cryptogram);
    for (const other of VARIANTS) {
      using opened = decryptKeyCryptogram({ kek, variant: other, cryptogram: decodeHex(cryptogram) });
      assert.equal(opened.equals(key), other === variant);
    }
    assert.equal(kek.expose(encodeHex), kekHex);
  }
  assert.equal(vectors.tests.length, 2 * 2 * VARIANTS.length);
});

test('a mask is repeated over the whole KEK', () => {
  using kek = Secret.fromHex('FF'.repeat(16));
  using variant = kekVariant(kek, [0x82, 0xc0]);
  assert.equal(variant.expose(encodeHex), '7D3F'.repeat(8));
});

test('lengths that are not those of TDES are refused', () => {
  using right = Secret.fromHex(DOUBLE);
  using wrong = Secret.fromHex(DOUBLE.slice(16));
  const cryptogram = new Uint8Array(8);
  const refused = (call: () => unknown, message: string) =>
    assert.throws(call, { name: 'RangeError', message });
  refused(
    () => encryptKeyCryptogram({ kek: wrong, variant: '28', key: right }),
    'KEK must be 16 or 24 bytes, got 8',
  );
  refused(
    () => encryptKeyCryptogram({ kek: right, variant: '28', key: wrong }),
    'key must be 16 or 24 bytes, got 8',
  );
  refused(
    () => decryptKeyCryptogram({ kek: right, variant: '28', cryptogram }),
    'key cryptogram must be 16 or 24 bytes, got 8',
  );
});
