export {
  type AmexCardSecurityInput,
  amexCardSecurityCode,
  verifyAmexCardSecurityCode,
} from './amex-csc.ts';
export { CardError, type CardErrorCode } from './card-error.ts';
export {
  type CardholderAuthenticationInput,
  cardholderAuthenticationVerificationValue,
  verifyCardholderAuthenticationVerificationValue,
} from './cavv.ts';
export {
  type DynamicCardVerificationCodeInput,
  dynamicCardVerificationCode3,
  verifyDynamicCardVerificationCode3,
} from './cvc3.ts';
export {
  type CardVerificationInput,
  cardVerificationValue,
  SERVICE_CODES,
  verifyCardVerificationValue,
} from './cvv.ts';
export {
  type DynamicCardVerificationInput,
  dynamicCardVerificationValue,
  verifyDynamicCardVerificationValue,
} from './dcvv.ts';
export type { ValueLength } from './fields.ts';
