import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vectors from '../../../../vectors/tr34-annex-b.json' with { type: 'json' };
import {
  checkCertificate,
  createCaRebindToken,
  createCaUnbindToken,
  createCredentialToken,
  createRandomNumberToken,
  createRebindToken,
  createUnbindToken,
  decodeHex,
  encodeAscii,
  encodeHex,
  openCaRebindToken,
  openCaUnbindToken,
  openCredentialToken,
  openKeyToken,
  openRandomNumberToken,
  openRebindToken,
  openUnbindToken,
  Secret,
} from '../../src/index.ts';
import { readClearKeyBlock, writeClearKeyBlock } from '../../src/tr34/clear-key-block.ts';
import { codeOf, owner, toHex } from './parties.ts';

const { parties, tokens } = vectors;
const KDH = owner(parties.kdh1);
const KRD = owner(parties.krd1);
const KRD_CA = owner(parties.caKrd);
const kdhCertificate = KDH.certificate;
const krdCertificate = KRD.certificate;
const newKdhCertificate = decodeHex(parties.kdh2.certificate);
const kdhIssuer = decodeHex(parties.caKdh.certificate);
const nonce = decodeHex(vectors.releaseNonce);
const crl = decodeHex(vectors.crl);
const time = new Date('2012-01-31T13:22:14Z');
const now = new Date('2020-03-01T00:00:00Z');
const whenListed = new Date('2010-11-10T00:00:00Z');

describe('TR-34, annex B: tokens that come out byte for byte', () => {
  const parts = { krdCertificate, kdhCertificate, newKdhCertificate };
  const made: Partial<Record<keyof typeof tokens, () => Uint8Array>> = {
    'B.7 credential token of KRD 1': () => createCredentialToken({ certificate: krdCertificate }),
    'B.10 rebind token of the CA': () => createCaRebindToken({ ...parts, ca: KRD_CA, time }),
    'B.11 rebind token of KDH 1': () => createRebindToken({ ...parts, kdh: KDH, nonce, crl }),
    'B.12 random number token': () => createRandomNumberToken(decodeHex(vectors.nonce)),
    'B.13 unbind token of the CA': () => createCaUnbindToken({ ...parts, ca: KRD_CA }),
    'B.14 unbind token of KDH 1': () => createUnbindToken({ ...parts, kdh: KDH, nonce, crl }),
  };
  for (const [name, make] of Object.entries(made)) {
    it(name, () => assert.equal(encodeHex(make()), tokens[name as keyof typeof tokens]));
  }

  it('the key block that is encrypted (B.2.2.2.1)', () => {
    using key = Secret.fromHex(vectors.key);
    const { kdhId } = readClearKeyBlock(decodeHex(vectors.clearKeyBlock));
    const block = writeClearKeyBlock({ kdhId, key, header: encodeAscii(vectors.header) });
    assert.equal(encodeHex(block), vectors.clearKeyBlock);
  });
});

describe('TR-34, annex B: tokens that open', () => {
  it('B.6 credential token of KDH 1, with its revocation list after the signers', () => {
    const opened = openCredentialToken({ token: decodeHex(tokens['B.6 credential token of KDH 1']), now });
    assert.equal(encodeHex(opened.certificate), parties.kdh1.certificate);
    assert.equal(encodeHex(opened.crl!), vectors.crl);
  });

  it('B.7 credential token of KRD 1, under its authority', () => {
    const token = decodeHex(tokens['B.7 credential token of KRD 1']);
    const opened = openCredentialToken({ token, now, issuer: KRD_CA.certificate });
    assert.deepEqual(opened, { certificate: krdCertificate });
  });

  it('B.10 rebind token of the certificate authority', () => {
    const token = decodeHex(tokens['B.10 rebind token of the CA']);
    const caCertificate = KRD_CA.certificate;
    const o = { token, caCertificate, krdCertificate, kdhCertificate, kdhIssuer, now };
    assert.deepEqual(openCaRebindToken(o), { kdhCertificate: newKdhCertificate, time });
  });

  it('B.11 rebind token of KDH 1', () => {
    const token = decodeHex(tokens['B.11 rebind token of KDH 1']);
    const opened = openRebindToken({ token, krdCertificate, kdhCertificate, expectedNonce: nonce, now });
    assert.deepEqual(opened, { kdhCertificate: newKdhCertificate });
  });

  it('B.12 random number token', () => {
    const token = decodeHex(tokens['B.12 random number token']);
    assert.equal(encodeHex(openRandomNumberToken(token)), vectors.nonce);
  });

  it('B.13 unbind token of the certificate authority', () => {
    const token = decodeHex(tokens['B.13 unbind token of the CA']);
    openCaUnbindToken({ token, caCertificate: KRD_CA.certificate, krdCertificate, kdhCertificate, now });
  });

  it('B.14 unbind token of KDH 1', () => {
    const token = decodeHex(tokens['B.14 unbind token of KDH 1']);
    openUnbindToken({ token, krdCertificate, kdhCertificate, expectedNonce: nonce, now });
  });
});

describe('TR-34, annex B: key tokens', () => {
  const ONE_PASS = 'B.8 key token, one pass';
  const TWO_PASSES = 'B.9 key token, two passes';
  const expectedNonce = decodeHex(vectors.nonce);
  const open = (token: string, pass: { expectedNonce?: Uint8Array }) =>
    openKeyToken({ token: decodeHex(token), krd: KRD, kdhCertificate, now, ...pass });

  it('as published pass every check up to the decryption of the ephemeral key, which is faulty', () => {
    assert.equal(
      codeOf(() => open(tokens[ONE_PASS], {})),
      'DECRYPTION_FAILED',
    );
    assert.equal(
      codeOf(() => open(tokens[TWO_PASSES], { expectedNonce })),
      'DECRYPTION_FAILED',
    );
    assert.equal(
      codeOf(() => open(tokens[TWO_PASSES], { expectedNonce: nonce })),
      'NONCE_MISMATCH',
    );
    const changed = tokens[ONE_PASS].replace('323030323130', '323030323131');
    assert.equal(
      codeOf(() => open(changed, {})),
      'SIGNATURE',
    );
  });

  for (const [name, pass] of [
    [ONE_PASS, {}],
    [TWO_PASSES, { expectedNonce }],
  ] as const) {
    it(`${name}, with the ephemeral key encrypted anew, opens`, () => {
      const { key, header, form, time: signed } = open(vectors.repaired.tokens[name], pass);
      assert.equal(toHex(key), vectors.key);
      assert.deepEqual(header, {
        version: 'A',
        keyUsage: 'K0',
        algorithm: 'T',
        modeOfUse: 'B',
        keyVersion: '00',
        exportability: 'E',
        keyContext: '0',
        reserved: '0',
      });
      assert.equal(form, 'X9_TR34_2019_CMS');
      assert.deepEqual(signed, name === ONE_PASS ? new Date('2020-02-10T19:13:53Z') : undefined);
    });
  }
});

describe('TR-34, annex B: certificates', () => {
  it('the authorities under the root, the new host under its authority and not revoked', () => {
    const issuer = decodeHex(parties.root.certificate);
    checkCertificate({ certificate: kdhIssuer, issuer, now });
    checkCertificate({ certificate: KRD_CA.certificate, issuer, now });
    checkCertificate({ certificate: newKdhCertificate, issuer: kdhIssuer, crl, now: whenListed });
    const late = () => checkCertificate({ certificate: newKdhCertificate, issuer: kdhIssuer, crl, now });
    assert.equal(codeOf(late), 'CRL_EXPIRED');
  });

  it('KDH 1 is refused under its authority: its certificate has the same extension twice', () => {
    const check = () => checkCertificate({ certificate: kdhCertificate, issuer: kdhIssuer, now });
    assert.equal(codeOf(check), 'CERTIFICATE_UNKNOWN');
  });
});
