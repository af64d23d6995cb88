import { existsSync, readFileSync } from 'node:fs';
import { concat, decodeHex, encodeHex, equal, randomBytes, Secret } from '@keywright/crypto';
import { writeOnce } from '../private-file.ts';
import { MainKeyError, type MainKeyProvider, type PreparedMainKey, SealError } from './main-key.ts';
import { gcm } from './pkcs11/module.ts';
import { openTokenSession, type TokenSession } from './pkcs11/token-session.ts';
import { readTokenUri } from './pkcs11/uri.ts';
import { HEADER_LENGTH, ID_LENGTH, NONCE_LENGTH, TAG_LENGTH, VERSION, VERSIONS } from './sealing.ts';

/** What is public of a main key in a token. */
interface TokenKey {
  readonly version: 1;
  readonly token: string;
  readonly object: string;
  /** CKA_ID of the key, and the main key's id: hexadecimal, 8 bytes. */
  readonly mainKeyId: string;
}

/**
 * A main key in a token that speaks PKCS#11, made there at the first start: AES-256, sensitive and not extractable. Every record
 * is sealed and opened in the token itself (CKM_AES_GCM), with the same header as under a key of this process; the nonce is
 * random and comes from here.
 *
 * @param path of the file in the data directory that says which key it is; nothing in it is secret
 * @throws MainKeyError, NotPrivateError
 */
export function openPkcs11MainKey(uriText: string, path: string): MainKeyProvider {
  if (!existsSync(path)) {
    const { content, provider } = newPkcs11MainKey(uriText);
    using _made = provider;
    writeOnce(path, content);
  }
  return openTokenContent(uriText, readFileSync(path, 'utf8'), path);
}

/** The key of a token by the content of the file that says which it is; `path` names that in messages. @throws MainKeyError */
export function openTokenContent(uriText: string, content: string, path: string): MainKeyProvider {
  return openTokenKey(uriText, parseTokenKey(content, path).mainKeyId);
}

/** The key of a token that has this id. @throws MainKeyError */
export function openTokenKey(uriText: string, mainKeyId: string): MainKeyProvider {
  using opened = new DisposableStack();
  const session = opened.use(openTokenSession(readTokenUri(uriText)));
  const id = decodeHex(mainKeyId);
  session.useKey(id, () => undefined);
  const held = opened.move();
  return { ...sealInToken(session, id, () => held.dispose()), tokenUri: uriText };
}

/** Makes a new main key in the token. @throws MainKeyError */
export function newPkcs11MainKey(uriText: string): PreparedMainKey {
  const { token, object } = readTokenUri(uriText);
  const id = randomBytes(ID_LENGTH);
  {
    using session = openTokenSession(readTokenUri(uriText));
    session.generateKey(id);
  }
  const key: TokenKey = { version: 1, token, object, mainKeyId: encodeHex(id) };
  const content = `${JSON.stringify(key, undefined, 2)}\n`;
  return { kind: 'pkcs11', content, provider: openTokenKey(uriText, key.mainKeyId) };
}

/** Destroys a key in the token, for good. */
export function destroyTokenKey(uriText: string, mainKeyId: string): void {
  using session = openTokenSession(readTokenUri(uriText));
  session.destroyKey(decodeHex(mainKeyId));
}

function parseTokenKey(content: string, path: string): TokenKey {
  try {
    const key = JSON.parse(content) as Partial<TokenKey> | null;
    if (key?.version === 1 && /^[0-9A-F]{16}$/.test(`${key.mainKeyId}`)) return key as TokenKey;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const message = `the file ${path}, which says which key of the token is the main key, is damaged; bring it back from its copy`;
  throw new MainKeyError('DAMAGED_FILE', message);
}

function sealInToken(session: TokenSession, id: Uint8Array, close: () => void): MainKeyProvider {
  return {
    id: encodeHex(id).toLowerCase(),
    async seal(clear, associatedData) {
      const nonce = randomBytes(NONCE_LENGTH);
      const header = concat(Uint8Array.of(VERSION), id, nonce);
      const mechanism = gcm(nonce, concat(header, associatedData));
      const body = session.useKey(id, (pkcs11, handle, key) => {
        pkcs11.C_EncryptInit(handle, mechanism, key);
        const out = Buffer.alloc(clear.length + TAG_LENGTH);
        return clear.expose((bytes) =>
          pkcs11.C_Encrypt(handle, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), out),
        );
      });
      return concat(header, body);
    },
    async open(sealed, associatedData) {
      const header = sealed.subarray(0, HEADER_LENGTH);
      const fits = VERSIONS.includes(header[0]!) && equal(header.subarray(1, 1 + ID_LENGTH), id);
      if (!fits || sealed.length < HEADER_LENGTH + TAG_LENGTH) throw new SealError();
      const mechanism = gcm(header.subarray(-NONCE_LENGTH), concat(header, associatedData));
      return session.useKey(id, (pkcs11, handle, key) => {
        pkcs11.C_DecryptInit(handle, mechanism, key);
        const out = Buffer.alloc(sealed.length);
        try {
          const clear = pkcs11.C_Decrypt(handle, Buffer.from(sealed.subarray(HEADER_LENGTH)), out);
          return Secret.copyOf(clear);
        } catch (cause) {
          if (isWrongTag(cause)) throw new SealError({ cause });
          throw cause;
        } finally {
          out.fill(0);
        }
      });
    },
    [Symbol.dispose]: close,
  };
}

/** CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE; SoftHSM says CKR_GENERAL_ERROR. */
const WRONG_TAG = [0x40, 0x41, 0x05];

function isWrongTag(error: unknown): boolean {
  return error instanceof Error && 'code' in error && WRONG_TAG.includes(Number(error.code));
}
