import assert from 'node:assert/strict';
import { deriveDukptKey, randomBytes, Secret } from '@keywright/crypto';
import { naiveAesPinKey, naiveTdesPinKey } from './naive-dukpt.ts';
import { rates } from './rate.ts';
import type { Row } from './row.ts';

export const title =
  'BDK to the PIN key of a transaction, against createCipheriv and raw keys at every step (naive)';

interface Subject {
  readonly name: string;
  readonly scheme: 'TDES' | 'AES';
  readonly bdkLength: number;
  readonly ksn: string;
  readonly naive: (bdk: Uint8Array, ksn: string) => Buffer;
}

const TDES = { scheme: 'TDES', bdkLength: 16, naive: naiveTdesPinKey } as const;
const AES = { scheme: 'AES', naive: naiveAesPinKey } as const;
const SUBJECTS: readonly Subject[] = [
  { ...TDES, name: 'TDES, 10 steps', ksn: 'FFFF9876543210EFFC00' },
  { ...TDES, name: 'TDES, 5 steps', ksn: 'FFFF9876543210E0001F' },
  { ...AES, name: 'AES-128, 10 steps', ksn: '1234567890123456000003FF', bdkLength: 16 },
  { ...AES, name: 'AES-256, 10 steps', ksn: '1234567890123456000003FF', bdkLength: 32 },
];

export function* run(): Iterable<Row> {
  for (const { name, scheme, bdkLength, ksn, naive } of SUBJECTS) {
    const bytes = randomBytes(bdkLength);
    using bdk = Secret.copyOf(bytes);
    const derive = () => deriveDukptKey({ scheme, ksn, bdk, usage: 'pin' });
    using key = derive();
    // Two ways to one key, or the benchmark would say nothing.
    assert.ok(key.expose((clear) => naive(bytes, ksn).equals(clear)));
    yield* rates([
      [`${name}, naive`, () => naive(bytes, ksn)],
      [`${name}, one call`, () => derive()[Symbol.dispose]()],
    ]);
  }
}
