import type { DataPlane } from '../../api/data-plane.generated.ts';
import type { Operation } from '../operation.ts';
import { decryptData } from './decrypt-data.ts';
import { encryptData } from './encrypt-data.ts';
import { generateAs2805KekValidation } from './generate-as2805-kek-validation.ts';
import { generateAuthRequestCryptogram } from './generate-auth-request-cryptogram.ts';
import { generateCardValidationData } from './generate-card-validation-data.ts';
import { generateMac } from './generate-mac.ts';
import { generateMacEmvPinChange } from './generate-mac-emv-pin-change.ts';
import { generatePinData } from './generate-pin-data.ts';
import { reEncryptData } from './re-encrypt-data.ts';
import { translateKeyMaterial } from './translate-key-material.ts';
import { translatePinData } from './translate-pin-data.ts';
import { verifyAuthRequestCryptogram } from './verify-auth-request-cryptogram.ts';
import { verifyCardValidationData } from './verify-card-validation-data.ts';
import { verifyMac } from './verify-mac.ts';
import { verifyPinData } from './verify-pin-data.ts';

/** The operations of the data plane, one file each. */
export const dataOperations: { [Name in keyof DataPlane]: Operation<Name> } = {
  DecryptData: decryptData,
  EncryptData: encryptData,
  GenerateAs2805KekValidation: generateAs2805KekValidation,
  GenerateAuthRequestCryptogram: generateAuthRequestCryptogram,
  GenerateCardValidationData: generateCardValidationData,
  GenerateMac: generateMac,
  GenerateMacEmvPinChange: generateMacEmvPinChange,
  GeneratePinData: generatePinData,
  ReEncryptData: reEncryptData,
  TranslateKeyMaterial: translateKeyMaterial,
  TranslatePinData: translatePinData,
  VerifyAuthRequestCryptogram: verifyAuthRequestCryptogram,
  VerifyCardValidationData: verifyCardValidationData,
  VerifyMac: verifyMac,
  VerifyPinData: verifyPinData,
};
