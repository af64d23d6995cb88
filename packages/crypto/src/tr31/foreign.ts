import { KeyBlockError } from './error.ts';
import type { Relax } from './profile.ts';

/** Thales key blocks begin with their own version: 0 under a TDES, 1 under an AES local master key. */
const THALES_VERSIONS: Readonly<Record<string, string>> = { 0: 'TDES', 1: 'AES' };

/** The error that names a Thales key block by its version, or `undefined` where the version is none of Thales. */
export function thalesKeyBlock(version: string): KeyBlockError | undefined {
  const cipher = THALES_VERSIONS[version];
  if (cipher === undefined) return undefined;
  return new KeyBlockError(
    'THALES_KEY_BLOCK',
    `this is a Thales key block, version ${version} (${cipher}), readable only by a payShield with its local master ` +
      'key; export the key as a TR-31 key block (version B or D) instead',
  );
}

/** `R` or `S`, by which a payShield tells what kind of block follows, before a version and a length. */
const SCHEME_LETTER = /^[RS](?=[0-9A-E][0-9]{4})/;

/**
 * Takes a payShield's scheme letter off a block: `R` before TR-31, `S` before a Thales key block; some systems put `S`
 * before TR-31 as well.
 *
 * @throws KeyBlockError `THALES_KEY_BLOCK`, and through `relax` `SCHEME_LETTER`
 */
export function withoutSchemeLetter(block: string, relax: Relax): string {
  const letter = SCHEME_LETTER.test(block) ? block[0] : undefined;
  const text = letter === undefined ? block : block.slice(1);
  const foreign = /^[01][0-9]{4}/.test(text) ? thalesKeyBlock(text[0]!) : undefined;
  if (foreign !== undefined) throw foreign;
  if (letter !== undefined) {
    relax(
      'SCHEME_LETTER',
      `the block is preceded by the payShield scheme letter ${letter}; it is no part of TR-31`,
    );
  }
  return text;
}
