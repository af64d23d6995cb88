import assert from 'node:assert/strict';
import {
  type KeyBlockHeader,
  parseHeader,
  randomBytes,
  Secret,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '@keywright/crypto';
import { naiveUnwrap, naiveWrap } from './naive-tr31.ts';
import { rates } from './rate.ts';
import type { Row } from './row.ts';

export const title =
  'TR-31 wrap and unwrap, full validation, against createCipheriv and raw keys at every step (naive, no validation)';

interface Subject {
  readonly name: string;
  readonly header: KeyBlockHeader;
  readonly kbpkLength: number;
  readonly keyLength: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'D, AES-256 under AES-256',
    header: parseHeader('D0000P0AE00E0000'),
    kbpkLength: 32,
    keyLength: 32,
  },
  {
    name: 'D, AES-128 under AES-128',
    header: parseHeader('D0000P0AE00E0000'),
    kbpkLength: 16,
    keyLength: 16,
  },
  {
    name: 'B, TDES-2KEY under TDES-3KEY',
    header: parseHeader('B0000P0TE00E0000'),
    kbpkLength: 24,
    keyLength: 16,
  },
];

/** The two read what each other writes: a benchmark of something that is wrong would say nothing. */
function assertAgreement(
  kbpk: Secret,
  bytes: Uint8Array,
  key: Secret,
  header: KeyBlockHeader,
  block: string,
): void {
  assert.ok(key.expose((clear) => naiveUnwrap(bytes, block).equals(clear)));
  using unwrapped = unwrapKeyBlock({
    kbpk,
    block: key.expose((clear) => naiveWrap(bytes, header, clear)),
  }).key;
  assert.ok(unwrapped.equals(key));
}

function* measure({ name, header, kbpkLength, keyLength }: Subject): Iterable<Row> {
  const bytes = randomBytes(kbpkLength);
  using kbpk = Secret.copyOf(bytes);
  using key = Secret.take(randomBytes(keyLength));
  const block = wrapKeyBlock({ kbpk, header, key });
  assertAgreement(kbpk, bytes, key, header, block);
  const fresh = <T>(use: (kbpk: Secret) => T): T => {
    using secret = Secret.copyOf(bytes);
    return use(secret);
  };
  yield* rates([
    [`wrap ${name}, naive`, () => key.expose((clear) => naiveWrap(bytes, header, clear))],
    [`wrap ${name}, nothing cached`, () => fresh((secret) => wrapKeyBlock({ kbpk: secret, header, key }))],
    [`wrap ${name}, derived keys kept`, () => wrapKeyBlock({ kbpk, header, key })],
  ]);
  yield* rates([
    [`unwrap ${name}, naive`, () => naiveUnwrap(bytes, block)],
    [
      `unwrap ${name}, nothing cached`,
      () => fresh((secret) => unwrapKeyBlock({ kbpk: secret, block }).key[Symbol.dispose]()),
    ],
    [`unwrap ${name}, derived keys kept`, () => unwrapKeyBlock({ kbpk, block }).key[Symbol.dispose]()],
  ]);
}

export function* run(): Iterable<Row> {
  for (const subject of SUBJECTS) yield* measure(subject);
}
