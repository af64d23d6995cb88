// DUKPT from the BDK or the initial key to the key of a counter, in one call: ANSI X9.24-1:2009, annex A (TDES) and
// ANSI X9.24-3:2017, section 6 (AES). The key is at KEY, on the way in and out; the initial key ID, 8 bytes, at CHAIN.
import { encryptAes, expandAes } from './aes';
import { encryptDesPair, encryptTdesPair, scheduleDes } from './des';
import { CHAIN, DERIVED, KEY, SLOT_LENGTH } from './memory';

// C0C0C0C0 and 00000000, for the left and the right half.
const KEY_MASK: u64 = 0x00000000c0c0c0c0;

/** Round keys of two DES keys at once, and of two more. */
const PAIR_LENGTH: usize = 256;

@inline
function half(key: v128, index: u8): v128 {
  return index == 0 ? v128.shuffle<u64>(key, key, 0, 0) : v128.shuffle<u64>(key, key, 1, 1);
}

/** A.6: both halves of the initial key, side by side: TDES under the BDK with the mask, and without. */
function tdesInitialKey(bdk: v128, id: u64): v128 {
  const masked = v128.xor(bdk, i64x2.splat(KEY_MASK));
  scheduleDes(bdk, DERIVED, 16);
  scheduleDes(masked, DERIVED + 8, 16);
  scheduleDes(half(bdk, 1), DERIVED + PAIR_LENGTH, 16);
  scheduleDes(half(masked, 1), DERIVED + PAIR_LENGTH + 8, 16);
  return encryptTdesPair(DERIVED, i64x2.splat(id));
}

/** A.2: the non-reversible key generation process, the left half from the masked key and the right one from the key. */
function tdesNextKey(key: v128, register: u64): v128 {
  const masked = v128.xor(key, i64x2.splat(KEY_MASK));
  const right = v128.shuffle<u64>(masked, key, 1, 3);
  scheduleDes(masked, DERIVED, 16);
  scheduleDes(key, DERIVED + 8, 16);
  return v128.xor(encryptDesPair(DERIVED, v128.xor(i64x2.splat(register), right)), right);
}

/** The counter's highest one-bit that is not in `walked` yet. */
@inline
function nextBit(counter: u32, walked: u32): u32 {
  return (0x80000000 as u32) >> clz(counter ^ walked);
}

/**
 * From the BDK (`fromBdk`) or the initial key to the current key of the counter, and to a working key by the variant that is
 * at CHAIN + 16. Counter 0 gives the initial key, with a variant of zeros.
 */
export function deriveTdesDukpt(counter: u32, fromBdk: bool, oneWay: bool): void {
  const id = load<u64>(CHAIN);
  let key = v128.load(KEY);
  if (fromBdk) key = tdesInitialKey(key, id);
  // The KSN register: the rightmost 8 bytes of the KSN, the leftmost 8 of which are the initial key ID.
  const identity = bswap(id) << 16;
  for (let walked: u32 = 0; walked != counter; ) {
    walked |= nextBit(counter, walked);
    key = tdesNextKey(key, bswap(identity | walked));
  }
  key = v128.xor(key, v128.load(CHAIN, 16));
  if (oneWay) {
    // Both halves of the key, encrypted under the key.
    scheduleDes(key, DERIVED, 16);
    scheduleDes(key, DERIVED + 8, 16);
    scheduleDes(half(key, 1), DERIVED + PAIR_LENGTH, 16);
    scheduleDes(half(key, 1), DERIVED + PAIR_LENGTH + 8, 16);
    key = encryptTdesPair(DERIVED, key);
  }
  v128.store(KEY, key);
  memory.fill(DERIVED, 0, 2 * PAIR_LENGTH);
}

const INITIAL_KEY: u32 = 0x8001;
const KEY_DERIVATION: u32 = 0x8000;

/** Derives `length` bytes from the key of `keyLength` bytes at KEY (6.3.1), and leaves them there. */
function aesDerive(keyLength: u32, usage: u32, algorithm: u32, length: u32, context: u64): void {
  // Version 1, number of the block, usage, algorithm, length in bits; all big-endian.
  const data = ((0x0100 as u64) << 48) | ((usage as u64) << 32) | ((algorithm as u64) << 16) | ((length as u64) << 3);
  const slot = DERIVED;
  expandAes(slot, keyLength);
  for (let block: u32 = 1; block <= (length + 15) >> 4; block++) {
    const numbered = bswap(data | ((block as u64) << 48));
    v128.store(KEY + 16 * (block - 1), encryptAes(slot, i64x2.replace_lane(i64x2.splat(context), 0, numbered)));
  }
  memory.fill(KEY + length, 0, 32 - length);
}

/**
 * From the BDK (`fromBdk`) or the initial key, of `keyLength` bytes, to a working key of `length` bytes for the usage and
 * algorithm indicators given. Counter 0 gives the initial key; without `working`, the key of the counter itself.
 */
export function deriveAesDukpt(
  keyLength: u32,
  counter: u32,
  fromBdk: bool,
  working: bool,
  usage: u32,
  algorithm: u32,
  length: u32,
): void {
  const id = load<u64>(CHAIN);
  const own = keyLength / 8;
  if (fromBdk) aesDerive(keyLength, INITIAL_KEY, own, keyLength, id);
  const identity = bswap(id) << 32;
  for (let walked: u32 = 0; walked != counter; ) {
    walked |= nextBit(counter, walked);
    aesDerive(keyLength, KEY_DERIVATION, own, keyLength, bswap(identity | walked));
  }
  if (working) aesDerive(keyLength, usage, algorithm, length, bswap(identity | counter));
  memory.fill(DERIVED, 0, SLOT_LENGTH);
}
