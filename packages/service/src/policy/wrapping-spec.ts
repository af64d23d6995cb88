import type { OaepHash } from '@keywright/crypto';
import type { WrappingKeySpec } from '../api/control-plane.generated.ts';

/** The hash of RSAES-OAEP, the mask's too, of key cryptograms. */
export const OAEP_HASHES: Readonly<Record<WrappingKeySpec, OaepHash>> = {
  RSA_OAEP_SHA_256: 'SHA256',
  RSA_OAEP_SHA_512: 'SHA512',
};

export const DEFAULT_WRAPPING_SPEC: WrappingKeySpec = 'RSA_OAEP_SHA_256';
