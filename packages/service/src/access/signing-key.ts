import { createHmac, hash } from 'node:crypto';
import { equal, Secret } from '@keywright/crypto';
import { BoundedCache } from '../store/bounded-cache.ts';

/** Derived keys that are kept; one is needed for each access key, day, region and service in use. */
const MOST_KEPT = 256;

const BLOCK_LENGTH = 64;
const DIGEST_LENGTH = 32;
/** A string to sign is some 160 characters; the name of the region is what varies. */
const LONGEST_TEXT = 512;

/** The key's block of HMAC (RFC 2104, 2), xored with a byte, and room for what is hashed after it. */
function blockOf(key: Uint8Array, pad: number, room: number): Secret {
  const block = Buffer.alloc(BLOCK_LENGTH + room);
  block.fill(pad, 0, BLOCK_LENGTH);
  for (const [i, byte] of key.entries()) block[i] = byte ^ pad;
  return Secret.take(block);
}

/**
 * The key that signs the requests of one day to one region and service. Signs with HMAC-SHA-256 as two one-shot hashes, which cost a third of
 * an HMAC object.
 */
export class SigningKey implements Disposable {
  readonly #inner: Secret;
  readonly #outer: Secret;

  /** @param key of 32 bytes; stays the caller's */
  constructor(key: Uint8Array) {
    this.#inner = blockOf(key, 0x36, LONGEST_TEXT);
    this.#outer = blockOf(key, 0x5c, DIGEST_LENGTH);
  }

  /**
   * @param text ASCII
   * @returns 64 lower-case hexadecimal digits
   * @throws RangeError when the text is longer than any string to sign
   */
  sign(text: string): string {
    if (text.length > LONGEST_TEXT)
      throw new RangeError(`${text.length} characters are more than can be signed`);
    const digest = this.#inner.expose((block) => {
      (block as Buffer).write(text, BLOCK_LENGTH, 'latin1');
      return hash('sha256', block.subarray(0, BLOCK_LENGTH + text.length), 'hex');
    });
    return this.#outer.expose((block) => {
      (block as Buffer).write(digest, BLOCK_LENGTH, 'hex');
      return hash('sha256', block, 'hex');
    });
  }

  /**
   * Is it the signature of the text? It takes as long wherever the two differ.
   *
   * @param signature 64 hexadecimal digits
   * @throws RangeError as `sign`
   */
  verify(text: string, signature: string): boolean {
    EXPECTED.write(this.sign(text), 'hex');
    return GIVEN.write(signature, 'hex') === DIGEST_LENGTH && equal(EXPECTED, GIVEN);
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
    this.#outer[Symbol.dispose]();
  }
}

/** Where two signatures are compared. */
const GIVEN = Buffer.alloc(DIGEST_LENGTH);
const EXPECTED = Buffer.alloc(DIGEST_LENGTH);

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Derives the key for a date, region and service (AWS Signature Version 4, signing key). */
export function deriveSigningKey(secret: Secret, date: string, region: string, service: string): SigningKey {
  let key: Uint8Array = secret.expose((bytes) => Buffer.concat([Buffer.from('AWS4'), bytes]));
  for (const text of [date, region, service, 'aws4_request']) {
    const next = hmac(key, text);
    key.fill(0);
    key = next;
  }
  const signing = new SigningKey(key);
  key.fill(0);
  return signing;
}

/** Signing keys by name, those that were not used for longest wiped when there are too many. */
export function keepSigningKeys(): BoundedCache<SigningKey> {
  return new BoundedCache(MOST_KEPT, (key) => key[Symbol.dispose]());
}
