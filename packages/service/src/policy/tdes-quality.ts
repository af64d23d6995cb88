import { equal, type Secret } from '@keywright/crypto';

/** Weak and semi-weak DES keys (NIST SP 800-67, section 3.4.2), with odd parity. */
const WEAK_KEYS = [
  ['0101010101010101', 'FEFEFEFEFEFEFEFE', 'E0E0E0E0F1F1F1F1', '1F1F1F1F0E0E0E0E'],
  ['011F011F010E010E', '1F011F010E010E01', '01E001E001F101F1', 'E001E001F101F101'],
  ['01FE01FE01FE01FE', 'FE01FE01FE01FE01', '1FE01FE00EF10EF1', 'E01FE01FF10EF10E'],
  ['1FFE1FFE0EFE0EFE', 'FE1FFE1FFE0EFE0E', 'E0FEE0FEF1FEF1FE', 'FEE0FEE0FEF1FEF1'],
].flatMap((row) => row.map((digits) => withoutParity(Buffer.from(digits, 'hex'))));

/** The lowest bit of every byte is its parity, which the cipher does not read. */
function withoutParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte & 0xfe);
}

/** Calls `check` with the DES keys of a TDES key, without their parity. */
function withParts<T>(key: Secret, check: (parts: readonly Uint8Array[]) => T): T {
  return key.expose((bytes) => {
    const stripped = withoutParity(bytes);
    const result = check(
      [0, 8, 16].filter((at) => at < key.length).map((at) => stripped.subarray(at, at + 8)),
    );
    stripped.fill(0);
    return result;
  });
}

/** Tells whether TDES with this key is no more than single DES: its first and second, or second and third, parts are equal. */
export function isSingleDes(key: Secret): boolean {
  return withParts(key, (parts) => parts.slice(1).some((part, i) => equal(part, parts[i]!)));
}

/** Tells whether a TDES key is one to make: all of its parts differ, and none is weak or semi-weak. */
export function isGoodTdesKey(key: Secret): boolean {
  return withParts(key, (parts) =>
    parts.every(
      (part, i) =>
        !parts.slice(0, i).some((other) => equal(part, other)) &&
        !WEAK_KEYS.some((weak) => equal(part, weak)),
    ),
  );
}
