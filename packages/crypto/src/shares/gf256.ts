// The field GF(2^8) with AES's polynomial, x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2). No branch and no table depends on a value:
// shares are secret, and a look-up would tell a neighbour on the same processor which entry was read.

const POLYNOMIAL = 0x11b;

/** The product of two elements, 0 to 255 each. */
export function multiply(left: number, right: number): number {
  let product = 0;
  let shifted = left;
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((right >> bit) & 1);
    shifted = (shifted << 1) ^ (POLYNOMIAL & -(shifted >> 7));
  }
  return product;
}

/** The inverse of an element, its 254th power; 0 gives 0. */
export function invert(element: number): number {
  let power = element;
  for (let step = 0; step < 6; step++) power = multiply(multiply(power, power), element);
  return multiply(power, power);
}
