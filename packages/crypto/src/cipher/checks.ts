import type { BlockCipher } from './engine.ts';

/** The refusals that all engines have in common. */

/** @throws RangeError */
export function assertWholeBlocks({ blockLength }: BlockCipher, data: Uint8Array): void {
  if (data.length % blockLength === 0) return;
  throw new RangeError(`data must be whole blocks of ${blockLength} bytes, got ${data.length} bytes`);
}

/** @throws RangeError unless there is a block, and nothing but whole ones */
export function assertSomeBlocks(cipher: BlockCipher, data: Uint8Array): void {
  assertWholeBlocks(cipher, data);
  if (data.length === 0) throw new RangeError('data must be at least one block, got none');
}

/** @throws RangeError */
export function assertIv({ blockLength }: BlockCipher, iv: Uint8Array): void {
  if (iv.length !== blockLength) throw new RangeError(`IV must be ${blockLength} bytes, got ${iv.length}`);
}

/** @throws TypeError unless the cipher has the mode */
export function assertMode({ name }: BlockCipher, only: 'AES' | 'TDES', mode: string): void {
  if (name !== only) throw new TypeError(`${mode} is defined for ${only} only`);
}

export function disposedCipher(): TypeError {
  return new TypeError('this cipher was disposed of and can no longer be used');
}
