import { randomFillSync } from 'node:crypto';

/** Where random bytes come from. Functions that need them take one, so that published examples come out byte for byte. */
export type RandomSource = (length: number) => Uint8Array;

/** `length` bytes of the operating system's cryptographic random generator. */
export const randomBytes: RandomSource = (length) => randomFillSync(new Uint8Array(length));
