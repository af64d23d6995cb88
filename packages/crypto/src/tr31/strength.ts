import type { Secret } from '../bytes/secret.ts';
import type { BlockCipherName } from '../cipher/engine.ts';
import { KeyBlockError } from './error.ts';
import type { KeyBlockHeader } from './header.ts';
import type { Relax } from './profile.ts';
import { KEY_BLOCK_VERSIONS, type KeyBlockVersion } from './version.ts';

/** Strength of symmetric keys, by cipher and length in bytes, the weakest 0 (ANSI X9.24-1, X9.143 section 5). */
const STRENGTH: Record<BlockCipherName, Readonly<Record<number, number>>> = {
  TDES: { 8: 0, 16: 1, 24: 2 },
  AES: { 16: 3, 24: 4, 32: 5 },
};

/** Ciphers of the header's algorithms whose keys can be compared. */
const CIPHERS: Readonly<Record<string, BlockCipherName>> = { A: 'AES', D: 'TDES', T: 'TDES' };

function strengthOf(cipher: BlockCipherName, length: number): number {
  return STRENGTH[cipher][length] ?? 0;
}

function nameKey(cipher: string, length: number): string {
  return `${length === 8 ? 'DES' : cipher} of ${length * 8} bits`;
}

/** Reports through `relax` a key block protection key that is weaker than the key (`KBPK_TOO_WEAK`). */
export function checkStrength(header: KeyBlockHeader, kbpk: Secret, keyLength: number, relax: Relax): void {
  const { cipher: protection } = KEY_BLOCK_VERSIONS[header.version];
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
