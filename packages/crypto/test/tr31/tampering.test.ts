// A changed block is never accepted, and what is found after decryption is one failure.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyBlockError, Secret, unwrapKeyBlock, verificationFailed } from '../../src/index.ts';
import { readKeyBlock } from '../../src/tr31/parse.ts';
import { KEY_BLOCK_VERSIONS } from '../../src/tr31/version.ts';
import { codeOf, type KeyBlockVector, loadVectors } from './vectors.ts';

const vectors: KeyBlockVector[] = loadVectors('libtr31_decrypt').vectors;
const find = (prefix: string) => vectors.find(({ name }) => name.startsWith(prefix))!;

/** One block of every version, with optional blocks and without. */
const BLOCKS = ['test2_', 'test3_', 'test4_', 'test5_', 'test6_', 'test9_', 'test12_'].map(find);

function failure(kbpk: string, block: string): KeyBlockError {
  try {
    unwrapKeyBlock({ kbpk: Secret.fromHex(kbpk), block });
  } catch (error) {
    if (error instanceof KeyBlockError) return error;
    throw error;
  }
  throw new Error('a changed block was accepted');
}

describe('any one character changed', () => {
  for (const { name, kbpk, key_block } of BLOCKS) {
    const payloadStart = readKeyBlock(key_block, 'tolerant').headerLength;

    it(`is refused in the header and optional blocks: ${name}`, () => {
      for (let i = 0; i < payloadStart; i += 1) {
        for (const character of ['0', '1', '8', 'A', 'D', 'N', 'c', 'z', ' ', 'é']) {
          if (key_block[i] !== character)
            failure(kbpk, key_block.slice(0, i) + character + key_block.slice(i + 1));
        }
      }
    });

    it(`is refused in the encrypted key and the MAC, with one failure: ${name}`, () => {
      const { code, message } = verificationFailed();
      for (let i = payloadStart; i < key_block.length; i += 1) {
        for (const flip of [1, 8]) {
          const digit = (Number.parseInt(key_block[i]!, 16) ^ flip).toString(16).toUpperCase();
          const error = failure(kbpk, key_block.slice(0, i) + digit + key_block.slice(i + 1));
          assert.deepEqual([error.code, error.message], [code, message]);
        }
      }
    });
  }
});

describe('a wrong length', () => {
  for (const { name, kbpk, key_block } of BLOCKS) {
    it(`is refused in the length field: ${name}`, () => {
      for (let length = 0; length <= 9999; length += length < 300 ? 1 : 97) {
        if (length === key_block.length) continue;
        const lie = key_block[0] + String(length).padStart(4, '0') + key_block.slice(5);
        assert.equal(failure(kbpk, lie).code, 'LENGTH_FIELD');
      }
    });

    it(`is refused of the block itself: ${name}`, () => {
      for (let length = 0; length < key_block.length; length += 1) {
        const cut = key_block.slice(0, length);
        failure(kbpk, cut);
        failure(kbpk, cut[0] + String(length).padStart(4, '0') + cut.slice(5));
      }
      for (const tail of ['0', '00', '0'.repeat(16), '0'.repeat(32)]) {
        failure(kbpk, key_block + tail);
        const length = key_block.length + tail.length;
        failure(kbpk, key_block[0] + String(length).padStart(4, '0') + key_block.slice(5) + tail);
      }
    });
  }
});

describe('an authentic block with a wrong length of its key', () => {
  // Lengths in bits that don't fit the payload, are no whole bytes, or are unknown to the algorithm.
  const WRONG_BITS = [0, 1, 7, 8, 120, 129, 136, 512, 65535];

  for (const { name, kbpk, key_block } of BLOCKS) {
    it(`fails like a wrong MAC: ${name}`, () => {
      const { contents, headerLength } = readKeyBlock(key_block, 'tolerant');
      const { binding, macLength } = KEY_BLOCK_VERSIONS[contents.header.version];
      const payload = new Uint8Array((key_block.length - headerLength) / 2 - macLength);
      using secret = Secret.fromHex(kbpk);
      const wrongMac = failure(kbpk, `${key_block.slice(0, -1)}${key_block.endsWith('0') ? '1' : '0'}`);
      for (const bits of WRONG_BITS) {
        new DataView(payload.buffer).setUint16(0, bits);
        const error = failure(kbpk, binding.seal(secret, key_block.slice(0, headerLength), payload));
        assert.deepEqual([error.code, error.message], [wrongMac.code, wrongMac.message], `${bits} bits`);
      }
    });
  }

  it('single DES as triple DES fails the same way to the letter of the standard, and is read tolerantly', () => {
    const { kbpk, key_block }: KeyBlockVector = loadVectors('psec_unwrap').vectors[1];
    const unwrap = (profile: 'x9.143' | 'tolerant') =>
      unwrapKeyBlock({ kbpk: Secret.fromHex(kbpk), block: key_block, profile });
    assert.equal(
      codeOf(() => unwrap('x9.143')),
      'KEY_BLOCK_VERIFICATION_FAILED',
    );
    assert.deepEqual(
      unwrap('tolerant').warnings.map(({ code }) => code),
      ['KEY_LENGTH'],
    );
  });
});
