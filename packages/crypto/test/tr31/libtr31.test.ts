// Key blocks of libtr31's tests: examples of TR-31:2018, ANSI X9.143:2021 and ISO 20038:2017, and a payShield 10k's.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseKeyBlock, Secret, unwrapKeyBlock } from '../../src/index.ts';
import { deriveBlockKey } from '../../src/tr31/derivation-binding.ts';
import { variantBlockKey } from '../../src/tr31/variant-binding.ts';
import { codeOf, type KeyBlockVector, loadVectors, rewrap, toHex } from './vectors.ts';

/** As the standard prints them, with a length field that is not theirs. */
const MISPRINTED = ['test13_tr31_ascii', 'test14_tr31_ascii'];

function isMisprinted({ name }: KeyBlockVector): boolean {
  return MISPRINTED.some((misprinted) => name.startsWith(misprinted));
}

function assertContents(vector: KeyBlockVector): void {
  const { header, optionalBlocks } = parseKeyBlock(vector.key_block);
  const expected = vector.header!;
  assert.deepEqual(header, {
    version: expected.version,
    keyUsage: expected.key_usage,
    algorithm: expected.algorithm,
    modeOfUse: expected.mode_of_use,
    keyVersion: expected.key_version,
    exportability: expected.exportability,
    keyContext: expected.key_context,
    reserved: expected.reserved,
  });
  assert.deepEqual(
    optionalBlocks,
    vector.optional_blocks!.map(({ id, data }) => ({ id, data })),
  );
}

describe('libtr31: blocks with their key', () => {
  const vectors: KeyBlockVector[] = loadVectors('libtr31_decrypt').vectors;

  it('has 20 of them', () => assert.equal(vectors.length, 20));

  for (const vector of vectors.filter((v) => !isMisprinted(v))) {
    it(`unwraps ${vector.name}`, () => {
      assertContents(vector);
      const { key } = unwrapKeyBlock({ kbpk: Secret.fromHex(vector.kbpk), block: vector.key_block });
      assert.equal(toHex(key), vector.key);
    });
    it(`wraps ${vector.name} to the same bytes`, () => {
      assert.equal(rewrap(vector.kbpk, vector.key_block), vector.key_block);
    });
  }

  for (const vector of vectors.filter(isMisprinted)) {
    it(`refuses ${vector.name}`, () => {
      assert.equal(
        codeOf(() => parseKeyBlock(vector.key_block)),
        'LENGTH_FIELD',
      );
    });
  }
});

describe('libtr31: blocks without a key', () => {
  for (const vector of loadVectors('libtr31_decode_only').vectors as KeyBlockVector[]) {
    it(`reads ${vector.name}`, () => assertContents(vector));
  }
});

describe('libtr31: keys made of the key block protection key', () => {
  const arrays: { name: string; hex: string }[] = loadVectors('libtr31_crypto_derivation').arrays;
  const hexOf = (name: string) => arrays.find((array) => array.name === name)?.hex;

  const derive = (kbpk: Secret, name: string): Secret => {
    if (name.includes('variant')) return variantBlockKey(kbpk, name.includes('kbek') ? 'encryption' : 'MAC');
    const cipher = kbpk.length === 32 ? 'AES' : 'TDES';
    // Test 7 is ISO 20038's example of counter mode.
    const encryption = name.startsWith('test7') ? 'CTR' : 'CBC';
    return deriveBlockKey(cipher, kbpk, name.includes('kbek') ? encryption : 'MAC');
  };

  const expected = arrays.filter(({ name }) => name.endsWith('_verify'));
  it('has 18 of them', () => assert.equal(expected.length, 18));

  for (const { name, hex } of expected) {
    it(`derives ${name}`, () => {
      const kbpk = Secret.fromHex(hexOf(`${name.split('_')[0]}_kbpk`)!);
      assert.equal(toHex(derive(kbpk, name)), hex);
    });
  }
});
