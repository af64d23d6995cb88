import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concat } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { assertIv, assertMode, assertSomeBlocks, assertWholeBlocks, disposedCipher } from './checks.ts';
import { cmac } from './cmac.ts';
import type { BlockCipherName, CipherEngine, OwnCipher } from './engine.ts';

/**
 * The three DES keys of NIST SP 800-67 from 8, 16 or 24 bytes: K1 K1 K1, K1 K2 K1 or K1 K2 K3.
 * OpenSSL 3 refuses `des-ecb`; single DES is EDE with equal keys.
 */
function threeDesKeys(key: Uint8Array): Uint8Array {
  const k1 = key.subarray(0, 8);
  if (key.length === 8) return concat(k1, k1, k1);
  return key.length === 16 ? concat(key, k1) : Uint8Array.from(key);
}

function keyObject(cipher: BlockCipherName, bytes: Uint8Array): KeyObject {
  if (cipher === 'AES') return createSecretKey(bytes);
  const expanded = threeDesKeys(bytes);
  const object = createSecretKey(expanded);
  expanded.fill(0);
  return object;
}

/** A key as OpenSSL takes it: TDES always as three keys. */
export function toKeyObject(cipher: BlockCipherName, key: Secret): KeyObject {
  return key.expose((bytes) => keyObject(cipher, bytes));
}

const ZERO_IV = { 8: new Uint8Array(8), 16: new Uint8Array(16) } as const;

class OpensslCipher implements OwnCipher {
  readonly name: BlockCipherName;
  readonly blockLength: 8 | 16;
  #key: KeyObject | undefined;
  /** The first of the DES keys, for the retail MAC. */
  #firstKey: KeyObject | undefined;
  readonly #prefix: string;

  constructor(name: BlockCipherName, key: Secret) {
    this.name = name;
    this.blockLength = name === 'AES' ? 16 : 8;
    this.#key = toKeyObject(name, key);
    if (name === 'TDES') this.#firstKey = key.expose((bytes) => keyObject('TDES', bytes.subarray(0, 8)));
    this.#prefix = name === 'AES' ? `aes-${key.length * 8}` : 'des-ede3';
  }

  #run(
    direction: 'encrypt' | 'decrypt',
    mode: string,
    iv: Uint8Array | null,
    data: Uint8Array,
    key = this.#key,
  ): Uint8Array {
    if (key === undefined) throw disposedCipher();
    if (mode !== 'ctr') assertWholeBlocks(this, data);
    if (iv !== null) assertIv(this, iv);
    // OpenSSL names TDES in ECB mode without a mode.
    const name = mode === 'ecb' && this.name === 'TDES' ? this.#prefix : `${this.#prefix}-${mode}`;
    const create = direction === 'encrypt' ? createCipheriv : createDecipheriv;
    const cipher = create(name, key, iv).setAutoPadding(false);
    return concat(cipher.update(data), cipher.final());
  }

  encryptEcb(data: Uint8Array): Uint8Array {
    return this.#run('encrypt', 'ecb', null, data);
  }

  decryptEcb(data: Uint8Array): Uint8Array {
    return this.#run('decrypt', 'ecb', null, data);
  }

  encryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array {
    return this.#run('encrypt', 'cbc', iv, data);
  }

  decryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array {
    return this.#run('decrypt', 'cbc', iv, data);
  }

  ctr(counter: Uint8Array, data: Uint8Array): Uint8Array {
    assertMode(this, 'AES', 'counter mode');
    return this.#run('encrypt', 'ctr', counter, data);
  }

  cbcMac(data: Uint8Array): Uint8Array {
    assertSomeBlocks(this, data);
    return this.encryptCbc(ZERO_IV[this.blockLength], data).slice(-this.blockLength);
  }

  cmac(message: Uint8Array): Uint8Array {
    return cmac(this, message);
  }

  retailMac(data: Uint8Array): Uint8Array {
    assertMode(this, 'TDES', 'the retail MAC');
    assertSomeBlocks(this, data);
    const chained = this.#run('encrypt', 'cbc', ZERO_IV[8], data.subarray(0, -8), this.#firstKey);
    return this.encryptCbc(chained.length === 0 ? ZERO_IV[8] : chained.slice(-8), data.subarray(-8));
  }

  [Symbol.dispose](): void {
    this.#key = undefined;
    this.#firstKey = undefined;
  }
}

/** The reference engine: every operation is OpenSSL's own. */
export const openssl: CipherEngine = {
  name: 'openssl',
  expandKey(name, key) {
    using taken = key;
    return new OpensslCipher(name, taken);
  },
};
