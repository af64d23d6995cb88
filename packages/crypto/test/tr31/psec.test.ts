// Key blocks, headers and lengths of psec's tests.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type KeyBlockHeader,
  parseHeader,
  parseKeyBlock,
  Secret,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '../../src/index.ts';
import { formatOptionalBlock, readOptionalBlocks } from '../../src/tr31/optional-block.ts';
import { padOptionalBlocks } from '../../src/tr31/padding-block.ts';
import { codeOf, type KeyBlockVector, loadVectors, rewrap, toHex } from './vectors.ts';

describe('psec: key blocks', () => {
  const vectors: KeyBlockVector[] = loadVectors('psec_unwrap').vectors;
  const unwrap = ({ kbpk, key_block }: KeyBlockVector) =>
    unwrapKeyBlock({ kbpk: Secret.fromHex(kbpk), block: key_block });

  for (const vector of vectors.filter(({ key }) => key !== null)) {
    it(`unwraps ${vector.name} and wraps it to the same bytes`, () => {
      assert.equal(toHex(unwrap(vector).key), vector.key);
      assert.equal(rewrap(vector.kbpk, vector.key_block), vector.key_block);
    });
  }

  /**
   * psec's message to our code, first match. Where a block is wrong in more than one way psec looks at the hexadecimal
   * or the MAC first and we at the lengths: a version B block cut like one of version A has a payload of 28 bytes.
   */
  const CODES: [RegExp, string[]][] = [
    [/header length/, ['LENGTH_FIELD']],
    [/must be multiple of/, ['PAYLOAD']],
    [/MAC must be valid hexchars/, ['MAC', 'PAYLOAD']],
    [/MAC is malformed/, ['PAYLOAD', 'OPTIONAL_BLOCK_PADDING']],
    [/Encrypted key/, ['PAYLOAD']],
    // psec says what was wrong after decryption; we don't.
    [/MAC doesn't match|Decrypted key/, ['KEY_BLOCK_VERIFICATION_FAILED']],
    // The block is one of version A called B, so that its payload is refused before the key is looked at.
    [/KBPK length \(8\)/, ['PAYLOAD']],
    [/KBPK length/, ['KBPK_LENGTH']],
  ];

  const refused = vectors.filter(({ key }) => key === null);
  it('has 18 good and 38 bad ones', () => assert.deepEqual([vectors.length, refused.length], [56, 38]));

  for (const vector of refused) {
    it(`refuses ${vector.name}: ${vector.expected_error}`, () => {
      const [, codes] = CODES.find(([message]) => message.test(vector.expected_error!))!;
      assert.ok(codes.includes(codeOf(() => unwrap(vector))));
    });
  }

  it('refuses a KBPK of 8 bytes in a block that is right otherwise', () => {
    const { key_block } = vectors.find(({ name }) => name === 'test_kb_known_values[1]')!;
    assert.equal(
      codeOf(() => unwrap({ name: '', key: null, kbpk: '4545454545454545', key_block })),
      'KBPK_LENGTH',
    );
  });
});

describe('psec: headers', () => {
  const { negative_headers, positive_headers, masked_length_table } = loadVectors('psec_headers');
  const HEADER = parseHeader('B0000P0TE00N0000');

  const CODES: [RegExp, string][] = [
    [/^Header length/, 'HEADER_LENGTH'],
    [/^Header must be ASCII/, 'VERSION'],
    [/^Number of blocks/, 'OPTIONAL_BLOCK_COUNT'],
    [/ASCII printable/, 'CHARACTER'],
    [/^Block/, 'OPTIONAL_BLOCK'],
    [/^Version ID/, 'VERSION'],
    [/^Key usage/, 'KEY_USAGE'],
    [/^Algorithm/, 'ALGORITHM'],
    [/^Mode of use/, 'MODE_OF_USE'],
    [/^Version number/, 'KEY_VERSION'],
    [/^Exportability/, 'EXPORTABILITY'],
  ];

  function attributesOf(a: Record<string, string>): KeyBlockHeader {
    const { version_id, key_usage, algorithm, mode_of_use, version_num, exportability } = a;
    return {
      ...HEADER,
      version: version_id as KeyBlockHeader['version'],
      keyUsage: key_usage!,
      algorithm: algorithm!,
      modeOfUse: mode_of_use!,
      keyVersion: version_num!,
      exportability: exportability!,
    };
  }

  it('has 50 bad headers or more', () => assert.ok(negative_headers.length >= 50));

  for (const { header, attributes, expected_error } of negative_headers) {
    it(`refuses ${JSON.stringify(header ?? attributes)}: ${expected_error}`, () => {
      const code = codeOf(() => {
        if (header === undefined) {
          const kbpk = Secret.copyOf(new Uint8Array(16));
          wrapKeyBlock({ kbpk, header: attributesOf(attributes), key: kbpk, profile: 'tolerant' });
        }
        // psec reads a header alone and does not look at its length field; ours must be right to get further.
        const length = String(header.length).padStart(4, '0');
        parseKeyBlock(header.length < 5 ? header : header[0] + length + header.slice(5));
      });
      assert.equal(code, CODES.find(([message]) => message.test(expected_error))![1]);
    });
  }

  /** psec's data are Python expressions: "text" or "text" * times. */
  const dataOf = (expression: string) => {
    const [, text, times] = /^"(.*)"(?: \* ([0-9]+))?$/.exec(expression)!;
    return text!.repeat(Number(times ?? 1));
  };

  // psec's reset() empties a header that was read; there is nothing like it here.
  for (const { name, header_input, blocks, str_out } of positive_headers.filter(
    (vector: { name: string }) => !vector.name.endsWith('_reset'),
  )) {
    it(`reads and writes ${name}`, () => {
      const expected = blocks.map(([id, data]: [string, string]) => ({ id, data: dataOf(data) }));
      // The file leaves out the 256 characters and the padding that follow an extended length.
      const text = header_input.endsWith('010A') ? `${header_input}${'P'.repeat(256)}PB0600` : header_input;
      const codes: string[] = [];
      const read = readOptionalBlocks(text, 16, Number(text.slice(12, 14)), (code) => codes.push(code));
      const unpadded = read.optionalBlocks.filter(({ id }) => id !== 'PB');
      assert.deepEqual(unpadded, expected);
      // psec counts bytes in an extended length (01, 02), which the standard does not.
      assert.deepEqual(codes, /^.{18}00/.test(text) ? ['EXTENDED_LENGTH'] : []);

      const blockLength = text.startsWith('D') ? 16 : 8;
      const padded = padOptionalBlocks(unpadded, blockLength, (length) => new Uint8Array(length));
      const written = padded.map(formatOptionalBlock).join('');
      const [out] = str_out;
      assert.equal(written.length, Number(out.slice(1, 5)) - 16);
      if (out.endsWith('010A')) assert.ok(written.startsWith('KS0004010A'));
      else assert.equal(written, out.slice(16));
    });
  }

  for (const { version_id, algorithm, key_len, masked_key_len, kb_len } of masked_length_table) {
    const filled = masked_key_len === null ? 'as the standard has it' : `to ${masked_key_len} bytes`;
    it(`version ${version_id}: ${algorithm} of ${key_len} bytes filled up ${filled} takes ${kb_len} characters`, () => {
      const key = Secret.copyOf(Uint8Array.from({ length: key_len }, (_, i) => i + 1));
      const header = { ...HEADER, version: version_id, algorithm };
      const kbpk = Secret.copyOf(Uint8Array.from({ length: 16 }, (_, i) => 255 - i));
      // psec takes negative lengths for none.
      const maskKeyLength = masked_key_len === null ? true : Math.max(masked_key_len, 0);
      const block = wrapKeyBlock({ kbpk, header, key, maskKeyLength, profile: 'tolerant' });
      assert.equal(block.length, kb_len);
      assert.equal(toHex(unwrapKeyBlock({ kbpk, block }).key), toHex(key));
    });
  }
});
