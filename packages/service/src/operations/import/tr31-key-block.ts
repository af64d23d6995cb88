import type { ImportTr31KeyBlock, Key } from '../../api/control-plane.generated.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';
import { type ProtectionKey, storedProtectionKey } from '../protection-key.ts';
import { openKeyBlock } from './open-key-block.ts';

/** Takes in a key from a key block (X9.143). Its attributes are those that the authenticated header gives it. */
export async function importKeyBlock(
  block: string,
  protection: ProtectionKey,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const { key: opened, attributes, exportability } = await openKeyBlock(block, protection);
  using key = opened;
  return await storeNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, settings, context);
}

/** Takes in a key from a key block under a key that the caller names. */
export async function importTr31KeyBlock(
  { WrappingKeyIdentifier, WrappedKeyBlock }: ImportTr31KeyBlock,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const protection = await storedProtectionKey(WrappingKeyIdentifier, 'Unwrap', context);
  return importKeyBlock(WrappedKeyBlock, protection, settings, context);
}
