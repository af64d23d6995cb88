import { concat } from '@keywright/crypto';
import type { Damage, Damaged, FrameParser } from './frame-parser.ts';

/** A frame that begins with a fixed byte and says how long it is. */
export interface LengthFraming<Frame> {
  readonly start: number;
  /** Bytes from the beginning on that tell the length. */
  readonly prefixLength: number;
  /** The length of the whole frame; undefined when these bytes begin none. */
  measure(prefix: Uint8Array): number | undefined;
  /** Reads a whole frame, or says what is wrong with it. */
  read(bytes: Uint8Array): Frame | Damage;
}

/**
 * Looks for frames from every byte that may begin one: where it is none, the search goes on with the next byte, so that a
 * frame behind noise, or behind a damaged one, is found. Damage is reported once for each stretch of it.
 */
export class LengthFramedParser<Frame extends object> implements FrameParser<Frame | Damaged> {
  readonly #framing: LengthFraming<Frame>;
  #pending = new Uint8Array();
  #damaged = false;

  constructor(framing: LengthFraming<Frame>) {
    this.#framing = framing;
  }

  push(chunk: Uint8Array): (Frame | Damaged)[] {
    const units: (Frame | Damaged)[] = [];
    const bytes = concat(this.#pending, chunk);
    let position = 0;
    for (;;) {
      position = this.#findStart(bytes, position);
      const length = this.#measure(bytes, position);
      if (length === 'unknown') break;
      position += this.#take(bytes.subarray(position, position + (length ?? 0)), units);
    }
    this.#pending = bytes.slice(position);
    return units;
  }

  flush(): (Frame | Damaged)[] {
    const units: (Frame | Damaged)[] = [];
    while (this.#pending.length > 0) {
      const rest = this.#pending.subarray(1);
      this.#pending = new Uint8Array();
      this.#report('END', units);
      units.push(...this.push(rest));
    }
    this.#damaged = false;
    return units;
  }

  /** Reads a candidate, an empty one when its length was none; gives how far the search moves on. */
  #take(candidate: Uint8Array, units: (Frame | Damaged)[]): number {
    const found = candidate.length === 0 ? 'LENGTH' : this.#framing.read(candidate);
    if (typeof found === 'string') {
      this.#report(found, units);
      return 1;
    }
    this.#damaged = false;
    units.push(found);
    return candidate.length;
  }

  #findStart(bytes: Uint8Array, from: number): number {
    const start = bytes.indexOf(this.#framing.start, from);
    return start < 0 ? bytes.length : start;
  }

  /** `unknown` until the whole frame is there. */
  #measure(bytes: Uint8Array, position: number): number | undefined | 'unknown' {
    const { prefixLength } = this.#framing;
    if (position + prefixLength > bytes.length) return 'unknown';
    const length = this.#framing.measure(bytes.subarray(position, position + prefixLength));
    return length !== undefined && position + length > bytes.length ? 'unknown' : length;
  }

  #report(reason: Damage, units: (Frame | Damaged)[]): void {
    if (!this.#damaged) units.push({ kind: 'damaged', reason });
    this.#damaged = true;
  }
}
