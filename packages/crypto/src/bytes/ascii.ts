const PRINTABLE = /^[\x20-\x7E]*$/;

/**
 * Writes printable ASCII (20 to 7E hexadecimal) as bytes.
 *
 * @throws RangeError when `text` has any other character
 */
export function encodeAscii(text: string, title = 'value'): Uint8Array {
  if (!PRINTABLE.test(text)) throw new RangeError(`${title} must be printable ASCII`);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * Reads bytes as printable ASCII.
 *
 * @throws RangeError when a byte is outside 20 to 7E hexadecimal
 */
export function decodeAscii(bytes: Uint8Array, title = 'value'): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (!PRINTABLE.test(text)) throw new RangeError(`${title} must be printable ASCII`);
  return text;
}
