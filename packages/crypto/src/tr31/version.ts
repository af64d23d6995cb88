import type { BlockCipherName } from '../cipher/engine.ts';
import type { Binding } from './binding.ts';
import { derivationBinding } from './derivation-binding.ts';
import { variantBinding } from './variant-binding.ts';

export type KeyBlockVersion = 'A' | 'B' | 'C' | 'D' | 'E';

/** What a version decides. Lengths are in bytes. */
export interface VersionRules {
  readonly name: string;
  readonly section: string;
  readonly binding: Binding;
  /** The cipher of the key block protection key. */
  readonly cipher: BlockCipherName;
  readonly kbpkLengths: readonly number[];
  /** Block of the cipher; the optional blocks together fill whole ones. */
  readonly blockLength: 8 | 16;
  /** The payload fills whole units of this length. */
  readonly payloadUnit: 1 | 8 | 16;
  readonly macLength: 4 | 8 | 16;
  /** A deprecated version may be read, not written. */
  readonly deprecated: boolean;
}

const TDES = { cipher: 'TDES', kbpkLengths: [16, 24], blockLength: 8, payloadUnit: 8 } as const;
const AES = { cipher: 'AES', kbpkLengths: [16, 24, 32], blockLength: 16, macLength: 16 } as const;
const VARIANT = { binding: variantBinding, macLength: 4, section: 'X9.143 7.3', deprecated: true } as const;

/** ANSI X9.143:2021, section 6.2, table 1; version E is ISO 20038:2017. */
export const KEY_BLOCK_VERSIONS: Record<KeyBlockVersion, VersionRules> = {
  A: { ...TDES, ...VARIANT, name: 'TDES, key variant binding (2005)' },
  B: {
    ...TDES,
    name: 'TDES, key derivation binding',
    section: 'X9.143 7.2.2',
    binding: derivationBinding('TDES', 'CBC'),
    macLength: 8,
    deprecated: false,
  },
  C: { ...TDES, ...VARIANT, name: 'TDES, key variant binding (2010)' },
  D: {
    ...AES,
    name: 'AES, key derivation binding',
    section: 'X9.143 7.2.1',
    binding: derivationBinding('AES', 'CBC'),
    payloadUnit: 16,
    deprecated: false,
  },
  E: {
    ...AES,
    name: 'AES, key derivation binding, counter mode',
    section: 'ISO 20038 6.3',
    binding: derivationBinding('AES', 'CTR'),
    payloadUnit: 1,
    deprecated: false,
  },
};

export function isKeyBlockVersion(letter: string): letter is KeyBlockVersion {
  return Object.hasOwn(KEY_BLOCK_VERSIONS, letter);
}
