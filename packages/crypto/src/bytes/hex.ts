/** Writes bytes as upper-case hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

/** The value of a hexadecimal digit by its character code, by arithmetic, as it may be a key's; negative when it is none. */
function digitOf(code: number): number {
  const digit = code - 0x30;
  const letter = (code | 0x20) - 0x61;
  const isDigit = ~((digit | (9 - digit)) >> 31);
  const isLetter = ~((letter | (5 - letter)) >> 31);
  return (digit & isDigit) | ((letter + 10) & isLetter) | ~(isDigit | isLetter);
}

/**
 * Reads hexadecimal of either case, two digits a byte.
 *
 * `Buffer.from(text, 'hex')` stops quietly at the first wrong digit; this does not.
 * The message names the field and its length, never its value: it may be a key.
 *
 * @throws RangeError when `text` is not an even number of hexadecimal digits
 */
export function decodeHex(text: string, title = 'value'): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let wrong = -(text.length & 1);
  for (let i = 0; i < bytes.length; i += 1) {
    const high = digitOf(text.charCodeAt(2 * i));
    const low = digitOf(text.charCodeAt(2 * i + 1));
    wrong |= high | low;
    bytes[i] = (high << 4) | low;
  }
  if (wrong >= 0) return bytes;
  bytes.fill(0);
  throw new RangeError(
    `${title} must be an even number of hexadecimal digits, got ${text.length} characters`,
  );
}
