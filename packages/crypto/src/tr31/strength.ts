import type { Secret } from '../bytes/secret.ts';
import type { BlockCipherName } from '../cipher/engine.ts';
import { KeyBlockError } from './error.ts';
import type { KeyBlockHeader } from './header.ts';
import type { Relax } from './profile.ts';
import { KEY_BLOCK_VERSIONS, type KeyBlockVersion } from './version.ts';

/** Symmetric keys from the weakest to the strongest, by cipher and length in bytes (ANSI X9.24-1, X9.143 section 5). */
const BY_STRENGTH = ['DES 8', 'TDES 16', 'TDES 24', 'AES 16', 'AES 24', 'AES 32'];

/** Ciphers of the header's algorithms that the order knows; for other keys it says nothing. */
const CIPHERS: Readonly<Record<string, string>> = { A: 'AES', D: 'TDES', T: 'TDES' };

function strengthOf(cipher: string, length: number): number {
  return BY_STRENGTH.indexOf(length === 8 ? 'DES 8' : `${cipher} ${length}`);
}

function nameKey(cipher: string, length: number): string {
  return `${length === 8 ? 'DES' : cipher} of ${length * 8} bits`;
}

/** Reports through `relax` a key block protection key that is weaker than the key (`KBPK_TOO_WEAK`). */
export function checkStrength(header: KeyBlockHeader, kbpk: Secret, keyLength: number, relax: Relax): void {
  const protection: BlockCipherName = KEY_BLOCK_VERSIONS[header.version].cipher;
  const cipher = CIPHERS[header.algorithm];
  if (cipher === undefined || strengthOf(protection, kbpk.length) >= strengthOf(cipher, keyLength)) return;
  relax(
    'KBPK_TOO_WEAK',
    `the key block protection key, ${nameKey(protection, kbpk.length)}, is weaker than the key, ` +
      `${nameKey(cipher, keyLength)}; it must be at least as strong`,
  );
}

function listLengths(lengths: readonly number[]): string {
  return lengths.join(', ').replace(/, ([0-9]+)$/, ' or $1');
}

function versionsFor(kbpkLength: number): KeyBlockVersion[] {
  const entries = Object.entries(KEY_BLOCK_VERSIONS) as [KeyBlockVersion, (typeof KEY_BLOCK_VERSIONS)['A']][];
  return entries.filter(([, rules]) => rules.kbpkLengths.includes(kbpkLength)).map(([version]) => version);
}

/**
 * Checks that the key block protection key fits the version.
 *
 * @throws KeyBlockError `VERSION_NOT_FOR_KBPK` when another version would fit, `KBPK_LENGTH` when none does
 */
export function assertKbpk(version: KeyBlockVersion, kbpk: Secret): void {
  const { cipher, kbpkLengths } = KEY_BLOCK_VERSIONS[version];
  if (kbpkLengths.includes(kbpk.length)) return;
  const article = cipher === 'AES' ? 'an' : 'a';
  const needed = `version ${version} needs ${article} ${cipher} KBPK of ${listLengths(kbpkLengths)} bytes`;
  const fitting = versionsFor(kbpk.length);
  if (fitting.length === 0) throw new KeyBlockError('KBPK_LENGTH', `${needed}, got ${kbpk.length} bytes`);
  throw new KeyBlockError(
    'VERSION_NOT_FOR_KBPK',
    `the KBPK is ${kbpk.length} bytes, so the version must be ${fitting.join(' or ')}; this block says ${version}: ${needed}`,
  );
}
