// The worked examples of ANSI X9.143:2021, TR-31:2018 and ISO 20038:2017, byte for byte, with their padding.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret, unwrapKeyBlock, wrapKeyBlock } from '../../src/index.ts';
import { type KeyBlockVector, loadVectors, recoverPadding, sourceOf, toHex } from './vectors.ts';

const vectors: KeyBlockVector[] = loadVectors('keyblock_rs_standards').vectors;

describe('worked examples of the standards', () => {
  it('has 15 of them', () => assert.equal(vectors.length, 15));

  for (const vector of vectors) {
    const kbpk = Secret.fromHex(vector.kbpk);

    it(`unwraps ${vector.name}`, () => {
      assert.equal(toHex(unwrapKeyBlock({ kbpk, block: vector.key_block }).key), vector.key);
    });

    it(`wraps ${vector.name} byte for byte`, () => {
      const { header, optionalBlocks } = unwrapKeyBlock({ kbpk, block: vector.key_block });
      const wrapped = wrapKeyBlock({
        kbpk,
        header,
        key: Secret.fromHex(vector.key!),
        optionalBlocks,
        // ISO 20038's and TR-31's examples don't hide the key's length.
        maskKeyLength: recoverPadding(vector.kbpk, vector.key_block).filledTo,
        random: sourceOf(Buffer.from(vector.padding!, 'hex')),
        profile: 'tolerant',
      });
      assert.equal(wrapped, vector.key_block);
    });
  }

  const obfuscated = vectors.filter(({ name }) => /x9_143/.test(name));
  for (const vector of obfuscated) {
    it(`fills ${vector.name} up as the standard has it without being told`, () => {
      const { header, optionalBlocks } = unwrapKeyBlock({
        kbpk: Secret.fromHex(vector.kbpk),
        block: vector.key_block,
      });
      const wrapped = wrapKeyBlock({
        kbpk: Secret.fromHex(vector.kbpk),
        header,
        key: Secret.fromHex(vector.key!),
        optionalBlocks,
        random: sourceOf(Buffer.from(vector.padding!, 'hex')),
        profile: 'tolerant',
      });
      assert.equal(wrapped, vector.key_block);
    });
  }
});
