import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vectors from '../../../../vectors/tr34-dspread.json' with { type: 'json' };
import { decodeAscii, decodeHex, encodeHex, openKeyToken } from '../../src/index.ts';
import { readEnvelope } from '../../src/tr34/envelope.ts';
import { readToken } from '../../src/tr34/signed-data.ts';
import { codeOf, KRD } from './parties.ts';

describe('the key token in a terminal vendor’s demo', () => {
  const token = decodeHex(vectors.token);
  const kdhCertificate = decodeHex(vectors.kdhCertificate);
  const expectedNonce = decodeHex(vectors.nonce);
  const now = new Date('2024-01-01T00:00:00Z');

  it('shows header, random number, parties and cipher', () => {
    const { content, signer } = readToken(token, 'envelopedData');
    const envelope = readEnvelope(content);
    assert.equal(decodeAscii(signer!.attributes!.get('data', 0x04)!.content), vectors.header);
    assert.equal(encodeHex(signer!.attributes!.get('randomNonce', 0x04)!.content), vectors.nonce);
    assert.ok(encodeHex(signer!.id).endsWith(vectors.kdhSerial));
    assert.ok(encodeHex(envelope.recipientId).endsWith(vectors.krdSerial));
    assert.equal(envelope.contentCipher, 'DES_EDE3_CBC');
    assert.equal(envelope.form, 'X9_TR34_2012');
  });

  it('is verified, and refused only because it is meant for another device', () => {
    const open = (changed: Uint8Array) => () =>
      openKeyToken({ token: changed, krd: KRD, kdhCertificate, expectedNonce, now });
    assert.equal(codeOf(open(token)), 'RECIPIENT');
    const envelopeChanged = token.with(400, token[400]! ^ 1);
    assert.equal(codeOf(open(envelopeChanged)), 'SIGNATURE');
    const signatureChanged = token.with(token.length - 1, token.at(-1)! ^ 1);
    assert.equal(codeOf(open(signatureChanged)), 'SIGNATURE');
  });
});
