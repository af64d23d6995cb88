import {
  type BlockCipher,
  cryptStream,
  type DukptUsage,
  decodeHex,
  expandKey,
  type Secret,
  type StreamMode,
} from '@keywright/crypto';
import type {
  DukptEncryptionAttributes,
  DukptKeyVariant,
  EncryptionDecryptionAttributes,
  EncryptionMode,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { KeyRecord } from '../../store/store.ts';
import type { Context } from '../operation.ts';
import { openDukptKey, openStaticKey, type WorkingKey } from './working-key.ts';

export type Direction = 'encrypt' | 'decrypt';

interface Request {
  readonly KeyIdentifier: string;
  readonly EncryptionAttributes: EncryptionDecryptionAttributes;
  readonly WrappedKey?: unknown;
}

/** X9.24-3 has a data key for each direction and one for both; X9.24-1 has none for both, which the library says. */
const DATA_USAGES: Record<DukptKeyVariant, DukptUsage> = {
  REQUEST: 'data-request',
  RESPONSE: 'data-response',
  BIDIRECTIONAL: 'data-both',
};

const NOT_YET = 'is not supported in this release: use a stored D0 key, or a B0 key with Dukpt.';

function openKey(direction: Direction, request: Request, context: Context): Promise<WorkingKey> {
  const { Symmetric, Dukpt } = request.EncryptionAttributes;
  if (request.WrappedKey !== undefined) throw invalid(`WrappedKey ${NOT_YET}`);
  if (Dukpt !== undefined) return openDukptKey(request.KeyIdentifier, Dukpt, dataUsage(Dukpt), context);
  if (Symmetric === undefined) throw invalid(`${Object.keys(request.EncryptionAttributes)[0]} ${NOT_YET}`);
  const mode = direction === 'encrypt' ? 'Encrypt' : 'Decrypt';
  return openStaticKey(
    request.KeyIdentifier,
    { usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', mode },
    context,
  );
}

function dataUsage(attributes: DukptEncryptionAttributes): DukptUsage {
  return DATA_USAGES[attributes.DukptKeyVariant ?? 'REQUEST'];
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

function cryptBlocks(
  direction: Direction,
  mode: 'ECB' | 'CBC',
  key: Secret,
  cipherName: WorkingKey['cipher'],
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  using cipher = expandKey(cipherName, key);
  if (data.length % cipher.blockLength !== 0) {
    const text = direction === 'encrypt' ? 'PlainText' : 'CipherText';
    const multiple = `a multiple of ${cipher.blockLength * 2} hexadecimal digits`;
    throw invalid(
      `${text} must be ${multiple} for ${cipherName} in mode ${mode}, got ${data.length * 2}: pad it first.`,
    );
  }
  return BLOCK_MODES[mode][direction](cipher, iv, data);
}

/**
 * Encrypts or decrypts data as both operations do; the cipher, mode and key come from the request.
 *
 * @returns the result, as long as `data`, and the record of the stored key
 * @throws AwsException (ValidationException, ResourceNotFoundException)
 */
export async function cryptData(
  direction: Direction,
  request: Request,
  data: Uint8Array,
  context: Context,
): Promise<{ record: KeyRecord; data: Uint8Array }> {
  const { Symmetric, Dukpt } = request.EncryptionAttributes;
  using working = await openKey(direction, request, context);
  const { record, cipher, key } = working;
  const mode = Symmetric?.Mode ?? Dukpt?.Mode ?? 'CBC';
  const iv = initializationVector((Symmetric ?? Dukpt)?.InitializationVector, cipher === 'AES' ? 16 : 8);
  if (mode === 'ECB' || mode === 'CBC') {
    return { record, data: cryptBlocks(direction, mode, key, cipher, iv, data) };
  }
  return { record, data: cryptStream({ direction, cipher, mode: streamMode(mode, cipher), key, iv, data }) };
}
