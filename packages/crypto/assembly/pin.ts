// PIN blocks (ISO 9564-1:2017, 9.3 and 9.4.2) from one key and format to another, in one call: the PIN stays in registers.
import { decryptAes, encryptAes, prepareDecryption } from './aes';
import { decryptTdes, encryptTdes } from './des';
import { packDigits, spreadDigits } from './hex';
import { DATA } from './memory';
import { blockLength, isAes, loadBlock, storeBlock } from './modes';

/** What stands at DATA: the block, in and out; the random half of a field of format 4; the PAN fields. */
const RANDOM: usize = DATA + 16;
const INCOMING_PAN: usize = DATA + 32;
const OUTGOING_PAN: usize = DATA + 48;
const END: usize = DATA + 64;

const SHORTEST_PIN: u8 = 4;
const LONGEST_PIN: u8 = 12;

/** The PIN field, in the lower half; what a field of format 4 has in the upper one is random. */
function openField(slot: usize): v128 {
  const length = blockLength(slot);
  const block = loadBlock(DATA, length);
  const pan = loadBlock(INCOMING_PAN, length);
  if (!isAes(slot)) return v128.xor(decryptTdes(slot, block), pan);
  prepareDecryption(slot);
  return decryptAes(slot, v128.xor(decryptAes(slot, block), pan));
}

function sealField(slot: usize, field: v128): void {
  const length = blockLength(slot);
  const pan = loadBlock(OUTGOING_PAN, length);
  if (isAes(slot)) {
    const whole = i64x2.replace_lane(field, 1, load<i64>(RANDOM));
    v128.store(DATA, encryptAes(slot, v128.xor(encryptAes(slot, whole), pan)));
  } else storeBlock(DATA, length, encryptTdes(slot, v128.xor(field, pan)));
}

/** All ones in the lanes of the digits that are the PIN's: which are is as secret as its length. */
@inline
function lanesOfPin(digits: v128): v128 {
  const positions = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const length = v128.swizzle(digits, i8x16.splat(1));
  return i8x16.lt_u(positions, i8x16.add(length, i8x16.splat(2)));
}

/** Control, length, and every digit between its bounds: all in one comparison. */
@inline
function isField(digits: v128, inPin: v128, control: u8, lowest: u8, highest: u8): bool {
  let low = v128.andnot(i8x16.splat(lowest), inPin);
  let high = v128.bitselect(i8x16.splat(9), i8x16.splat(highest), inPin);
  low = i8x16.replace_lane(i8x16.replace_lane(low, 0, control), 1, SHORTEST_PIN);
  high = i8x16.replace_lane(i8x16.replace_lane(high, 0, control), 1, LONGEST_PIN);
  return !v128.any_true(v128.or(i8x16.lt_u(digits, low), i8x16.gt_u(digits, high)));
}

/**
 * Translates the block at DATA. A format is its control digit, and the digits that are behind the PIN.
 *
 * @returns whether the block was one of the incoming format
 */
export function translatePin(
  incoming: usize,
  outgoing: usize,
  control: u8,
  lowestFill: u8,
  highestFill: u8,
  outgoingControl: u8,
  outgoingFill: u8,
): bool {
  const digits = spreadDigits(openField(incoming));
  const inPin = lanesOfPin(digits);
  const right = isField(digits, inPin, control, lowestFill, highestFill);
  if (right) {
    // The length, in lane 1, stays.
    const field = v128.bitselect(digits, i8x16.splat(outgoingFill), inPin);
    sealField(outgoing, packDigits(i8x16.replace_lane(field, 0, outgoingControl)));
  }
  memory.fill(RANDOM, 0, END - RANDOM);
  return right;
}
