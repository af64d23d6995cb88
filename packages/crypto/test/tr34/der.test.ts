import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeHex, encodeAscii, encodeHex } from '../../src/index.ts';
import { type DerElement, readDer, readDerElements } from '../../src/tr34/der-reader.ts';
import { derElement, smallInteger } from '../../src/tr34/der-writer.ts';
import { ElementReader } from '../../src/tr34/element-reader.ts';
import { decodeTime, encodeTime } from '../../src/tr34/time.ts';
import { codeOf, refusalOf } from './parties.ts';

describe('DER reader', () => {
  const MALFORMED: [string, string, RegExp][] = [
    ['nothing', '', /position 0: there is no element/],
    ['a tag alone', '30', /position 1: the length is missing/],
    ['an indefinite length', '3080020101 0000', /position 1: an indefinite length/],
    ['a long form for a short length', '04810101', /position 1: a length below 128/],
    ['a leading zero in the length', `0482008000`, /position 1: the length has a leading zero/],
    ['a length that is cut off', '0482', /position 1: the length is cut off/],
    ['a length of four bytes', '048401000000', /position 1: a length of 4 bytes/],
    ['a length of 127 bytes', `04FF${'FF'.repeat(127)}`, /position 1: a length of 127 bytes/],
    ['more content than there is', '0403AABB', /position 0: the element has 3 bytes of content, but only 2/],
    ['a child longer than its parent', '3003040300AABB', /position 2: the element has 3 bytes/],
    ['a byte after the end', '040100FF', /position 3: .*(missing|above 30)/],
    ['an element after the end', '0401000500', /position 3: 2 bytes after the end/],
    ['a tag number above 30', '1F8101 00', /position 0: tag numbers above 30/],
    ['a cut-off child', '300230', /only 1 are left/],
  ];
  for (const [name, digits, message] of MALFORMED) {
    it(`refuses ${name}`, () => {
      const error = refusalOf(() => readDer(decodeHex(digits.replaceAll(' ', ''))));
      assert.equal(error.code, 'DER');
      assert.match(error.message, message);
    });
  }

  it('reads 24 levels, not 25', () => {
    const nested = (levels: number): Uint8Array =>
      levels === 0 ? new Uint8Array() : derElement(0x30, nested(levels - 1));
    assert.equal(readDer(nested(23)).tag, 0x30);
    assert.equal(
      codeOf(() => readDer(nested(25))),
      'DER',
    );
    assert.equal(
      codeOf(() => readDer(new Uint8Array(60000).fill(0x30))),
      'DER',
    );
  });

  it('reads 65,536 bytes, not one more', () => {
    assert.equal(readDer(derElement(0x04, new Uint8Array(65532))).content.length, 65532);
    assert.equal(
      codeOf(() => readDer(derElement(0x04, new Uint8Array(65533)))),
      'DER',
    );
  });

  it('counts positions from the start of the outermost input', () => {
    assert.match(refusalOf(() => readDer(decodeHex('04'), 100)).message, /position 101/);
    assert.equal(readDerElements(decodeHex('3003020105'), 40)[0]!.children[0]!.position, 42);
  });

  const trees = fc.letrec<{ tree: Uint8Array }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.uint8Array({ maxLength: 300 }).map((bytes) => derElement(0x04, bytes)),
      fc.array(tie('tree'), { maxLength: 4 }).map((parts) => derElement(0x30, ...parts)),
    ),
  })).tree;
  const rewrite = ({ tag, content, children }: DerElement): Uint8Array =>
    tag & 0x20 ? derElement(tag, ...children.map(rewrite)) : derElement(tag, content);

  it('reads whatever the writer writes, and nothing of it cut short or prolonged', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (tree, at) => {
        assert.equal(encodeHex(rewrite(readDer(tree))), encodeHex(tree));
        assert.equal(
          codeOf(() => readDer(tree.subarray(0, at % tree.length))),
          'DER',
        );
        assert.equal(
          codeOf(() => readDer(Uint8Array.of(...tree, 0))),
          'DER',
        );
      }),
      { numRuns: 200 },
    );
  });

  it('what it accepts has no second encoding, and what it refuses is refused as DER', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let element: DerElement;
        try {
          element = readDer(bytes);
        } catch {
          assert.equal(
            codeOf(() => readDer(bytes)),
            'DER',
          );
          return;
        }
        assert.equal(encodeHex(rewrite(element)), encodeHex(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('elements of a structure', () => {
  const parent = readDer(derElement(0x30, smallInteger(1), derElement(0x04)));

  it('are taken in order, each by its tag', () => {
    const fields = new ElementReader(parent, 'thing');
    assert.equal(fields.takeOptional(0x04), undefined);
    assert.equal(fields.take(0x02, 'a number').content[0], 1);
    const error = refusalOf(() => fields.take(0x30, 'a list'));
    assert.equal(error.code, 'STRUCTURE');
    assert.equal(error.message, 'thing, position 5: a list (tag 30) expected, got tag 04');
    assert.match(refusalOf(() => fields.finish()).message, /position 5: the end expected, got tag 04/);
    fields.take(0x04, 'bytes');
    fields.finish();
    assert.match(refusalOf(() => fields.take(0x02, 'a number')).message, /position 7: .* got nothing/);
  });
});

describe('times', () => {
  it('are UTCTime until 2049, GeneralizedTime after', () => {
    const hex = (time: string) => encodeHex(encodeTime(new Date(time)));
    assert.equal(hex('2012-01-31T13:22:14Z'), `170D${encodeHex(encodeAscii('120131132214Z'))}`);
    assert.equal(hex('2049-12-31T23:59:59.999Z'), `170D${encodeHex(encodeAscii('491231235959Z'))}`);
    assert.equal(hex('2050-01-01T00:00:00Z'), `180F${encodeHex(encodeAscii('20500101000000Z'))}`);
    for (const time of ['1949-12-31T23:59:59Z', 'never']) {
      assert.throws(() => encodeTime(new Date(time)), RangeError);
    }
  });

  it('come back to the second', () => {
    const between = { min: new Date('1950-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(between), (time) => {
        const decoded = decodeTime(readDer(encodeTime(time)), 'time');
        assert.equal(decoded.getTime(), Math.floor(time.getTime() / 1000) * 1000);
      }),
    );
  });

  it('are refused when they are not such a time, or not in UTC, or not to the second', () => {
    const WRONG = [
      [0x17, '120230120000Z'],
      [0x17, '121301120000Z'],
      [0x17, '120101240000Z'],
      [0x17, '120101126000Z'],
      [0x17, '1201011200Z'],
      [0x17, '120101120000+0100'],
      [0x17, '20120101120000Z'],
      [0x18, '20120101120000.5Z'],
      [0x18, '120101120000Z'],
      [0x04, '120101120000Z'],
    ] as const;
    for (const [tag, text] of WRONG) {
      const element = readDer(derElement(tag, Buffer.from(text)));
      assert.equal(
        codeOf(() => decodeTime(element, 'time')),
        'STRUCTURE',
        text,
      );
    }
  });
});
