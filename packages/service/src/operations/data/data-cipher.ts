import { type BlockCipher, cipherOf, cryptStream, decodeHex, type StreamMode } from '@keywright/crypto';
import type { EncryptionDecryptionAttributes, EncryptionMode } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { WorkingKey } from './working-key.ts';

export type Direction = 'encrypt' | 'decrypt';

/** The mode of use that a key needs. */
export const MODES = { encrypt: 'Encrypt', decrypt: 'Decrypt' } as const satisfies Record<Direction, string>;

/** How data are encrypted with a block cipher: a union of the ways to come by the key. */
export type CipherAttributes = Omit<EncryptionDecryptionAttributes, 'Asymmetric'>;

/** Data, and the member of the request that they are in, for messages. */
export interface NamedData {
  readonly field: string;
  readonly bytes: Uint8Array;
}

/** The initialization vector: one block, zero where the request has none. ECB has no use for it and leaves it aside. */
function initializationVector(digits: string | undefined, length: number): Uint8Array {
  if (digits === undefined) return new Uint8Array(length);
  const iv = decodeHex(digits, 'InitializationVector');
  if (iv.length === length) return iv;
  throw invalid(
    `InitializationVector must be one cipher block, ${length * 2} hexadecimal digits, got ${digits.length}.`,
  );
}

const BLOCK_MODES: Record<
  'ECB' | 'CBC',
  Record<Direction, (cipher: BlockCipher, iv: Uint8Array, data: Uint8Array) => Uint8Array>
> = {
  ECB: {
    encrypt: (cipher, _iv, data) => cipher.encryptEcb(data),
    decrypt: (cipher, _iv, data) => cipher.decryptEcb(data),
  },
  CBC: {
    encrypt: (cipher, iv, data) => cipher.encryptCbc(iv, data),
    decrypt: (cipher, iv, data) => cipher.decryptCbc(iv, data),
  },
};

/** CFB without a width has segments as long as the cipher's block (NIST SP 800-38A, 6.3). */
function streamMode(mode: EncryptionMode, cipher: WorkingKey['cipher']): StreamMode {
  const name = mode === 'CFB' ? (cipher === 'AES' ? 'CFB128' : 'CFB64') : mode;
  const misfit = cipher === 'AES' ? 'CFB64' : 'CFB128';
  if (name === misfit)
    throw invalid(`Mode ${name} does not fit the block of ${cipher}: use CFB, CFB1, CFB8 or OFB.`);
  return name as StreamMode;
}

const NO_IV = new Uint8Array();

function cryptBlocks(
  direction: Direction,
  mode: 'ECB' | 'CBC',
  working: WorkingKey,
  iv: Uint8Array,
  { field, bytes }: NamedData,
): Uint8Array {
  const cipher = cipherOf(working.cipher, working.key);
  if (bytes.length % cipher.blockLength !== 0) {
    const multiple = `a multiple of ${cipher.blockLength * 2} hexadecimal digits`;
    throw invalid(
      `${field} must be ${multiple} for ${working.cipher} in mode ${mode}, got ${bytes.length * 2}: pad it first.`,
    );
  }
  return BLOCK_MODES[mode][direction](cipher, iv, bytes);
}

/**
 * Encrypts or decrypts data with a block cipher. The mode is CBC unless given.
 *
 * @returns the result, as long as the data
 * @throws AwsException ValidationException when data, mode or initialization vector do not fit the cipher
 */
export function cryptData(
  direction: Direction,
  working: WorkingKey,
  { Symmetric, Dukpt, Emv }: CipherAttributes,
  data: NamedData,
): Uint8Array {
  const { cipher, key } = working;
  const { Mode: mode = 'CBC', InitializationVector } = (Symmetric ?? Dukpt ?? Emv)!;
  if (mode === 'ECB') return cryptBlocks(direction, mode, working, NO_IV, data);
  const iv = initializationVector(InitializationVector, cipher === 'AES' ? 16 : 8);
  if (mode === 'CBC') return cryptBlocks(direction, mode, working, iv, data);
  return cryptStream({ direction, cipher, mode: streamMode(mode, cipher), key, iv, data: data.bytes });
}
