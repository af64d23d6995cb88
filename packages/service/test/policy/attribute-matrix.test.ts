import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  KeyAlgorithm,
  KeyAttributes,
  KeyClass,
  KeyModesOfUse,
  KeyUsage,
} from '../../src/api/control-plane.generated.ts';
import { MODELS } from '../../src/api/model.ts';
import { checkAttributes } from '../../src/policy/attribute-matrix.ts';
import { completeModes, type ModeName } from '../../src/policy/modes-of-use.ts';
import { refusal } from './refusal.ts';

/** The user guide's table of valid attributes, as it stands there: usage, class, algorithms, mode sets. */
const TABLE = `
B0 symmetric T2 T3 A1 A2 A3             X N
C0 symmetric T2 T3 A1 A2 A3             G V GV N
D0 symmetric T2 T3 A1 A2 A3             EDWU EW DU N
E0 symmetric T2 T3 A1 A2 A3             X N
E1 symmetric T2 T3 A1 A2 A3             X N
E2 symmetric T2 T3 A1 A2 A3             X N
E4 symmetric T2 T3 A1 A2 A3             X N
E5 symmetric T2 T3 A1 A2 A3             X N
E6 symmetric T2 T3 A1 A2 A3             X N
K0 symmetric T2 T3 A1 A2 A3             EDWU EW DU N
K1 symmetric T2 T3 A1 A2 A3             EDWU EW DU N
M0 symmetric T2 T3                      G GV V
M1 symmetric T2 T3                      G V GV N
M3 symmetric T2 T3                      G V GV N
M6 symmetric T2 T3 A1 A2 A3             G V GV N
M7 symmetric T2 T3 A1 A2 A3 H1 H2 H3 H5 G V GV N
P0 symmetric T2 T3 A1 A2 A3             EDWU EW DU N
V1 symmetric T2 T3 A1 A2 A3             G V GV N
V2 symmetric T2 T3 A1 A2 A3             G V GV N
D1 pair      R2 R3 R4                   EDWU EW DU
D1 public    R2 R3 R4                   EW
S0 pair      R2 R3 R4                   S V
S0 public    R2 R3 R4 P2 P3 P5          V
K3 pair      P2 P3 P5                   X
K2 pair      R2 R3 R4                   X EDWU EW DU
K2 public    R2 R3 R4                   EW
`;

const ALGORITHMS: Record<string, KeyAlgorithm> = {
  T2: 'TDES_2KEY',
  T3: 'TDES_3KEY',
  A1: 'AES_128',
  A2: 'AES_192',
  A3: 'AES_256',
  H1: 'HMAC_SHA224',
  H2: 'HMAC_SHA256',
  H3: 'HMAC_SHA384',
  H5: 'HMAC_SHA512',
  R2: 'RSA_2048',
  R3: 'RSA_3072',
  R4: 'RSA_4096',
  P2: 'ECC_NIST_P256',
  P3: 'ECC_NIST_P384',
  P5: 'ECC_NIST_P521',
};
const CLASSES: Record<string, KeyClass> = {
  symmetric: 'SYMMETRIC_KEY',
  pair: 'ASYMMETRIC_KEY_PAIR',
  public: 'PUBLIC_KEY',
  private: 'PRIVATE_KEY',
};
const MODES: Record<string, ModeName[]> = {
  EDWU: ['Encrypt', 'Decrypt', 'Wrap', 'Unwrap'],
  EW: ['Encrypt', 'Wrap'],
  DU: ['Decrypt', 'Unwrap'],
  GV: ['Generate', 'Verify'],
  G: ['Generate'],
  V: ['Verify'],
  S: ['Sign'],
  X: ['DeriveKey'],
  N: ['NoRestrictions'],
};

const NAMES = Object.keys(completeModes({})) as ModeName[];
const USAGES = MODELS.control.shapes.KeyUsage!.enum as KeyUsage[];

function modes(names: readonly ModeName[]): KeyModesOfUse {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function key(usage: string, keyClass: KeyClass, algorithm: KeyAlgorithm, names: readonly ModeName[]): string {
  return [usage.slice(0, 7), keyClass, algorithm, ...[...names].sort()].join(' ');
}

const VALID = new Set(
  TABLE.trim()
    .split('\n')
    .flatMap((line) => {
      const [usage, keyClass, ...rest] = line.split(/ +/);
      const algorithms = rest.filter((word) => word in ALGORITHMS).map((word) => ALGORITHMS[word]!);
      const sets = rest.filter((word) => word in MODES).map((word) => MODES[word]!);
      return algorithms.flatMap((algorithm) =>
        sets.map((set) => key(`TR31_${usage}`, CLASSES[keyClass!]!, algorithm, set)),
      );
    }),
);

function isValid(attributes: KeyAttributes): boolean {
  try {
    checkAttributes(attributes);
    return true;
  } catch {
    return false;
  }
}

function withoutStacks(act: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  act();
  Error.stackTraceLimit = limit;
}

test('every usage x class x algorithm x mode set is valid exactly when the table has it', () => {
  const sets = [...Object.values(MODES), [], ['Encrypt', 'Decrypt'], ['Wrap', 'Unwrap']] as ModeName[][];
  let valid = 0;
  withoutStacks(() => {
    for (const KeyUsage of USAGES)
      for (const KeyClass of Object.values(CLASSES))
        for (const KeyAlgorithm of Object.values(ALGORITHMS))
          for (const set of sets) {
            const expected = VALID.has(key(KeyUsage, KeyClass, KeyAlgorithm, set));
            const actual = isValid({ KeyUsage, KeyClass, KeyAlgorithm, KeyModesOfUse: modes(set) });
            assert.equal(actual, expected, key(KeyUsage, KeyClass, KeyAlgorithm, set));
            valid += Number(actual);
          }
  });
  assert.equal(USAGES.length, 24);
  assert.equal(valid, VALID.size);
});

test('of the 512 combinations of modes of use, only the sets of the table are valid', () => {
  withoutStacks(() => {
    for (const KeyUsage of USAGES)
      for (let bits = 0; bits < 512; bits += 1) {
        const set = NAMES.filter((_, i) => bits & (1 << i));
        const keys = ['TDES_2KEY', 'RSA_2048', 'ECC_NIST_P256'] as const;
        for (const KeyAlgorithm of keys) {
          const KeyClass = KeyAlgorithm === 'TDES_2KEY' ? 'SYMMETRIC_KEY' : 'ASYMMETRIC_KEY_PAIR';
          const actual = isValid({ KeyUsage, KeyClass, KeyAlgorithm, KeyModesOfUse: modes(set) });
          assert.equal(actual, VALID.has(key(KeyUsage, KeyClass, KeyAlgorithm, set)), `${KeyUsage} ${set}`);
        }
      }
  });
});

test('false stands for absent', () => {
  checkAttributes({
    KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: 'AES_128',
    KeyModesOfUse: completeModes({ DeriveKey: true }),
  });
});

const D0 = {
  KeyUsage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY',
  KeyClass: 'SYMMETRIC_KEY',
  KeyAlgorithm: 'AES_128',
  KeyModesOfUse: { Encrypt: true, Decrypt: true },
} as const;

test('the message names the field, what was wrong and what would be right', () => {
  assert.equal(
    refusal(() => checkAttributes(D0)),
    'KeyModesOfUse {Encrypt, Decrypt} is not valid for TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY: use {Encrypt, Decrypt, Wrap, Unwrap}, {Encrypt, Wrap}, {Decrypt, Unwrap} or {NoRestrictions}.',
  );
  assert.equal(
    refusal(() => checkAttributes({ ...D0, KeyAlgorithm: 'RSA_2048' })),
    'KeyAlgorithm RSA_2048 is not valid for TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY: use TDES_2KEY, TDES_3KEY, AES_128, AES_192 or AES_256.',
  );
  assert.equal(
    refusal(() => checkAttributes({ ...D0, KeyClass: 'PRIVATE_KEY' })),
    'KeyClass PRIVATE_KEY is not valid for TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY: use SYMMETRIC_KEY.',
  );
  assert.equal(
    refusal(() => checkAttributes({ ...D0, KeyUsage: 'TR31_P1_PIN_GENERATION_KEY' })),
    'KeyUsage TR31_P1_PIN_GENERATION_KEY is not valid: there are no keys of this usage.',
  );
});
