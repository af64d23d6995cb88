// The modes of NIST SP 800-38A and 38B, for either cipher. Data are at DATA, in place; the chaining value is at CHAIN.
import { decryptAes, decryptAesFour, encryptAes, encryptAesFour, prepareDecryption } from './aes';
import { decryptTdes, encryptFirstDes, encryptTdes } from './des';
import { CHAIN, DATA, DERIVED, READY, ROUNDS, SUBKEY_1, SUBKEY_2, SUBKEYS_READY } from './memory';

@inline
export function isAes(slot: usize): bool {
  return load<u32>(slot + ROUNDS) != 0;
}

@inline
export function blockLength(slot: usize): usize {
  return isAes(slot) ? 16 : 8;
}

/** Encrypts a block of AES, or the lower block of TDES. */
export function encryptBlock(slot: usize, block: v128): v128 {
  return isAes(slot) ? encryptAes(slot, block) : encryptTdes(slot, block);
}

/** A block of 8 or 16 bytes; of 8, the upper half is 0. */
@inline
export function loadBlock(from: usize, length: usize): v128 {
  return length == 16 ? v128.load(from) : v128.load64_zero(from);
}

@inline
export function storeBlock(to: usize, length: usize, block: v128): void {
  if (length == 16) v128.store(to, block);
  else v128.store64_lane(to, block, 0);
}

/** TDES takes two blocks at a time, AES four; the rest one by one. */
export function encryptEcb(slot: usize, length: usize): void {
  const end = DATA + length;
  let at = DATA;
  if (isAes(slot)) {
    for (; at + 64 <= end; at += 64) encryptAesFour(slot, at);
    for (; at < end; at += 16) v128.store(at, encryptAes(slot, v128.load(at)));
  } else {
    for (; at + 16 <= end; at += 16) v128.store(at, encryptTdes(slot, v128.load(at)));
    if (at < end) storeBlock(at, 8, encryptTdes(slot, loadBlock(at, 8)));
  }
}

export function decryptEcb(slot: usize, length: usize): void {
  const end = DATA + length;
  let at = DATA;
  if (isAes(slot)) {
    prepareDecryption(slot);
    for (; at + 64 <= end; at += 64) decryptAesFour(slot, at);
    for (; at < end; at += 16) v128.store(at, decryptAes(slot, v128.load(at)));
  } else {
    for (; at + 16 <= end; at += 16) v128.store(at, decryptTdes(slot, v128.load(at)));
    if (at < end) storeBlock(at, 8, decryptTdes(slot, loadBlock(at, 8)));
  }
}

/** Encrypts `length` bytes at `from`; returns the last block of the ciphertext. */
export function chainEncrypt(slot: usize, from: usize, length: usize, iv: v128): v128 {
  const step = blockLength(slot);
  let chain = iv;
  for (let at = from; at < from + length; at += step) {
    chain = encryptBlock(slot, v128.xor(chain, loadBlock(at, step)));
    storeBlock(at, step, chain);
  }
  return chain;
}

/** Two blocks at a time. */
function chainDecryptTdes(slot: usize, from: usize, length: usize, iv: v128): v128 {
  const end = from + length;
  let chain = iv;
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const blocks = v128.load(at);
    const before = v128.shuffle<u64>(chain, blocks, 0, 2);
    v128.store(at, v128.xor(before, decryptTdes(slot, blocks)));
    chain = v128.shuffle<u64>(blocks, blocks, 1, 1);
  }
  if (at == end) return chain;
  const block = loadBlock(at, 8);
  storeBlock(at, 8, v128.xor(chain, decryptTdes(slot, block)));
  return block;
}

/** Four blocks at a time, at DERIVED; what is behind the end goes along for nothing. */
function chainDecryptAes(slot: usize, from: usize, length: usize, iv: v128): v128 {
  prepareDecryption(slot);
  let chain = iv;
  for (let start: usize = 0; start < length; start += 64) {
    memory.copy(DERIVED, from + start, 64);
    decryptAesFour(slot, DERIVED);
    for (let i: usize = 0; i < 64 && start + i < length; i += 16) {
      const at = from + start + i;
      const block = v128.load(at);
      v128.store(at, v128.xor(chain, v128.load(DERIVED + i)));
      chain = block;
    }
  }
  memory.fill(DERIVED, 0, 64);
  return chain;
}

/** Decrypts `length` bytes at `from`; returns the last block of the ciphertext. */
export function chainDecrypt(slot: usize, from: usize, length: usize, iv: v128): v128 {
  return isAes(slot) ? chainDecryptAes(slot, from, length, iv) : chainDecryptTdes(slot, from, length, iv);
}

/** CBC; CHAIN goes from the IV to the last block of the ciphertext. */
export function encryptCbc(slot: usize, length: usize): void {
  v128.store(CHAIN, chainEncrypt(slot, DATA, length, v128.load(CHAIN)));
}

export function decryptCbc(slot: usize, length: usize): void {
  v128.store(CHAIN, chainDecrypt(slot, DATA, length, v128.load(CHAIN)));
}

/** The next counter: the block counts, big-endian. */
function increment(counter: usize): void {
  const low = bswap(load<u64>(counter, 8)) + 1;
  store<u64>(counter, bswap(low), 8);
  if (low == 0) store<u64>(counter, bswap(bswap(load<u64>(counter)) + 1));
}

/** Counter mode of AES over `length` bytes at `from`, the last block cut; the counter at CHAIN counts on. */
export function addCounterStream(slot: usize, from: usize, length: usize): void {
  const end = from + length;
  for (let at = from; at < end; at += 16) {
    let stream = encryptAes(slot, v128.load(CHAIN));
    increment(CHAIN);
    if (at + 16 <= end) v128.store(at, v128.xor(v128.load(at), stream));
    else {
      for (; at < end; at++) {
        store<u8>(at, load<u8>(at) ^ i8x16.extract_lane_u(stream, 0));
        stream = v128.shuffle<u8>(stream, stream, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0);
      }
    }
  }
}

export function ctr(slot: usize, length: usize): void {
  addCounterStream(slot, DATA, length);
}

/** CBC-MAC of whole blocks at `from`: the last block of the ciphertext. */
export function chainMac(slot: usize, from: usize, length: usize, iv: v128): v128 {
  const step = blockLength(slot);
  let chain = iv;
  for (let at = from; at < from + length; at += step) {
    chain = encryptBlock(slot, v128.xor(chain, loadBlock(at, step)));
  }
  return chain;
}

/** Whole blocks of a longer MAC: CHAIN goes on to the next chaining value. The message is wiped. */
export function cbcMac(slot: usize, length: usize): void {
  v128.store(CHAIN, chainMac(slot, DATA, length, v128.load(CHAIN)));
  memory.fill(DATA, 0, length);
}

/** Doubling in the field of the block (NIST SP 800-38B, 6.1), by arithmetic: the carry is a bit of a key. */
function doubleBlock(from: usize, to: usize, length: usize): void {
  const high = bswap(load<u64>(from));
  if (length == 8) {
    store<u64>(to, bswap((high << 1) ^ ((0 - (high >> 63)) & 0x1b)));
    return;
  }
  const low = bswap(load<u64>(from, 8));
  store<u64>(to, bswap((high << 1) | (low >> 63)));
  store<u64>(to, bswap((low << 1) ^ ((0 - (high >> 63)) & 0x87)), 8);
}

export function prepareSubkeys(slot: usize): void {
  const ready = load<u32>(slot + READY);
  if (ready & SUBKEYS_READY) return;
  const length = blockLength(slot);
  v128.store(slot + SUBKEY_1, encryptBlock(slot, i32x4.splat(0)));
  doubleBlock(slot + SUBKEY_1, slot + SUBKEY_1, length);
  doubleBlock(slot + SUBKEY_1, slot + SUBKEY_2, length);
  store<u32>(slot + READY, ready | SUBKEYS_READY);
}

/** CMAC of `length` bytes at `from`, behind which a block's length of bytes is free; they are cleared. */
export function cmacOf(slot: usize, from: usize, length: usize, iv: v128): v128 {
  prepareSubkeys(slot);
  const step = blockLength(slot);
  const rest = length % step;
  const complete = length > 0 && rest == 0;
  const start = from + length - (complete ? step : rest);
  const subkey = loadBlock(slot + (complete ? SUBKEY_1 : SUBKEY_2), step);
  const chain = v128.xor(chainMac(slot, from, start - from, iv), subkey);
  v128.store(from + length, i32x4.splat(0));
  if (!complete) store<u8>(from + length, 0x80);
  const mac = encryptBlock(slot, v128.xor(chain, loadBlock(start, step)));
  store<u8>(from + length, 0);
  return mac;
}

/** CMAC of the message's last part; CHAIN goes from the chaining value before it to the MAC. The message is wiped. */
export function cmac(slot: usize, length: usize): void {
  v128.store(CHAIN, cmacOf(slot, DATA, length, v128.load(CHAIN)));
  memory.fill(DATA, 0, length);
}

/**
 * MAC algorithm 3 of ISO/IEC 9797-1 over whole blocks, for TDES: single DES under the first key for all blocks, the second
 * and third keys for the last. CHAIN goes from the chaining value before the message to the MAC. The message is wiped.
 */
export function retailMac(slot: usize, length: usize): void {
  const last = DATA + length - 8;
  let chain = v128.load(CHAIN);
  for (let at = DATA; at < last; at += 8) chain = encryptFirstDes(slot, v128.xor(chain, loadBlock(at, 8)));
  v128.store(CHAIN, encryptTdes(slot, v128.xor(chain, loadBlock(last, 8))));
  memory.fill(DATA, 0, length);
}

/** The blocks of a longer retail MAC before its last part. */
export function retailMacPart(slot: usize, length: usize): void {
  let chain = v128.load(CHAIN);
  for (let at = DATA; at < DATA + length; at += 8) chain = encryptFirstDes(slot, v128.xor(chain, loadBlock(at, 8)));
  v128.store(CHAIN, chain);
  memory.fill(DATA, 0, length);
}
