import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { encodeHex, Secret } from '@keywright/crypto';
import fc from 'fast-check';
import { MainKeyError, type MainKeyErrorCode } from '../../src/custody/main-key.ts';
import { readShare, type Share, writeShare } from '../../src/custody/share.ts';

const VALUE = '00112233445566778899AABBCCDDEEFFF0E1D2C3B4A5968778695A4B3C2D1E0F';
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const share = (): Share => ({ setId: 'C0FFEE01', index: 3, threshold: 2, value: Secret.fromHex(VALUE) });
const text = writeShare(share());

function refused(typed: string, ...codes: MainKeyErrorCode[]): void {
  assert.throws(
    () => readShare(typed),
    (error) => {
      assert.ok(error instanceof MainKeyError);
      assert.ok(codes.includes(error.code), error.code);
      for (const group of text.split(' ').slice(2)) assert.ok(!error.message.includes(group));
      return true;
    },
  );
}

describe("a custodian's share", () => {
  it('is these bytes in base 32, as it is computed a second time here', () => {
    const body = Buffer.from(`01C0FFEE0132${VALUE}`, 'hex');
    const checksum = createHash('sha256')
      .update('keywright share checksum')
      .update(body)
      .digest()
      .subarray(0, 4);
    let number = BigInt(`0x${body.toString('hex')}${checksum.toString('hex')}`) << 4n;
    let expected = '';
    for (let i = 0; i < 68; i++, number >>= 5n) expected = ALPHABET[Number(number & 31n)]! + expected;
    assert.equal(text.replaceAll(' ', ''), expected);
    assert.match(text, /^(?:[0-9A-Z]{4} ){16}[0-9A-Z]{4}$/);
  });

  it('comes back as it was', () => {
    const values = fc.record({
      setId: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(encodeHex),
      index: fc.integer({ min: 1, max: 9 }),
      threshold: fc.integer({ min: 2, max: 9 }),
      value: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(
      fc.property(values, ({ value, ...rest }) => {
        const { value: read, ...others } = readShare(writeShare({ ...rest, value: Secret.copyOf(value) }));
        assert.deepEqual([others, read.expose(encodeHex)], [rest, encodeHex(value)]);
      }),
    );
  });

  it('may be typed in either case, with spaces and dashes anywhere, O for 0, I and L for 1', () => {
    const typings = [
      text.toLowerCase(),
      text.replaceAll(' ', ''),
      text.replaceAll(' ', '-'),
      ` ${text}\n`,
      text.replaceAll('0', 'O').replaceAll('1', 'l'),
      text.replaceAll('1', 'I'),
    ];
    for (const typed of typings) assert.equal(readShare(typed).value.expose(encodeHex), VALUE);
  });

  it('with any one character wrong, left out, doubled or changed with its neighbour is refused at once', () => {
    const typed = text.replaceAll(' ', '');
    for (let i = 0; i < typed.length; i++) {
      const [before, character, after] = [typed.slice(0, i), typed[i]!, typed.slice(i + 1)];
      for (const other of ALPHABET)
        if (other !== character) refused(before + other + after, 'SHARE_CHECKSUM');
      refused(before + after, 'SHARE_LENGTH');
      refused(before + character + character + after, 'SHARE_LENGTH');
      if (after !== '' && after[0] !== character) {
        refused(before + after[0] + character + after.slice(1), 'SHARE_CHECKSUM');
      }
      for (const wrong of ['U', '!', 'ä', '𝄞']) refused(before + wrong + after, 'SHARE_CHARACTER');
    }
    refused('', 'SHARE_LENGTH');
  });
});
