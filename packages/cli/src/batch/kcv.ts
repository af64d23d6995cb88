import { KCV_METHODS, keyCheckValue } from '@keywright/crypto';
import { choiceField, keyField } from './fields.ts';

/** `{"key","algorithm"}` to `{"kcv"}`, 3 bytes. */
export function kcvOfLine(line: Record<string, unknown>): object {
  const method = choiceField(line, 'algorithm', KCV_METHODS);
  using key = keyField(line, 'key');
  return { kcv: keyCheckValue(method, key) };
}
