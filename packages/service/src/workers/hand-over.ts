import { createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { Secret } from '@keywright/crypto';
import type { MainKeyProvider } from '../custody/main-key.ts';
import { openTokenKey } from '../custody/pkcs11-main-key.ts';
import { sealUnder, unwrapMainKey } from '../custody/sealing.ts';

/** A main key on its way from one process of the service to another: sealed so that this one alone can open it, or where it is. */
export type HandedMainKey = { readonly mainKeyId: string } & (
  | {
      /** X25519, DER (SubjectPublicKeyInfo). */
      readonly publicKey: Uint8Array;
      readonly wrapped: Uint8Array;
    }
  | { readonly tokenUri: string }
);

/** A process that can be handed main keys. */
export interface Receiver {
  readonly publicKey: Uint8Array;
  /** @throws SealError, MainKeyError */
  open(handed: HandedMainKey): Promise<MainKeyProvider>;
}

const INFO = 'keywright main key between processes 1';
const LENGTH = 32;

const encode = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }));

/** The key that two processes agree on (RFC 7748, RFC 5869): no copy of the main key stays in what goes between them. */
function agree(privateKey: KeyObject, other: Uint8Array): MainKeyProvider {
  const publicKey = createPublicKey({ key: Buffer.from(other), type: 'spki', format: 'der' });
  using shared = Secret.copyOf(diffieHellman({ privateKey, publicKey }));
  using key = shared.expose((bytes) =>
    Secret.take(new Uint8Array(hkdfSync('sha256', bytes, '', INFO, LENGTH))),
  );
  return sealUnder(key);
}

export function newReceiver(): Receiver {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    publicKey: encode(publicKey),
    async open(handed) {
      if ('tokenUri' in handed) return openTokenKey(handed.tokenUri, handed.mainKeyId);
      using transport = agree(privateKey, handed.publicKey);
      return await unwrapMainKey(handed.wrapped, transport);
    },
  };
}

/** A main key for one receiver. */
export async function handOver(mainKey: MainKeyProvider, receiver: Uint8Array): Promise<HandedMainKey> {
  const { id: mainKeyId, tokenUri } = mainKey;
  if (tokenUri !== undefined) return { mainKeyId, tokenUri };
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  using transport = agree(privateKey, receiver);
  return { mainKeyId, publicKey: encode(publicKey), wrapped: await mainKey.wrapUnder!(transport) };
}
