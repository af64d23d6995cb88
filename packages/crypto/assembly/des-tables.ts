// The constants of a vector-permute DES, computed at start from the tables of FIPS 46-3 as the standard prints them.
//
// Both halves of the state are held expanded: eight lanes, one for each S-box, of the six bits that E gives it. Two blocks
// stand side by side in a register of sixteen lanes. Whatever moves bits (IP, P with E after it, the inverse of IP) is one
// gather for each bit of the result: a permutation of lanes, a mask for the bit that is wanted of each, a comparison.
import { DES_TABLES } from './memory';

/** A gather of one bit: where each lane's byte comes from, the mask of the bit there, and of the bit that it becomes. */
export const GATHER_LENGTH: usize = 48;

/** 16 tables of 16 bytes: of S-boxes 2p (low nibble) and 2p + 1 (high nibble), for each quarter of their 64 entries. */
export const S_BOXES: usize = DES_TABLES;
/** Gathers of bits 0 to 5: out of the S-boxes' bytes by P and E. */
export const ROUND: usize = DES_TABLES + 256;
/** Out of the block's bytes by IP and E, for the left and the right half. */
export const IP_LEFT: usize = DES_TABLES + 544;
export const IP_RIGHT: usize = DES_TABLES + 832;
/** Out of the halves by the inverse of IP: bits 0 to 7, even ones out of the first half, odd ones out of the second. */
export const FINAL: usize = DES_TABLES + 1120;
/** Out of the key's bytes by PC-1: bits 0 to 7; C in bytes 0 to 3, D in bytes 4 to 7. */
export const PC_1: usize = DES_TABLES + 1504;
/** 8 S-boxes by 7 nibbles of C or D: what the nibble gives of the S-box's six key bits, by PC-2. */
export const PC_2: usize = DES_TABLES + 1888;
/** Bytes 16q, for each quarter q of an S-box; 70 and 8F, which tell what is outside of it. */
export const QUARTERS: usize = DES_TABLES + 2784;

const IP: StaticArray<u8> = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40,
  32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5,
  63, 55, 47, 39, 31, 23, 15, 7,
];
const P: StaticArray<u8> = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22,
  11, 4, 25,
];
const PC1: StaticArray<u8> = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
const PC2: StaticArray<u8> = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
  55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
/** Rows 0 to 3 of S1, then of S2 and so on. */
const S: StaticArray<u8> = [
  14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
  4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
  15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
  0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
  10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
  13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
  7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
  10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
  2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
  4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
  12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
  9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
  4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
  1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
  13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
  7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
];

/** No lane: a permutation gives 0 for it. */
const NOWHERE: u32 = 0x80;

/** Sets where lane `lane` finds bit `bit` of the result, for both blocks. */
function setGather(gathers: usize, lane: u32, bit: u32, from: u32, fromBit: u32): void {
  const gather = gathers + GATHER_LENGTH * bit;
  const mask: u32 = 1 << fromBit;
  const becomes: u32 = 1 << bit;
  store<u8>(gather + lane, from);
  store<u8>(gather + lane + 8, from == NOWHERE ? NOWHERE : from + 8);
  store<u8>(gather + lane + 16, mask as u8);
  store<u8>(gather + lane + 24, mask as u8);
  store<u8>(gather + lane + 32, becomes as u8);
  store<u8>(gather + lane + 40, becomes as u8);
}

/** The bit of a half, 1 to 32, that E puts at bit `bit` (5 is the first) of lane `lane`. */
function expansion(lane: u32, bit: u32): u32 {
  return ((4 * lane + 36 - bit) & 31) + 1;
}

function writeSBoxes(): void {
  for (let x: u32 = 0; x < 64; x++) {
    const place = 16 * (((x >> 4) & 2) | (x & 1)) + ((x >> 1) & 15);
    for (let pair: u32 = 0; pair < 4; pair++) {
      const byte = S[128 * pair + place] | (S[128 * pair + 64 + place] << 4);
      store<u8>(S_BOXES + 64 * pair + x, byte);
    }
  }
}

function writeRoundGathers(): void {
  for (let lane: u32 = 0; lane < 8; lane++) {
    for (let bit: u32 = 0; bit < 6; bit++) {
      const position = expansion(lane, bit);
      const substituted: u32 = P[position - 1] - 1;
      const box = substituted >> 2;
      setGather(ROUND, lane, bit, box, 3 - (substituted & 3) + 4 * (box & 1));
      const left: u32 = IP[position - 1] - 1;
      const right: u32 = IP[position + 31] - 1;
      setGather(IP_LEFT, lane, bit, left >> 3, 7 - (left & 7));
      setGather(IP_RIGHT, lane, bit, right >> 3, 7 - (right & 7));
    }
  }
}

function writeFinalGathers(): void {
  for (let position: u32 = 0; position < 64; position++) {
    const target: u32 = IP[position] - 1;
    const source = position & 31;
    setGather(FINAL, target >> 3, 7 - (target & 7), source >> 2, 4 - (source & 3));
  }
}

function writeKeyTables(): void {
  for (let lane: u32 = 0; lane < 8; lane++) {
    for (let bit: u32 = 0; bit < 8; bit++) setGather(PC_1, lane, bit, NOWHERE, 0);
  }
  for (let position: u32 = 0; position < 56; position++) {
    const source: u32 = PC1[position] - 1;
    const half: u32 = position / 28;
    // C and D are numbers of 28 bits, their first bit the highest.
    const place = 27 - (position - 28 * half);
    setGather(PC_1, 4 * half + (place >> 3), place & 7, source >> 3, 7 - (source & 7));
  }
  for (let position: u32 = 0; position < 48; position++) {
    const place = 27 - ((PC2[position] - 1) % 28);
    const table = PC_2 + 112 * (position / 6) + 16 * (place >> 2);
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      const bit = (nibble >> (place & 3)) & 1;
      store<u8>(table + nibble, load<u8>(table + nibble) | (bit << (5 - (position % 6))));
    }
  }
}

export function writeDesTables(): void {
  for (let quarter: u32 = 0; quarter < 4; quarter++)
    v128.store(QUARTERS + 16 * quarter, i8x16.splat((16 * quarter) as i8));
  v128.store(QUARTERS + 64, i8x16.splat(0x70));
  v128.store(QUARTERS + 80, i8x16.splat(-0x71));
  writeSBoxes();
  writeRoundGathers();
  writeFinalGathers();
  writeKeyTables();
}
