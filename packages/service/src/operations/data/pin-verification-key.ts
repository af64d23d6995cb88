import type { NaturalPinInput, Secret } from '@keywright/crypto';
import type { Ibm3624NaturalPin } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { openStaticKey, type WorkingKey } from './working-key.ts';

/** The methods that tell whether a PIN is right, and the usage of the keys of each. */
const USAGES = {
  visa: 'TR31_V2_VISA_PIN_VERIFICATION_KEY',
  ibm3624: 'TR31_V1_IBM3624_PIN_VERIFICATION_KEY',
} as const;

/**
 * Opens the key of a method, which is TDES.
 *
 * @throws AwsException when there is no such key, or it may not do this
 */
export function openVerificationKey(
  method: keyof typeof USAGES,
  identifier: string,
  mode: 'Generate' | 'Verify',
  context: Context,
): Promise<WorkingKey> {
  const purpose = { usage: USAGES[method], mode };
  return openStaticKey(identifier, purpose, context, ['TDES_2KEY', 'TDES_3KEY']);
}

/** The PAN, which a PVV is calculated from. */
export function panOfPvv({ PrimaryAccountNumber }: { readonly PrimaryAccountNumber?: string }): string {
  if (PrimaryAccountNumber !== undefined) return PrimaryAccountNumber;
  throw invalid('PrimaryAccountNumber is required: the PIN verification value is calculated from it.');
}

/** What the natural PIN is made of; the members are the same in every request. */
export function naturalPinInput(key: Secret, attributes: Ibm3624NaturalPin): NaturalPinInput {
  return {
    key,
    decimalizationTable: attributes.DecimalizationTable,
    validationData: attributes.PinValidationData,
    padCharacter: attributes.PinValidationDataPadCharacter,
  };
}
