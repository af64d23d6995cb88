import { type KeyBlockContents, type KeyBlockHeader, type Secret, unwrapKeyBlock } from '@keywright/crypto';
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
  const { key: unwrapped, header, optionalBlocks } = await unwrap(block, protection, field);
  using key = unwrapped;
  if (header.version === 'E') {
    throw invalid('Version E of the key block is not supported: use D under an AES wrapping key.');
  }
  const checked = checkReceivedKey({ header, optionalBlocks, key }, (algorithm) =>
    checkWrappingStrength(protection.algorithm, algorithm),
  );
  return { ...checked, header, key: key.clone() };
}
