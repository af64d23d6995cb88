export type { PinBlockFormat } from './format.ts';
export {
  type NaturalPinInput,
  naturalPin,
  pinFromOffset,
  pinOffset,
  verifyPinOffset,
} from './ibm-3624.ts';
export { randomPin } from './pin.ts';
export {
  buildPinBlock,
  decryptPinBlock,
  encryptPinBlock,
  type PinBlockBinding,
  parsePinBlock,
} from './pin-block.ts';
export { PinBlockError, type PinBlockErrorCode } from './pin-block-error.ts';
export { PinVerificationError, type PinVerificationErrorCode } from './pin-verification-error.ts';
export { translatePinBlock } from './translate.ts';
export { type PinVerificationInput, pinVerificationValue, verifyPinVerificationValue } from './visa-pvv.ts';
