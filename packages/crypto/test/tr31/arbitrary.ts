import fc from 'fast-check';
import {
  ALGORITHMS,
  KEY_BLOCK_VERSIONS,
  KEY_USAGES,
  type KeyBlockHeader,
  type KeyBlockVersion,
  type OptionalBlock,
  Secret,
  type WrapOptions,
} from '../../src/index.ts';

const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: count, maxLength: count });
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  minLength: 1,
  maxLength: 300,
});
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(Secret.copyOf);

/** A header whose usage, algorithm and mode of use go together. */
function headers(version: KeyBlockVersion): fc.Arbitrary<KeyBlockHeader> {
  return fc.constantFrom(...Object.entries(KEY_USAGES)).chain(([keyUsage, { algorithms, modes }]) =>
    fc.record(
      {
        version: fc.constant(version),
        keyUsage: fc.constant(keyUsage),
        algorithm: fc.constantFrom(...algorithms),
        modeOfUse: fc.constantFrom(...modes),
        keyVersion: fc.constantFrom('00', '01', 'c1', 'cA', 'Z9'),
        exportability: fc.constantFrom('E', 'N', 'S'),
        keyContext: fc.constantFrom('0', '1', '2'),
        reserved: fc.constant('0'),
      },
      { noNullPrototype: true },
    ),
  );
}

function keys(algorithm: string): fc.Arbitrary<Secret> {
  const lengths = ALGORITHMS[algorithm]!.keyLengths ?? [1, 7, 20, 32, 64, 121, 1190];
  return fc.constantFrom(...lengths).chain(bytes);
}

const optionalBlocks: fc.Arbitrary<OptionalBlock[]> = fc.uniqueArray(
  fc.oneof(
    digits(6).map((kcv) => ({ id: 'KC', data: `00${kcv}` })),
    digits(10).map((kcv) => ({ id: 'KP', data: `01${kcv}` })),
    printable.map((data) => ({ id: 'LB', data })),
    printable.map((data) => ({ id: '03', data })),
    fc.constant({ id: 'TS', data: '20200818004100Z' }),
  ),
  { selector: ({ id }) => id, maxLength: 5 },
);

/** Everything that the tolerant profile wraps under a version. */
export function wrapOptions(version: KeyBlockVersion): fc.Arbitrary<WrapOptions> {
  return headers(version).chain((header) =>
    fc.record(
      {
        kbpk: fc.constantFrom(...KEY_BLOCK_VERSIONS[version].kbpkLengths).chain(bytes),
        header: fc.constant(header),
        key: keys(header.algorithm),
        optionalBlocks,
        maskKeyLength: fc.constantFrom(true, false, 0, 16, 24, 40),
        profile: fc.constant('tolerant' as const),
      },
      { noNullPrototype: true },
    ),
  );
}
