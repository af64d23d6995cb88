export {
  type ArpcInput,
  type ArqcInput,
  generateArpcMethod1,
  generateArpcMethod2,
  generateArqc,
  verifyArqc,
} from './application-cryptogram.ts';
export { EmvError, type EmvErrorCode } from './emv-error.ts';
export { type BranchFactor, deriveTreeSessionKey } from './emv2000-tree.ts';
export { deriveIccMasterKey, type MasterKeyDerivation } from './icc-master-key.ts';
export {
  type CommandDataLayout,
  encryptCommandData,
  issuerScriptMac,
  verifyIssuerScriptMac,
} from './issuer-script.ts';
export {
  buildVisaPinBlock,
  generatePinChange,
  type PinChangeInput,
  type PinChangeMethod,
} from './pin-change.ts';
export {
  type CryptogramKeyDerivation,
  deriveCryptogramKey,
  deriveMessagingKey,
  type MessagingKeyDerivation,
} from './scheme-key.ts';
export { deriveCommonSessionKey, deriveUnionPaySessionKey, deriveVisaSessionKey } from './session-key.ts';
