// Key blocks that terminals' vendors publish in manuals and demonstrations.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret, unwrapKeyBlock } from '../../src/index.ts';
import { codeOf, loadVectors, rewrap, toHex } from './vectors.ts';

interface TerminalVector {
  src: string;
  kbpk: string;
  block: string;
  clear: string;
}

const vectors: TerminalVector[] = loadVectors('terminal_vectors').tr31;

/** What a vendor's block is warned about; no warning where none is named. */
const WARNINGS: Record<string, string[]> = {
  'DspreadOrg/qpos docs/tr31-update.md': ['MODE_OF_USE', 'KBPK_TOO_WEAK'],
  'DspreadOrg/qpos docs/_images/UpdateIPEKKSNByTR31.png': ['MODE_OF_USE'],
  'DspreadOrg/qpos docs/_images/UpdateWorkKeyByTR31.png': ['MODE_OF_USE', 'EQUAL_DES_KEYS'],
  'DspreadOrg/qpos docs/_images/UpdateTMKByTR31.png': ['MODE_OF_USE', 'EQUAL_DES_KEYS'],
  'same, AES key in B': ['OPTIONAL_BLOCK', 'KBPK_TOO_WEAK'],
  'same, AES key in D': ['OPTIONAL_BLOCK'],
  'UIC PP791 manual p.31, version A': ['DEPRECATED_VERSION'],
};

describe('key blocks of terminals', () => {
  it('has 20 of them', () => assert.equal(vectors.length, 20));

  for (const { src, kbpk, block, clear } of vectors) {
    it(`unwraps ${src}`, () => {
      const { key, warnings } = unwrapKeyBlock({ kbpk: Secret.fromHex(kbpk), block });
      assert.equal(toHex(key), clear);
      assert.deepEqual(
        warnings.map(({ code }) => code),
        WARNINGS[src] ?? [],
      );
    });

    it(`wraps ${src} to the same bytes`, () => assert.equal(rewrap(kbpk, block), block));
  }

  for (const { src, kbpk, block } of vectors.filter(({ src }) => WARNINGS[src]?.[0]?.startsWith('MODE'))) {
    it(`is refused to the letter of the standard: ${src}`, () => {
      const unwrap = () => unwrapKeyBlock({ kbpk: Secret.fromHex(kbpk), block, profile: 'x9.143' });
      assert.equal(codeOf(unwrap), 'MODE_OF_USE');
    });
  }
});
