import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, keywright, vectors } from './keywright.ts';

const WRAP = ['keyblock', 'wrap', '--ndjson'];
const TOLERANT = [...WRAP, '--profile', 'tolerant'];
const UNWRAP = ['keyblock', 'unwrap', '--ndjson', '--show-clear'];
const AES_KBPK = '88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6';
const TDES_KBPK = '0123456789ABCDEFFEDCBA9876543210';
const TDES_KEY = 'F039121BEC83D26B169BDCD5B22AAF8F';

/** Random filler aside, wrapping is decided: the blocks' clear parts and what comes back out of them. */
test('every published key can be wrapped under its header and comes back', () => {
  const published = vectors('keyblock_rs_standards').vectors;
  const lines = published.map(
    ({ kbpk, key, key_block: block, optional_blocks: blocks, obfuscation }: never) => ({
      kbpk,
      key,
      header: (block as string).slice(0, 16),
      optionalBlocks: (blocks as { id: string; data: string }[]).map(({ id, data }) => ({ id, data })),
      maskKeyLength: obfuscation,
    }),
  );
  const wrapped = batch(TOLERANT, lines);
  assert.ok(wrapped.length > 10);
  for (const [i, { block }] of wrapped.entries()) {
    assert.equal(block.length, published[i].key_block.length, published[i].name);
    assert.equal(block.slice(0, 16), published[i].key_block.slice(0, 16));
  }
  const again = batch(
    UNWRAP,
    wrapped.map(({ block }, i) => ({ kbpk: lines[i].kbpk, block })),
  );
  assert.deepEqual(
    again.map(({ key }) => key),
    lines.map(({ key }: { key: string }) => key),
  );
  assert.deepEqual(
    again.map(({ kcv }) => kcv),
    wrapped.map(({ kcv }) => kcv),
  );
});

test('optional blocks are given as an object or a list', () => {
  const line = { kbpk: TDES_KBPK, header: 'B0000B1TX00S0000', key: TDES_KEY };
  const ksn = '00604B120F9292800000';
  const answers = batch(WRAP, [
    { ...line, optionalBlocks: { KS: ksn } },
    { ...line, optionalBlocks: [{ id: 'KS', data: ksn }] },
    { ...line, optionalBlocks: [{ id: 'KS' }] },
    { ...line, optionalBlocks: { KS: 5 } },
    { ...line, optionalBlocks: 'KS' },
    { ...line, optionalBlocks: null },
  ]);
  for (const { block } of answers.slice(0, 2)) assert.equal(block.slice(0, 40), `B0120B1TX00S0100KS18${ksn}`);
  assert.deepEqual(
    answers.slice(2).map(({ code }) => code),
    ['INPUT', 'INPUT', 'INPUT', 'INPUT'],
  );
});

test('the length of the key is masked unless told otherwise', () => {
  const line = { kbpk: AES_KBPK, header: 'D9999P0AE00E0500', key: '3F419E1CB7079442AA37474C2EFBF8B8' };
  const masks = [undefined, true, false, 24, 64, 'no'];
  const answers = batch(
    WRAP,
    masks.map((maskKeyLength) => ({ ...line, maskKeyLength })),
  );
  assert.deepEqual(
    answers.map(({ block, code }) => block?.slice(0, 16) ?? code),
    [
      'D0144P0AE00E0000',
      'D0144P0AE00E0000',
      'D0112P0AE00E0000',
      'D0112P0AE00E0000',
      'D0208P0AE00E0000',
      'INPUT',
    ],
  );
});

test('an HMAC key is checked with the hash of its optional block HM, and not at all without', () => {
  // RFC 4231, test case 2, has the key "Jefe"; its KCV is over an empty message.
  const line = { kbpk: AES_KBPK, header: 'D0000M7HG00E0000', key: '4A656665' };
  const [sha256, unknown] = batch(WRAP, [{ ...line, optionalBlocks: { HM: '21' } }, line]);
  const [{ kcv }] = batch(['kcv', '--ndjson'], [{ key: '4A656665', algorithm: 'HMAC_SHA256' }]);
  assert.equal(sha256.kcv, kcv);
  assert.equal(unknown.kcv, null);
});

test('a deprecated version is written where --profile tolerant is given, and the refusal says so', () => {
  const lines = ['A', 'C'].map((version) => ({
    kbpk: TDES_KBPK,
    header: `${version}0000P0TE00N0000`,
    key: TDES_KEY,
  }));
  for (const answer of batch(WRAP, lines)) {
    assert.equal(answer.code, 'VERSION');
    assert.match(answer.message, /--profile tolerant/);
  }
  assert.deepEqual(
    batch(TOLERANT, lines).map(({ block }) => block.slice(0, 16)),
    ['A0088P0TE00N0000', 'C0088P0TE00N0000'],
  );
});

test('what no profile allows does not name one', () => {
  const line = { kbpk: AES_KBPK, header: 'B0000P0TE00N0000', key: TDES_KEY };
  const [answer] = batch(WRAP, [line]);
  assert.equal(answer.code, 'VERSION_NOT_FOR_KBPK');
  assert.doesNotMatch(answer.message, /--profile/);
});

test('--show-clear is no option of wrap', () => {
  assert.equal(keywright([...WRAP, '--show-clear']).status, 2);
});
