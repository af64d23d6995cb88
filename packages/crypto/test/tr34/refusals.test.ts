import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import {
  checkCertificate,
  concat,
  createCaRebindToken,
  createCaUnbindToken,
  createCredentialToken,
  createKeyToken,
  createRandomNumberToken,
  createRebindToken,
  createUnbindToken,
  encodeAscii,
  encryptOaep,
  expandKey,
  type KeyTokenOptions,
  openCaRebindToken,
  openCaUnbindToken,
  openCredentialToken,
  openKeyToken,
  openRandomNumberToken,
  openRebindToken,
  openUnbindToken,
  randomBytes,
  Secret,
  TR34_ERROR_CODES,
  type Tr34ErrorCode,
} from '../../src/index.ts';
import { attribute } from '../../src/tr34/attributes.ts';
import { readCertificate } from '../../src/tr34/certificate.ts';
import { writeClearKeyBlock } from '../../src/tr34/clear-key-block.ts';
import { encryptContent } from '../../src/tr34/content-cipher.ts';
import { derElement, octetString, sequence } from '../../src/tr34/der-writer.ts';
import { type Envelope, readEnvelope, writeEnvelope } from '../../src/tr34/envelope.ts';
import { objectIdentifier } from '../../src/tr34/object-identifier.ts';
import { passAttribute } from '../../src/tr34/pass.ts';
import { readToken } from '../../src/tr34/signed-data.ts';
import { type SignedDataFields, writeToken } from '../../src/tr34/signed-data-writer.ts';
import {
  CRLS,
  codeOf,
  EC_CERTIFICATE,
  KDH,
  KDH_3072,
  KDH_CA,
  KDH_CA_EXPIRED,
  KDH_CA_IMPOSTOR,
  KDH_CA_NOT_CA,
  KRD,
  KRD_3072,
  KRD_CA,
  NEW_KDH,
  NONCE,
  NOW,
  REVOKED_KDH,
  refusalOf,
} from './parties.ts';

const HEADER = 'D0000K0TB00E0000';
const KEY = '0123456789ABCDEFFEDCBA9876543210';
const OTHER_NONCE = Uint8Array.from(NONCE).reverse();
const EARLIER = new Date('2030-06-01T11:59:59Z');

function keyToken(o: Partial<KeyTokenOptions> = {}): Uint8Array {
  using key = Secret.fromHex(KEY);
  return createKeyToken({
    key,
    header: HEADER,
    kdh: KDH,
    krdCertificate: KRD.certificate,
    contentCipher: 'DES_EDE3_CBC',
    pass: { nonce: NONCE },
    ...o,
  });
}

const twoPasses = { krd: KRD, kdhCertificate: KDH.certificate, expectedNonce: NONCE, now: NOW };
const onePass = { krd: KRD, kdhCertificate: KDH.certificate, now: NOW };
const open = (token: Uint8Array, o: Partial<Parameters<typeof openKeyToken>[0]> = {}) =>
  openKeyToken({ ...twoPasses, token, ...o });

/** A key token whose host signs whatever it likes. */
function signed(o: Partial<SignedDataFields>): Uint8Array {
  const { content } = readToken(keyToken(), 'envelopedData');
  return writeToken({
    form: 'X9_TR34_2012',
    contentType: 'envelopedData',
    content: content.content,
    attributes: [passAttribute({ nonce: NONCE }), attribute('data', octetString(encodeAscii(HEADER)))],
    signer: KDH,
    ...o,
  });
}

const envelope = (): Envelope => readEnvelope(readToken(keyToken(), 'envelopedData').content);

/** A signed token with another clear content, under an ephemeral key of `keyLength` bytes. */
function sealed(clear: Uint8Array, keyLength = 24): Uint8Array {
  using ephemeral = Secret.take(randomBytes(keyLength));
  using contentKey = ephemeral.expose((bytes) => Secret.copyOf(concat(bytes, bytes).subarray(0, 24)));
  const encrypted = encryptContent('DES_EDE3_CBC', contentKey, NONCE, clear);
  const encryptedKey = encryptOaep(readCertificate(KRD.certificate, '').x509.publicKey, 'SHA256', ephemeral);
  return signed({ content: writeEnvelope({ ...envelope(), iv: NONCE, encrypted, encryptedKey }) });
}

function clearBlock(o: { kdh?: Uint8Array; key?: string; header?: string } = {}): Uint8Array {
  using key = Secret.fromHex(o.key ?? KEY);
  const { id } = readCertificate(o.kdh ?? KDH.certificate, 'KDH certificate');
  return writeClearKeyBlock({ kdhId: id, key, header: encodeAscii(o.header ?? HEADER) });
}

/** A token of data, said to be an envelope outside of what is signed. */
function ofAnotherType(): Uint8Array {
  const token = Buffer.from(signed({ contentType: 'data' })).toString('hex');
  return new Uint8Array(Buffer.from(token.replace('2a864886f70d010701', '2a864886f70d010703'), 'hex'));
}

/** The key block with padding 0, 0 … n instead of n, n … n. */
function badlyPadded(): Uint8Array {
  const clear = clearBlock({ key: `${KEY}00000000` });
  const filler = 8 - (clear.length % 8);
  const padded = concat(clear, new Uint8Array(filler - 1), Uint8Array.of(filler));
  assert.ok(filler > 1, 'one byte of padding can’t be half right');
  using ephemeral = Secret.take(randomBytes(24));
  using cipher = expandKey('TDES', ephemeral);
  const encrypted = cipher.encryptCbc(NONCE, padded);
  const encryptedKey = encryptOaep(readCertificate(KRD.certificate, '').x509.publicKey, 'SHA256', ephemeral);
  return signed({ content: writeEnvelope({ ...envelope(), iv: NONCE, encrypted, encryptedKey }) });
}

const changed = (token: Uint8Array, at: number) => token.with(at, token.at(at)! ^ 1);

const parts = { krdCertificate: KRD.certificate, kdhCertificate: KDH.certificate, nonce: NONCE };
const newKdhCertificate = NEW_KDH.certificate;
const caCertificate = KRD_CA.certificate;
const ofKdh = {
  krdCertificate: KRD.certificate,
  kdhCertificate: KDH.certificate,
  expectedNonce: NONCE,
  now: NOW,
};
const ofCa = { krdCertificate: KRD.certificate, kdhCertificate: KDH.certificate, caCertificate, now: NOW };

const unbind = (o = {}) => createUnbindToken({ ...parts, kdh: KDH, ...o });
const rebind = (o = {}) => createRebindToken({ ...parts, kdh: KDH, newKdhCertificate, ...o });
const caUnbind = (o = {}) => createCaUnbindToken({ ...parts, ca: KRD_CA, ...o });
const caRebind = (o = {}) =>
  createCaRebindToken({ ...parts, ca: KRD_CA, newKdhCertificate, time: EARLIER, ...o });

const REFUSALS: [Tr34ErrorCode, string, () => unknown][] = [
  ['DER', 'a token that is cut off', () => open(keyToken().subarray(0, -1))],
  ['DER', 'a byte after the token', () => open(concat(keyToken(), Uint8Array.of(0)))],
  ['DER', 'text for a token', () => open(encodeAscii('308201'))],
  [
    'DER',
    'a certificate that is cut off',
    () => open(keyToken(), { kdhCertificate: KDH.certificate.subarray(1) }),
  ],
  ['STRUCTURE', 'a random number token for a key token', () => open(createRandomNumberToken(NONCE))],
  ['STRUCTURE', 'an unbind token for a key token', () => open(unbind())],
  ['STRUCTURE', 'a rebind token for an unbind token', () => openUnbindToken({ ...ofKdh, token: rebind() })],
  [
    'STRUCTURE',
    'a token of another type',
    () => open(sequence(objectIdentifier('envelopedData'), keyToken().subarray(15))),
  ],
  [
    'STRUCTURE',
    'two random numbers',
    () => open(signed({ attributes: twice(passAttribute({ nonce: NONCE })) })),
  ],
  [
    'STRUCTURE',
    'an attribute without a value',
    () => open(signed({ attributes: [sequence(objectIdentifier('data'), derElement(0x31))] })),
  ],
  ['STRUCTURE', 'two revocation lists', openTwoCrls],
  [
    'STRUCTURE',
    'an envelope with an IV of the wrong length',
    () => open(withEnvelope({ iv: new Uint8Array(16) })),
  ],
  [
    'STRUCTURE',
    'content that is not whole blocks',
    () => open(withEnvelope({ encrypted: new Uint8Array(31) })),
  ],
  ['STRUCTURE', 'no content', () => open(withEnvelope({ encrypted: new Uint8Array() }))],
  ['STRUCTURE', 'a credential token with a signer', () => openCredentialToken({ token: unbind(), now: NOW })],
  [
    'STRUCTURE',
    'a random number token with something else',
    () => openRandomNumberToken(attribute('data', octetString(NONCE))),
  ],
  ['ALGORITHM', 'a digest by SHA-224', () => open(replaced(SHA256, SHA224))],
  ['ALGORITHM', 'an unknown content cipher', () => open(signed({ content: withCipher() }))],
  ['CERTIFICATE', 'a certificate of an EC key', () => keyToken({ krdCertificate: EC_CERTIFICATE })],
  ['CERTIFICATE', 'DER that is no certificate', () => keyToken({ krdCertificate: sequence() })],
  [
    'CERTIFICATE',
    'a certificate that only begins like one',
    () => keyToken({ krdCertificate: hollowCertificate() }),
  ],
  [
    'CERTIFICATE_NOT_YET_VALID',
    'before the year 2025',
    () => open(keyToken(), { now: new Date('2024-12-31T23:59:59Z') }),
  ],
  [
    'CERTIFICATE_EXPIRED',
    'after the year 2044',
    () => open(keyToken(), { now: new Date('2045-01-01T00:00:01Z') }),
  ],
  [
    'CERTIFICATE_EXPIRED',
    'a token of the authority, late',
    () => openCaUnbindToken({ ...ofCa, token: caUnbind(), now: new Date('2127-01-01T00:00:00Z') }),
  ],
  [
    'CERTIFICATE_UNKNOWN',
    'a certificate whose signature was changed',
    () => open(keyToken(), { kdhCertificate: changed(KDH.certificate, -1), kdhIssuer: KDH_CA }),
  ],
  ['SIGNATURE', 'content of another type than the attributes say', () => open(ofAnotherType())],
  [
    'CERTIFICATE_UNKNOWN',
    'an authority of the right name with another key',
    () => open(keyToken(), { kdhIssuer: KDH_CA_IMPOSTOR }),
  ],
  [
    'CERTIFICATE_UNKNOWN',
    'an authority of the right name and key that is none',
    () => open(keyToken(), { kdhIssuer: KDH_CA_NOT_CA }),
  ],
  [
    'CERTIFICATE_UNKNOWN',
    'a new host of another authority, by the device’s authority',
    () =>
      openCaRebindToken({
        ...ofCa,
        token: caRebind({ newKdhCertificate: KRD_3072.certificate }),
        kdhIssuer: KDH_CA,
      }),
  ],
  [
    'CERTIFICATE_EXPIRED',
    'an authority that has expired',
    () => open(keyToken(), { kdhIssuer: KDH_CA_EXPIRED }),
  ],
  [
    'CRL_EXPIRED',
    'a revocation list from the future',
    () => open(keyToken({ crl: CRLS.future }), { kdhIssuer: KDH_CA }),
  ],
  ['DECRYPTION_FAILED', 'padding of which the last byte alone is right', () => open(badlyPadded())],
  [
    'CERTIFICATE_UNKNOWN',
    'a host of another authority',
    () => open(keyToken(), { kdhIssuer: KRD_CA.certificate }),
  ],
  [
    'CERTIFICATE_UNKNOWN',
    'an authority that is none',
    () => open(keyToken(), { kdhIssuer: NEW_KDH.certificate }),
  ],
  [
    'CERTIFICATE_UNKNOWN',
    'a new host of another authority',
    () =>
      openRebindToken({
        ...ofKdh,
        token: rebind({ newKdhCertificate: KRD_3072.certificate }),
        kdhIssuer: KDH_CA,
      }),
  ],
  [
    'CERTIFICATE_REVOKED',
    'a revoked host',
    () =>
      openKeyToken({
        ...twoPasses,
        token: keyToken({ kdh: REVOKED_KDH, crl: CRLS.current }),
        kdhCertificate: REVOKED_KDH.certificate,
        kdhIssuer: KDH_CA,
      }),
  ],
  [
    'CERTIFICATE_REVOKED',
    'a revoked host in a credential token',
    () =>
      openCredentialToken({
        token: createCredentialToken({ certificate: REVOKED_KDH.certificate, crl: CRLS.currentSha512 }),
        issuer: KDH_CA,
        now: NOW,
      }),
  ],
  [
    'CERTIFICATE_REVOKED',
    'a revoked new host',
    () =>
      openRebindToken({
        ...ofKdh,
        token: rebind({ newKdhCertificate: REVOKED_KDH.certificate, crl: CRLS.current }),
        kdhIssuer: KDH_CA,
      }),
  ],
  [
    'CRL',
    'a revocation list of another authority',
    () => open(keyToken({ crl: CRLS.other }), { kdhIssuer: KDH_CA }),
  ],
  [
    'CRL',
    'a revocation list that was changed',
    () =>
      checkCertificate({
        certificate: KDH.certificate,
        issuer: KDH_CA,
        crl: changed(CRLS.current, -1),
        now: NOW,
      }),
  ],
  [
    'CRL',
    'a revocation list whose signature has unused bits',
    // Its 256 bytes are the last of the list; before them the BIT STRING says how many bits are unused.
    () => open(keyToken({ crl: changed(CRLS.current, -257) }), { kdhIssuer: KDH_CA }),
  ],
  ['CRL', 'a certificate for a revocation list', () => keyToken({ crl: KDH.certificate })],
  [
    'CRL_EXPIRED',
    'an old revocation list',
    () => open(keyToken({ crl: CRLS.expired }), { kdhIssuer: KDH_CA }),
  ],
  [
    'KEY_PAIR',
    'a host with the key of another',
    () => keyToken({ kdh: { ...KDH, privateKey: KDH_3072.privateKey } }),
  ],
  [
    'KEY_PAIR',
    'a device with the key of another',
    () => open(keyToken(), { krd: { ...KRD, privateKey: KDH.privateKey } }),
  ],
  ['SIGNER', 'another host', () => open(keyToken(), { kdhCertificate: NEW_KDH.certificate })],
  [
    'SIGNER',
    'an unbind token of another host',
    () => openUnbindToken({ ...ofKdh, token: unbind({ kdh: NEW_KDH }) }),
  ],
  [
    'SIGNER',
    'a token of the host for one of the authority',
    () => openCaUnbindToken({ ...ofCa, token: caUnbind({ ca: KDH }) }),
  ],
  ['SIGNATURE', 'a changed signature', () => open(changed(keyToken(), -1))],
  ['SIGNATURE', 'a changed envelope', () => open(changed(keyToken(), 300))],
  ['SIGNATURE', 'a signature without attributes', () => open(signed({ attributes: undefined }))],
  ['SIGNATURE', 'a token without a signer', () => open(signed({ signer: undefined }))],
  [
    'SIGNATURE',
    'the signature of another host',
    () => openKeyToken({ ...twoPasses, token: impersonation() }),
  ],
  ['RECIPIENT', 'a key for another device', () => open(keyToken({ krdCertificate: KRD_3072.certificate }))],
  [
    'RECIPIENT',
    'an unbind token for another device',
    () => openUnbindToken({ ...ofKdh, token: unbind({ krdCertificate: KRD_3072.certificate }) }),
  ],
  [
    'RECIPIENT',
    'a rebind token for another device',
    () => openRebindToken({ ...ofKdh, token: rebind({ krdCertificate: KRD_3072.certificate }) }),
  ],
  [
    'RECIPIENT',
    'the authority’s tokens for another device',
    () => openCaRebindToken({ ...ofCa, token: caRebind({ krdCertificate: KRD_3072.certificate }) }),
  ],
  [
    'OTHER_KDH',
    'the authority’s unbind token about another host',
    () => openCaUnbindToken({ ...ofCa, token: caUnbind({ kdhCertificate: NEW_KDH.certificate }) }),
  ],
  [
    'OTHER_KDH',
    'the authority’s rebind token about another host',
    () => openCaRebindToken({ ...ofCa, token: caRebind({ kdhCertificate: NEW_KDH.certificate }) }),
  ],
  ['NONCE_MISSING', 'one pass for two', () => open(keyToken({ pass: { time: EARLIER } }))],
  ['NONCE_UNEXPECTED', 'two passes for one', () => openKeyToken({ ...onePass, token: keyToken() })],
  ['NONCE_MISMATCH', 'another random number', () => open(keyToken({ pass: { nonce: OTHER_NONCE } }))],
  [
    'NONCE_MISMATCH',
    'an old unbind token',
    () => openUnbindToken({ ...ofKdh, token: unbind({ nonce: OTHER_NONCE }) }),
  ],
  [
    'TIME_MISSING',
    'neither random number nor time',
    () => openKeyToken({ ...onePass, token: signed({ attributes: [] }) }),
  ],
  [
    'TIME_IN_FUTURE',
    'signed a second from now',
    () => openKeyToken({ ...onePass, token: keyToken({ pass: { time: new Date(NOW.getTime() + 1000) } }) }),
  ],
  [
    'TIME_IN_FUTURE',
    'the authority’s rebind token from the future',
    () => openCaRebindToken({ ...ofCa, token: caRebind({ time: new Date('2031-01-01T00:00:00Z') }) }),
  ],
  ['HEADER', 'a header of 15 characters', () => keyToken({ header: HEADER.slice(1) })],
  ['HEADER', 'a header of an unknown version', () => keyToken({ header: HEADER.replace('D', 'X') })],
  ['HEADER', 'no signed header', () => open(signed({ attributes: [passAttribute({ nonce: NONCE })] }))],
  ['HEADER', 'a signed header that is none', () => open(signedHeader('D0000K0TB00E000\u0001'))],
  ['HEADER', 'a signed header that is too long', () => open(signedHeader(`${HEADER}0`))],
  ['HEADER_MISMATCH', 'another header signed than encrypted', () => open(signedHeader('D0000K0TB00S0000'))],
  ['KEY_LENGTH', 'a TDES key of 8 bytes', () => keyToken({ key: Secret.fromHex(KEY.slice(16)) })],
  [
    'KEY_LENGTH',
    'an AES key of 20 bytes',
    () => keyToken({ header: HEADER.replace('T', 'A'), key: Secret.fromHex(`${KEY}00000000`) }),
  ],
  ['KEY_LENGTH', 'a TDES key of 32 bytes in a token', () => open(sealed(clearBlock({ key: KEY + KEY })))],
  ['DECRYPTION_FAILED', 'another host inside', () => open(sealed(clearBlock({ kdh: NEW_KDH.certificate })))],
  ['DECRYPTION_FAILED', 'something else inside', () => open(sealed(encodeAscii('not a key block')))],
  [
    'DECRYPTION_FAILED',
    'something after the key block',
    () => open(sealed(concat(clearBlock(), Uint8Array.of(0)))),
  ],
  ['DECRYPTION_FAILED', 'an ephemeral key of two DES keys', () => open(sealed(clearBlock(), 16))],
  [
    'DECRYPTION_FAILED',
    'wrong padding',
    () => open(withEnvelope({ encrypted: envelope().encrypted.subarray(0, -8) })),
  ],
  [
    'DECRYPTION_FAILED',
    'an ephemeral key that is none',
    () => open(withEnvelope({ encryptedKey: new Uint8Array(256).fill(1) })),
  ],
  [
    'DECRYPTION_FAILED',
    'an ephemeral key that is cut off',
    () => open(withEnvelope({ encryptedKey: new Uint8Array(255) })),
  ],
];

const SHA256 = '608648016503040201';
const SHA224 = '608648016503040204';

/** A token with one object identifier for another. */
function replaced(from: string, to: string): Uint8Array {
  const text = Buffer.from(keyToken()).toString('hex');
  return new Uint8Array(Buffer.from(text.replaceAll(from, to), 'hex'));
}

function twice(part: Uint8Array): Uint8Array[] {
  return [part, part];
}

function withEnvelope(o: Partial<Envelope>): Uint8Array {
  return signed({ content: writeEnvelope({ ...envelope(), ...o }) });
}

function signedHeader(header: string): Uint8Array {
  const attributes = [passAttribute({ nonce: NONCE }), attribute('data', octetString(Buffer.from(header)))];
  return signed({ attributes });
}

/** The envelope with an RC2 identifier where the cipher should stand. */
function withCipher(): Uint8Array {
  const text = Buffer.from(writeEnvelope(envelope())).toString('hex');
  return new Uint8Array(Buffer.from(text.replace('2a864886f70d0307', '2a864886f70d0302'), 'hex'));
}

function openTwoCrls(): unknown {
  const one = Buffer.from(derElement(0xa1, CRLS.current)).toString('hex');
  const two = Buffer.from(derElement(0xa1, CRLS.current, CRLS.current)).toString('hex');
  const token = Buffer.from(signed({ crl: CRLS.current })).toString('hex');
  const grown = Buffer.from(token.replace(one, two), 'hex');
  // The three elements around it grow by as much: their lengths are of two bytes each.
  for (const at of [2, 17, 21]) grown.writeUInt16BE(grown.readUInt16BE(at) + CRLS.current.length, at);
  return open(new Uint8Array(grown));
}

function hollowCertificate(): Uint8Array {
  const serial = Uint8Array.of(2, 1, 1);
  return sequence(sequence(serial, sequence(), sequence()));
}

/** A token that names the host as its signer, but is signed with the key of another. */
function impersonation(): Uint8Array {
  const other = Buffer.from(readCertificate(NEW_KDH.certificate, '').id).toString('hex');
  const host = Buffer.from(readCertificate(KDH.certificate, '').id).toString('hex');
  const token = Buffer.from(signed({ signer: NEW_KDH })).toString('hex');
  return new Uint8Array(Buffer.from(token.replaceAll(other, host), 'hex'));
}

describe('every refusal has its code', () => {
  for (const [code, name, run] of REFUSALS) {
    it(`${code}: ${name}`, () => assert.equal(codeOf(run), code));
  }

  it('and every code has its refusal', () => {
    assert.deepEqual(new Set(REFUSALS.map(([code]) => code)), new Set(Object.keys(TR34_ERROR_CODES)));
  });

  it('nothing tells why decryption failed', () => {
    const runs = REFUSALS.filter(([code]) => code === 'DECRYPTION_FAILED').map(
      ([, , run]) => refusalOf(run).message,
    );
    assert.equal(runs.length, 8);
    assert.equal(new Set(runs).size, 1);
  });

  it('the same tokens unchanged are opened', () => {
    const key = ({ key: opened }: { key: Secret }) => opened.length;
    assert.equal(key(open(keyToken())), 16);
    assert.equal(key(open(signed({}))), 16);
    assert.equal(key(open(sealed(clearBlock()))), 16);
    assert.equal(key(open(keyToken({ crl: CRLS.current }), { kdhIssuer: KDH_CA })), 16);
    assert.deepEqual(openKeyToken({ ...onePass, token: keyToken({ pass: { time: NOW } }) }).time, NOW);
    openUnbindToken({ ...ofKdh, token: unbind({ crl: CRLS.current }), kdhIssuer: KDH_CA });
    openCaUnbindToken({ ...ofCa, token: caUnbind() });
    const rebound = openRebindToken({
      ...ofKdh,
      token: rebind({ crl: CRLS.currentSha512 }),
      kdhIssuer: KDH_CA,
    });
    assert.deepEqual(rebound, { kdhCertificate: newKdhCertificate });
    const byCa = openCaRebindToken({ ...ofCa, token: caRebind(), kdhIssuer: KDH_CA });
    assert.deepEqual(byCa, { kdhCertificate: newKdhCertificate, time: EARLIER });
  });

  it('random numbers of the wrong length are the caller’s mistake', () => {
    for (const length of [0, 7, 17]) {
      assert.throws(() => createRandomNumberToken(new Uint8Array(length)), RangeError);
      assert.throws(() => keyToken({ pass: { nonce: new Uint8Array(length) } }), RangeError);
    }
  });
});

test('a time that is none does not pass for one at which everything is in force', () => {
  assert.throws(() => open(keyToken(), { now: new Date(Number.NaN) }), RangeError);
});
