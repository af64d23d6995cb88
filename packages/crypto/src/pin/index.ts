export type { PinBlockFormat } from './format.ts';
export {
  buildPinBlock,
  decryptPinBlock,
  encryptPinBlock,
  type PinBlockBinding,
  parsePinBlock,
} from './pin-block.ts';
export { PinBlockError, type PinBlockErrorCode } from './pin-block-error.ts';
export { translatePinBlock } from './translate.ts';
