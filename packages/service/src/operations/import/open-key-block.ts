import {
  KEY_BLOCK_VERSIONS,
  type KeyBlockContents,
  type KeyBlockHeader,
  type KeyBlockVersion,
  type Secret,
  unwrapKeyBlock,
} from '@keywright/crypto';
import type { KeyAttributes, KeyExportability } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import type { ProtectionKey } from '../protection-key.ts';
import { keyBlockRefusal } from './key-block-refusal.ts';
import { checkReceivedKey } from './received-key.ts';

/** A key that came in a key block, with what the authenticated header says of it. */
export interface OpenedKeyBlock {
  readonly key: Secret;
  readonly header: KeyBlockHeader;
  readonly attributes: KeyAttributes;
  readonly exportability: KeyExportability;
}

/** TDES and AES keys are of the same lengths, and one key is never both: the version says which cipher it is for (X9.143, 6.2). */
function checkVersion(block: string, { algorithm }: ProtectionKey, field: string): void {
  const version = block.charAt(0);
  if (!Object.hasOwn(KEY_BLOCK_VERSIONS, version)) return;
  if (version === 'E') {
    throw invalid('Version E of the key block is not supported: use D under an AES wrapping key.');
  }
  const { cipher } = KEY_BLOCK_VERSIONS[version as KeyBlockVersion];
  if (algorithm.startsWith(cipher)) return;
  throw invalid(
    `${field} is not valid: version ${version} is for ${cipher === 'AES' ? 'an' : 'a'} ${cipher} wrapping key, and this one is ${algorithm}. To mend it, use the wrapping key that the key block was made under.`,
  );
}

async function unwrap(
  block: string,
  protection: ProtectionKey,
  field: string,
): Promise<KeyBlockContents & { key: Secret }> {
  using kbpk = await protection.open();
  try {
    return unwrapKeyBlock({ kbpk, block, profile: 'tolerant' });
  } catch (error) {
    throw keyBlockRefusal(error, protection.ifWrong, field);
  }
}

/**
 * Opens a key block (X9.143), once it is sure that such a key may come in under such a protection.
 *
 * @param field that the block came in
 * @returns the key, which the caller disposes of
 * @throws AwsException ValidationException
 */
export async function openKeyBlock(
  block: string,
  protection: ProtectionKey,
  field = 'WrappedKeyBlock',
): Promise<OpenedKeyBlock> {
  checkVersion(block, protection, field);
  const { key: unwrapped, header, optionalBlocks } = await unwrap(block, protection, field);
  using key = unwrapped;
  const checked = checkReceivedKey({ header, optionalBlocks, key }, (algorithm) =>
    checkWrappingStrength(protection.algorithm, algorithm),
  );
  return { ...checked, header, key: key.clone() };
}
