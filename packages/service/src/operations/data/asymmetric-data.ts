import type { KeyObject } from 'node:crypto';
import {
  decryptOaep,
  decryptPkcs1,
  encryptOaep,
  encryptPkcs1,
  type OaepHash,
  RsaDecryptionError,
  Secret,
} from '@keywright/crypto';
import type { AsymmetricEncryptionAttributes, PaddingType } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { oneOf } from '../../policy/wording.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { openPrivateKey, publicKeyOf } from '../asymmetric-key.ts';
import type { Context } from '../operation.ts';
import { findUsableKey } from '../usable-key.ts';
import { type Direction, MODES } from './data-cipher.ts';
import { type KeyAnswer, storedKeyAnswer } from './working-key.ts';

interface Padding {
  encrypt(publicKey: KeyObject, message: Secret): Uint8Array;
  decrypt(privateKey: KeyObject, cryptogram: Uint8Array): Secret;
}

function oaep(hash: OaepHash): Padding {
  return {
    encrypt: (publicKey, message) => encryptOaep(publicKey, hash, message),
    decrypt: (privateKey, cryptogram) => decryptOaep(privateKey, hash, cryptogram),
  };
}

const PADDINGS: Readonly<Record<PaddingType, Padding>> = {
  OAEP_SHA256: oaep('SHA256'),
  OAEP_SHA512: oaep('SHA512'),
  OAEP_SHA1: oaep('SHA1'),
  PKCS1: { encrypt: encryptPkcs1, decrypt: decryptPkcs1 },
};

/** Without padding, RSA hides little: equal data look equal, and who changes a cryptogram changes the data as he likes. */
function paddingOf({ PaddingType }: AsymmetricEncryptionAttributes): Padding {
  if (PaddingType !== undefined) return PADDINGS[PaddingType];
  throw invalid(`Asymmetric.PaddingType is missing: use ${oneOf(Object.keys(PADDINGS))}.`);
}

function findDataKey(identifier: string, direction: Direction, context: Context): Promise<KeyRecord> {
  const allowed = {
    usages: ['TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION'],
    algorithms: ['RSA_2048', 'RSA_3072', 'RSA_4096'],
    modes: [MODES[direction]],
  } as const;
  return findUsableKey(identifier, allowed, context);
}

function encrypt(padding: Padding, publicKey: KeyObject, plainText: Uint8Array): Uint8Array {
  using message = Secret.copyOf(plainText);
  try {
    return padding.encrypt(publicKey, message);
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`PlainText is too long: ${error.message}.`);
    throw error;
  }
}

/** Whatever was wrong, there is one answer: which it was would help somebody who tries cryptograms. */
function decrypt(padding: Padding, privateKey: KeyObject, cipherText: Uint8Array): Uint8Array {
  try {
    using message = padding.decrypt(privateKey, cipherText);
    // The service's contract has no way to say that there is nothing.
    if (message.length === 0) throw new RsaDecryptionError();
    return message.expose((bytes) => Uint8Array.from(bytes));
  } catch (error) {
    if (!(error instanceof RsaDecryptionError)) throw error;
    throw invalid(
      'CipherText cannot be decrypted: compare key and PaddingType with the ones that it was made with.',
    );
  }
}

/**
 * Encrypts with the public key of a D1 key, of a pair or of an imported certificate; decrypts with the private key of a pair.
 *
 * @throws AwsException when there is no such key, it may not do this, or the data do not fit it
 */
export async function cryptAsymmetric(
  direction: Direction,
  identifier: string,
  attributes: AsymmetricEncryptionAttributes,
  data: Uint8Array,
  context: Context,
): Promise<{ answer: KeyAnswer; result: Uint8Array }> {
  const padding = paddingOf(attributes);
  const record = await findDataKey(identifier, direction, context);
  const result =
    direction === 'encrypt'
      ? encrypt(padding, await publicKeyOf(record, context), data)
      : decrypt(padding, await openPrivateKey(record, context), data);
  return { answer: storedKeyAnswer(record, context), result };
}
