import type { KeyBlockContents, Secret } from '@keywright/crypto';
import type {
  Key,
  KeyAlgorithm,
  KeyAttributes,
  KeyExportability,
} from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { attributesOfBlock, checkImportedKey } from '../../policy/imported-attributes.ts';
import { exportabilityOfCode } from '../../policy/key-block-codes.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';

/** A key that came with a key block header, which was authenticated. */
export type ReceivedKey = Pick<KeyBlockContents, 'header' | 'optionalBlocks'> & { readonly key: Secret };

function exportabilityOf(code: string): KeyExportability {
  const exportability = exportabilityOfCode(code);
  if (exportability !== undefined) return exportability;
  throw invalid(`Exportability ${code} of the key block is not supported: it must be E, N or S.`);
}

/**
 * What the authenticated header says of the key, once it is sure that such a key may come in.
 *
 * @param checkStrength throws unless what protected the key was strong enough for this algorithm
 */
export function checkReceivedKey(
  { header, optionalBlocks, key }: ReceivedKey,
  checkStrength: (algorithm: KeyAlgorithm) => void,
): { attributes: KeyAttributes; exportability: KeyExportability } {
  const attributes = attributesOfBlock(header, optionalBlocks, key.length);
  checkImportedKey(attributes, key);
  checkStrength(attributes.KeyAlgorithm);
  return { attributes, exportability: exportabilityOf(header.exportability) };
}

/**
 * Stores a key with the attributes that its header gives it; `key` stays the caller's to dispose of.
 *
 * @param checkStrength throws unless what protected the key was strong enough for this algorithm
 */
export async function storeReceivedKey(
  received: ReceivedKey,
  checkStrength: (algorithm: KeyAlgorithm) => void,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const checked = checkReceivedKey(received, checkStrength);
  return await storeNewKey(received.key, { ...checked, origin: 'EXTERNAL' }, settings, context);
}
