import type {
  DeriveKeyUsage,
  ExportDiffieHellmanTr31KeyBlock,
  ImportDiffieHellmanTr31KeyBlock,
} from '../api/control-plane.generated.ts';
import type { IncomingDiffieHellmanTr31KeyBlock } from '../api/data-plane.generated.ts';
import type { Unusable } from '../policy/key-use.ts';
import { agreeKey } from './key-agreement.ts';
import type { Context } from './operation.ts';
import type { ProtectionKey } from './protection-key.ts';

/** An agreed key that protects a key block is one of these. */
const USAGES: readonly DeriveKeyUsage[] = ['TR31_K0_KEY_ENCRYPTION_KEY', 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'];

type Material =
  | ImportDiffieHellmanTr31KeyBlock
  | ExportDiffieHellmanTr31KeyBlock
  | IncomingDiffieHellmanTr31KeyBlock;

/**
 * The key that two parties agreed on for one key block.
 *
 * @param unusable how to say that our key pair is disabled or being deleted
 */
export function agreedProtectionKey(
  material: Material,
  context: Context,
  unusable?: Unusable,
): Promise<ProtectionKey> {
  // A union of one member, which the model's validation has seen to be there.
  const SharedInformation = material.DerivationData.SharedInformation!;
  return agreeKey({ ...material, SharedInformation }, USAGES, context, unusable);
}
