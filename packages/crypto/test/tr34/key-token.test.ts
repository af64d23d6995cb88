import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type ContentCipher,
  createKeyToken,
  decryptOaep,
  encodeHex,
  hasOddParity,
  openKeyToken,
  randomBytes,
  Secret,
  type Tr34Form,
} from '../../src/index.ts';
import { readDer } from '../../src/tr34/der-reader.ts';
import { readEnvelope } from '../../src/tr34/envelope.ts';
import { readToken } from '../../src/tr34/signed-data.ts';
import { CRLS, KDH, KDH_3072, KDH_CA, KRD, KRD_3072, NONCE, NOW, sourceOf, toHex } from './parties.ts';

const CIPHERS: ContentCipher[] = ['DES_EDE3_CBC', 'AES_128_CBC', 'AES_256_CBC'];
const FORMS: Tr34Form[] = ['X9_TR34_2012', 'X9_TR34_2019_CMS'];
/** Lengths of key in bytes by algorithm of the header. */
const LENGTHS = { T: [16, 24], A: [16, 24, 32], D: [8], H: [20, 32, 64] } as const;

const keys = fc
  .constantFrom(...(Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]))
  .chain((algorithm) => fc.constantFrom(...LENGTHS[algorithm]).map((length) => ({ algorithm, length })))
  .chain(({ algorithm, length }) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((key) => ({ algorithm, key })),
  );

describe('key tokens', () => {
  it('give the key and the header back, whatever the parties, the cipher, the form and the pass', () => {
    const o = fc.record({
      key: keys,
      contentCipher: fc.constantFrom(...CIPHERS),
      form: fc.constantFrom(...FORMS),
      kdh: fc.constantFrom(KDH, KDH_3072),
      krd: fc.constantFrom(KRD, KRD_3072),
      nonce: fc.option(fc.uint8Array({ minLength: 8, maxLength: 16 }), { nil: undefined }),
      crl: fc.constantFrom(undefined, CRLS.current, CRLS.currentSha512),
    });
    fc.assert(
      fc.property(o, ({ key: { algorithm, key: bytes }, contentCipher, form, kdh, krd, nonce, crl }) => {
        using key = Secret.copyOf(bytes);
        const token = createKeyToken({
          key,
          header: `B9999D0${algorithm}N12S0000`,
          kdh,
          krdCertificate: krd.certificate,
          contentCipher,
          form,
          pass: nonce ? { nonce } : { time: NOW },
          ...(crl && { crl }),
        });
        const kdhCertificate = kdh.certificate;
        const pass = nonce ? { expectedNonce: nonce } : {};
        const opened = openKeyToken({ token, krd, kdhCertificate, kdhIssuer: KDH_CA, now: NOW, ...pass });
        assert.ok(opened.key.equals(key));
        assert.equal(opened.form, form);
        assert.equal(opened.header.algorithm, algorithm);
        assert.equal(opened.header.keyVersion, '12');
        assert.equal(opened.header.exportability, 'S');
        assert.deepEqual(opened.time, nonce ? undefined : NOW);
      }),
      { numRuns: 60 },
    );
  });

  const make = (contentCipher: ContentCipher, random?: (length: number) => Uint8Array) => {
    using key = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
    const pass = { nonce: NONCE };
    const header = 'D0000K0TB00E0000';
    const o = { key, header, kdh: KDH, krdCertificate: KRD.certificate, contentCipher, pass };
    return createKeyToken({ ...o, ...(random && { random }) });
  };
  const envelopeOf = (token: Uint8Array) => readEnvelope(readToken(token, 'envelopedData').content);

  it('take the ephemeral key and then the IV from the random source; a DES key gets odd parity', () => {
    const ephemeral = new Uint8Array(24).map((_, i) => 2 * i);
    const { encryptedKey, iv } = envelopeOf(make('DES_EDE3_CBC', sourceOf(ephemeral, NONCE)));
    using key = decryptOaep(KRD.privateKey, 'SHA256', encryptedKey);
    assert.ok(hasOddParity(key));
    const highBits = key.expose((bytes) => bytes.map((byte) => byte & 0xfe));
    assert.deepEqual(highBits, ephemeral);
    assert.deepEqual(iv, NONCE);
    const aes = new Uint8Array(16).map((_, i) => 2 * i);
    using aesKey = decryptOaep(
      KRD.privateKey,
      'SHA256',
      envelopeOf(make('AES_128_CBC', sourceOf(aes, new Uint8Array(16)))).encryptedKey,
    );
    assert.equal(toHex(aesKey), Buffer.from(aes).toString('hex').toUpperCase());
  });

  it('have their signed attributes in the order of DER in the form of CMS only', () => {
    using key = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
    const pass = { nonce: new Uint8Array(16) };
    const o = { key, header: 'D0000K0TB00E0000', kdh: KDH, krdCertificate: KRD.certificate, pass };
    for (const form of FORMS) {
      const token = createKeyToken({ ...o, contentCipher: 'DES_EDE3_CBC', form });
      const { encoded } = readToken(token, 'envelopedData').signer!.attributes!;
      const attributes = readDer(encoded).children.map((child) => encodeHex(child.encoded));
      assert.equal(attributes.length, 4);
      const sorted = attributes.toSorted();
      if (form === 'X9_TR34_2012') assert.notDeepEqual(attributes, sorted);
      else assert.deepEqual(attributes, sorted);
    }
  });

  it('refuse a random source that gives too little', () => {
    for (const cipher of CIPHERS) {
      assert.throws(() => make(cipher, () => new Uint8Array(8)), RangeError);
      const calls = [randomBytes, () => new Uint8Array(4)];
      assert.throws(() => make(cipher, (length) => calls.shift()!(length)), RangeError);
    }
  });

  it('never use an ephemeral key or an IV twice', () => {
    const [first, second] = [envelopeOf(make('AES_256_CBC')), envelopeOf(make('AES_256_CBC'))];
    assert.notDeepEqual(first.iv, second.iv);
    assert.notDeepEqual(first.encrypted, second.encrypted);
    assert.notDeepEqual(first.encryptedKey, second.encryptedKey);
  });
});
