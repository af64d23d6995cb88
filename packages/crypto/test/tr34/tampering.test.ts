import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  createCredentialToken,
  createKeyToken,
  createRandomNumberToken,
  createRebindToken,
  encodeAscii,
  openCredentialToken,
  openKeyToken,
  openRandomNumberToken,
  openRebindToken,
  Secret,
  type Tr34ErrorCode,
  type Tr34Form,
} from '../../src/index.ts';
import { attribute } from '../../src/tr34/attributes.ts';
import { readCrl } from '../../src/tr34/crl.ts';
import { octetString } from '../../src/tr34/der-writer.ts';
import { readEnvelope } from '../../src/tr34/envelope.ts';
import { passAttribute } from '../../src/tr34/pass.ts';
import { readToken } from '../../src/tr34/signed-data.ts';
import { writeToken } from '../../src/tr34/signed-data-writer.ts';
import { CRLS, KDH, KDH_CA, KRD, NEW_KDH, NONCE, NOW, refusalOf } from './parties.ts';

const KEY = '89E88CF7931444F334BD7547FC3F380C1A2B3C4D5E6F7081';
const HEADER = 'D0000K0TB00E0000';

function keyToken(form: Tr34Form): Uint8Array {
  using key = Secret.fromHex(KEY);
  const pass = { nonce: NONCE };
  const krdCertificate = KRD.certificate;
  return createKeyToken({
    key,
    header: HEADER,
    kdh: KDH,
    krdCertificate,
    contentCipher: 'DES_EDE3_CBC',
    pass,
    form,
  });
}

const open = (token: Uint8Array) =>
  openKeyToken({ token, krd: KRD, kdhCertificate: KDH.certificate, expectedNonce: NONCE, now: NOW });

/** Refused with a code of its own, and without the key in what is shown. */
function assertRefused(run: () => unknown): Tr34ErrorCode {
  const error = refusalOf(run);
  const shown = inspect(error, { depth: 5 }).toUpperCase();
  assert.ok(!shown.includes(KEY) && !shown.includes(KEY.slice(0, 16)), 'the refusal shows the key');
  return error.code;
}

const MASKS = [0x01, 0x80, 0xff];

for (const form of ['X9_TR34_2012', 'X9_TR34_2019_CMS'] as const) {
  describe(`a key token, form ${form}`, () => {
    const token = keyToken(form);

    it('is refused with any byte changed, before anything is decrypted', () => {
      const codes = new Set<Tr34ErrorCode>();
      for (const mask of MASKS) {
        for (const [at, byte] of token.entries()) {
          codes.add(assertRefused(() => open(token.with(at, byte ^ mask))));
        }
      }
      assert.ok(!codes.has('DECRYPTION_FAILED'));
      assert.ok(codes.has('SIGNATURE') && codes.has('DER') && codes.has('STRUCTURE'));
    });

    it('is refused wherever it is cut off', () => {
      for (const at of token.keys())
        assert.equal(
          assertRefused(() => open(token.subarray(0, at))),
          'DER',
        );
    });
  });
}

describe('a host that signs what it has changed', () => {
  const { content } = readToken(keyToken('X9_TR34_2012'), 'envelopedData');
  const attributes = [passAttribute({ nonce: NONCE }), attribute('data', octetString(encodeAscii(HEADER)))];
  const resigned = (envelope: Uint8Array) =>
    writeToken({
      form: 'X9_TR34_2012',
      contentType: 'envelopedData',
      content: envelope,
      attributes,
      signer: KDH,
    });

  /** IV and encrypted content stand at the end. */
  const { iv, encrypted } = readEnvelope(content);
  const encryptedFrom = content.content.length - (iv.length + 3 + encrypted.length);

  it('gets through only where the changed bit leaves a key block of its own, and learns nothing from the rest', () => {
    const messages = new Set<string>();
    for (const at of content.content.keys()) {
      const token = resigned(content.content.with(at, content.content[at]! ^ 0x01));
      try {
        open(token).key[Symbol.dispose]();
      } catch {
        const error = refusalOf(() => open(token));
        if (at >= encryptedFrom) messages.add(`${error.code} ${error.message}`);
        continue;
      }
      assert.ok(at >= encryptedFrom, `nothing depends on byte ${at} of the envelope`);
    }
    const failures = [...messages].filter((message) => message.startsWith('DECRYPTION_FAILED'));
    assert.equal(failures.length, 1);
    // Header and length of the key are the only other things to be told, once the signer is known to have encrypted them.
    assert.deepEqual(
      [...messages].filter(
        (message) => !/^(DECRYPTION_FAILED|HEADER_MISMATCH|KEY_LENGTH|DER|STRUCTURE) /.test(message),
      ),
      [],
    );
  });
});

describe('anything at all', () => {
  const rebind = createRebindToken({
    kdh: KDH,
    krdCertificate: KRD.certificate,
    newKdhCertificate: NEW_KDH.certificate,
    nonce: NONCE,
    crl: CRLS.current,
  });
  const credential = createCredentialToken({ certificate: KDH.certificate, crl: CRLS.current });
  const readers: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ['key token', keyToken('X9_TR34_2012'), open],
    [
      'rebind token',
      rebind,
      (token) =>
        openRebindToken({
          token,
          krdCertificate: KRD.certificate,
          kdhCertificate: KDH.certificate,
          kdhIssuer: KDH_CA,
          expectedNonce: NONCE,
          now: NOW,
        }),
    ],
    ['credential token', credential, (token) => openCredentialToken({ token, issuer: KDH_CA, now: NOW })],
    ['random number token', createRandomNumberToken(NONCE), openRandomNumberToken],
    ['revocation list', CRLS.current, readCrl],
  ];
  /** Opened, or refused as it should be: nothing else may come out. */
  const opensOrRefuses = (read: (bytes: Uint8Array) => unknown, bytes: Uint8Array) => {
    try {
      read(bytes);
    } catch {
      assertRefused(() => read(bytes));
    }
  };

  for (const [name, sample, read] of readers) {
    it(`is refused cleanly as a ${name}`, () => {
      for (const at of sample.keys())
        assert.equal(
          assertRefused(() => read(sample.subarray(0, at))),
          'DER',
        );
      const edits = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      });
      fc.assert(
        fc.property(edits, (changes) => {
          const changed = Uint8Array.from(sample);
          for (const [at, byte] of changes) changed[at] = byte;
          opensOrRefuses(read, changed);
        }),
        { numRuns: 300 },
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => opensOrRefuses(read, bytes)),
        { numRuns: 300 },
      );
    });
  }
});
