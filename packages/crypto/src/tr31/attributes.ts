/** Modes of use (ANSI X9.143:2021, section 6.3.3, table 4). */
export const MODES_OF_USE: Readonly<Record<string, string>> = {
  B: 'encrypt and decrypt, or wrap and unwrap',
  C: 'generate and verify MACs',
  D: 'decrypt or unwrap only',
  E: 'encrypt or wrap only',
  G: 'generate MACs only',
  N: 'no restriction but that of the key usage',
  S: 'sign only',
  T: 'sign and transport keys',
  V: 'verify only',
  X: 'derive keys',
  Y: 'make key variants',
  1: 'IBM: as its optional block 10 says',
};

/** Exportability (section 6.3.5, table 6). */
export const EXPORTABILITY: Readonly<Record<string, string>> = {
  E: 'exportable under a trusted key, in a key block',
  N: 'not exportable',
  S: 'sensitive: exportable in other forms too',
};

/** Key context (section 6.2, table 1). */
export const KEY_CONTEXTS: Readonly<Record<string, string>> = {
  0: 'storage or exchange, as the wrapping key decides',
  1: 'storage only',
  2: 'exchange only',
};

/** Key version number in words (section 6.3.4, table 5). */
export function describeKeyVersion(keyVersion: string): string {
  if (keyVersion === '00') return 'not used';
  return keyVersion[0] === 'c' ? `component ${keyVersion[1]} of a key` : `version ${keyVersion}`;
}
