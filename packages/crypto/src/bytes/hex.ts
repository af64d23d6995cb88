const HEX = /^(?:[0-9A-Fa-f]{2})*$/;

/** Writes bytes as upper-case hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
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
  if (!HEX.test(text)) {
    throw new RangeError(
      `${title} must be an even number of hexadecimal digits, got ${text.length} characters`,
    );
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}
