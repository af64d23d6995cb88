import type { DataPlane } from '../../api/data-plane.generated.ts';
import type { Operation } from '../operation.ts';
import { decryptData } from './decrypt-data.ts';
import { encryptData } from './encrypt-data.ts';
import { translatePinData } from './translate-pin-data.ts';

/** The operations of the data plane that exist, one file each. */
export const dataOperations: Partial<{ [Name in keyof DataPlane]: Operation<Name> }> = {
  DecryptData: decryptData,
  EncryptData: encryptData,
  TranslatePinData: translatePinData,
};
