import { type KeyBlockContents, type Secret, unwrapKeyBlock } from '@keywright/crypto';
import type { ImportTr31KeyBlock, Key, KeyExportability } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { attributesOfBlock, checkImportedKey } from '../../policy/imported-attributes.ts';
import { exportabilityOfCode } from '../../policy/key-block-codes.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';
import { findProtectionKey } from '../protection-key.ts';
import { keyBlockRefusal } from './key-block-refusal.ts';

function unwrap(kbpk: Secret, block: string): KeyBlockContents & { key: Secret } {
  try {
    return unwrapKeyBlock({ kbpk, block, profile: 'tolerant' });
  } catch (error) {
    throw keyBlockRefusal(error);
  }
}

function exportabilityOf(code: string): KeyExportability {
  const exportability = exportabilityOfCode(code);
  if (exportability !== undefined) return exportability;
  throw invalid(`Exportability ${code} of the key block is not supported: it must be E, N or S.`);
}

/** Takes in a key from a key block (X9.143). Its attributes are those that the authenticated header gives it. */
export async function importTr31KeyBlock(
  { WrappingKeyIdentifier, WrappedKeyBlock }: ImportTr31KeyBlock,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const wrapping = await findProtectionKey(WrappingKeyIdentifier, 'Unwrap', context);
  using kbpk = await context.vault.openKey(wrapping);
  const { header, optionalBlocks, key: unwrapped } = unwrap(kbpk, WrappedKeyBlock);
  using key = unwrapped;
  if (header.version === 'E') {
    throw invalid('Version E of the key block is not supported: use D under an AES wrapping key.');
  }
  const attributes = attributesOfBlock(header, optionalBlocks, key.length);
  checkImportedKey(attributes, key);
  checkWrappingStrength(wrapping.attributes.KeyAlgorithm, attributes.KeyAlgorithm);
  const exportability = exportabilityOf(header.exportability);
  return storeNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, settings, context);
}
