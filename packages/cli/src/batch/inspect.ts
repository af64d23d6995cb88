import { describeKeyBlock } from '@keywright/crypto';
import { textField } from './fields.ts';

/** `{"block"}` to what it says in plain words. */
export function inspectLine(line: Record<string, unknown>): object {
  return describeKeyBlock(textField(line, 'block'));
}
