import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  KEY_BLOCK_VERSIONS,
  type KeyBlockVersion,
  parseKeyBlock,
  Secret,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '../../src/index.ts';
import { wrapOptions } from './arbitrary.ts';
import { codeOf, toHex } from './vectors.ts';

const VERSIONS = Object.keys(KEY_BLOCK_VERSIONS) as KeyBlockVersion[];

for (const version of VERSIONS) {
  describe(`version ${version}`, () => {
    it('unwraps what it wrapped', () => {
      fc.assert(
        fc.property(wrapOptions(version), (options) => {
          const block = wrapKeyBlock(options);
          const { header, optionalBlocks, key } = unwrapKeyBlock({ kbpk: options.kbpk, block });
          assert.deepEqual(header, options.header);
          assert.deepEqual(
            optionalBlocks.filter(({ id }) => id !== 'PB'),
            options.optionalBlocks,
          );
          assert.equal(toHex(key), toHex(options.key));
        }),
        { numRuns: 60 },
      );
    });

    it('reads without a key what it wrapped', () => {
      fc.assert(
        fc.property(wrapOptions(version), (options) => {
          const { header, optionalBlocks } = parseKeyBlock(wrapKeyBlock(options));
          assert.deepEqual(header, options.header);
          assert.ok(optionalBlocks.length >= options.optionalBlocks!.length);
        }),
        { numRuns: 30 },
      );
    });

    it('is refused under any other key block protection key', () => {
      fc.assert(
        fc.property(wrapOptions(version), fc.nat(), (options, at) => {
          const other = options.kbpk.expose((bytes) => {
            const changed = Uint8Array.from(bytes);
            changed[at % bytes.length]! ^= 0x02; // not the parity bit, which DES passes over
            return Secret.take(changed);
          });
          const block = wrapKeyBlock(options);
          assert.equal(
            codeOf(() => unwrapKeyBlock({ kbpk: other, block })),
            'KEY_BLOCK_VERIFICATION_FAILED',
          );
        }),
        { numRuns: 20 },
      );
    });
  });
}

describe('two blocks of one key', () => {
  it('differ, since the filler is random', () => {
    const kbpk = Secret.fromHex('88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6');
    const key = Secret.fromHex('3F419E1CB7079442AA37474C2EFBF8B8');
    const { header } = parseKeyBlock(
      'D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34',
    );
    assert.notEqual(wrapKeyBlock({ kbpk, header, key }), wrapKeyBlock({ kbpk, header, key }));
  });
});
