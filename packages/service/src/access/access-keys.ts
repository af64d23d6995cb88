import { Secret } from '@keywright/crypto';

/** What a client signs its requests with. */
export interface AccessKey {
  /** 20 characters; not secret. */
  readonly id: string;
  /** The ASCII characters of the secret access key. */
  readonly secret: Secret;
}

export interface AccessKeys {
  find(id: string): AccessKey | undefined;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A new access key in AWS's form: `AKIA` and 16 characters of base32 (80 random bits), and 40 characters of base64
 * (240 random bits).
 */
export function createAccessKey(randomBytes: (length: number) => Uint8Array): AccessKey {
  const id = Array.from(randomBytes(16), (byte) => BASE32[byte & 31]).join('');
  return {
    id: `AKIA${id}`,
    secret: Secret.take(Buffer.from(Buffer.from(randomBytes(30)).toString('base64'))),
  };
}
