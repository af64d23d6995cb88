// AES (FIPS 197) by vector permutation: every S-box lookup is a permutation of a register, so neither an address nor a
// branch depends on key or data. `aes-tables.ts` says how.
import {
  IN_DECRYPT,
  IN_ENCRYPT,
  INVERSE,
  INVERSE_A,
  NIBBLES,
  REVERT,
  ROTATE_COLUMN,
  SHIFT_ROWS,
  SUB_1,
  SUB_2,
  SUB_LAST,
  UNSHIFT_ROWS,
  UNSUB_9,
  UNSUB_B,
  UNSUB_D,
  UNSUB_E,
  UNSUB_LAST,
} from './aes-tables';
import { DECRYPTION, DECRYPTION_READY, ENCRYPTION, KEY, READY, ROUNDS } from './memory';

/** `table[index]`, byte by byte. Every index is below 16, or has its highest bit set, which gives 0 on every processor. */
@inline
function look(table: usize, index: v128): v128 {
  return i8x16.relaxed_swizzle(v128.load(table), index);
}

@inline
function low(x: v128): v128 {
  return v128.and(x, v128.load(NIBBLES));
}

@inline
function high(x: v128): v128 {
  return low(i16x8.shr_u(x, 4));
}

/** A linear map of bytes, by a pair of tables for their nibbles. */
@inline
function map(tables: usize, x: v128): v128 {
  return v128.xor(look(tables, low(x)), look(tables + 16, high(x)));
}

/** The linear map after an inversion, by a pair of tables for io and jo. */
@inline
function out(tables: usize, io: v128, jo: v128): v128 {
  return v128.xor(look(tables, io), look(tables + 16, jo));
}

// The inversion, in four steps: i, j and a/k, then io and jo.
@inline
function invertI(i: v128, j: v128, ak: v128): v128 {
  return v128.xor(look(INVERSE, v128.xor(look(INVERSE, i), ak)), j);
}

/** SubBytes, ShiftRows, MixColumns and AddRoundKey on a represented state. */
@inline
function encryptRound(state: v128, key: usize): v128 {
  const i = high(state);
  const k = low(state);
  const j = v128.xor(i, k);
  const ak = look(INVERSE_A, k);
  const io = invertI(i, j, ak);
  const jo = invertI(j, i, ak);
  const once = out(SUB_1, io, jo);
  const twice = out(SUB_2, io, jo);
  // 2 s[r] + 3 s[r + 1] + s[r + 2] + s[r + 3], as d[r] + d[r + 1] + s[r + 3] with d[r] = 2 s[r] + s[r + 1].
  const d = v128.xor(
    i8x16.relaxed_swizzle(twice, v128.load(SHIFT_ROWS)),
    i8x16.relaxed_swizzle(once, v128.load(SHIFT_ROWS, 16)),
  );
  const rest = v128.xor(i8x16.relaxed_swizzle(once, v128.load(SHIFT_ROWS, 48)), v128.load(key));
  return v128.xor(v128.xor(d, rest), i8x16.relaxed_swizzle(d, v128.load(ROTATE_COLUMN)));
}

@inline
function encryptLastRound(state: v128, key: usize): v128 {
  const i = high(state);
  const k = low(state);
  const j = v128.xor(i, k);
  const ak = look(INVERSE_A, k);
  const bytes = out(SUB_LAST, invertI(i, j, ak), invertI(j, i, ak));
  return v128.xor(i8x16.relaxed_swizzle(bytes, v128.load(SHIFT_ROWS)), v128.load(key));
}

/** Encrypts one block. */
export function encryptAes(slot: usize, block: v128): v128 {
  const last = slot + ENCRYPTION + 16 * load<u32>(slot + ROUNDS);
  let state = v128.xor(map(IN_ENCRYPT, block), v128.load(slot + ENCRYPTION));
  for (let key = slot + ENCRYPTION + 16; key < last; key += 16) state = encryptRound(state, key);
  return encryptLastRound(state, last);
}

/** Encrypts four blocks that stand one after the other, in place; side by side they take little longer than one. */
export function encryptAesFour(slot: usize, data: usize): void {
  const last = slot + ENCRYPTION + 16 * load<u32>(slot + ROUNDS);
  const first = v128.load(slot + ENCRYPTION);
  let s0 = v128.xor(map(IN_ENCRYPT, v128.load(data)), first);
  let s1 = v128.xor(map(IN_ENCRYPT, v128.load(data, 16)), first);
  let s2 = v128.xor(map(IN_ENCRYPT, v128.load(data, 32)), first);
  let s3 = v128.xor(map(IN_ENCRYPT, v128.load(data, 48)), first);
  for (let key = slot + ENCRYPTION + 16; key < last; key += 16) {
    s0 = encryptRound(s0, key);
    s1 = encryptRound(s1, key);
    s2 = encryptRound(s2, key);
    s3 = encryptRound(s3, key);
  }
  v128.store(data, encryptLastRound(s0, last));
  v128.store(data, encryptLastRound(s1, last), 16);
  v128.store(data, encryptLastRound(s2, last), 32);
  v128.store(data, encryptLastRound(s3, last), 48);
}

/** The equivalent inverse cipher's round (FIPS 197, 5.3.5). */
@inline
function decryptRound(state: v128, key: usize): v128 {
  const i = high(state);
  const k = low(state);
  const j = v128.xor(i, k);
  const ak = look(INVERSE_A, k);
  const io = invertI(i, j, ak);
  const jo = invertI(j, i, ak);
  const e = i8x16.relaxed_swizzle(out(UNSUB_E, io, jo), v128.load(UNSHIFT_ROWS));
  const b = i8x16.relaxed_swizzle(out(UNSUB_B, io, jo), v128.load(UNSHIFT_ROWS, 16));
  const d = i8x16.relaxed_swizzle(out(UNSUB_D, io, jo), v128.load(UNSHIFT_ROWS, 32));
  const nine = i8x16.relaxed_swizzle(out(UNSUB_9, io, jo), v128.load(UNSHIFT_ROWS, 48));
  return v128.xor(v128.xor(v128.xor(e, b), v128.xor(d, nine)), v128.load(key));
}

@inline
function decryptLastRound(state: v128, key: usize): v128 {
  const i = high(state);
  const k = low(state);
  const j = v128.xor(i, k);
  const ak = look(INVERSE_A, k);
  const bytes = out(UNSUB_LAST, invertI(i, j, ak), invertI(j, i, ak));
  return v128.xor(i8x16.relaxed_swizzle(bytes, v128.load(UNSHIFT_ROWS)), v128.load(key));
}

/** Decrypts one block; the slot's decryption schedule must be ready. */
export function decryptAes(slot: usize, block: v128): v128 {
  const last = slot + DECRYPTION + 16 * load<u32>(slot + ROUNDS);
  let state = v128.xor(map(IN_DECRYPT, block), v128.load(slot + DECRYPTION));
  for (let key = slot + DECRYPTION + 16; key < last; key += 16) state = decryptRound(state, key);
  return decryptLastRound(state, last);
}

/** Decrypts four blocks that stand one after the other, in place. */
export function decryptAesFour(slot: usize, data: usize): void {
  const last = slot + DECRYPTION + 16 * load<u32>(slot + ROUNDS);
  const first = v128.load(slot + DECRYPTION);
  let s0 = v128.xor(map(IN_DECRYPT, v128.load(data)), first);
  let s1 = v128.xor(map(IN_DECRYPT, v128.load(data, 16)), first);
  let s2 = v128.xor(map(IN_DECRYPT, v128.load(data, 32)), first);
  let s3 = v128.xor(map(IN_DECRYPT, v128.load(data, 48)), first);
  for (let key = slot + DECRYPTION + 16; key < last; key += 16) {
    s0 = decryptRound(s0, key);
    s1 = decryptRound(s1, key);
    s2 = decryptRound(s2, key);
    s3 = decryptRound(s3, key);
  }
  v128.store(data, decryptLastRound(s0, last));
  v128.store(data, decryptLastRound(s1, last), 16);
  v128.store(data, decryptLastRound(s2, last), 32);
  v128.store(data, decryptLastRound(s3, last), 48);
}

/** SubWord (FIPS 197, 5.2). */
function substituteWord(word: u32): u32 {
  const state = map(IN_ENCRYPT, i32x4.splat(word));
  const i = high(state);
  const k = low(state);
  const j = v128.xor(i, k);
  const ak = look(INVERSE_A, k);
  const bytes = out(SUB_LAST, invertI(i, j, ak), invertI(j, i, ak));
  return i32x4.extract_lane(bytes, 0) ^ 0x63636363;
}

/** Expands the key of `length` bytes at KEY into the slot (FIPS 197, 5.2), and wipes it there. */
export function expandAes(slot: usize, length: u32): void {
  const words: u32 = length >> 2;
  const rounds: u32 = words + 6;
  const total: u32 = 4 * (rounds + 1);
  store<u32>(slot + ROUNDS, rounds);
  store<u32>(slot + READY, 0);
  memory.copy(slot, KEY, length);
  memory.fill(KEY, 0, length);
  let previous = load<u32>(slot + 4 * words - 4);
  let constant: u32 = 1;
  let place: u32 = 0;
  for (let i = words; i < total; i++) {
    if (place == 0) {
      previous = substituteWord(rotr(previous, 8)) ^ constant;
      constant = (constant << 1) ^ (constant >> 7 ? 0x11b : 0);
    } else if (place == 4 && words == 8) previous = substituteWord(previous);
    place = place + 1 == words ? 0 : place + 1;
    previous ^= load<u32>(slot + 4 * (i - words));
    store<u32>(slot + 4 * i, previous);
  }
  representSchedule(slot, rounds);
}

/** Turns the round keys into what the rounds add: represented, and with the constant 63 of the S-box before them. */
function representSchedule(slot: usize, rounds: u32): void {
  const constant = i8x16.splat(0x63);
  v128.store(slot, map(IN_ENCRYPT, v128.load(slot)));
  const last = slot + 16 * rounds;
  for (let key = slot + 16; key < last; key += 16) {
    // MixColumns leaves a state of equal bytes as it is.
    v128.store(key, map(IN_ENCRYPT, v128.xor(v128.load(key), constant)));
  }
  v128.store(last, v128.xor(v128.load(last), constant));
}

@inline
function timesTwo(x: v128): v128 {
  return v128.xor(i8x16.add(x, x), v128.and(i8x16.lt_s(x, i8x16.splat(0)), i8x16.splat(0x1b)));
}

@inline
function rotate(x: v128, rows: usize): v128 {
  return i8x16.relaxed_swizzle(x, v128.load(ROTATE_COLUMN + 16 * (rows - 1)));
}

function unmixColumns(x: v128): v128 {
  const two = timesTwo(x);
  const four = timesTwo(two);
  const nine = v128.xor(timesTwo(four), x);
  const b = v128.xor(nine, two);
  const d = v128.xor(nine, four);
  const e = v128.xor(v128.xor(v128.xor(nine, x), four), two);
  return v128.xor(v128.xor(e, rotate(b, 1)), v128.xor(rotate(d, 2), rotate(nine, 3)));
}

/** Computes the round keys of the equivalent inverse cipher unless they are there. */
export function prepareDecryption(slot: usize): void {
  const ready = load<u32>(slot + READY);
  if (ready & DECRYPTION_READY) return;
  const rounds = load<u32>(slot + ROUNDS);
  let key = slot + DECRYPTION;
  v128.store(key, map(IN_DECRYPT, v128.load(slot + ENCRYPTION + 16 * rounds)));
  for (let from = slot + ENCRYPTION + 16 * (rounds - 1); from > slot + ENCRYPTION; from -= 16) {
    key += 16;
    v128.store(key, map(IN_DECRYPT, unmixColumns(map(REVERT, v128.load(from)))));
  }
  v128.store(key + 16, map(REVERT, v128.load(slot + ENCRYPTION)));
  store<u32>(slot + READY, ready | DECRYPTION_READY);
}
