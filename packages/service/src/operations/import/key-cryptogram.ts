import { decodeHex, decryptOaep, RsaDecryptionError, type Secret } from '@keywright/crypto';
import type { ImportKeyCryptogram, Key, WrappingKeySpec } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import { checkImportedKey } from '../../policy/imported-attributes.ts';
import { DEFAULT_WRAPPING_SPEC, OAEP_HASHES } from '../../policy/wrapping-spec.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { parsePrivateKey } from '../asymmetric-key.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';
import { findToken } from '../token.ts';

function decrypt(der: Secret, spec: WrappingKeySpec, cryptogram: string): Secret {
  if (cryptogram.length % 2 !== 0) {
    throw invalid('WrappedKeyCryptogram has an odd number of hexadecimal digits: a byte has two.');
  }
  try {
    return decryptOaep(
      parsePrivateKey(der),
      OAEP_HASHES[spec],
      decodeHex(cryptogram, 'WrappedKeyCryptogram'),
    );
  } catch (error) {
    if (!(error instanceof RsaDecryptionError)) throw error;
    throw invalid(
      `WrappedKeyCryptogram cannot be decrypted: it must be the key, encrypted by ${spec} under the certificate of this ImportToken.`,
    );
  }
}

/** Takes in a key that was encrypted under the public key of an import token (RSAES-OAEP). */
export async function importKeyCryptogram(
  material: ImportKeyCryptogram,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const { KeyAttributes: attributes, WrappingSpec = DEFAULT_WRAPPING_SPEC } = material;
  checkAttributes(attributes);
  const token = await findToken(material.ImportToken, 'IMPORT', 'KEY_CRYPTOGRAM', context);
  checkWrappingStrength(token.keyAlgorithm, attributes.KeyAlgorithm);
  using privateKey = await context.vault.openToken(token);
  using key = decrypt(privateKey, WrappingSpec, material.WrappedKeyCryptogram);
  checkImportedKey(attributes, key);
  const exportability = material.Exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE';
  return await storeNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, settings, context);
}
