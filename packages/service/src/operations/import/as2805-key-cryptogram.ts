import { decodeHex, decryptKeyCryptogram } from '@keywright/crypto';
import type { ImportAs2805KeyCryptogram, Key, KeyAttributes } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { AS2805_VARIANTS } from '../../policy/as2805-variant.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import { checkImportedKey } from '../../policy/imported-attributes.ts';
import { symmetricRules } from '../../policy/symmetric-algorithm.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { findAs2805Kek } from '../as2805-kek.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';

/** The variant says what the key is for. */
function attributesOf(material: ImportAs2805KeyCryptogram): KeyAttributes {
  const { As2805KeyVariant, KeyAlgorithm, KeyModesOfUse } = material;
  const KeyUsage = AS2805_VARIANTS[As2805KeyVariant].usage;
  return { KeyUsage, KeyClass: 'SYMMETRIC_KEY', KeyAlgorithm, KeyModesOfUse };
}

function readCryptogram({
  WrappedKeyCryptogram: digits,
  KeyAlgorithm,
}: ImportAs2805KeyCryptogram): Uint8Array {
  const expected = 2 * symmetricRules(KeyAlgorithm).keyLength;
  if (digits.length === expected) return decodeHex(digits, 'WrappedKeyCryptogram');
  throw invalid(
    `WrappedKeyCryptogram has ${digits.length} hexadecimal digits: for a key of ${KeyAlgorithm} it must have ${expected}.`,
  );
}

/** Takes in a key from a cryptogram under a variant of a KEK (AS 2805.6.1). */
export async function importAs2805KeyCryptogram(
  material: ImportAs2805KeyCryptogram,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const attributes = attributesOf(material);
  checkAttributes(attributes);
  const record = await findAs2805Kek(material.WrappingKeyIdentifier, 'Unwrap', context);
  checkWrappingStrength(record.attributes.KeyAlgorithm, attributes.KeyAlgorithm);
  const cryptogram = readCryptogram(material);
  using kek = await context.vault.openKey(record);
  const { variant } = AS2805_VARIANTS[material.As2805KeyVariant];
  using key = decryptKeyCryptogram({ kek, variant, cryptogram });
  checkImportedKey(attributes, key);
  const exportability = material.Exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE';
  return await storeNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, settings, context);
}
