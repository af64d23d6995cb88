import { type Secret, verifyPinOffset, verifyPinVerificationValue } from '@keywright/crypto';
import type {
  DataPlane,
  DukptAttributes,
  DukptDerivationAttributes,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';
import { decryptPin } from './pin-data-block.ts';
import { openPinKey } from './pin-key.ts';
import { naturalPinInput, openVerificationKey, panOfPvv } from './pin-verification-key.ts';
import { verificationFailed } from './verification-failed.ts';
import type { WorkingKey } from './working-key.ts';

type Input = DataPlane['VerifyPinData']['input'];

/** The digits of a PVV. */
const PVV_LENGTH = 4;

/** The other operations call the derivation type by another name. */
function derivationOf(dukpt: DukptAttributes | undefined): DukptDerivationAttributes | undefined {
  if (dukpt === undefined) return undefined;
  return { KeySerialNumber: dukpt.KeySerialNumber, DukptKeyDerivationType: dukpt.DukptDerivationType };
}

/** Before anything is decrypted: afterwards there is one way to fail. */
function checkRequest(input: Input): void {
  const { VisaPin } = input.VerificationAttributes;
  if (VisaPin === undefined) return;
  panOfPvv(input);
  const { length } = VisaPin.VerificationValue;
  if (length !== PVV_LENGTH)
    throw invalid(`VerificationValue must have ${PVV_LENGTH} digits, got ${length}.`);
}

function isRight(pin: Secret, input: Input, { key }: WorkingKey): boolean {
  const { VisaPin, Ibm3624Pin } = input.VerificationAttributes;
  if (VisaPin) {
    const { PinVerificationKeyIndex: keyIndex, VerificationValue: value } = VisaPin;
    return verifyPinVerificationValue({ key, keyIndex, pan: panOfPvv(input), pin, value });
  }
  // A union: when it is not the one, it is the other.
  const offset = Ibm3624Pin!.PinOffset;
  return verifyPinOffset({ ...naturalPinInput(key, Ibm3624Pin!), pin, offset });
}

/** Verifies an encrypted PIN. That it is wrong is all that is told; how much of it, and its length, is not. */
export const verifyPinData: Operation<'VerifyPinData'> = async (input, context) => {
  checkRequest(input);
  const method = input.VerificationAttributes.VisaPin ? 'visa' : 'ibm3624';
  using verificationKey = await openVerificationKey(
    method,
    input.VerificationKeyIdentifier,
    'Verify',
    context,
  );
  const pinKeyRequest = {
    identifier: input.EncryptionKeyIdentifier,
    dukpt: derivationOf(input.DukptAttributes),
    wrapped: input.EncryptionWrappedKey,
    wrappedField: 'EncryptionWrappedKey',
  };
  using pinKey = await openPinKey(pinKeyRequest, 'Decrypt', context);
  using pin = decryptPin(input, pinKey, input.EncryptedPinBlock);
  const right = isRight(pin, input, verificationKey);
  const asLong = input.PinDataLength === undefined || input.PinDataLength === pin.length;
  if (!right || !asLong) throw verificationFailed('INVALID_PIN');
  return {
    VerificationKeyArn: verificationKey.answer.KeyArn,
    VerificationKeyCheckValue: verificationKey.answer.KeyCheckValue,
    EncryptionKeyArn: pinKey.answer.KeyArn,
    EncryptionKeyCheckValue: pinKey.answer.KeyCheckValue,
  };
};
