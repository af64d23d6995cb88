import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file under a segment's name is not the one that was written to, or somebody else changed its length. */
export class ReplacedFileError extends Error {
  override readonly name = 'ReplacedFileError';
  constructor(path: string) {
    super(`${path} was removed, replaced, or changed in length`);
  }
}

/** A new file's name is on the disk only when its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** A file that is only added to. What `append` resolved for is on the disk; what it rejected for is not in the file. */
export class SegmentFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #inode: number;
  #size: number;
  #failed = false;

  private constructor(path: string, file: FileHandle, inode: number, size: number) {
    this.path = path;
    this.#file = file;
    this.#inode = inode;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Goes on with a file whose first `size` bytes count, or makes it, for its owner alone. */
  static async open(path: string, size = 0): Promise<SegmentFile> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, size === 0 ? 'w+' : 'r+', 0o600);
    if (size === 0) syncDirectory(dirname(path));
    return new SegmentFile(path, file, (await file.stat()).ino, size);
  }

  /**
   * Adds bytes and waits until they are on the disk (fdatasync).
   *
   * @throws ReplacedFileError, or what the operating system says
   */
  async append(bytes: Uint8Array): Promise<void> {
    this.#checkIsThere();
    if (this.#failed) await this.#file.truncate(this.#size);
    this.#failed = true;
    for (let written = 0; written < bytes.length; ) {
      const position = this.#size + written;
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, position);
      written += bytesWritten;
    }
    await this.#file.datasync();
    this.#size += bytes.length;
    this.#failed = false;
  }

  /** Writing to a file that has lost its name would succeed, and be lost with it. */
  #checkIsThere(): void {
    const found = statSync(this.path, { throwIfNoEntry: false });
    const expected = this.#failed ? (found?.size ?? 0) >= this.#size : found?.size === this.#size;
    if (found?.ino !== this.#inode || !expected) throw new ReplacedFileError(this.path);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
