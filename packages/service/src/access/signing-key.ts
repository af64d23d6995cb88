import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '@keywright/crypto';

/** Derived keys that are kept; one is needed for each access key, day, region and service in use. */
const MOST_KEPT = 64;

/** HMAC-SHA-256; keys are KeyObjects, which never print their bytes. */
export function sign(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function takeKey(bytes: Uint8Array): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** The key that signs the requests of one day to one region and service (AWS Signature Version 4, signing key). */
export function deriveSigningKey(secret: Secret, date: string, region: string, service: string): KeyObject {
  const first = secret.expose((bytes) => takeKey(Buffer.concat([Buffer.from('AWS4'), bytes])));
  return [date, region, service, 'aws4_request'].reduce((key, text) => takeKey(sign(key, text)), first);
}

/** Keeps what `derive` gave, by name, the oldest forgotten first. */
export function keepSigningKeys(): (name: string, derive: () => Promise<KeyObject>) => Promise<KeyObject> {
  const kept = new Map<string, KeyObject>();
  return async (name, derive) => {
    const known = kept.get(name);
    if (known) return known;
    const key = await derive();
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(name, key);
    return key;
  };
}
