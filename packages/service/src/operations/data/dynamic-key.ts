import type { DeriveKeyUsage } from '../../api/control-plane.generated.ts';
import type { EcdhDerivationAttributes, WrappedKey } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkValueOf } from '../../policy/check-value.ts';
import { checkUse } from '../../policy/key-use.ts';
import { oneOf } from '../../policy/wording.ts';
import { openKeyBlock } from '../import/open-key-block.ts';
import { agreeKey } from '../key-agreement.ts';
import type { Context } from '../operation.ts';
import { storedProtectionKey } from '../protection-key.ts';
import { CIPHER_ALGORITHMS, type KeyPurpose, type WorkingKey, workingKey } from './working-key.ts';

/** A key that comes with the request and is not kept. */
export interface DynamicKey {
  /** The member of the request that it came in, for messages. */
  readonly field: string;
  /** The stored key that opens it: of the KEK that wraps it, or of our key pair that it is agreed on with. */
  readonly identifier: string;
  readonly wrapped: WrappedKey;
}

/** What a dynamic key may be for: keys are agreed on for the same usages. */
export type DynamicKeyPurpose = KeyPurpose & { readonly usage: DeriveKeyUsage };

/** A key in a key block; the header says what it may do. */
async function openWrappedKey(
  block: string,
  { field, identifier, wrapped }: DynamicKey,
  { usage, mode }: DynamicKeyPurpose,
  context: Context,
): Promise<WorkingKey> {
  const protection = await storedProtectionKey(identifier, 'Unwrap', context, 'ValidationException');
  const { key: opened, attributes } = await openKeyBlock(
    block,
    protection,
    `${field}.WrappedKeyMaterial.Tr31KeyBlock`,
  );
  using key = opened;
  const allowed = { usages: [usage], algorithms: CIPHER_ALGORITHMS, modes: [mode] };
  checkUse(attributes, `the wrapped key in ${field}`, allowed);
  const { checkValue } = checkValueOf(key, attributes.KeyAlgorithm, wrapped.KeyCheckValueAlgorithm);
  const answer = { KeyArn: protection.arn, KeyCheckValue: checkValue };
  return workingKey(answer, attributes.KeyAlgorithm, key.clone());
}

/** A key that ECDH agrees on; our key pair's DeriveKeyUsage says what it may do. */
async function openAgreedKey(
  { KeyAlgorithm, ...terms }: EcdhDerivationAttributes,
  { field, identifier, wrapped }: DynamicKey,
  { usage }: DynamicKeyPurpose,
  context: Context,
): Promise<WorkingKey> {
  const algorithms: readonly string[] = CIPHER_ALGORITHMS;
  if (!algorithms.includes(KeyAlgorithm)) {
    const member = `${field}.WrappedKeyMaterial.DiffieHellmanSymmetricKey.KeyAlgorithm`;
    throw invalid(`${member} ${KeyAlgorithm} is not valid here: use ${oneOf(algorithms)}.`);
  }
  const agreement = await agreeKey(
    { ...terms, PrivateKeyIdentifier: identifier, DeriveKeyAlgorithm: KeyAlgorithm },
    [usage],
    context,
    'ValidationException',
  );
  using key = await agreement.open();
  const { checkValue } = checkValueOf(key, KeyAlgorithm, wrapped.KeyCheckValueAlgorithm);
  return workingKey({ KeyArn: agreement.arn, KeyCheckValue: checkValue }, KeyAlgorithm, key.clone());
}

/**
 * Opens a key that came with the request. Answers name the stored key that opened it, with the check value of the dynamic key.
 *
 * @throws AwsException when the stored key is not there or may not do this, or the dynamic key is not one for the purpose
 */
export function openDynamicKey(
  dynamic: DynamicKey,
  purpose: DynamicKeyPurpose,
  context: Context,
): Promise<WorkingKey> {
  const { Tr31KeyBlock, DiffieHellmanSymmetricKey } = dynamic.wrapped.WrappedKeyMaterial;
  if (Tr31KeyBlock !== undefined) return openWrappedKey(Tr31KeyBlock, dynamic, purpose, context);
  // A union, which the model's validation has seen to have one member.
  return openAgreedKey(DiffieHellmanSymmetricKey!, dynamic, purpose, context);
}
