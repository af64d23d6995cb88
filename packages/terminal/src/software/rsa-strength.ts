import { X509Certificate } from 'node:crypto';
import { type PolicyName, type Relaxation, relaxes } from '../policy.ts';
import { CIPHERS } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';

/** Bits of security (NIST SP 800-57 part 1, table 2) by the least bits of an RSA modulus, the longest first. */
const RSA_STRENGTHS = [
  [15_360, 256],
  [7680, 192],
  [3072, 128],
  [2048, 112],
  [1024, 80],
] as const;

/** The same of symmetric keys, by cipher and length in bytes. */
const KEY_STRENGTHS: Readonly<Record<string, number>> = {
  'TDES 8': 56,
  'TDES 16': 80,
  'TDES 24': 112,
  'AES 16': 128,
  'AES 24': 192,
  'AES 32': 256,
};

/**
 * A key that comes under the terminal's RSA key must not be the stronger one.
 *
 * @throws TerminalError KBPK_TOO_WEAK
 */
export function checkRsaStrength(
  certificate: Uint8Array,
  algorithm: string,
  keyLength: number,
  policy: PolicyName,
): Relaxation[] {
  const modulus = new X509Certificate(certificate).publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  const [, protection] = RSA_STRENGTHS.find(([bits]) => modulus >= bits) ?? [0, 0];
  const name = `${CIPHERS[algorithm]} ${keyLength}`;
  if (protection >= (KEY_STRENGTHS[name] ?? 0)) return [];
  if (relaxes(policy, 'KBPK_TOO_WEAK')) return ['KBPK_TOO_WEAK'];
  const message = `the key, ${CIPHERS[algorithm]} of ${keyLength * 8} bits, is stronger than RSA of ${modulus} bits`;
  throw new TerminalError('KBPK_TOO_WEAK', message);
}
