// Hexadecimal in place: key blocks are text, and what is encrypted in them is not. No memory access depends on a digit.

/** Bytes that are read and written at a time, and their digits; what lies behind the end is changed up to a whole step. */
const STEP: usize = 8;

/** Sixteen digits, a lane each, from the eight bytes of the lower half. */
@inline
export function spreadDigits(bytes: v128): v128 {
  const lanes = v128.extend_low<u8>(bytes);
  return v128.or(i16x8.shr_u(lanes, 4), i16x8.shl(v128.and(lanes, i16x8.splat(0x0f)), 8));
}

/** Eight bytes, in the lower half, from sixteen digits. */
@inline
export function packDigits(digits: v128): v128 {
  const bytes = v128.and(v128.or(i16x8.shl(digits, 4), i16x8.shr_u(digits, 8)), i16x8.splat(0xff));
  return v128.narrow<u16>(bytes, i16x8.splat(0));
}

/** `length` bytes from twice as many characters at `at`, all of which are hexadecimal digits. */
export function decodeHex(at: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += STEP) {
    const text = v128.load(at + 2 * i);
    // Letters of either case have bit 6, digits have not; A has 1 in its lower half.
    const letters = i8x16.eq(i8x16.shr_u(text, 6), i8x16.splat(1));
    const nine = v128.and(letters, i8x16.splat(9));
    const digits = i8x16.add(v128.and(text, i8x16.splat(0x0f)), nine);
    v128.store64_lane(at + i, packDigits(digits), 0);
  }
}

/** Twice as many upper-case characters from `length` bytes at `at`, from the end, as they need more room. */
export function encodeHex(at: usize, length: usize): void {
  const characters = i8x16(
    0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46,
  );
  for (let i = (length + STEP - 1) & ~(STEP - 1); i > 0; i -= STEP) {
    const from = at + i - STEP;
    v128.store(from + i - STEP, v128.swizzle(characters, spreadDigits(v128.load64_zero(from))));
  }
}
