import type { KeyAlgorithm, KeyMaterialType } from '../../api/control-plane.generated.ts';

export type TokenPurpose = 'IMPORT' | 'EXPORT';

/** A key pair made for imports or exports within some weeks, its private half sealed. */
export interface TokenRecord {
  readonly region: string;
  /** With its `import-token-` or `export-token-`. */
  readonly tokenId: string;
  /** Whether keys come in under its key, or go out signed by it. */
  readonly purpose: TokenPurpose;
  readonly materialType: KeyMaterialType;
  readonly keyAlgorithm: KeyAlgorithm;
  /** PEM. */
  readonly certificate: string;
  readonly certificateChain: string;
  readonly validUntil: number;
  readonly createdAt: number;
  readonly sealed: Uint8Array;
}
