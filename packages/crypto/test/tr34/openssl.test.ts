import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  type ContentCipher,
  createCaRebindToken,
  createCaUnbindToken,
  createCredentialToken,
  createKeyToken,
  createRebindToken,
  createUnbindToken,
  encodeHex,
  type KeyPairOwner,
  Secret,
  type Tr34Form,
} from '../../src/index.ts';
import { readDer } from '../../src/tr34/der-reader.ts';
import { derElement, sequence } from '../../src/tr34/der-writer.ts';
import { objectIdentifier } from '../../src/tr34/object-identifier.ts';
import { CRLS, KDH, KRD, KRD_CA, NEW_KDH, NONCE, NOW } from './parties.ts';

const folder = mkdtempSync(join(tmpdir(), 'tr34-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs the platform's openssl in a folder of its own. */
function openssl(...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('openssl', args, { cwd: folder });
  assert.equal(error, undefined, `these tests need the openssl command: ${error?.message}`);
  assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function put(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return name;
}

function putOwner(name: string, { certificate, privateKey }: KeyPairOwner): void {
  put(`${name}.crt.der`, certificate);
  put(`${name}.key.pem`, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  openssl('x509', '-inform', 'DER', '-in', `${name}.crt.der`, '-out', `${name}.pem`);
  writeFileSync(join(folder, `${name}.pub`), openssl('x509', '-in', `${name}.pem`, '-noout', '-pubkey'));
}

putOwner('kdh', KDH);
putOwner('krd', KRD);
putOwner('krd-ca', KRD_CA);

const KEYS = {
  T: '89E88CF7931444F334BD7547FC3F380C1A2B3C4D5E6F7081',
  A: '9A258BD009C508667F11A04301C6D4EC',
};
const CIPHERS: Record<ContentCipher, string> = {
  DES_EDE3_CBC: 'des-ede3-cbc',
  AES_128_CBC: 'aes-128-cbc',
  AES_256_CBC: 'aes-256-cbc',
};

function keyToken(contentCipher: ContentCipher, algorithm: 'T' | 'A', form: Tr34Form): Uint8Array {
  using key = Secret.fromHex(KEYS[algorithm]);
  const header = `D0000K0${algorithm}B00E0000`;
  const pass = { nonce: NONCE };
  const crl = CRLS.current;
  return createKeyToken({
    key,
    header,
    kdh: KDH,
    krdCertificate: KRD.certificate,
    contentCipher,
    pass,
    form,
    crl,
  });
}

interface Line {
  offset: number;
  headerLength: number;
  length: number;
  tag: string;
  value: string;
}

/** The elements that openssl finds in a file. */
function parse(file: string): Line[] {
  const text = openssl('asn1parse', '-inform', 'DER', '-in', file).toString();
  return [
    ...text.matchAll(/^ *([0-9]+):d=[0-9]+ +hl=([0-9]+) l= *([0-9]+) (?:prim|cons): (.{18})(.*)$/gm),
  ].map(([, offset, headerLength, length, tag, value]) => ({
    offset: Number(offset),
    headerLength: Number(headerLength),
    length: Number(length),
    tag: tag!.trim(),
    value: value!.trim(),
  }));
}

/** The element after the one with this value. */
function following(lines: Line[], value: string, tag: string): Line {
  const start = lines.findIndex((line) => line.value === value);
  const found = lines.slice(start).find((line) => line.tag === tag);
  assert.ok(start >= 0 && found, `no ${tag} after ${value}`);
  return found;
}

function cut(file: string, { offset, headerLength, length }: Line): Buffer {
  return readFileSync(join(folder, file)).subarray(offset + headerLength, offset + headerLength + length);
}

const decryptEphemeral = (file: string) =>
  openssl(
    ...['pkeyutl', '-decrypt', '-inkey', 'krd.key.pem', '-in', file],
    ...[
      '-pkeyopt',
      'rsa_padding_mode:oaep',
      '-pkeyopt',
      'rsa_oaep_md:sha256',
      '-pkeyopt',
      'rsa_mgf1_md:sha256',
    ],
  );

/** The key inside the clear key block, and the header. */
function readBlock(block: Uint8Array): { key: string; header: string } {
  const [, , key, header] = readDer(block).children;
  return {
    key: encodeHex(key!.content),
    header: Buffer.from(header!.children[1]!.children[0]!.content).toString(),
  };
}

const combinations = (Object.keys(CIPHERS) as ContentCipher[]).flatMap((cipher) =>
  (['T', 'A'] as const).map((algorithm) => [cipher, algorithm] as const),
);

describe('openssl opens key tokens in the form of 2012', () => {
  for (const [cipher, algorithm] of combinations) {
    it(`${cipher}, key of algorithm ${algorithm}`, () => {
      put('token.der', keyToken(cipher, algorithm, 'X9_TR34_2012'));
      const outer = parse('token.der');
      const signature = outer.at(-1)!;
      const attributes = outer.findLast((line) => line.tag.startsWith('cont [ 0 ]'))!;
      put('signature', cut('token.der', signature));
      const signed = cut('token.der', attributes);
      put('signed', derElement(0x31, signed));
      const verified = openssl('dgst', '-sha256', '-verify', 'kdh.pub', '-signature', 'signature', 'signed');
      assert.equal(verified.toString().trim(), 'Verified OK');

      put('envelope', cut('token.der', following(outer, ':pkcs7-envelopedData', 'OCTET STRING')));
      const digest = openssl('dgst', '-sha256', '-r', 'envelope').toString().slice(0, 64);
      assert.ok(outer.some(({ value }) => value === `[HEX DUMP]:${digest.toUpperCase()}`));

      put('envelope.der', sequence(readFileSync(join(folder, 'envelope'))));
      const inner = parse('envelope.der');
      const encryptedKey = inner.find((line) => line.tag === 'OCTET STRING' && line.length === 256)!;
      put('ephemeral', cut('envelope.der', encryptedKey));
      const ephemeral = encodeHex(decryptEphemeral('ephemeral'));
      const name = `:${CIPHERS[cipher]}`;
      put('encrypted', cut('envelope.der', following(inner, name, 'cont [ 0 ]')));
      const iv = encodeHex(cut('envelope.der', following(inner, name, 'OCTET STRING')));
      const block = openssl(
        'enc',
        '-d',
        `-${CIPHERS[cipher]}`,
        '-K',
        ephemeral,
        '-iv',
        iv,
        '-in',
        'encrypted',
      );
      assert.deepEqual(readBlock(block), { key: KEYS[algorithm], header: `D0000K0${algorithm}B00E0000` });
    });
  }
});

const verifyCms = (signer: string) =>
  openssl(
    ...['cms', '-verify', '-inform', 'DER', '-in', 'token.der', '-binary'],
    ...['-certfile', `${signer}.pem`, '-nointern', '-noverify'],
  );

describe('openssl cms opens tokens', () => {
  for (const [cipher, algorithm] of combinations) {
    it(`key token in the form of CMS, ${cipher}, key of algorithm ${algorithm}`, () => {
      put('token.der', keyToken(cipher, algorithm, 'X9_TR34_2019_CMS'));
      const enveloped = verifyCms('kdh');
      const contentInfo = sequence(objectIdentifier('envelopedData'), derElement(0xa0, enveloped));
      put('enveloped.der', contentInfo);
      const block = openssl(
        ...['cms', '-decrypt', '-inform', 'DER', '-in', 'enveloped.der', '-binary'],
        ...['-inkey', 'krd.key.pem', '-recip', 'krd.pem'],
      );
      assert.deepEqual(readBlock(block), { key: KEYS[algorithm], header: `D0000K0${algorithm}B00E0000` });
    });
  }

  const parts = {
    krdCertificate: KRD.certificate,
    kdhCertificate: KDH.certificate,
    newKdhCertificate: NEW_KDH.certificate,
    nonce: NONCE,
  };
  for (const form of ['X9_TR34_2012', 'X9_TR34_2019_CMS'] as const) {
    it(`unbind and rebind tokens are verified, form ${form}`, () => {
      put('token.der', createUnbindToken({ ...parts, kdh: KDH, form, crl: CRLS.current }));
      assert.equal(readDer(verifyCms('kdh')).children.length, 2);
      put('token.der', createRebindToken({ ...parts, kdh: KDH, form }));
      assert.ok(verifyCms('kdh').includes(Buffer.from(NEW_KDH.certificate)));
      put('token.der', createCaRebindToken({ ...parts, ca: KRD_CA, time: NOW, form }));
      assert.ok(verifyCms('krd-ca').includes(Buffer.from(NEW_KDH.certificate)));
      put('token.der', createCaUnbindToken({ ...parts, ca: KRD_CA }));
      assert.ok(verifyCms('krd-ca').length > 0);
    });
  }

  it('the certificate and the revocation list of a credential token are found', () => {
    put('token.der', createCredentialToken({ certificate: KDH.certificate, crl: CRLS.current }));
    const text = openssl('pkcs7', '-inform', 'DER', '-in', 'token.der', '-print_certs').toString();
    assert.ok(text.includes(readFileSync(join(folder, 'kdh.pem'), 'utf8').trim()));
    assert.match(text, /BEGIN X509 CRL/);
  });
});
