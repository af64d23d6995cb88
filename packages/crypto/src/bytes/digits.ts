/**
 * Packs decimal digits, two a byte, and zeros before and behind them.
 *
 * @param digits 0 to 9 only, as the caller has checked
 * @param length bytes of the result
 * @param start digits of zeros before the first one
 */
export function packDigits(digits: string, length: number, start = 0): Uint8Array {
  const packed = new Uint8Array(length);
  for (let i = 0; i < digits.length; i += 1) {
    const at = start + i;
    packed[at >> 1]! |= (digits.charCodeAt(i) & 0xf) << (at % 2 === 0 ? 4 : 0);
  }
  return packed;
}
