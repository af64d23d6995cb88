// Key blocks by key derivation binding (ANSI X9.143:2021, 7.2; ISO 20038), a call for each operation.
import { encryptAesFour, expandAes } from './aes';
import { encryptTdes, expandTdes } from './des';
import { CHAIN, DATA, DERIVED, KEY, SUBKEY_1, SUBKEY_2 } from './memory';
import {
  addCounterStream,
  blockLength,
  chainDecrypt,
  chainEncrypt,
  cmacOf,
  isAes,
  loadBlock,
  prepareSubkeys,
  storeBlock,
} from './modes';

const MAC_USAGE: u32 = 1;
/** Bytes that a derived key has room for at DERIVED. */
const ROOM: usize = 32;

/** The derivation data, 8 bytes: counter, usage, a zero separator, algorithm, length of the derived key in bits. */
function derivationData(counter: u32, usage: u32, algorithm: u32, length: u32): u64 {
  return bswap(
    ((counter as u64) << 56) | ((usage as u64) << 40) | ((algorithm as u64) << 16) | ((length as u64) << 3),
  );
}

/** One CMAC block: the data, their padding and the second subkey. */
function storeAesBlock(kbpk: usize, at: usize, data: u64): void {
  const padded = i64x2.replace_lane(i64x2.splat(0x80), 0, data);
  v128.store(at, v128.xor(padded, v128.load(kbpk + SUBKEY_2)));
}

function deriveAes(kbpk: usize, usage: u32, algorithm: u32, length: u32): void {
  for (let counter: u32 = 1; counter <= 2; counter++) {
    const at = DERIVED + 16 * (counter - 1);
    storeAesBlock(kbpk, at, derivationData(counter, usage, algorithm, length));
    storeAesBlock(kbpk, at + ROOM, derivationData(counter, MAC_USAGE, algorithm, length));
  }
  encryptAesFour(kbpk, DERIVED);
}

/** The derivation data are one whole block of TDES; the two keys are derived side by side. */
function deriveTdes(kbpk: usize, usage: u32, algorithm: u32, length: u32): void {
  const subkey = v128.load64_splat(kbpk + SUBKEY_1);
  for (let counter: u32 = 1; counter <= length >> 3; counter++) {
    const at = DERIVED + 8 * (counter - 1);
    const data = i64x2.replace_lane(
      i64x2.splat(derivationData(counter, MAC_USAGE, algorithm, length)),
      0,
      derivationData(counter, usage, algorithm, length),
    );
    const derived = encryptTdes(kbpk, v128.xor(data, subkey));
    v128.store64_lane(at, derived, 0);
    v128.store64_lane(at + ROOM, derived, 1);
  }
}

function expand(aes: bool, slot: usize, from: usize, length: u32): void {
  memory.copy(KEY, from, length);
  if (aes) expandAes(slot, length);
  else expandTdes(slot, length);
}

/** Derives the encryption and the MAC key of a KBPK of `length` bytes, and expands them into slots of their own. */
export function deriveKeyBlockKeys(
  kbpk: usize,
  encryption: usize,
  mac: usize,
  usage: u32,
  algorithm: u32,
  length: u32,
): void {
  const aes = isAes(kbpk);
  prepareSubkeys(kbpk);
  if (aes) deriveAes(kbpk, usage, algorithm, length);
  else deriveTdes(kbpk, usage, algorithm, length);
  expand(aes, encryption, DERIVED, length);
  expand(aes, mac, DERIVED + ROOM, length);
  memory.fill(DERIVED, 0, 2 * ROOM);
}

/** DATA holds header and clear payload; afterwards the payload is encrypted, with the MAC behind it. */
export function sealKeyBlock(
  encryption: usize,
  mac: usize,
  headerLength: usize,
  payloadLength: usize,
  counterMode: bool,
): void {
  const payload = DATA + headerLength;
  const tag = cmacOf(mac, DATA, headerLength + payloadLength, i32x4.splat(0));
  if (counterMode) {
    v128.store(CHAIN, tag);
    addCounterStream(encryption, payload, payloadLength);
  } else chainEncrypt(encryption, payload, payloadLength, tag);
  storeBlock(payload + payloadLength, blockLength(mac), tag);
}

/**
 * DATA holds header, encrypted payload and MAC; afterwards the payload is clear.
 *
 * @returns whether the MAC is right; where it is not, the payload is wiped
 */
export function openKeyBlock(
  encryption: usize,
  mac: usize,
  headerLength: usize,
  payloadLength: usize,
  counterMode: bool,
): bool {
  const payload = DATA + headerLength;
  const received = loadBlock(payload + payloadLength, blockLength(mac));
  if (counterMode) {
    v128.store(CHAIN, received);
    addCounterStream(encryption, payload, payloadLength);
  } else chainDecrypt(encryption, payload, payloadLength, received);
  const tag = cmacOf(mac, DATA, headerLength + payloadLength, i32x4.splat(0));
  let difference = v128.xor(tag, received);
  // Of TDES the lower half counts.
  if (!isAes(mac)) difference = i64x2.replace_lane(difference, 1, 0);
  const right = !v128.any_true(difference);
  if (!right) memory.fill(payload, 0, payloadLength);
  return right;
}
