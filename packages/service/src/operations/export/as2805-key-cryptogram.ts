import { encodeHex, encryptKeyCryptogram, type KeyVariant } from '@keywright/crypto';
import type {
  As2805KeyVariant,
  ExportAs2805KeyCryptogram,
  WrappedKey,
} from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { AS2805_VARIANTS } from '../../policy/as2805-variant.ts';
import { usageCode } from '../../policy/key-block-codes.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { findAs2805Kek } from '../as2805-kek.ts';
import { arnOf } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import type { OutgoingKey } from './outgoing-key.ts';

/** A cryptogram carries no attributes: its variant alone keeps the key to its usage. */
function variantFor({ exported }: OutgoingKey, name: As2805KeyVariant): KeyVariant {
  const { variant, usage } = AS2805_VARIANTS[name];
  if (exported.usage === usageCode(usage)) return variant;
  throw invalid(
    `As2805KeyVariant ${name} is for keys of ${usage}: a key of usage ${exported.usage} cannot go out under it.`,
  );
}

/** Encrypts a key under a variant of a KEK (AS 2805.6.1). */
export async function exportAs2805KeyCryptogram(
  { WrappingKeyIdentifier, As2805KeyVariant }: ExportAs2805KeyCryptogram,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  const variant = variantFor(outgoing, As2805KeyVariant);
  const record = await findAs2805Kek(WrappingKeyIdentifier, 'Wrap', context);
  checkWrappingStrength(record.attributes.KeyAlgorithm, outgoing.exported.algorithm);
  using kek = await context.vault.openKey(record);
  using key = await outgoing.open();
  const { checkValue, checkValueAlgorithm } = outgoing.checkValue(key);
  return {
    KeyMaterial: encodeHex(encryptKeyCryptogram({ kek, variant, key })),
    WrappedKeyMaterialFormat: 'KEY_CRYPTOGRAM',
    WrappingKeyArn: arnOf(record, context),
    KeyCheckValue: checkValue,
    KeyCheckValueAlgorithm: checkValueAlgorithm,
  };
}
