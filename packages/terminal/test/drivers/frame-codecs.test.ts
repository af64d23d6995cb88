import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createL100Parser, encodeL100Frame } from '../../src/drivers/l100/frame.ts';
import { encodeMessage, Pp791Parser } from '../../src/drivers/pp791/frame.ts';
import { createQposParser, encodeQposFrame } from '../../src/drivers/qpos/frame.ts';
import { CODECS, concat, decodeHex, encodeHex, feed, inPieces } from './frames.ts';

const { frames } = JSON.parse(
  readFileSync(new URL('../../../../vectors/terminal_vectors.json', import.meta.url), 'utf8'),
) as { frames: { qpos: string[]; idtechNGA: string[] } };

/** SmartPIN L100 manual 80141505-001 Rev H, page 35: the answer to get key status with 24 keys. */
const L100_KEY_STATUS =
  '0263000618000000000001000000030000000400000006000000070000000800000008000100080002000800030008000400080005' +
  '000800060008000700080008000800090008000A0008000B000A0000000A03E8000C0000000D0000001400000128000000CE2A03';

/** Frames of the vectors: hexadecimal, then words. */
function published(list: readonly string[]): { bytes: Uint8Array; words: string }[] {
  return list.map((entry) => {
    const [hex, ...words] = entry.split(' ');
    return { bytes: decodeHex(hex!), words: words.join(' ') };
  });
}

describe('published frames', () => {
  for (const { bytes, words } of published([...frames.idtechNGA, `${L100_KEY_STATUS} page 35`])) {
    it(`L100 ${words}`, () => {
      const [frame, ...more] = createL100Parser().push(bytes);
      assert.ok(frame?.kind === 'frame' && more.length === 0);
      assert.equal(encodeHex(encodeL100Frame(frame.body)), encodeHex(bytes));
    });
  }
  for (const { bytes, words } of published(frames.qpos)) {
    it(`QPOS ${words}`, () => {
      const [frame, ...more] = createQposParser().push(bytes);
      assert.ok(frame?.kind === 'frame' && more.length === 0);
      assert.equal(encodeHex(encodeQposFrame(frame)), encodeHex(bytes));
    });
  }
  it("PP791: the manual's LRC is over everything after the first byte, the last delimiter with it", () => {
    // Message 06 without data: 30 xor 36 xor 0E. The rule is published, no frame with its LRC is.
    assert.equal(encodeHex(encodeMessage('admin', '06')), '0F30360E08');
    assert.equal(encodeHex(encodeMessage('transaction', '960')), '02393630033C');
  });
});

for (const { name, parser, frames: arbitrary, key, noise } of CODECS) {
  const streams = fc.tuple(
    fc.array(fc.tuple(noise, arbitrary), { minLength: 1, maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
  );
  const bytesOf = (parts: [Uint8Array, { bytes: Uint8Array }][]) =>
    concat(...parts.flatMap(([before, { bytes }]) => [before, bytes]));

  describe(`${name} parser`, () => {
    it('finds every frame behind noise, in whatever pieces', () => {
      fc.assert(
        fc.property(streams, ([parts, lengths]) => {
          const units = feed(parser(), inPieces(bytesOf(parts), lengths));
          assert.deepEqual(
            units.map(key),
            parts.map(([, frame]) => frame.key),
          );
        }),
      );
    });

    it('never takes a frame with one damaged byte for a frame that was sent', () => {
      const damaged = fc.tuple(arbitrary, fc.nat(), fc.integer({ min: 1, max: 255 }));
      fc.assert(
        fc.property(damaged, ([frame, place, flip]) => {
          const bytes = Uint8Array.from(frame.bytes);
          bytes[place % bytes.length]! ^= flip;
          const reading = parser();
          const units = [...reading.push(bytes), ...reading.flush()];
          assert.ok(!units.map(key).includes(frame.key));
        }),
      );
    });

    it('goes on with the next frame after a damaged one, once the line was silent', () => {
      fc.assert(
        fc.property(fc.tuple(arbitrary, arbitrary, fc.nat()), ([lost, next, place]) => {
          const reading = parser();
          const cut = lost.bytes.subarray(0, place % lost.bytes.length);
          const units = [...reading.push(cut), ...reading.flush(), ...reading.push(next.bytes)];
          assert.equal(key(units.at(-1)!), next.key);
        }),
      );
    });

    // PP791 notices a new beginning inside a message at once: see below.
    if (name !== 'PP791')
      it('finds a frame behind a false beginning when the line falls silent', () => {
        fc.assert(
          fc.property(fc.tuple(arbitrary, arbitrary, fc.nat()), ([lost, next, place]) => {
            const reading = parser();
            const cut = lost.bytes.subarray(0, place % lost.bytes.length);
            const units = [...reading.push(concat(cut, next.bytes)), ...reading.flush()];
            // A check byte fits what was never sent once in 256 times; nobody can tell that frame from a true one.
            fc.pre(!units.some((unit) => unit.kind !== 'damaged' && key(unit) !== next.key));
            assert.ok(units.map(key).includes(next.key));
          }),
        );
      });

    it('takes any bytes', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
          const reading = parser();
          const units = feed(reading, chunks);
          reading.flush();
          assert.ok(units.length <= chunks.reduce((sum, { length }) => sum + length, 0));
        }),
      );
    });

    it('is not worn down by a flood of beginnings', () => {
      const reading = parser();
      const flood = new Uint8Array(1 << 18).fill(0x02);
      for (const start of [0x02, 0x0f, 0x4d]) {
        reading.push(flood.fill(start));
        reading.flush();
      }
      const [frame] = fc.sample(arbitrary, 1);
      assert.deepEqual(reading.push(frame!.bytes).map(key), [frame!.key]);
    });
  });
}

describe('PP791 parser', () => {
  it('tells control characters between messages', () => {
    const units = new Pp791Parser().push(Uint8Array.of(0x06, 0x55, 0x15, 0x04));
    assert.deepEqual(
      units.map((unit) => unit.kind === 'control' && unit.control),
      ['ACK', 'NAK', 'EOT'],
    );
  });

  it('ends a message that a control character or another message interrupts', () => {
    const cut = encodeMessage('admin', '04F1').subarray(0, 4);
    const whole = encodeMessage('admin', '040');
    const units = new Pp791Parser().push(concat(cut, Uint8Array.of(0x04), cut, whole));
    assert.deepEqual(
      units.map((unit) => (unit.kind === 'control' ? unit.control : unit.kind)),
      ['damaged', 'EOT', 'damaged', 'message'],
    );
  });

  it('gives up a message that does not end', () => {
    const parser = new Pp791Parser();
    const units = parser.push(concat(Uint8Array.of(0x02), new Uint8Array(5000).fill(0x41)));
    assert.deepEqual(units, [{ kind: 'damaged', reason: 'LENGTH' }]);
  });

  it('is not made to send what would break the frame', () => {
    assert.throws(() => encodeMessage('admin', '02\x03'), RangeError);
    assert.throws(() => encodeMessage('admin', 'é'), RangeError);
    assert.throws(() => encodeMessage('admin', 'A'.repeat(1025)), RangeError);
  });
});

describe('lengths', () => {
  it('L100: a length that no frame has', () => {
    assert.deepEqual(createL100Parser().push(decodeHex('0200000003')), [
      { kind: 'damaged', reason: 'LENGTH' },
    ]);
    assert.deepEqual(createL100Parser().push(decodeHex('02FFFF7846')), [
      { kind: 'damaged', reason: 'LENGTH' },
    ]);
    assert.throws(() => encodeL100Frame(new Uint8Array()), RangeError);
    assert.throws(() => encodeL100Frame(new Uint8Array(8193)), RangeError);
  });

  it('QPOS: two lengths that disagree', () => {
    const [unit] = createQposParser().push(decodeHex('4D000721000005000000'));
    assert.deepEqual(unit, { kind: 'damaged', reason: 'LENGTH' });
    const data = new Uint8Array(4097);
    const frame = { commandId: 0x21, command: 0x10, subcommand: 0, timeoutOrResult: 5, data };
    assert.throws(() => encodeQposFrame(frame), RangeError);
    assert.throws(() => encodeQposFrame({ ...frame, data: new Uint8Array(), command: 256 }), RangeError);
  });
});
