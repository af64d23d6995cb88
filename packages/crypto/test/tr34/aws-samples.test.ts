import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vectors from '../../../../vectors/tr34-aws-samples.json' with { type: 'json' };
import pki from '../../../../vectors/tr34-pki.json' with { type: 'json' };
import { createKeyToken, decodeHex, decryptOaep, encodeHex, openKeyToken, Secret } from '../../src/index.ts';
import { readEnvelope } from '../../src/tr34/envelope.ts';
import { readToken } from '../../src/tr34/signed-data.ts';
import { owner, sourceOf, toHex } from './parties.ts';

const now = new Date(vectors.now);

/** A token in hexadecimal, with what depends on OAEP's random seed blanked out: encrypted key, digest and signature. */
function withoutSeed(token: Uint8Array): string {
  const { content, signer } = readToken(token, 'envelopedData');
  const { encryptedKey } = readEnvelope(content);
  const digest = signer!.attributes!.get('messageDigest', 0x04)!.content;
  const seeded = [encryptedKey, digest, signer!.signature].map(encodeHex);
  return seeded.reduce((text, part) => text.replace(part, '*'.repeat(part.length)), encodeHex(token));
}

describe('tokens that the AWS samples make for import', () => {
  for (const [i, vector] of vectors.tokens.entries()) {
    const krd = owner(pki.parties[vector.krd as 'krd' | 'krd3072']);
    const kdh = owner({ certificate: vector.kdhCertificate, privateKey: vector.kdhPrivateKey });
    const token = decodeHex(vector.token);
    const nonce = decodeHex(vector.nonce);

    it(`${i + 1}, header ${vector.header}, open`, () => {
      const opened = openKeyToken({ token, krd, kdhCertificate: kdh.certificate, expectedNonce: nonce, now });
      assert.equal(toHex(opened.key), vector.key);
      assert.equal(opened.form, 'X9_TR34_2012');
      assert.equal(opened.header.keyUsage, vector.header.slice(5, 7));
      assert.equal(opened.time, undefined);
    });

    it(`${i + 1} come out byte for byte, but for OAEP's random seed`, () => {
      const { encryptedKey, iv, contentCipher } = readEnvelope(readToken(token, 'envelopedData').content);
      using ephemeral = decryptOaep(krd.privateKey, 'SHA256', encryptedKey);
      using key = Secret.fromHex(vector.key);
      const random = ephemeral.expose((bytes) => sourceOf(Uint8Array.from(bytes), iv));
      const krdCertificate = krd.certificate;
      const { header } = vector;
      const ours = createKeyToken({
        key,
        header,
        kdh,
        krdCertificate,
        contentCipher,
        pass: { nonce },
        random,
      });
      assert.equal(withoutSeed(ours), withoutSeed(token));
    });
  }
});
