// Hexadecimal in place: key blocks are text, and what is encrypted in them is not. No memory access depends on a digit.

/** Bytes that are read and written at a time, and their digits; what lies behind the end is changed up to a whole step. */
const STEP: usize = 8;

@inline
function digits(): v128 {
  return i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46);
}

/** `length` bytes from twice as many digits at `at`, all of which are hexadecimal. */
export function decodeHex(at: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += STEP) {
    const text = v128.load(at + 2 * i);
    // Letters of either case have bit 6, and A has 1 in its lower half.
    const letters = i8x16.shr_u(text, 6);
    const nine = v128.and(i8x16.eq(letters, i8x16.splat(1)), i8x16.splat(9));
    const values = i8x16.add(v128.and(text, i8x16.splat(0x0f)), nine);
    const bytes = v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8));
    const whole = v128.and(bytes, i16x8.splat(0xff));
    v128.store64_lane(at + i, i8x16.narrow_i16x8_u(whole, whole), 0);
  }
}

/** Twice as many upper-case digits from `length` bytes at `at`, from the end, as they need more room. */
export function encodeHex(at: usize, length: usize): void {
  for (let i = (length + STEP - 1) & ~(STEP - 1); i > 0; i -= STEP) {
    const from = at + i - STEP;
    const bytes = v128.load_ext<u8>(from);
    const values = v128.or(i16x8.shr_u(bytes, 4), i16x8.shl(v128.and(bytes, i16x8.splat(0x0f)), 8));
    v128.store(from + i - STEP, v128.swizzle(digits(), values));
  }
}
