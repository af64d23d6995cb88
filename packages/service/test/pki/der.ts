// A few lines of DER (X.690), to make certificates that no tool makes.

function header(bytes: Buffer, at: number): { headerLength: number; length: number } {
  const first = bytes[at + 1]!;
  if (first < 128) return { headerLength: 2, length: first };
  const octets = first & 127;
  return { headerLength: 2 + octets, length: bytes.readUIntBE(at + 2, octets) };
}

export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const octets = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...octets), body]);
}

/** The elements within an element, each whole. */
export function children(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = header(bytes, 0).headerLength; at < bytes.length; ) {
    const { headerLength, length } = header(bytes, at);
    found.push(bytes.subarray(at, at + headerLength + length));
    at += headerLength + length;
  }
  return found;
}

/** Elements that are one in the other, so many deep. */
export function nested(depth: number, tag = 0x30): Buffer {
  const headers: Buffer[] = [];
  let length = 0;
  for (let i = 0; i < depth; i += 1) {
    const octets =
      length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    headers.push(Buffer.of(tag, ...octets));
    length += headers.at(-1)!.length;
  }
  return Buffer.concat(headers.reverse());
}
