import { decodeHex, encodeHex, generatePinChange, type Secret } from '@keywright/crypto';
import type { DataPlane } from '../../api/data-plane.generated.ts';
import type { Operation } from '../operation.ts';
import { keyNames, openPinChangeKeys, type PinChangeKeys } from './pin-change-keys.ts';
import { cardOf, methodOf } from './pin-change-method.ts';
import { decryptPin, type PinBlockShape } from './pin-data-block.ts';

type Input = DataPlane['GenerateMacEmvPinChange']['input'];

/** The PIN until now, in a block of the same format as the new one. */
function readCurrentPin(
  input: Input,
  shape: PinBlockShape,
  { currentPek }: PinChangeKeys,
): Secret | undefined {
  const { Amex, Visa } = input.DerivationMethodAttributes;
  const current = (Visa ?? Amex)?.CurrentPinAttributes;
  return current && decryptPin(shape, currentPek!, current.CurrentEncryptedPinBlock);
}

/**
 * Makes the parts of a PIN CHANGE command that only the issuer can make: the new PIN, encrypted for the card, and the MAC over
 * the message and it. The PINs are clear only inside.
 */
export const generateMacEmvPinChange: Operation<'GenerateMacEmvPinChange'> = async (input, context) => {
  const attributes = input.DerivationMethodAttributes;
  const { PinBlockFormat } = input;
  const { PrimaryAccountNumber } = cardOf(attributes);
  const shape = { PinBlockFormat, PrimaryAccountNumber };
  using keys = await openPinChangeKeys(input, context);
  using currentPin = readCurrentPin(input, shape, keys);
  const method = methodOf(attributes, keys.cryptogram?.key, currentPin);
  using pin = decryptPin(shape, keys.newPek, input.NewEncryptedPinBlock);
  const { encryptedPinBlock, mac } = generatePinChange({
    pin,
    confidentialityMasterKey: keys.confidentiality.key,
    integrityMasterKey: keys.integrity.key,
    message: decodeHex(input.MessageData, 'MessageData'),
    method,
  });
  return { ...keyNames(keys), Mac: encodeHex(mac), EncryptedPinBlock: encodeHex(encryptedPinBlock) };
};
