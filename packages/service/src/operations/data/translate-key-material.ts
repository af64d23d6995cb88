import type { KeyCheckValueAlgorithm } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkValueOf } from '../../policy/check-value.ts';
import { exportModes } from '../../policy/export-header.ts';
import { usageCode } from '../../policy/key-block-codes.ts';
import type { OutgoingKey } from '../export/outgoing-key.ts';
import { checkTerminalExport } from '../export/terminal-export.ts';
import { exportKeyBlock } from '../export/tr31-key-block.ts';
import { type OpenedKeyBlock, openKeyBlock } from '../import/open-key-block.ts';
import { agreedProtectionKey } from '../key-block-agreement.ts';
import type { Operation } from '../operation.ts';
import { storedProtectionKey } from '../protection-key.ts';

/** The key goes out as it came in, with the same attributes. */
function passedOn(
  { key, attributes, exportability }: OpenedKeyBlock,
  kcvAlgorithm: KeyCheckValueAlgorithm | undefined,
): OutgoingKey {
  if (exportability === 'NON_EXPORTABLE') {
    throw invalid(
      'The key in WrappedKeyBlock is not exportable (N): ask the sender for one that is (E or S).',
    );
  }
  const { KeyAlgorithm: algorithm } = attributes;
  return {
    exported: { usage: usageCode(attributes.KeyUsage), algorithm, ...exportModes(attributes), exportability },
    open: async () => key.clone(),
    checkValue: (clear) => checkValueOf(clear, algorithm, kcvAlgorithm),
  };
}

/** Takes a key from a key block under a key agreed on with ECDH to one under a stored KEK, without keeping it. */
export const translateKeyMaterial: Operation<'TranslateKeyMaterial'> = async (input, context) => {
  // Unions of one member each, which the model's validation has seen to be there.
  const incoming = input.IncomingKeyMaterial.DiffieHellmanTr31KeyBlock!;
  const { WrappingKeyIdentifier } = input.OutgoingKeyMaterial.Tr31KeyBlock!;
  const agreed = await agreedProtectionKey(incoming, context, 'ValidationException');
  const kek = await storedProtectionKey(WrappingKeyIdentifier, 'Wrap', context, 'ValidationException');
  const opened = await openKeyBlock(incoming.WrappedKeyBlock, agreed);
  using _key = opened.key;
  const outgoing = passedOn(opened, input.KeyCheckValueAlgorithm);
  await checkTerminalExport(outgoing, kek.arn, context);
  const wrapped = await exportKeyBlock(outgoing, kek, { KeyVersion: opened.header.keyVersion });
  return {
    WrappedKey: {
      WrappedKeyMaterial: wrapped.KeyMaterial,
      WrappedKeyMaterialFormat: wrapped.WrappedKeyMaterialFormat,
      KeyCheckValue: wrapped.KeyCheckValue!,
    },
  };
};
