/** What a key may be used for, and which algorithms and modes of use go with it. */
export interface KeyUsageRules {
  readonly name: string;
  /** Algorithms of section 6.3.2, table 3, one letter each. */
  readonly algorithms: string;
  /** Modes of use of section 6.3.3, table 4, one letter each. */
  readonly modes: string;
}

const SYMMETRIC = 'AT';
const ASYMMETRIC = 'ERS';
const DERIVE = 'X';
const ENCRYPT = 'BDE';
const MAC = 'CGV';
const SIGN = 'SV';

/**
 * Key usages (ANSI X9.143:2021, section 6.3.1, table 2), with the algorithms and modes of use that the strict profile
 * lets go with them. Single DES (D) goes only with what single-length keys were used for.
 */
export const KEY_USAGES: Readonly<Record<string, KeyUsageRules>> = {
  B0: { name: 'base derivation key (BDK)', algorithms: SYMMETRIC, modes: DERIVE },
  B1: { name: 'initial DUKPT key', algorithms: SYMMETRIC, modes: DERIVE },
  B2: { name: 'base key variant key (deprecated)', algorithms: SYMMETRIC, modes: 'XY' },
  B3: { name: 'key derivation key (not X9.24)', algorithms: 'AHIJT', modes: DERIVE },
  C0: { name: 'card verification key (CVK)', algorithms: SYMMETRIC, modes: MAC },
  D0: { name: 'data encryption key', algorithms: 'ADT', modes: ENCRYPT },
  D1: { name: 'asymmetric key for data encryption', algorithms: ASYMMETRIC, modes: ENCRYPT },
  D2: { name: 'data encryption key for a decimalization table', algorithms: SYMMETRIC, modes: ENCRYPT },
  D3: { name: 'data encryption key for sensitive data', algorithms: SYMMETRIC, modes: ENCRYPT },
  E0: { name: 'EMV issuer master key: application cryptograms', algorithms: SYMMETRIC, modes: DERIVE },
  E1: {
    name: 'EMV issuer master key: secure messaging, confidentiality',
    algorithms: SYMMETRIC,
    modes: DERIVE,
  },
  E2: { name: 'EMV issuer master key: secure messaging, integrity', algorithms: SYMMETRIC, modes: DERIVE },
  E3: { name: 'EMV issuer master key: data authentication code', algorithms: SYMMETRIC, modes: DERIVE },
  E4: { name: 'EMV issuer master key: dynamic numbers', algorithms: SYMMETRIC, modes: DERIVE },
  E5: { name: 'EMV issuer master key: card personalization', algorithms: SYMMETRIC, modes: DERIVE },
  E6: { name: 'EMV issuer master key: other', algorithms: SYMMETRIC, modes: DERIVE },
  E7: { name: 'EMV asymmetric key pair for PIN encryption', algorithms: ASYMMETRIC, modes: ENCRYPT },
  I0: { name: 'initialization vector', algorithms: 'ADT', modes: 'N' },
  K0: { name: 'key encryption or wrapping key (KEK)', algorithms: SYMMETRIC, modes: ENCRYPT },
  K1: { name: 'key block protection key (KBPK)', algorithms: SYMMETRIC, modes: ENCRYPT },
  K2: { name: 'TR-34 asymmetric key pair', algorithms: ASYMMETRIC, modes: 'BDET' },
  K3: { name: 'asymmetric key pair for key wrapping or agreement', algorithms: ASYMMETRIC, modes: 'BDEX' },
  K4: { name: 'ISO 20038 key block protection key', algorithms: SYMMETRIC, modes: ENCRYPT },
  M0: { name: 'MAC key, ISO 16609 algorithm 1 (TDES)', algorithms: 'T', modes: MAC },
  M1: { name: 'MAC key, ISO 9797-1 algorithm 1', algorithms: 'ADT', modes: MAC },
  M2: { name: 'MAC key, ISO 9797-1 algorithm 2', algorithms: 'ADT', modes: MAC },
  M3: { name: 'MAC key, ISO 9797-1 algorithm 3 (retail MAC)', algorithms: 'DT', modes: MAC },
  M4: { name: 'MAC key, ISO 9797-1 algorithm 4', algorithms: 'ADT', modes: MAC },
  M5: { name: 'MAC key, ISO 9797-1:1999 algorithm 5 (legacy)', algorithms: 'ADT', modes: MAC },
  M6: { name: 'MAC key, ISO 9797-1:2011 algorithm 5 (CMAC)', algorithms: SYMMETRIC, modes: MAC },
  M7: { name: 'HMAC key', algorithms: 'HIJ', modes: MAC },
  M8: { name: 'MAC key, ISO 9797-1:2011 algorithm 6', algorithms: SYMMETRIC, modes: MAC },
  P0: { name: 'PIN encryption key', algorithms: SYMMETRIC, modes: ENCRYPT },
  P1: { name: 'PIN generation key', algorithms: SYMMETRIC, modes: MAC },
  S0: { name: 'asymmetric key pair for digital signatures', algorithms: ASYMMETRIC, modes: SIGN },
  S1: { name: 'asymmetric key pair of a certification authority', algorithms: ASYMMETRIC, modes: SIGN },
  S2: { name: 'asymmetric key pair for use outside X9.24', algorithms: ASYMMETRIC, modes: 'BDENSTVX' },
  V0: { name: 'PIN verification key, other', algorithms: SYMMETRIC, modes: MAC },
  V1: { name: 'PIN verification key, IBM 3624', algorithms: SYMMETRIC, modes: MAC },
  V2: { name: 'PIN verification key, Visa PVV', algorithms: SYMMETRIC, modes: MAC },
  V3: { name: 'PIN verification key, X9.132 algorithm 1', algorithms: SYMMETRIC, modes: MAC },
  V4: { name: 'PIN verification key, X9.132 algorithm 2', algorithms: SYMMETRIC, modes: MAC },
  V5: { name: 'PIN verification key, X9.132 algorithm 3', algorithms: SYMMETRIC, modes: MAC },
  10: { name: 'IBM: as its optional block 10 says', algorithms: 'ADEHIJRST', modes: 'BCDEGNSTVXY1' },
};

/** Usages of two digits are left to manufacturers (section 6.3.1); any algorithm and mode of use may go with them. */
export function isProprietaryUsage(keyUsage: string): boolean {
  return /^[0-9]{2}$/.test(keyUsage);
}

/** The name of a key usage; `undefined` where the standard does not know it. */
export function nameKeyUsage(keyUsage: string): string | undefined {
  return KEY_USAGES[keyUsage]?.name ?? (isProprietaryUsage(keyUsage) ? 'proprietary' : undefined);
}
