import { concat, xor } from '../bytes/bytes.ts';

/** What CMAC needs of a cipher. */
interface CbcEncryption {
  readonly blockLength: 8 | 16;
  encryptEcb(data: Uint8Array): Uint8Array;
  encryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array;
}

/** The constant R_b of NIST SP 800-38B, section 5.3, by block length. */
const R_B = { 8: 0x1b, 16: 0x87 } as const;

function double(block: Uint8Array, rb: number): Uint8Array {
  const doubled = block.map((byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  // A mask, not a branch: the carry is a bit of a value derived from the key.
  doubled[block.length - 1]! ^= rb & -(block[0]! >> 7);
  return doubled;
}

/**
 * CMAC of a message of any length (NIST SP 800-38B, section 6.2).
 *
 * @returns one cipher block: 8 bytes for TDES, 16 for AES
 */
export function cmac(cipher: CbcEncryption, message: Uint8Array): Uint8Array {
  const { blockLength } = cipher;
  const zero = new Uint8Array(blockLength);
  const k1 = double(cipher.encryptEcb(zero), R_B[blockLength]);
  const complete = message.length > 0 && message.length % blockLength === 0;
  const lastStart = complete ? message.length - blockLength : message.length - (message.length % blockLength);
  const last = new Uint8Array(blockLength);
  last.set(message.subarray(lastStart));
  if (!complete) last[message.length - lastStart] = 0x80;
  const subkey = complete ? k1 : double(k1, R_B[blockLength]);
  const chained = cipher.encryptCbc(zero, concat(message.subarray(0, lastStart), xor(last, subkey)));
  return chained.slice(-blockLength);
}
