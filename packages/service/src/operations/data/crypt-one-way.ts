import type { EncryptionDecryptionAttributes, WrappedKey } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { cryptAsymmetric } from './asymmetric-data.ts';
import { cryptData, type Direction, type NamedData } from './data-cipher.ts';
import { openDataKey } from './data-key.ts';
import type { KeyAnswer } from './working-key.ts';

/** Encrypts or decrypts, as the operations of these names do. */
export async function cryptOneWay(
  direction: Direction,
  { KeyIdentifier, WrappedKey }: { KeyIdentifier: string; WrappedKey?: WrappedKey },
  { Asymmetric, ...attributes }: EncryptionDecryptionAttributes,
  data: NamedData,
  context: Context,
): Promise<{ answer: KeyAnswer; result: Uint8Array }> {
  if (Asymmetric !== undefined) {
    if (WrappedKey !== undefined) throw invalid('WrappedKey is for Symmetric attributes only: leave it out.');
    return cryptAsymmetric(direction, KeyIdentifier, Asymmetric, data.bytes, context);
  }
  const request = { identifier: KeyIdentifier, attributes, wrapped: WrappedKey, wrappedField: 'WrappedKey' };
  using working = await openDataKey(direction, request, context);
  return { answer: working.answer, result: cryptData(direction, working, attributes, data) };
}
