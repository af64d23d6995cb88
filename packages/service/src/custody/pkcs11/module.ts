import { createRequire } from 'node:module';
import { MainKeyError } from '../main-key.ts';

// The calls and constants of PKCS#11 (version 2.40) that are used here. The package that makes them is optional, and so are its
// types.

export type Handle = Buffer;

interface Attribute {
  readonly type: number;
  readonly value?: Buffer | boolean | number | string;
}

interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: object;
}

export interface Pkcs11Module {
  load(path: string): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string; serialNumber: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, count: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): { value: Buffer }[];
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Attribute[]): Handle;
  C_DestroyObject(session: Handle, object: Handle): void;
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Encrypt(session: Handle, data: Buffer, out: Buffer): Buffer;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Decrypt(session: Handle, data: Buffer, out: Buffer): Buffer;
}

export const CKF_RW_SESSION = 0x2;
export const CKF_SERIAL_SESSION = 0x4;
export const CKU_USER = 1;
export const CKO_SECRET_KEY = 4;
export const CKK_AES = 0x1f;
export const CKM_AES_KEY_GEN = 0x1080;
export const CKM_AES_GCM = 0x1087;
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  NEVER_EXTRACTABLE: 0x164,
  ALWAYS_SENSITIVE: 0x165,
  MODIFIABLE: 0x170,
} as const;
/** How pkcs11js tells the parameters of AES-GCM from others. */
const PARAMETERS_AES_GCM = 7;

export function gcm(nonce: Uint8Array, associatedData: Uint8Array): Mechanism {
  const parameter = {
    type: PARAMETERS_AES_GCM,
    iv: Buffer.from(nonce),
    ivBits: nonce.length * 8,
    aad: Buffer.from(associatedData),
    tagBits: 128,
  };
  return { mechanism: CKM_AES_GCM, parameter };
}

const modules = new Map<string, Pkcs11Module>();

/** Loads a token's library once for each path. @throws MainKeyError */
export function loadModule(path: string): Pkcs11Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const pkcs11 = createPkcs11();
  try {
    pkcs11.load(path);
  } catch (cause) {
    throw new MainKeyError('TOKEN_LIBRARY', `the token's library ${path} cannot be loaded`, { cause });
  }
  modules.set(path, pkcs11);
  return pkcs11;
}

function createPkcs11(): Pkcs11Module {
  try {
    const { PKCS11 } = createRequire(import.meta.url)('pkcs11js');
    return new PKCS11();
  } catch (cause) {
    const message =
      'a main key in a token needs the package pkcs11js, which is not there: it is built when it is installed, and needs Python, make and a C++ compiler; install them, and run npm ci again';
    throw new MainKeyError('TOKEN_LIBRARY', message, { cause });
  }
}
