import { createPrivateKey, type KeyObject } from 'node:crypto';
import { decodeHex, decryptOaep, type OaepHash, RsaDecryptionError, type Secret } from '@keywright/crypto';
import type { ImportKeyCryptogram, Key, WrappingKeySpec } from '../../api/control-plane.generated.ts';
import { invalid, notFound } from '../../api/exceptions.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import { checkImportedKey } from '../../policy/imported-attributes.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import type { ImportTokenRecord } from '../../store/store.ts';
import { type NewKeySettings, storeNewKey } from '../new-key.ts';
import type { Context } from '../operation.ts';

const HASHES: Readonly<Record<WrappingKeySpec, OaepHash>> = {
  RSA_OAEP_SHA_256: 'SHA256',
  RSA_OAEP_SHA_512: 'SHA512',
};

async function findToken(tokenId: string, { region, store, now }: Context): Promise<ImportTokenRecord> {
  const token = await store.findImportToken(region, tokenId);
  if (token === undefined) throw notFound(tokenId);
  if (token.materialType !== 'KEY_CRYPTOGRAM') {
    throw invalid(`ImportToken ${tokenId} is for ${token.materialType}: use one for KEY_CRYPTOGRAM.`);
  }
  if (token.validUntil <= now()) {
    throw invalid(`ImportToken ${tokenId} has expired: call GetParametersForImport for a new one.`);
  }
  return token;
}

/** `der` is a PKCS#8 private key. */
function toKeyObject(der: Secret): KeyObject {
  return der.expose((bytes) => {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  });
}

function decrypt(der: Secret, spec: WrappingKeySpec, cryptogram: string): Secret {
  if (cryptogram.length % 2 !== 0) {
    throw invalid('WrappedKeyCryptogram has an odd number of hexadecimal digits: a byte has two.');
  }
  try {
    return decryptOaep(toKeyObject(der), HASHES[spec], decodeHex(cryptogram, 'WrappedKeyCryptogram'));
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
  const { KeyAttributes: attributes, WrappingSpec = 'RSA_OAEP_SHA_256' } = material;
  checkAttributes(attributes);
  const token = await findToken(material.ImportToken, context);
  checkWrappingStrength(token.wrappingKeyAlgorithm, attributes.KeyAlgorithm);
  using privateKey = await context.vault.openImportToken(token);
  using key = decrypt(privateKey, WrappingSpec, material.WrappedKeyCryptogram);
  checkImportedKey(attributes, key);
  const exportability = material.Exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE';
  return storeNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, settings, context);
}
