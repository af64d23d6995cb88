import {
  naturalPin,
  pinFromOffset,
  pinOffset,
  pinVerificationValue,
  randomPin,
  type Secret,
} from '@keywright/crypto';
import type { DataPlane, PinData, PinGenerationAttributes } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';
import { invalidPinBlock } from './pin-block-refusal.ts';
import { decryptPin, encryptPin } from './pin-data-block.ts';
import { openPinKey } from './pin-key.ts';
import { naturalPinInput, openVerificationKey, panOfPvv } from './pin-verification-key.ts';
import type { WorkingKey } from './working-key.ts';

type Input = DataPlane['GeneratePinData']['input'];

const USUAL_PIN_LENGTH = 4;

/** The PIN that the cardholder chose, where the request brings it. */
function chosenPinBlock({
  VisaPinVerificationValue,
  Ibm3624PinOffset,
}: PinGenerationAttributes): string | undefined {
  return (VisaPinVerificationValue ?? Ibm3624PinOffset)?.EncryptedPinBlock;
}

function visaAttributes({ VisaPin, VisaPinVerificationValue }: PinGenerationAttributes) {
  return VisaPin ?? VisaPinVerificationValue;
}

function readPin(input: Input, block: string, pinKey: WorkingKey): Secret {
  const pin = decryptPin(input, pinKey, block);
  if (input.PinDataLength === undefined || input.PinDataLength === pin.length) return pin;
  pin[Symbol.dispose]();
  throw invalidPinBlock();
}

function pinOfOffset(input: Input, verificationKey: WorkingKey): Secret {
  const attributes = input.GenerationAttributes.Ibm3624PinFromOffset!;
  const { PinOffset: offset } = attributes;
  if (input.PinDataLength !== undefined && input.PinDataLength !== offset.length) {
    throw invalid(
      `PinDataLength is ${input.PinDataLength}, but PinOffset has ${offset.length} digits: a PIN has as many as its offset.`,
    );
  }
  return pinFromOffset({ ...naturalPinInput(verificationKey.key, attributes), offset });
}

function makePin(input: Input, verificationKey: WorkingKey): Secret {
  const { Ibm3624NaturalPin, Ibm3624PinFromOffset } = input.GenerationAttributes;
  const length = input.PinDataLength ?? USUAL_PIN_LENGTH;
  if (Ibm3624PinFromOffset) return pinOfOffset(input, verificationKey);
  if (Ibm3624NaturalPin)
    return naturalPin({ ...naturalPinInput(verificationKey.key, Ibm3624NaturalPin), length });
  return randomPin(length);
}

/** What the PIN is verified by from now on. Of a natural PIN it is an offset of zeros. */
function pinDataOf(pin: Secret, input: Input, { key }: WorkingKey): PinData {
  const attributes = input.GenerationAttributes;
  const visa = visaAttributes(attributes);
  if (visa) {
    const keyIndex = visa.PinVerificationKeyIndex;
    return { VerificationValue: pinVerificationValue({ key, keyIndex, pan: panOfPvv(input), pin }) };
  }
  const { Ibm3624NaturalPin, Ibm3624PinFromOffset, Ibm3624RandomPin, Ibm3624PinOffset } = attributes;
  // A union, which the model's validation has seen to have one member.
  const ibm = (Ibm3624NaturalPin ?? Ibm3624PinFromOffset ?? Ibm3624RandomPin ?? Ibm3624PinOffset)!;
  return { PinOffset: pinOffset({ ...naturalPinInput(key, ibm), pin }) };
}

/** Makes a PIN, or takes one that the cardholder chose, with what it is verified by. The PIN is clear only inside. */
export const generatePinData: Operation<'GeneratePinData'> = async (input, context) => {
  const block = chosenPinBlock(input.GenerationAttributes);
  const method = visaAttributes(input.GenerationAttributes) ? 'visa' : 'ibm3624';
  using verificationKey = await openVerificationKey(
    method,
    input.GenerationKeyIdentifier,
    'Generate',
    context,
  );
  const pinKeyRequest = {
    identifier: input.EncryptionKeyIdentifier,
    wrapped: input.EncryptionWrappedKey,
    wrappedField: 'EncryptionWrappedKey',
  };
  using pinKey = await openPinKey(pinKeyRequest, block === undefined ? 'Encrypt' : 'Decrypt', context);
  using pin = block === undefined ? makePin(input, verificationKey) : readPin(input, block, pinKey);
  return {
    GenerationKeyArn: verificationKey.answer.KeyArn,
    GenerationKeyCheckValue: verificationKey.answer.KeyCheckValue,
    EncryptionKeyArn: pinKey.answer.KeyArn,
    EncryptionKeyCheckValue: pinKey.answer.KeyCheckValue,
    EncryptedPinBlock: block ?? encryptPin(input, pinKey, pin),
    PinData: pinDataOf(pin, input, verificationKey),
  };
};
