const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Writes bytes as base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/**
 * Reads base64 with or without its padding (RFC 4648, section 4); key blocks in the field leave the padding out.
 *
 * @throws RangeError when `text` is not base64
 */
export function decodeBase64(text: string, title = 'value'): Uint8Array {
  const padded = text.includes('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  if (!BASE64.test(padded)) throw new RangeError(`${title} must be base64, got ${text.length} characters`);
  return new Uint8Array(Buffer.from(padded, 'base64'));
}
