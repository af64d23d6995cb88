// Key blocks by key derivation binding (ANSI X9.143:2021, 7.2; ISO 20038), a call for each operation.
import { encryptAesFour, expandAes } from './aes';
import { encryptTdes, expandTdes } from './des';
import { decodeHex, encodeHex } from './hex';
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

/** The length of a key in bits, before it in the payload (X9.143, 6.1, figure 2). */
const LENGTH_FIELD: usize = 2;

/** DATA holds header and clear payload; afterwards the key block, the payload encrypted and the MAC behind it. */
export function sealKeyBlock(
  encryption: usize,
  mac: usize,
  headerLength: usize,
  payloadLength: usize,
  counterMode: bool,
): void {
  const payload = DATA + headerLength;
  const macLength = blockLength(mac);
  const tag = cmacOf(mac, DATA, headerLength + payloadLength, i32x4.splat(0));
  if (counterMode) {
    v128.store(CHAIN, tag);
    addCounterStream(encryption, payload, payloadLength);
  } else chainEncrypt(encryption, payload, payloadLength, tag);
  storeBlock(payload + payloadLength, macLength, tag);
  encodeHex(payload, payloadLength + macLength);
}

/** The length of the key in the payload, in bytes; -1 when it is not whole bytes, or more than the payload has. */
function keyLength(payload: usize, payloadLength: usize): i32 {
  const bits = bswap(load<u16>(payload));
  const length = (bits as usize) >> 3;
  return (bits & 7) != 0 || length + LENGTH_FIELD > payloadLength ? -1 : (length as i32);
}

/**
 * DATA holds a key block, whose payload and MAC are hexadecimal; afterwards the clear payload is behind the header.
 *
 * @returns the length of the key, which starts at the payload's third byte; -1 when the MAC is wrong or the payload has no
 * such length: then the payload is wiped
 */
export function openKeyBlock(
  encryption: usize,
  mac: usize,
  headerLength: usize,
  payloadLength: usize,
  counterMode: bool,
): i32 {
  const payload = DATA + headerLength;
  const macLength = blockLength(mac);
  decodeHex(payload, payloadLength + macLength);
  const received = loadBlock(payload + payloadLength, macLength);
  if (counterMode) {
    v128.store(CHAIN, received);
    addCounterStream(encryption, payload, payloadLength);
  } else chainDecrypt(encryption, payload, payloadLength, received);
  const tag = cmacOf(mac, DATA, headerLength + payloadLength, i32x4.splat(0));
  let difference = v128.xor(tag, received);
  // Of TDES the lower half counts.
  if (macLength == 8) difference = i64x2.replace_lane(difference, 1, 0);
  const length = v128.any_true(difference) ? -1 : keyLength(payload, payloadLength);
  if (length < 0) memory.fill(payload, 0, payloadLength);
  return length;
}
