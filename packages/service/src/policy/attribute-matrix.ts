import type { KeyAlgorithm, KeyAttributes, KeyClass, KeyUsage } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { describeModes, letterOfModes, type ModeLetter, modesOfLetter } from './modes-of-use.ts';
import { oneOf } from './wording.ts';

/** Attributes that go together: any of the algorithms with any of the modes of use. */
export interface AttributeRule {
  readonly keyClass: KeyClass;
  readonly algorithms: readonly KeyAlgorithm[];
  readonly modes: readonly ModeLetter[];
}

const TDES = ['TDES_2KEY', 'TDES_3KEY'] as const;
const CIPHERS = [...TDES, 'AES_128', 'AES_192', 'AES_256'] as const;
const HMACS = ['HMAC_SHA224', 'HMAC_SHA256', 'HMAC_SHA384', 'HMAC_SHA512'] as const;
const RSA = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
const ECC = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const;

function symmetric(algorithms: readonly KeyAlgorithm[], modes: readonly ModeLetter[]): AttributeRule {
  return { keyClass: 'SYMMETRIC_KEY', algorithms, modes };
}

function pair(algorithms: readonly KeyAlgorithm[], modes: readonly ModeLetter[]): AttributeRule {
  return { keyClass: 'ASYMMETRIC_KEY_PAIR', algorithms, modes };
}

function publicKey(algorithms: readonly KeyAlgorithm[], modes: readonly ModeLetter[]): AttributeRule {
  return { keyClass: 'PUBLIC_KEY', algorithms, modes };
}

const DERIVATION = [symmetric(CIPHERS, ['X', 'N'])];
const ENCRYPTION = [symmetric(CIPHERS, ['B', 'E', 'D', 'N'])];
const VERIFICATION = [symmetric(CIPHERS, ['C', 'G', 'V', 'N'])];
const TDES_MAC = [symmetric(TDES, ['C', 'G', 'V', 'N'])];

/** Which class, algorithm and modes of use a key of each usage may have. A usage without a rule has no keys. */
export const ATTRIBUTE_MATRIX: Readonly<Record<KeyUsage, readonly AttributeRule[]>> = {
  TR31_B0_BASE_DERIVATION_KEY: DERIVATION,
  TR31_C0_CARD_VERIFICATION_KEY: VERIFICATION,
  TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY: ENCRYPTION,
  TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION: [pair(RSA, ['B', 'E', 'D']), publicKey(RSA, ['E'])],
  TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS: DERIVATION,
  TR31_E1_EMV_MKEY_CONFIDENTIALITY: DERIVATION,
  TR31_E2_EMV_MKEY_INTEGRITY: DERIVATION,
  TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS: DERIVATION,
  TR31_E5_EMV_MKEY_CARD_PERSONALIZATION: DERIVATION,
  TR31_E6_EMV_MKEY_OTHER: DERIVATION,
  TR31_K0_KEY_ENCRYPTION_KEY: ENCRYPTION,
  TR31_K1_KEY_BLOCK_PROTECTION_KEY: ENCRYPTION,
  TR31_K2_TR34_ASYMMETRIC_KEY: [pair(RSA, ['X', 'B', 'E', 'D']), publicKey(RSA, ['E'])],
  TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT: [pair(ECC, ['X'])],
  TR31_M0_ISO_16609_MAC_KEY: [symmetric(TDES, ['C', 'G', 'V'])],
  TR31_M1_ISO_9797_1_MAC_KEY: TDES_MAC,
  TR31_M3_ISO_9797_3_MAC_KEY: TDES_MAC,
  TR31_M6_ISO_9797_5_CMAC_KEY: VERIFICATION,
  TR31_M7_HMAC_KEY: [symmetric([...CIPHERS, ...HMACS], ['C', 'G', 'V', 'N'])],
  TR31_P0_PIN_ENCRYPTION_KEY: ENCRYPTION,
  TR31_P1_PIN_GENERATION_KEY: [],
  TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE: [pair(RSA, ['S', 'V']), publicKey([...RSA, ...ECC], ['V'])],
  TR31_V1_IBM3624_PIN_VERIFICATION_KEY: VERIFICATION,
  TR31_V2_VISA_PIN_VERIFICATION_KEY: VERIFICATION,
};

/** Modes of use that a key of these attributes might have instead. */
export function modesFor({ KeyUsage, KeyClass }: KeyAttributes): readonly ModeLetter[] {
  return ATTRIBUTE_MATRIX[KeyUsage].find(({ keyClass }) => keyClass === KeyClass)?.modes ?? [];
}

/** Throws unless usage, class, algorithm and modes of use go together. */
export function checkAttributes({ KeyUsage, KeyClass, KeyAlgorithm, KeyModesOfUse }: KeyAttributes): void {
  const rules = ATTRIBUTE_MATRIX[KeyUsage];
  if (rules.length === 0)
    throw invalid(`KeyUsage ${KeyUsage} is not valid: there are no keys of this usage.`);
  const rule = rules.find(({ keyClass }) => keyClass === KeyClass);
  if (rule === undefined) {
    throw notValid(
      'KeyClass',
      KeyClass,
      KeyUsage,
      rules.map(({ keyClass }) => keyClass),
    );
  }
  if (!rule.algorithms.includes(KeyAlgorithm)) {
    throw notValid('KeyAlgorithm', KeyAlgorithm, KeyUsage, rule.algorithms);
  }
  const letter = letterOfModes(KeyModesOfUse);
  if (letter === undefined || !rule.modes.includes(letter)) {
    const allowed = rule.modes.map((mode) => describeModes(modesOfLetter(mode)));
    throw notValid('KeyModesOfUse', describeModes(KeyModesOfUse), KeyUsage, allowed);
  }
}

function notValid(field: string, value: string, usage: KeyUsage, allowed: readonly string[]) {
  return invalid(`${field} ${value} is not valid for ${usage}: use ${oneOf(allowed)}.`);
}
