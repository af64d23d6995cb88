import type { ExportDiffieHellmanTr31KeyBlock, WrappedKey } from '../../api/control-plane.generated.ts';
import { agreedProtectionKey } from '../key-block-agreement.ts';
import type { Context } from '../operation.ts';
import type { OutgoingKey } from './outgoing-key.ts';
import { exportKeyBlock } from './tr31-key-block.ts';

/** Wraps a key in a key block under a key agreed on with ECDH. */
export async function exportDiffieHellmanTr31KeyBlock(
  material: ExportDiffieHellmanTr31KeyBlock,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  return exportKeyBlock(outgoing, await agreedProtectionKey(material, context), material.KeyBlockHeaders);
}
