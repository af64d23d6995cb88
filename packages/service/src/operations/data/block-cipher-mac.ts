import { as2805Mac, cbcMac, cipherOf, retailMac } from '@keywright/crypto';
import type { KeyAlgorithm, KeyUsage } from '../../api/control-plane.generated.ts';
import type { MacAlgorithm } from '../../api/data-plane.generated.ts';
import { CIPHER_ALGORITHMS, type KeyAnswer, type WorkingKey } from './working-key.ts';

/** What a MAC key must be allowed to do. */
export type MacMode = 'Generate' | 'Verify';

/** A MAC before it is cut. */
export interface WholeMac {
  readonly answer: KeyAnswer;
  readonly mac: Uint8Array;
  /** Bytes of the MAC when the request does not say how many. */
  readonly usualLength: number;
}

/** A MAC of a block cipher: the usage of its keys (TR-31), and what it makes of a message. */
export interface BlockCipherMac {
  readonly usage: KeyUsage;
  readonly algorithms: readonly KeyAlgorithm[];
  readonly compute: (working: WorkingKey, message: Uint8Array) => Uint8Array;
  /** Bytes of the MAC when the request does not say how many; the whole MAC when it is not here. */
  readonly usualLength?: number;
}

export type BlockCipherMacName = Extract<
  MacAlgorithm,
  'ISO9797_ALGORITHM1' | 'ISO9797_ALGORITHM3' | 'CMAC' | 'AS2805_4_1'
>;

const CBC_MAC = { algorithms: ['TDES_2KEY', 'TDES_3KEY'], usualLength: 4 } as const;

/** ISO/IEC 9797-1 and AS 2805.4.1. CMAC needs no padding, the others fill the last block with zeros. */
export const BLOCK_CIPHER_MACS: Record<BlockCipherMacName, BlockCipherMac> = {
  ISO9797_ALGORITHM1: {
    ...CBC_MAC,
    usage: 'TR31_M1_ISO_9797_1_MAC_KEY',
    compute: ({ key }, message) => cbcMac(key, message, 1),
  },
  ISO9797_ALGORITHM3: {
    ...CBC_MAC,
    usage: 'TR31_M3_ISO_9797_3_MAC_KEY',
    compute: ({ key }, message) => retailMac(key, message, 1),
  },
  CMAC: {
    algorithms: CIPHER_ALGORITHMS,
    usage: 'TR31_M6_ISO_9797_5_CMAC_KEY',
    compute({ cipher: name, key }, message) {
      const cipher = cipherOf(name, key);
      return cipher.cmac(message);
    },
  },
  AS2805_4_1: {
    algorithms: ['TDES_2KEY'],
    usualLength: 4,
    usage: 'TR31_M0_ISO_16609_MAC_KEY',
    compute: ({ key }, message) => as2805Mac(key, message, 8),
  },
};

export function wholeMac(
  { compute, usualLength }: BlockCipherMac,
  working: WorkingKey,
  message: Uint8Array,
): WholeMac {
  const mac = compute(working, message);
  return { answer: working.answer, mac, usualLength: usualLength ?? mac.length };
}
