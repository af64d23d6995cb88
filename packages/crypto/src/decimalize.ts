/**
 * The decimal digits of a cryptogram in two scans: its digits 0 to 9 from left to right, then its digits A to F as numbers.
 * CVV, PVV and the American Express CSC take theirs so; they differ in the number that an A becomes.
 *
 * @param block any length; the result has two digits a byte
 * @param a what A stands for: 0, so that A to F are 0 to 5; or 1, so that they are 1 to 6
 */
export function decimalizeInTwoScans(block: Uint8Array, a: 0 | 1 = 0): string {
  let decimal = '';
  let letters = '';
  for (let i = 0; i < 2 * block.length; i += 1) {
    const digit = (block[i >> 1]! >> (i % 2 === 0 ? 4 : 0)) & 0xf;
    if (digit < 10) decimal += digit;
    else letters += digit - 10 + a;
  }
  return decimal + letters;
}
