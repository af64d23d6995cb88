/** The value of a digit: 0 to 9 are 30 to 39 in ASCII, A to F are 41 to 46, a to f 61 to 66 (hexadecimal). */
const digitValue = (code: number) => (code & 0xf) + 9 * (code >> 6);

/**
 * Packs digits, two a byte, and zeros before and behind them.
 *
 * @param digits decimal or hexadecimal, as the caller has checked
 * @param length bytes of the result
 * @param start digits of zeros before the first one
 */
export function packDigits(digits: string, length: number, start = 0): Uint8Array {
  const packed = new Uint8Array(length);
  for (let i = 0; i < digits.length; i += 1) {
    const at = start + i;
    packed[at >> 1]! |= digitValue(digits.charCodeAt(i)) << (at % 2 === 0 ? 4 : 0);
  }
  return packed;
}
