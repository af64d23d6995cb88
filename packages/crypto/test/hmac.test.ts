import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAscii, encodeHex, type HashName, hmac, Secret } from '../src/index.ts';

type Macs = Partial<Record<HashName, string>>;

// RFC 2202 (SHA1) and RFC 4231 (the others).
const CASES: [title: string, key: Uint8Array, message: string, macs: Macs][] = [
  [
    'test case 1',
    new Uint8Array(20).fill(0x0b),
    'Hi There',
    {
      SHA1: 'b617318655057264e28bc0b6fb378c8ef146be00',
      SHA224: '896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22',
      SHA256: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      SHA384:
        'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
      SHA512:
        '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    },
  ],
  [
    'test case 2',
    encodeAscii('Jefe'),
    'what do ya want for nothing?',
    {
      SHA1: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
      SHA224: 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44',
      SHA256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      SHA384:
        'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
      SHA512:
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    },
  ],
  [
    'RFC 4231, test case 6: a key longer than the block',
    new Uint8Array(131).fill(0xaa),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    { SHA256: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54' },
  ],
];

for (const [title, bytes, message, macs] of CASES) {
  test(title, () => {
    using key = Secret.copyOf(bytes);
    for (const [hash, mac] of Object.entries(macs)) {
      assert.equal(encodeHex(hmac(hash as HashName, key, encodeAscii(message))), mac.toUpperCase(), hash);
    }
  });
}

test('refuses an empty key', () => {
  using key = Secret.take(new Uint8Array());
  assert.throws(() => hmac('SHA256', key, new Uint8Array()), RangeError);
});
