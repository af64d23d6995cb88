/** Bytes that a character of JavaScript can take in UTF-8, at most. */
const WIDEST = 3;
const LINE_FEED = 10;

/** Lines as they are written: encoded once, for the hash and for the disk, into memory that is used again. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  /** @returns the line's bytes without the line feed that follows it; good until `clear` */
  add(line: string): Uint8Array {
    this.#makeRoom(line.length * WIDEST + 1);
    const start = this.#length;
    const end = start + this.#bytes.write(line, start, 'utf8');
    this.#bytes[end] = LINE_FEED;
    this.#length = end + 1;
    return this.#bytes.subarray(start, end);
  }

  /** All lines since `clear`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
