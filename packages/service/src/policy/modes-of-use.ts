import type { KeyModesOfUse } from '../api/control-plane.generated.ts';

/** Modes of use that a key can have, by their letter in a key block (X9.143, section 6.3.3). */
export type ModeLetter = 'B' | 'C' | 'D' | 'E' | 'G' | 'N' | 'S' | 'V' | 'X';

export type ModeName = keyof KeyModesOfUse;

/** The booleans that a letter stands for. Encryption and wrapping always go together. */
const MODES: Readonly<Record<ModeLetter, readonly ModeName[]>> = {
  B: ['Encrypt', 'Decrypt', 'Wrap', 'Unwrap'],
  C: ['Generate', 'Verify'],
  D: ['Decrypt', 'Unwrap'],
  E: ['Encrypt', 'Wrap'],
  G: ['Generate'],
  N: ['NoRestrictions'],
  S: ['Sign'],
  V: ['Verify'],
  X: ['DeriveKey'],
};

const LETTERS = Object.keys(MODES) as readonly ModeLetter[];

const NONE: Readonly<Record<ModeName, boolean>> = {
  Encrypt: false,
  Decrypt: false,
  Wrap: false,
  Unwrap: false,
  Generate: false,
  Sign: false,
  Verify: false,
  DeriveKey: false,
  NoRestrictions: false,
};

const NAMES = Object.keys(NONE) as readonly ModeName[];

/** All nine booleans, as every answer shows them. */
export function completeModes(modes: KeyModesOfUse): Record<ModeName, boolean> {
  return { ...NONE, ...modes };
}

/** The nine booleans of a letter. */
export function modesOfLetter(letter: ModeLetter): Record<ModeName, boolean> {
  return completeModes(Object.fromEntries(MODES[letter].map((name) => [name, true])));
}

/** The letter whose booleans are exactly these, if there is one. */
export function letterOfModes(modes: KeyModesOfUse): ModeLetter | undefined {
  return LETTERS.find((letter) => {
    const expected: readonly ModeName[] = MODES[letter];
    return NAMES.every((name) => (modes[name] ?? false) === expected.includes(name));
  });
}

export function isModeLetter(letter: string): letter is ModeLetter {
  return Object.hasOwn(MODES, letter);
}

/** `{Encrypt, Wrap}`, for messages. */
export function describeModes(modes: KeyModesOfUse): string {
  return `{${NAMES.filter((name) => modes[name]).join(', ')}}`;
}
