// DES and TDES (FIPS 46-3, NIST SP 800-67) by vector permutation: neither an address nor a branch depends on key or data.
// `des-tables.ts` says how the state is held.

import { NIBBLES } from './aes-tables';
import { FINAL, GATHER_LENGTH, IP_LEFT, IP_RIGHT, PC_1, PC_2, QUARTERS, ROUND, S_BOXES } from './des-tables';
import { KEY, READY, ROUNDS, SCHEDULE } from './memory';

const ROUND_KEY: isize = 8;
const LAST_KEY: usize = 47 * 8;

/** One bit of every lane, moved there from wherever the gather says. */
@inline
function gatherBit(gather: usize, from: v128): v128 {
  const mask = v128.load(gather, 16);
  const found = i8x16.eq(v128.and(i8x16.relaxed_swizzle(from, v128.load(gather)), mask), mask);
  return v128.and(found, v128.load(gather, 32));
}

@inline
function gatherSix(gathers: usize, from: v128): v128 {
  return v128.or(
    v128.or(
      v128.or(gatherBit(gathers, from), gatherBit(gathers + GATHER_LENGTH, from)),
      v128.or(gatherBit(gathers + 2 * GATHER_LENGTH, from), gatherBit(gathers + 3 * GATHER_LENGTH, from)),
    ),
    v128.or(gatherBit(gathers + 4 * GATHER_LENGTH, from), gatherBit(gathers + 5 * GATHER_LENGTH, from)),
  );
}

/** Bits 0, 2, 4 and 6 out of one vector. */
@inline
function gatherEveryOther(gathers: usize, from: v128): v128 {
  return v128.or(
    v128.or(gatherBit(gathers, from), gatherBit(gathers + 2 * GATHER_LENGTH, from)),
    v128.or(gatherBit(gathers + 4 * GATHER_LENGTH, from), gatherBit(gathers + 6 * GATHER_LENGTH, from)),
  );
}

/** The index into the quarter's tables; with the highest bit set, which looks up 0, where the lane is in another quarter. */
@inline
function inQuarter(input: v128, quarter: usize): v128 {
  const index = v128.xor(input, v128.load(QUARTERS + 16 * quarter));
  return v128.and(i8x16.add(index, v128.load(QUARTERS, 64)), v128.load(QUARTERS, 80));
}

/** What a pair of S-boxes gives for every lane: the one in the low, the other in the high nibble. */
@inline
function lookUp(tables: usize, q0: v128, q1: v128, q2: v128, q3: v128): v128 {
  return v128.or(
    v128.or(i8x16.relaxed_swizzle(v128.load(tables), q0), i8x16.relaxed_swizzle(v128.load(tables, 16), q1)),
    v128.or(i8x16.relaxed_swizzle(v128.load(tables, 32), q2), i8x16.relaxed_swizzle(v128.load(tables, 48), q3)),
  );
}

/** The cipher function f of a half and its round key, expanded again. */
@inline
function substitute(half: v128, key: v128): v128 {
  const input = v128.xor(half, key);
  const q0 = inQuarter(input, 0);
  const q1 = inQuarter(input, 1);
  const q2 = inQuarter(input, 2);
  const q3 = inQuarter(input, 3);
  // Each pair of lanes from its pair of S-boxes.
  const s01 = v128.shuffle<u16>(
    lookUp(S_BOXES, q0, q1, q2, q3),
    lookUp(S_BOXES + 64, q0, q1, q2, q3),
    0, 9, 2, 3, 4, 13, 6, 7,
  );
  const s23 = v128.shuffle<u16>(
    lookUp(S_BOXES + 128, q0, q1, q2, q3),
    lookUp(S_BOXES + 192, q0, q1, q2, q3),
    0, 1, 2, 11, 4, 5, 6, 15,
  );
  return gatherSix(ROUND, v128.shuffle<u16>(s01, s23, 0, 1, 10, 11, 4, 5, 14, 15));
}

@inline
function final(first: v128, second: v128): v128 {
  return v128.or(gatherEveryOther(FINAL, first), gatherEveryOther(FINAL + GATHER_LENGTH, second));
}

/** Sends two blocks of 8 bytes, side by side, through the 48 rounds from `key` on. */
function crypt(block: v128, key: usize, step: isize): v128 {
  let left = gatherSix(IP_LEFT, block);
  let right = gatherSix(IP_RIGHT, block);
  for (let pass = 0; pass < 3; pass++) {
    for (let round = 0; round < 8; round++) {
      left = v128.xor(left, substitute(right, v128.load64_splat(key)));
      right = v128.xor(right, substitute(left, v128.load64_splat(key + step)));
      key += 2 * step;
    }
    // The halves change places at the end of each DES; IP undoes the inverse of IP between one and the next.
    const last = left;
    left = right;
    right = last;
  }
  return final(left, right);
}

/** Encrypts two blocks, side by side, under the TDES key of the slot. */
export function encryptTdes(slot: usize, blocks: v128): v128 {
  return crypt(blocks, slot, ROUND_KEY);
}

/** Decrypts two blocks, side by side. */
export function decryptTdes(slot: usize, blocks: v128): v128 {
  return crypt(blocks, slot + LAST_KEY, -ROUND_KEY);
}

/** Encrypts two blocks with single DES, each under a key of its own; 16 pairs of round keys stand at `keys`. */
export function encryptDesPair(keys: usize, blocks: v128): v128 {
  let left = gatherSix(IP_LEFT, blocks);
  let right = gatherSix(IP_RIGHT, blocks);
  for (let key = keys; key < keys + 256; key += 32) {
    left = v128.xor(left, substitute(right, v128.load(key)));
    right = v128.xor(right, substitute(left, v128.load(key, 16)));
  }
  return final(right, left);
}

/** Encrypts two blocks with TDES, each under a key of its own: 16 pairs of round keys of the first halves, 16 of the second. */
export function encryptTdesPair(keys: usize, blocks: v128): v128 {
  let left = gatherSix(IP_LEFT, blocks);
  let right = gatherSix(IP_RIGHT, blocks);
  let key = keys;
  let step: isize = 16;
  for (let pass = 0; pass < 3; pass++) {
    for (let round = 0; round < 8; round++) {
      left = v128.xor(left, substitute(right, v128.load(key)));
      right = v128.xor(right, substitute(left, v128.load(key + step)));
      key += 2 * step;
    }
    const last = left;
    left = right;
    right = last;
    // The second key backwards, then the first again.
    step = -step;
    key = pass == 0 ? keys + 496 : keys;
  }
  return final(left, right);
}

/** Encrypts a block with single DES under the first key of the slot. */
export function encryptFirstDes(slot: usize, block: v128): v128 {
  let left = gatherSix(IP_LEFT, block);
  let right = gatherSix(IP_RIGHT, block);
  for (let key = slot; key < slot + 128; key += 16) {
    left = v128.xor(left, substitute(right, v128.load64_splat(key)));
    right = v128.xor(right, substitute(left, v128.load64_splat(key, 8)));
  }
  return final(right, left);
}

@inline
function unpackLow8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

@inline
function unpackHigh8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

@inline
function unpackLow16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function unpackHigh16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

@inline
function unpackLow32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}

@inline
function unpackHigh32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}

@inline
function unpackLow64(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}

@inline
function unpackHigh64(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}

/** The six key bits of one S-box for all rounds, a lane each, from the seven nibbles of C or D in those rounds. */
@inline
function choose(box: usize, n0: v128, n1: v128, n2: v128, n3: v128, n4: v128, n5: v128, n6: v128): v128 {
  const tables = PC_2 + 112 * box;
  return v128.or(
    v128.or(
      v128.or(i8x16.relaxed_swizzle(v128.load(tables), n0), i8x16.relaxed_swizzle(v128.load(tables, 16), n1)),
      v128.or(i8x16.relaxed_swizzle(v128.load(tables, 32), n2), i8x16.relaxed_swizzle(v128.load(tables, 48), n3)),
    ),
    v128.or(
      v128.or(i8x16.relaxed_swizzle(v128.load(tables, 64), n4), i8x16.relaxed_swizzle(v128.load(tables, 80), n5)),
      i8x16.relaxed_swizzle(v128.load(tables, 96), n6),
    ),
  );
}

@inline
function low(x: v128): v128 {
  return v128.and(x, v128.load(NIBBLES));
}

@inline
function high(x: v128): v128 {
  return low(i16x8.shr_u(x, 4));
}

/** C and D of a round, in the low bytes of the two halves. */
@inline
function rotated(twice: v128, by: i32): v128 {
  return i64x2.shr_u(twice, 28 - by);
}

/** The bytes of C in four rounds: the lowest bytes of the four, then the next ones. */
@inline
function bytesOfC(twice: v128, a: i32, b: i32, c: i32, d: i32): v128 {
  return unpackLow16(
    unpackLow8(rotated(twice, a), rotated(twice, b)),
    unpackLow8(rotated(twice, c), rotated(twice, d)),
  );
}

@inline
function bytesOfD(twice: v128, a: i32, b: i32, c: i32, d: i32): v128 {
  return unpackLow16(
    unpackHigh8(rotated(twice, a), rotated(twice, b)),
    unpackHigh8(rotated(twice, c), rotated(twice, d)),
  );
}

@inline
function storeTwo(target: usize, stride: isize, keys: v128): void {
  v128.store64_lane(target, keys, 0);
  v128.store64_lane(target + stride, keys, 1);
}

/** Stores the round keys of eight rounds, of which each vector has the six bits of one S-box. */
@inline
function storeEight(target: usize, stride: isize, b01: v128, b23: v128, b45: v128, b67: v128): void {
  const low03 = unpackLow16(b01, b23);
  const low47 = unpackLow16(b45, b67);
  const high03 = unpackHigh16(b01, b23);
  const high47 = unpackHigh16(b45, b67);
  storeTwo(target, stride, unpackLow32(low03, low47));
  storeTwo(target + 2 * stride, stride, unpackHigh32(low03, low47));
  storeTwo(target + 4 * stride, stride, unpackLow32(high03, high47));
  storeTwo(target + 6 * stride, stride, unpackHigh32(high03, high47));
}

/**
 * The round keys' bits for four S-boxes, from C (the first four) or D (the others) in all rounds: a lane for each round, a
 * vector for each S-box, at SCHEDULE.
 */
@inline
function chooseFour(first: usize, q0: v128, q1: v128, q2: v128, q3: v128): void {
  const low01 = unpackLow32(q0, q1);
  const low23 = unpackLow32(q2, q3);
  const high01 = unpackHigh32(q0, q1);
  const high23 = unpackHigh32(q2, q3);
  const byte0 = unpackLow64(low01, low23);
  const byte1 = unpackHigh64(low01, low23);
  const byte2 = unpackLow64(high01, high23);
  const n0 = low(byte0);
  const n1 = high(byte0);
  const n2 = low(byte1);
  const n3 = high(byte1);
  const n4 = low(byte2);
  const n5 = high(byte2);
  const n6 = low(unpackHigh64(high01, high23));
  for (let box = first; box < first + 4; box++) {
    v128.store(SCHEDULE + 16 * box, choose(box, n0, n1, n2, n3, n4, n5, n6));
  }
}

/** Brings the bits of two neighbouring S-boxes together, of the first eight rounds. */
@inline
function pairLow(box: usize): v128 {
  return unpackLow8(v128.load(SCHEDULE + 16 * box), v128.load(SCHEDULE + 16 * box + 16));
}

/** The same of the last eight rounds. */
@inline
function pairHigh(box: usize): v128 {
  return unpackHigh8(v128.load(SCHEDULE + 16 * box), v128.load(SCHEDULE + 16 * box + 16));
}

/**
 * Computes the 16 round keys of a DES key of 8 bytes (FIPS 46-3, appendix 1), all rounds at once, a lane each. Round r goes
 * to `target + r * stride`.
 */
export function scheduleDes(key: v128, target: usize, stride: isize): void {
  const cd = v128.or(gatherEveryOther(PC_1, key), gatherEveryOther(PC_1 + GATHER_LENGTH, key));
  const once = v128.shuffle<u32>(cd, i32x4.splat(0), 0, 4, 1, 5);
  const twice = v128.or(once, i64x2.shl(once, 28));
  // The rotations of the 16 rounds, summed up.
  chooseFour(
    0,
    bytesOfC(twice, 1, 2, 4, 6),
    bytesOfC(twice, 8, 10, 12, 14),
    bytesOfC(twice, 15, 17, 19, 21),
    bytesOfC(twice, 23, 25, 27, 28),
  );
  chooseFour(
    4,
    bytesOfD(twice, 1, 2, 4, 6),
    bytesOfD(twice, 8, 10, 12, 14),
    bytesOfD(twice, 15, 17, 19, 21),
    bytesOfD(twice, 23, 25, 27, 28),
  );
  storeEight(target, stride, pairLow(0), pairLow(2), pairLow(4), pairLow(6));
  storeEight(target + 8 * stride, stride, pairHigh(0), pairHigh(2), pairHigh(4), pairHigh(6));
  memory.fill(SCHEDULE, 0, 128);
}

/** Expands the key of 8, 16 or 24 bytes at KEY into the slot, and wipes it there: K1 K1 K1, K1 K2 K1 or K1 K2 K3. */
export function expandTdes(slot: usize, length: u32): void {
  store<u32>(slot + ROUNDS, 0);
  store<u32>(slot + READY, 0);
  const second: usize = length > 8 ? KEY + 8 : KEY;
  const third: usize = length > 16 ? KEY + 16 : KEY;
  scheduleDes(v128.load64_zero(KEY), slot, ROUND_KEY);
  scheduleDes(v128.load64_zero(second), slot + 31 * ROUND_KEY, -ROUND_KEY);
  scheduleDes(v128.load64_zero(third), slot + 32 * ROUND_KEY, ROUND_KEY);
  memory.fill(KEY, 0, length);
}
