// TR-31 as it is written when nobody thinks of speed: a cipher object for every step, made from the raw key. It checks
// the MAC and nothing else.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

interface Cipher {
  readonly blockLength: 8 | 16;
  readonly rb: number;
  readonly maskedLength: number;
  /** Algorithm of the derived key, by the key's length. */
  readonly derived: Readonly<Record<number, number>>;
  name(key: Uint8Array, mode: 'ecb' | 'cbc'): string;
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  B: {
    blockLength: 8,
    rb: 0x1b,
    maskedLength: 24,
    derived: { 16: 0, 24: 1 },
    name: (_, mode) => (mode === 'ecb' ? 'des-ede3' : 'des-ede3-cbc'),
  },
  D: {
    blockLength: 16,
    rb: 0x87,
    maskedLength: 32,
    derived: { 16: 2, 24: 3, 32: 4 },
    name: (key, mode) => `aes-${key.length * 8}-${mode}`,
  },
};

function openssl(
  cipher: Cipher,
  mode: 'ecb' | 'cbc',
  key: Uint8Array,
  iv: Uint8Array | null,
  data: Uint8Array,
) {
  const whole =
    cipher.blockLength === 8 && key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  const object = createCipheriv(cipher.name(key, mode), whole, iv).setAutoPadding(false);
  return Buffer.concat([object.update(data), object.final()]);
}

function double(block: Buffer, rb: number): Buffer {
  const doubled = BigInt(`0x${block.toString('hex')}`) << 1n;
  const bits = BigInt(block.length * 8);
  const reduced = doubled >> bits ? (doubled ^ BigInt(rb)) & ((1n << bits) - 1n) : doubled;
  return Buffer.from(reduced.toString(16).padStart(block.length * 2, '0'), 'hex');
}

function cmac(cipher: Cipher, key: Uint8Array, message: Uint8Array): Buffer {
  const { blockLength, rb } = cipher;
  const zero = new Uint8Array(blockLength);
  const k1 = double(openssl(cipher, 'ecb', key, null, zero), rb);
  const complete = message.length % blockLength === 0;
  const padding = complete ? [] : [0x80, ...new Uint8Array(blockLength - 1 - (message.length % blockLength))];
  const padded = Buffer.from([...message, ...padding]);
  const subkey = complete ? k1 : double(k1, rb);
  const start = padded.length - blockLength;
  for (let i = 0; i < blockLength; i += 1) padded[start + i]! ^= subkey[i]!;
  return openssl(cipher, 'cbc', key, zero, padded).subarray(-blockLength);
}

function derive(cipher: Cipher, kbpk: Uint8Array, usage: 0 | 1): Buffer {
  const bits = kbpk.length * 8;
  const count = Math.ceil(kbpk.length / cipher.blockLength);
  const algorithm = cipher.derived[kbpk.length]!;
  const blocks = Array.from({ length: count }, (_, i) =>
    cmac(cipher, kbpk, Uint8Array.of(i + 1, 0, usage, 0, 0, algorithm, bits >> 8, bits & 0xff)),
  );
  return Buffer.concat(blocks).subarray(0, kbpk.length);
}

export function naiveWrap(
  kbpk: Uint8Array,
  header: {
    version: string;
    keyUsage: string;
    algorithm: string;
    modeOfUse: string;
    keyVersion: string;
    exportability: string;
  },
  key: Uint8Array,
): string {
  const cipher = CIPHERS[header.version]!;
  const unpadded = 2 + cipher.maskedLength;
  const length = Math.ceil(unpadded / cipher.blockLength) * cipher.blockLength;
  const bits = Buffer.from([(key.length * 8) >> 8, (key.length * 8) & 0xff]);
  const payload = Buffer.concat([bits, key, randomBytes(length - 2 - key.length)]);
  const total = String(16 + 2 * (length + cipher.blockLength)).padStart(4, '0');
  const { version, keyUsage, algorithm, modeOfUse, keyVersion, exportability } = header;
  const text = `${version}${total}${keyUsage}${algorithm}${modeOfUse}${keyVersion}${exportability}0000`;
  const mac = cmac(cipher, derive(cipher, kbpk, 1), Buffer.concat([Buffer.from(text), payload]));
  const encrypted = openssl(cipher, 'cbc', derive(cipher, kbpk, 0), mac, payload);
  return text + encrypted.toString('hex').toUpperCase() + mac.toString('hex').toUpperCase();
}

export function naiveUnwrap(kbpk: Uint8Array, block: string): Buffer {
  const cipher = CIPHERS[block[0]!]!;
  const macStart = block.length - 2 * cipher.blockLength;
  const mac = Buffer.from(block.slice(macStart), 'hex');
  const kbek = derive(cipher, kbpk, 0);
  const object = createDecipheriv(cipher.name(kbek, 'cbc'), kbek, mac).setAutoPadding(false);
  const encrypted = Buffer.from(block.slice(16, macStart), 'hex');
  const payload = Buffer.concat([object.update(encrypted), object.final()]);
  const expected = cmac(
    cipher,
    derive(cipher, kbpk, 1),
    Buffer.concat([Buffer.from(block.slice(0, 16)), payload]),
  );
  if (!expected.equals(mac)) throw new Error('wrong MAC');
  return payload.subarray(2, 2 + payload.readUInt16BE(0) / 8);
}
