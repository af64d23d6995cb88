import type { IbmElement } from './ibm-block.ts';

/** A derivation that a key may be used for (ANSI X9.143:2021, section 6.3.6.4, table 12). */
export interface AllowedDerivation {
  keyUsage: string;
  algorithm: string;
  modeOfUse: string;
  exportability: string;
}

/** A certificate of optional block CT, base64 as it stands in the block. */
export interface BlockCertificate {
  format: 'X.509' | 'EMV';
  data: string;
}

/** What an optional block says. `kind` is the id; `other` is any id that the standard does not define. */
export type DecodedOptionalBlock =
  | { kind: 'AL'; keyLife: 'ephemeral' | 'static' }
  | { kind: 'BI'; dukpt: 'TDES' | 'AES'; identifier: string }
  | { kind: 'CT'; certificates: BlockCertificate[] }
  | { kind: 'DA'; derivations: AllowedDerivation[] }
  | { kind: 'FL'; flags: string }
  | { kind: 'HM'; hash: string }
  | { kind: 'IK'; initialKeyId: string }
  | { kind: 'KC' | 'KP' | 'PK'; method: 'legacy' | 'CMAC'; kcv: string }
  | { kind: 'KS'; initialKsn: string }
  | { kind: 'KV'; version: string; other: string }
  | { kind: 'LB'; label: string }
  | { kind: 'PB'; padding: string }
  | { kind: 'TC' | 'TS'; time: string }
  | { kind: 'WP'; pedigree: WrappingPedigree }
  | { kind: '10'; elements: IbmElement[] }
  | { kind: 'other'; id: string; data: string };

/** How strong the keys were that the key was wrapped under before (section 6.3.6.15, table 23). */
export type WrappingPedigree = 'equal or greater' | 'lesser' | 'asymmetric' | 'asymmetric and lesser';
