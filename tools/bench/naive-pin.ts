// PIN translation as it is written when nobody thinks of speed: a cipher object for every block, made from the raw key, and
// no check but those of the block's first two digits.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

function add(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, i) => byte ^ right[i]!));
}

/** ISO 9564 format 0 under a two-key TDES key to format 4 under an AES key. */
export function naiveTranslate(
  tdesKey: Uint8Array,
  aesKey: Uint8Array,
  pan: string,
  block: Uint8Array,
): Buffer {
  const whole = Buffer.concat([tdesKey, tdesKey.subarray(0, 8)]);
  const decipher = createDecipheriv('des-ede3', whole, null).setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(block), decipher.final()]);
  const shortPan = Buffer.from(pan.slice(-13, -1).padStart(16, '0'), 'hex');
  const digits = add(clear, shortPan).toString('hex');
  const length = Number.parseInt(digits[1]!, 16);
  if (digits[0] !== '0' || length < 4 || length > 12) throw new Error('wrong PIN block');
  const field =
    `4${digits[1]}${digits.slice(2, 2 + length)}`.padEnd(16, 'a') + randomBytes(8).toString('hex');
  const wholePan = Buffer.from(`${pan.length - 12}${pan}`.padEnd(32, '0'), 'hex');
  const encrypt = (data: Uint8Array) => {
    const cipher = createCipheriv(`aes-${aesKey.length * 8}-ecb`, aesKey, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  };
  return encrypt(add(encrypt(Buffer.from(field, 'hex')), wholePan));
}
