// The constants of a vector-permute AES (M. Hamburg, "Accelerating AES with Vector Permute Instructions", CHES 2009),
// computed from the definition of the field rather than written down.
//
// A byte x of GF(2^8) is held as two elements i and k of the subfield GF(2^4), x = i + k * conj(z), where z has trace 1 and
// norm 1/a. With j = i + k, inversion needs nothing but 16-entry tables:
//   io = 1 / (1/i + a/k) + j,   jo = 1 / (1/j + a/k) + i,   1/x = (1/io)(1/a + conj(z)) + (1/jo)(1 + 1/a + conj(z)).
// 1/0 is infinity, written as a byte with its highest bit set: a lookup of it gives 0, which is 1/infinity.
import { AES_TABLES, DATA } from './memory';

export const INVERSE: usize = AES_TABLES;
export const INVERSE_A: usize = AES_TABLES + 16;

// Linear maps, a pair of tables each. Into the representation: for the low and the high nibble of a byte.
export const IN_ENCRYPT: usize = AES_TABLES + 32;
export const IN_DECRYPT: usize = AES_TABLES + 64;
// Out of an inversion: for io and jo. With the S-box's linear map and a factor of MixColumns, represented for the next round:
export const SUB_1: usize = AES_TABLES + 96;
export const SUB_2: usize = AES_TABLES + 128;
/** The same for the last round, as plain bytes. */
export const SUB_LAST: usize = AES_TABLES + 160;
// The inverse cipher's, with the factors of InvMixColumns.
export const UNSUB_9: usize = AES_TABLES + 192;
export const UNSUB_B: usize = AES_TABLES + 224;
export const UNSUB_D: usize = AES_TABLES + 256;
export const UNSUB_E: usize = AES_TABLES + 288;
export const UNSUB_LAST: usize = AES_TABLES + 320;

// Byte positions: row r of the columns rotated by n after (Inv)ShiftRows.
export const SHIFT_ROWS: usize = AES_TABLES + 352; // and, rotated by 1, 2 and 3, the next three
export const UNSHIFT_ROWS: usize = AES_TABLES + 416; // likewise
export const ROTATE_COLUMN: usize = AES_TABLES + 480; // by 1, then by 2 and 3
/** Out of the representation, as a map of nibbles. */
export const REVERT: usize = AES_TABLES + 528;
/** 0F in every byte. A constant in memory is loaded faster than one that is spelled out in the code. */
export const NIBBLES: usize = AES_TABLES + 560;

// Tables that are needed to make the tables, in the room for data.
const ELEMENTS: usize = DATA;
const REPRESENTATIONS: usize = DATA + 16;
const UNAFFINE: usize = DATA + 272;
const HELPERS_LENGTH: usize = 528;

const INFINITY: u8 = 0x80;

function multiply(left: u32, right: u32): u32 {
  let product: u32 = 0;
  for (let bit: u32 = 0; bit < 8; bit++) {
    if ((right >> bit) & 1) product ^= left << bit;
  }
  for (let bit: u32 = 14; bit >= 8; bit--) {
    if ((product >> bit) & 1) product ^= 0x11b << (bit - 8);
  }
  return product;
}

function power(base: u32, exponent: u32): u32 {
  let result: u32 = 1;
  for (let i: u32 = 0; i < exponent; i++) result = multiply(result, base);
  return result;
}

function inverse(x: u32): u32 {
  return power(x, 254);
}

/** The linear map of the S-box (FIPS 197, 5.1.1), without its constant. */
function affine(x: u32): u32 {
  return (
    (x ^
      (x << 1) ^
      (x << 2) ^
      (x << 3) ^
      (x << 4) ^
      ((x << 1) >> 8) ^
      ((x << 2) >> 8) ^
      ((x << 3) >> 8) ^
      ((x << 4) >> 8)) &
    0xff
  );
}

/** Elements of the subfield by the nibbles that stand for them; representations i << 4 | k by their bytes. */
function writeHelpers(conjugate: u32): void {
  // 3 generates the field, so its 17th power the subfield.
  const generator = power(3, 17);
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    let sum: u32 = 0;
    for (let bit: u32 = 0; bit < 4; bit++) if ((nibble >> bit) & 1) sum ^= power(generator, bit);
    store<u8>(ELEMENTS + nibble, sum);
  }
  for (let x: u32 = 0; x < 256; x++) {
    store<u8>(UNAFFINE + affine(x), x);
    store<u8>(REPRESENTATIONS + (element(x >> 4) ^ multiply(element(x & 15), conjugate)), x);
  }
}

function element(nibble: u32): u32 {
  return load<u8>(ELEMENTS + nibble);
}

function represent(x: u32): u32 {
  return load<u8>(REPRESENTATIONS + x);
}

function findConjugate(): u32 {
  for (let x: u32 = 2; x < 256; x++) if ((x ^ power(x, 16)) == 1) return x;
  return 0;
}

/** How a linear map ends: as it is, represented for a round of the cipher, or for one of the inverse cipher. */
const PLAIN: u32 = 0;
const FOR_ENCRYPT: u32 = 1;
const FOR_DECRYPT: u32 = 2;

function finish(x: u32, end: u32): u32 {
  if (end == FOR_ENCRYPT) return represent(x);
  return end == FOR_DECRYPT ? represent(load<u8>(UNAFFINE + x)) : x;
}

function writeIn(table: usize, end: u32): void {
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    store<u8>(table + nibble, finish(nibble, end));
    store<u8>(table + 16 + nibble, finish(nibble << 4, end));
  }
}

function writeOut(table: usize, substitutes: bool, factor: u32, end: u32, conjugate: u32): void {
  const a1 = multiply(conjugate, 1 ^ conjugate);
  for (let nibble: u32 = 1; nibble < 16; nibble++) {
    const reciprocal = inverse(element(nibble));
    const io = multiply(reciprocal, a1 ^ conjugate);
    const jo = multiply(reciprocal, 1 ^ a1 ^ conjugate);
    store<u8>(table + nibble, finish(multiply(factor, substitutes ? affine(io) : io), end));
    store<u8>(table + 16 + nibble, finish(multiply(factor, substitutes ? affine(jo) : jo), end));
  }
}

/** Row `r` of column `c` comes from row `r + rotation` of what (Inv)ShiftRows puts into that column. */
function writePositions(table: usize, shift: u32, rotation: u32): void {
  for (let position: u32 = 0; position < 16; position++) {
    const row = (position + rotation) & 3;
    const column = (position >> 2) + shift * row;
    store<u8>(table + position, ((column & 3) << 2) | row);
  }
}

export function writeAesTables(): void {
  const conjugate = findConjugate();
  const a = inverse(multiply(conjugate, 1 ^ conjugate));
  writeHelpers(conjugate);
  v128.store(NIBBLES, i8x16.splat(0x0f));
  store<u8>(INVERSE, INFINITY);
  store<u8>(INVERSE_A, INFINITY);
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    store<u8>(REVERT + nibble, multiply(element(nibble), conjugate));
    store<u8>(REVERT + 16 + nibble, element(nibble));
    if (nibble == 0) continue;
    const reciprocal = inverse(element(nibble));
    // The subfield's elements have no k.
    store<u8>(INVERSE + nibble, represent(reciprocal) >> 4);
    store<u8>(INVERSE_A + nibble, represent(multiply(a, reciprocal)) >> 4);
  }
  writeIn(IN_ENCRYPT, FOR_ENCRYPT);
  writeIn(IN_DECRYPT, FOR_DECRYPT);
  writeOut(SUB_1, true, 1, FOR_ENCRYPT, conjugate);
  writeOut(SUB_2, true, 2, FOR_ENCRYPT, conjugate);
  writeOut(SUB_LAST, true, 1, PLAIN, conjugate);
  writeOut(UNSUB_9, false, 0x9, FOR_DECRYPT, conjugate);
  writeOut(UNSUB_B, false, 0xb, FOR_DECRYPT, conjugate);
  writeOut(UNSUB_D, false, 0xd, FOR_DECRYPT, conjugate);
  writeOut(UNSUB_E, false, 0xe, FOR_DECRYPT, conjugate);
  writeOut(UNSUB_LAST, false, 1, PLAIN, conjugate);
  for (let rotation: u32 = 0; rotation < 4; rotation++) {
    writePositions(SHIFT_ROWS + 16 * rotation, 1, rotation);
    writePositions(UNSHIFT_ROWS + 16 * rotation, 3, rotation);
    if (rotation > 0) writePositions(ROTATE_COLUMN + 16 * (rotation - 1), 0, rotation);
  }
  memory.fill(DATA, 0, HELPERS_LENGTH);
}
