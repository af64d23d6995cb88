import {
  KeyBlockError,
  type MaskKeyLength,
  type OptionalBlock,
  type Profile,
  parseHeader,
  type WrapOptions,
  wrapKeyBlock,
} from '@keywright/crypto';
import type { Handler } from './answer.ts';
import { kcvOfWrappedKey } from './check-value.ts';
import { InputError, keyField, textField } from './fields.ts';
import { RecentKeys } from './recent-keys.ts';

function isOptionalBlock(value: unknown): value is OptionalBlock {
  const { id, data } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof data === 'string';
}

/** Optional blocks as an object, `{"KS":"…"}`, or a list, `[{"id":"KS","data":"…"}]`; either keeps its order. */
function optionalBlocksOf({ optionalBlocks = [] }: Record<string, unknown>): OptionalBlock[] {
  const isList = Array.isArray(optionalBlocks);
  const list = isList
    ? optionalBlocks
    : Object.entries(Object(optionalBlocks)).map(([id, data]) => ({ id, data }));
  if (typeof optionalBlocks === 'object' && optionalBlocks !== null && list.every(isOptionalBlock))
    return list;
  throw new InputError('optionalBlocks must be {"KS":"…"} or [{"id":"KS","data":"…"}]');
}

function maskOf({ maskKeyLength = true }: Record<string, unknown>): MaskKeyLength {
  if (typeof maskKeyLength === 'boolean' || typeof maskKeyLength === 'number') return maskKeyLength;
  throw new InputError('maskKeyLength must be true, false or a number of bytes');
}

function isAllowed(options: WrapOptions): boolean {
  try {
    wrapKeyBlock(options);
    return true;
  } catch (error) {
    if (error instanceof KeyBlockError) return false;
    throw error;
  }
}

/** Wraps; where the tolerant profile would have, the refusal says so. */
function wrap(options: WrapOptions): string {
  try {
    return wrapKeyBlock(options);
  } catch (error) {
    if (!(error instanceof KeyBlockError) || !isAllowed({ ...options, profile: 'tolerant' })) throw error;
    throw new KeyBlockError(error.code, `${error.message} (--profile tolerant writes it all the same)`);
  }
}

/** `{"kbpk","header","key","optionalBlocks"?,"maskKeyLength"?}` to `{"block","kcv"}`. */
export function wrapLine({ profile }: { profile: Profile }): Handler {
  const recent = new RecentKeys();
  return (line) => {
    const header = parseHeader(textField(line, 'header'));
    const optionalBlocks = optionalBlocksOf(line);
    const maskKeyLength = maskOf(line);
    using kbpk = recent.share(keyField(line, 'kbpk'));
    using key = keyField(line, 'key');
    const block = wrap({ kbpk, header, key, optionalBlocks, maskKeyLength, profile });
    return { block, kcv: kcvOfWrappedKey(header, optionalBlocks, key) };
  };
}
