import { concat, decodeHex, encodeHex } from '@keywright/crypto';
import fc from 'fast-check';
import type { Damaged, FrameParser } from '../../src/drivers/frame-parser.ts';
import { createL100Parser, encodeL100Frame } from '../../src/drivers/l100/frame.ts';
import { encodeMessage, Pp791Parser } from '../../src/drivers/pp791/frame.ts';
import { createQposParser, encodeQposFrame } from '../../src/drivers/qpos/frame.ts';

type AnyUnit = Damaged | { readonly kind: string };

/** A protocol's codec as the tests of all of them use it: `key` tells what a frame says. */
export interface Codec {
  readonly name: string;
  readonly parser: () => FrameParser<AnyUnit>;
  /** Frames at random: their bytes, and what they say. */
  readonly frames: fc.Arbitrary<{ bytes: Uint8Array; key: string }>;
  readonly key: (unit: AnyUnit) => string;
  /** Bytes that begin no frame. */
  readonly noise: fc.Arbitrary<Uint8Array>;
}

const byte = fc.integer({ min: 0, max: 255 });
const TEXT_CHARACTERS = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  '\x1c',
  '\x1a',
];

function noiseWithout(...starts: number[]): fc.Arbitrary<Uint8Array> {
  const others = Array.from({ length: 256 }, (_, i) => i).filter((value) => !starts.includes(value));
  return fc.array(fc.constantFrom(...others), { maxLength: 20 }).map((bytes) => Uint8Array.from(bytes));
}

export const CODECS: readonly Codec[] = [
  {
    name: 'PP791',
    parser: () => new Pp791Parser(),
    frames: fc
      .tuple(
        fc.constantFrom('admin' as const, 'transaction' as const),
        fc.string({ unit: fc.constantFrom(...TEXT_CHARACTERS), maxLength: 60 }),
      )
      .map(([envelope, text]) => ({ bytes: encodeMessage(envelope, text), key: `${envelope} ${text}` })),
    key: (unit) => ('text' in unit && 'envelope' in unit ? `${unit.envelope} ${unit.text}` : unit.kind),
    noise: noiseWithout(0x02, 0x0f, 0x04, 0x06, 0x15),
  },
  {
    name: 'L100',
    parser: createL100Parser,
    frames: fc
      .uint8Array({ minLength: 1, maxLength: 80 })
      .map((body) => ({ bytes: encodeL100Frame(body), key: encodeHex(body) })),
    key: (unit) => ('body' in unit ? encodeHex(unit.body as Uint8Array) : unit.kind),
    noise: noiseWithout(0x02),
  },
  {
    name: 'QPOS',
    parser: createQposParser,
    frames: fc
      .record({
        commandId: byte,
        command: byte,
        subcommand: byte,
        timeoutOrResult: byte,
        data: fc.uint8Array({ maxLength: 80 }),
      })
      .map((frame) => ({ bytes: encodeQposFrame(frame), key: JSON.stringify(frame) })),
    key: (unit) => {
      const { kind, ...frame } = unit as Damaged & Record<string, unknown>;
      return kind === 'damaged' ? kind : JSON.stringify(frame);
    },
    noise: noiseWithout(0x4d),
  },
];

/** Cuts bytes into pieces at the given places. */
export function inPieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let position = 0;
  for (let i = 0; position < bytes.length; i += 1) {
    const length = lengths[i % lengths.length] ?? bytes.length;
    pieces.push(bytes.subarray(position, position + length));
    position += length;
  }
  return pieces;
}

export function feed<Unit>(parser: FrameParser<Unit>, pieces: readonly Uint8Array[]): Unit[] {
  return pieces.flatMap((piece) => parser.push(piece));
}

export { concat, decodeHex, encodeHex };
