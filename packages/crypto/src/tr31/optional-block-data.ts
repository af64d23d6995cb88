import type { DecodedOptionalBlock } from './decoded-optional-block.ts';
import { KeyBlockError } from './error.ts';
import type { OptionalBlock } from './optional-block.ts';
import { OPTIONAL_BLOCKS } from './optional-block-table.ts';

/** The name of an optional block; ids of two digits are left to manufacturers (section 6.3.6). */
export function nameOptionalBlock(id: string): string {
  return OPTIONAL_BLOCKS[id]?.name ?? (/^[0-9]{2}$/.test(id) ? 'proprietary' : 'unknown');
}

/**
 * Reads the data of an optional block, exactly as the standard defines them.
 *
 * @returns `{ kind: 'other' }` for an id that the standard does not define, data as they are
 * @throws KeyBlockError `OPTIONAL_BLOCK_DATA` when they are not what the id asks for
 */
export function decodeOptionalBlock({ id, data }: OptionalBlock): DecodedOptionalBlock {
  const rules = OPTIONAL_BLOCKS[id];
  if (rules === undefined) return { kind: 'other', id, data };
  const decoded = rules.decode(data);
  if (decoded !== undefined) return decoded;
  throw new KeyBlockError(
    'OPTIONAL_BLOCK_DATA',
    `optional block ${id} (${rules.name}, section ${rules.section}) must hold ${rules.expects}; ` +
      `it holds ${data.length} characters that are not`,
  );
}
