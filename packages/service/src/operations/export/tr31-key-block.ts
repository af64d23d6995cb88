import { KeyBlockError, type KeyBlockErrorCode, wrapKeyBlock } from '@keywright/crypto';
import type { ExportTr31KeyBlock, KeyBlockHeaders, WrappedKey } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { exportHeader } from '../../policy/export-header.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import type { Context } from '../operation.ts';
import { type ProtectionKey, storedProtectionKey } from '../protection-key.ts';
import type { OutgoingKey } from './outgoing-key.ts';
import { checkTerminalExport } from './terminal-export.ts';

/** The caller's headers are at fault for these; any other refusal would be this service's own mistake. */
const CALLERS_FAULT: Partial<Record<KeyBlockErrorCode, string>> = {
  OPTIONAL_BLOCK: 'KeyBlockHeaders.OptionalBlocks',
  OPTIONAL_BLOCK_DATA: 'KeyBlockHeaders.OptionalBlocks',
  OPTIONAL_BLOCK_COUNT: 'KeyBlockHeaders.OptionalBlocks',
  KEY_VERSION: 'KeyBlockHeaders.KeyVersion',
};

function wrap(options: Parameters<typeof wrapKeyBlock>[0]): string {
  try {
    return wrapKeyBlock(options);
  } catch (error) {
    const field = error instanceof KeyBlockError ? CALLERS_FAULT[error.code] : undefined;
    if (field === undefined) throw error;
    throw invalid(`${field} is not valid: ${(error as KeyBlockError).message}.`);
  }
}

/** Wraps a key in a key block (X9.143). */
export async function exportKeyBlock(
  outgoing: OutgoingKey,
  protection: ProtectionKey,
  headers: KeyBlockHeaders | undefined,
): Promise<WrappedKey> {
  checkWrappingStrength(protection.algorithm, outgoing.exported.algorithm);
  const { header, optionalBlocks } = exportHeader(outgoing.exported, protection.algorithm, headers);
  using kbpk = await protection.open();
  using key = await outgoing.open();
  const { checkValue, checkValueAlgorithm } = outgoing.checkValue(key);
  return {
    // AWS knows attributes that the standard does not have, such as M7 with an AES key.
    KeyMaterial: wrap({ kbpk, header, key, optionalBlocks, profile: 'tolerant' }),
    WrappedKeyMaterialFormat: 'TR31_KEY_BLOCK',
    WrappingKeyArn: protection.arn,
    KeyCheckValue: checkValue,
    KeyCheckValueAlgorithm: checkValueAlgorithm,
  };
}

/** Wraps a key in a key block under a key that the caller names. */
export async function exportTr31KeyBlock(
  { WrappingKeyIdentifier, KeyBlockHeaders }: ExportTr31KeyBlock,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  const protection = await storedProtectionKey(WrappingKeyIdentifier, 'Wrap', context);
  await checkTerminalExport(outgoing, protection.arn, context);
  return exportKeyBlock(outgoing, protection, KeyBlockHeaders);
}
