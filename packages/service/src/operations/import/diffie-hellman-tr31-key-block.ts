import type { ImportDiffieHellmanTr31KeyBlock, Key } from '../../api/control-plane.generated.ts';
import { agreedProtectionKey } from '../key-block-agreement.ts';
import type { NewKeySettings } from '../new-key.ts';
import type { Context } from '../operation.ts';
import { importKeyBlock } from './tr31-key-block.ts';

/** Takes in a key from a key block under a key agreed on with ECDH. */
export async function importDiffieHellmanTr31KeyBlock(
  material: ImportDiffieHellmanTr31KeyBlock,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const protection = await agreedProtectionKey(material, context);
  return importKeyBlock(material.WrappedKeyBlock, protection, settings, context);
}
