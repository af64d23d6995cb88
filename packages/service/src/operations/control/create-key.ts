import type { Secret } from '@keywright/crypto';
import type { CreateKeyInput, KeyAlgorithm } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { isAsymmetric } from '../../pki/public-key.ts';
import { checkAttributes } from '../../policy/attribute-matrix.ts';
import type { CheckValue } from '../../policy/check-value.ts';
import { checkValueOfPublicKey } from '../asymmetric-key.ts';
import { generateKey } from '../generate-key.ts';
import { exportPrivateKey, generatePair } from '../generate-key-pair.ts';
import { type NewKey, storeNewKey } from '../new-key.ts';
import type { Operation } from '../operation.ts';

const KEY_AGREEMENT = 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT';

function checkRequest(input: CreateKeyInput): void {
  checkAttributes(input.KeyAttributes);
  if (input.KeyAttributes.KeyClass === 'PUBLIC_KEY') {
    throw invalid('KeyClass PUBLIC_KEY cannot be created: import the certificate of a public key.');
  }
  checkDeriveKeyUsage(input);
  checkCheckValueAlgorithm(input);
}

/** What keys an agreement is for is fixed with the key pair, so that nobody derives the same key for two purposes. */
function checkDeriveKeyUsage({ DeriveKeyUsage, KeyAttributes: { KeyUsage } }: CreateKeyInput): void {
  if (KeyUsage === KEY_AGREEMENT && DeriveKeyUsage === undefined) {
    throw invalid(
      `DeriveKeyUsage is required for ${KEY_AGREEMENT}: give the usage of the keys to be derived.`,
    );
  }
  if (KeyUsage !== KEY_AGREEMENT && DeriveKeyUsage !== undefined) {
    throw invalid(`DeriveKeyUsage is not valid for ${KeyUsage}: it is for ${KEY_AGREEMENT}; leave it out.`);
  }
}

function checkCheckValueAlgorithm({ KeyCheckValueAlgorithm = 'SHA_1', KeyAttributes }: CreateKeyInput): void {
  if (!isAsymmetric(KeyAttributes.KeyAlgorithm) || KeyCheckValueAlgorithm === 'SHA_1') return;
  throw invalid(
    `KeyCheckValueAlgorithm ${KeyCheckValueAlgorithm} is not valid for ${KeyAttributes.KeyAlgorithm}: use SHA_1.`,
  );
}

async function makeKey(algorithm: KeyAlgorithm): Promise<{ clear: Secret; check?: CheckValue }> {
  if (!isAsymmetric(algorithm)) return { clear: generateKey(algorithm) };
  const { publicKey, privateKey } = await generatePair(algorithm);
  return { clear: exportPrivateKey(privateKey), check: checkValueOfPublicKey(publicKey) };
}

export const createKey: Operation<'CreateKey'> = async (input, context) => {
  checkRequest(input);
  const { clear, ...check } = await makeKey(input.KeyAttributes.KeyAlgorithm);
  using key = clear;
  const made: NewKey = {
    attributes: input.KeyAttributes,
    origin: 'AWS_PAYMENT_CRYPTOGRAPHY',
    exportability: input.Exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE',
    deriveKeyUsage: input.DeriveKeyUsage,
    ...check,
  };
  return { Key: await storeNewKey(key, made, input, context) };
};
