import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, batch, vectors } from './keywright.ts';

const UNWRAP = ['keyblock', 'unwrap', '--ndjson'];

interface Vector {
  kbpk: string;
  key_block: string;
  key: string | null;
  header: Record<string, string>;
  optional_blocks: { id: string; data: string }[];
  oracle_libtr31?: { kcv: string | null };
  expected_error?: string;
}

const all: Vector[] = ['libtr31_decrypt', 'psec_unwrap', 'keyblock_rs_standards'].flatMap(
  (name) => vectors(name).vectors,
);
/** Two examples of the 2021 standard are misprinted: their length field is not their length. */
const isMisprinted = ({ key_block: block }: Vector) => Number(block.slice(1, 5)) !== block.length;
const toLine = ({ kbpk, key_block: block }: Vector) => ({ kbpk, block });

const good = all.filter((vector) => vector.key && !vector.expected_error && !isMisprinted(vector));
const answers = batch([...UNWRAP, '--show-clear'], good.map(toLine));

test('every published block gives its key', () => {
  assert.ok(good.length > 40);
  assert.deepEqual(
    answers.map(({ key }) => key),
    good.map(({ key }) => key),
  );
});

test('the header comes field by field, and the optional blocks as they stand', () => {
  for (const [i, { header, optional_blocks: blocks }] of good.entries()) {
    assert.deepEqual(answers[i].header, {
      version: header.version,
      length: Number(header.length),
      keyUsage: header.key_usage,
      algorithm: header.algorithm,
      modeOfUse: header.mode_of_use,
      keyVersion: header.key_version,
      exportability: header.exportability,
      optionalBlockCount: Number(header.opt_blocks_count),
      keyContext: header.key_context,
      reserved: header.reserved,
      optionalBlocks: blocks.map(({ id, data }) => ({ id, data })),
    });
  }
});

test('the KCV is that of libtr31, in 6 digits; asymmetric keys have none', () => {
  const stated = good.flatMap(({ oracle_libtr31: oracle }, i) =>
    oracle?.kcv ? [[answers[i].kcv, oracle.kcv.slice(0, 6)]] : [],
  );
  assert.ok(stated.length > 15);
  for (const [kcv, expected] of stated) assert.equal(kcv, expected);
  const asymmetric = answers.filter(({ header }) => 'RE'.includes(header.algorithm));
  assert.ok(asymmetric.length > 1);
  for (const { kcv } of asymmetric) assert.equal(kcv, null);
});

test('without --show-clear the answers are the same but for the key', () => {
  const withoutKeys = batch(UNWRAP, good.map(toLine));
  assert.deepEqual(
    withoutKeys,
    answers.map(({ key: _, ...answer }: Answer) => answer),
  );
});

test('every block that psec refuses is refused with a code and a message', () => {
  const published: Vector[] = vectors('psec_unwrap').vectors;
  const bad = published.filter((vector) => vector.expected_error);
  assert.ok(bad.length > 30);
  for (const [i, answer] of batch(UNWRAP, bad.map(toLine)).entries()) {
    assert.equal(answer.ok, false, bad[i]!.expected_error);
    assert.match(answer.code, /^[A-Z_]+$/);
    assert.ok(answer.message.length > 10);
  }
});

test('reading is tolerant with warnings; --profile x9.143 refuses under the code of the warning', () => {
  const terminal: { kbpk: string; block: string; clear: string }[] = vectors('terminal_vectors').tr31;
  const lines = terminal
    .filter(({ kbpk, clear }) => kbpk && clear)
    .map(({ kbpk, block }) => ({ kbpk, block }));
  const tolerant = batch(UNWRAP, lines);
  const strict = batch([...UNWRAP, '--profile', 'x9.143'], lines);
  const relaxed = tolerant.flatMap(({ ok, warnings }, i) =>
    ok && !strict[i].ok ? [[strict[i].code, warnings.map(({ code }: Answer) => code)]] : [],
  );
  assert.ok(relaxed.length > 3);
  for (const [code, warnings] of relaxed) assert.ok(warnings.includes(code), `${code} in ${warnings}`);
});

test('lower case and a payShield scheme letter are tolerated', () => {
  const [first] = good as [Vector];
  const lower = first.key_block.slice(0, 16) + first.key_block.slice(16).toLowerCase();
  const [answer] = batch(
    [...UNWRAP, '--show-clear'],
    [{ kbpk: first.kbpk.toLowerCase(), block: `R${lower}` }],
  );
  assert.equal(answer.key, first.key);
  assert.equal(answer.header.length, first.key_block.length);
  const warned = answer.warnings.map(({ code }: Answer) => code);
  for (const code of ['LOWER_CASE', 'SCHEME_LETTER']) assert.ok(warned.includes(code), code);
});

test('missing and malformed fields are input errors', () => {
  const codes = batch(UNWRAP, [
    { block: 'B' },
    { kbpk: '00' },
    { kbpk: 'xy', block: 'B' },
    { kbpk: '', block: 'B' },
  ]);
  assert.deepEqual(
    codes.map(({ code }) => code),
    ['INPUT', 'INPUT', 'INPUT', 'INPUT'],
  );
});
