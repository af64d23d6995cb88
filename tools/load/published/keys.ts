import openemv from '../../../vectors/openemv_dukpt.json' with { type: 'json' };
import { knownKey as key } from '../known-keys.ts';

/** Published keys: AWS's user guide, published observations of the live service, NIST, X9.24-1, X9.24-3. */
export const KEYS = {
  data: key('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'TDES_2KEY', 'B', '0101010101010101FEFEFEFEFEFEFEFE'),
  retailMac: key('TR31_M3_ISO_9797_3_MAC_KEY', 'TDES_2KEY', 'C', '1111111111111111AAAAAAAAAAAAAAAA'),
  cmac: key('TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C', '000102030405060708090A0B0C0D0E0F'),
  nistCmac: key('TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C', '2B7E151628AED2A6ABF7158809CF4F3C'),
  cvk: key('TR31_C0_CARD_VERIFICATION_KEY', 'TDES_2KEY', 'C', 'CCCCDDDDEEEEFFFFAAAABBBBCCCCDDDD'),
  cryptogram: key('TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS', 'TDES_2KEY', 'X', '0123456789ABCDEFFEDCBA9876543210'),
  bdk: key('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'X', '0123456789ABCDEFFEDCBA9876543210'),
  aesBdk: key('TR31_B0_BASE_DERIVATION_KEY', 'AES_128', 'X', openemv.suites.dukpt_aes128_test.constants.bdk),
  pvk: key('TR31_V2_VISA_PIN_VERIFICATION_KEY', 'TDES_2KEY', 'C', 'AAAABBBBCCCCDDDDEEEEFFFFAAAABBBB'),
  otherPvk: key('TR31_V2_VISA_PIN_VERIFICATION_KEY', 'TDES_2KEY', 'C', '0123456789ABCDEFFEDCBA9876543210'),
  pek: key('TR31_P0_PIN_ENCRYPTION_KEY', 'TDES_2KEY', 'B', '1111222233334444AAAABBBBCCCCDDDD'),
} as const;

/** What the service calls them, and the KBPK of key-blocks.ts. */
export type Arns = Readonly<Record<keyof typeof KEYS | 'kbpk', string>>;
