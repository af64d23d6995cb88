import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { certificateValidity, checkCertificate, Tr34Error } from '../src/index.ts';
import { KDH } from './tr34/parties.ts';

/** The certificate with other characters in the place of its end; its signature is then wrong, which nothing here looks at. */
function withEnd(end: string): Uint8Array {
  const der = Buffer.from(KDH.certificate);
  const times = [...der.toString('latin1').matchAll(/\d{12}Z/g)];
  assert.equal(times.length, 2);
  der.write(end, times[1]!.index, 'latin1');
  return der;
}

test('the times of a certificate, as they stand in it', () => {
  const validity = certificateValidity(new X509Certificate(withEnd('491231235959Z')));
  assert.equal(validity?.to, Date.UTC(2049, 11, 31, 23, 59, 59));
  assert.ok(validity!.from < validity!.to);
});

// Node.js gives any date at all for these, another one from run to run.
for (const end of ['999999999999Z', '261301000000Z', '260101250000Z', '26010100000ZZ', '26\x0001000000Z']) {
  test(`an end of ${JSON.stringify(end)} is no time, and the certificate is not in force`, () => {
    const certificate = withEnd(end);
    assert.equal(certificateValidity(new X509Certificate(certificate)), undefined);
    assert.throws(
      () => checkCertificate({ certificate, now: new Date() }),
      (error) => error instanceof Tr34Error && error.code === 'STRUCTURE',
    );
  });
}
