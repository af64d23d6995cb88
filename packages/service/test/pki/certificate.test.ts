import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AwsException } from '../../src/api/exceptions.ts';
import { certificatePem, encodePem, readCertificate } from '../../src/pki/certificate.ts';
import { checkChain } from '../../src/pki/chain.ts';
import { children, element, nested } from './der.ts';
import { openssl, put, selfSigned } from './openssl.ts';

const { certificate, pem, base64, key } = selfSigned({ name: 'root' });
const der = certificate.raw;
const asBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('a certificate is read', () => {
  const lines = asBase64(der).match(/.{1,64}/g)!;
  const forms: Record<string, string> = {
    'as base64 of its PEM text': base64,
    'as its PEM text': pem,
    'as base64 of its DER': asBase64(der),
    'as PEM with carriage returns': pem.replaceAll('\n', '\r\n'),
    'as base64 in lines': base64.replaceAll(/.{76}/g, '$&\n'),
    'as PEM after the text that openssl prints before it': openssl('x509', '-in', put(pem), '-text'),
    'without padding': base64.replaceAll('=', ''),
    'as PEM in one line': `-----BEGIN CERTIFICATE-----${lines.join('')}-----END CERTIFICATE-----`,
  };
  for (const [how, text] of Object.entries(forms)) {
    it(how, () => assert.ok(readCertificate(text, 'PublicKeyCertificate').raw.equals(der)));
  }

  it('and written as openssl writes it', () => {
    assert.equal(certificatePem(certificate), pem);
    assert.equal(encodePem(pem), base64);
  });
});

function refusal(text: string): string {
  try {
    readCertificate(text, 'PublicKeyCertificate');
  } catch (error) {
    assert.ok(error instanceof AwsException, String(error));
    assert.equal(error.code, 'ValidationException');
    assert.match(error.message, /^PublicKeyCertificate /);
    return error.message;
  }
  assert.fail('it was read');
}

describe('it is refused, by name of its field,', () => {
  const [tbs, algorithm, signature] = children(der) as [Buffer, Buffer, Buffer];
  const privateKey = openssl('pkey', '-in', key);
  const request = openssl('req', '-new', '-key', key, '-subj', '/CN=x');
  const body = Buffer.concat([tbs, algorithm, signature]);
  const cases: Record<string, [string, RegExp]> = {
    'when it is text': ['not a certificate!', /is not base64/],
    'when it is no text': ['    ', /cannot be read/],
    'when its base64 has a wrong character': [
      `${base64.slice(0, 100)}*${base64.slice(101)}`,
      /is not base64/,
    ],
    'when its base64 is cut': [base64.slice(0, -9), /has 0 whole PEM blocks/],
    'when it is a request': [request, /a PEM block of another kind/],
    'when it is a private key': [privateKey, /a PEM block of another kind/],
    'when there are two': [encodePem(pem + pem), /has 2 whole PEM blocks/],
    'when a private key follows': [encodePem(pem + privateKey), /has 2 whole PEM blocks/],
    'when bytes follow': [asBase64(Buffer.concat([der, Buffer.of(0)])), /is not DER from its first byte/],
    'when its length is indefinite': [
      asBase64(Buffer.concat([Buffer.of(0x30, 0x80), body, Buffer.of(0, 0)])),
      /is not DER from its first byte/,
    ],
    'when its length is written longer than it needs': [
      asBase64(Buffer.concat([Buffer.of(0x30, 0x83, 0, body.length >> 8, body.length & 255), body])),
      /is not DER from its first byte/,
    ],
    'when its length is huge': [asBase64(Buffer.from('3088ffffffffffffffff0000', 'hex')), /cannot be read/],
    'when it has the wrong tags': [asBase64(element(0x31, tbs, algorithm, signature)), /cannot be read/],
    'when it is sequences in sequences': [asBase64(nested(4000)), /cannot be read/],
  };
  for (const [why, [text, message]] of Object.entries(cases)) {
    it(why, () => assert.match(refusal(text), message));
  }

  it('when it is cut anywhere', () => {
    for (let length = 1; length < der.length; length += 1) {
      assert.match(refusal(asBase64(der.subarray(0, length))), /cannot be read/);
    }
  });

  it('and nothing of it is in the message', () => {
    assert.ok(!refusal(encodePem(privateKey)).includes(privateKey.split('\n')[1]!.slice(0, 16)));
  });
});

/** Reads and validates; whatever is wrong must come as a ValidationException, and soon. */
function validate(bytes: Uint8Array): string {
  const start = performance.now();
  try {
    checkChain([{ name: 'it', certificate: readCertificate(asBase64(bytes), 'it') }], Date.now());
    return 'valid';
  } catch (error) {
    assert.ok(error instanceof AwsException && error.code === 'ValidationException', String(error));
    return error.message;
  } finally {
    assert.ok(performance.now() - start < 2000);
  }
}

describe('whatever is damaged', () => {
  it('is refused in order', () => {
    assert.equal(validate(der), 'valid');
    const damage = fc.tuple(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(damage, ([at, change]) => {
        const bytes = Buffer.from(der);
        bytes[at]! ^= change;
        assert.notEqual(validate(bytes), 'valid');
      }),
      { numRuns: 500 },
    );
  });

  it('is refused in time, where a field of any kind is nested thousands deep', () => {
    const [tbs, algorithm, signature] = children(der) as [Buffer, Buffer, Buffer];
    const fields = children(tbs);
    const withField = (at: number, field: Buffer) => element(0x30, ...fields.with(at, field));
    for (const tag of [0x30, 0x31, 0xa0]) {
      const deep = nested(4000, tag);
      const identifier = element(0x30, children(algorithm)[0]!, deep);
      const name = element(0x30, element(0x31, element(0x30, Buffer.from('0603550403', 'hex'), deep)));
      const constraints = [Buffer.from('0603551d130101ff', 'hex'), element(0x04, deep)];
      const extensions = element(0xa3, element(0x30, element(0x30, ...constraints)));
      for (const bytes of [
        element(0x30, tbs, identifier, signature),
        element(0x30, withField(2, identifier), identifier, signature),
        element(0x30, withField(3, name), algorithm, signature),
        element(0x30, withField(7, extensions), algorithm, signature),
      ]) {
        assert.notEqual(validate(bytes), 'valid');
      }
    }
  });

  it('is refused where its times are nonsense', () => {
    const [tbs, algorithm, signature] = children(der) as [Buffer, Buffer, Buffer];
    const start = element(0x17, Buffer.from('200101000000Z'));
    for (const [tag, end] of [
      [0x17, '999999999999Z'],
      [0x17, ''],
      [0x17, '261301000000Z'],
      [0x18, '999912312359Z'],
      [0x18, '20990101000000'],
    ] as const) {
      const validity = element(0x30, start, element(tag, Buffer.from(end)));
      const changed = element(0x30, ...children(tbs).with(4, validity));
      const message = validate(element(0x30, changed, algorithm, signature));
      assert.match(message, /cannot be read/, end);
    }
  });

  it('reads a certificate without end of RFC 5280, section 4.1.2.5', () => {
    const [tbs, algorithm, signature] = children(der) as [Buffer, Buffer, Buffer];
    const times = ['200101000000Z', '99991231235959Z'].map((time, i) => element(0x17 + i, Buffer.from(time)));
    const changed = element(0x30, ...children(tbs).with(4, element(0x30, ...times)));
    const bytes = element(0x30, changed, algorithm, signature);
    assert.equal(new X509Certificate(bytes).validToDate.getUTCFullYear(), 9999);
    assert.match(validate(bytes), /signature/);
  });
});
