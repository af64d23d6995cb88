import assert from 'node:assert/strict';
import { test } from 'node:test';
import dukpt from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import terminal from '../../../../vectors/terminal_vectors.json' with { type: 'json' };
import {
  cbcMac,
  type DukptUsage,
  decodeHex,
  deriveDukptKey,
  deriveTdesCurrentKey,
  deriveTdesInitialKey,
  deriveTdesWorkingKey,
  deriveTerminalKey,
  encodeAscii,
  encodeHex,
  encryptPinBlock,
  expandKey,
  retailMac,
  Secret,
} from '../../src/index.ts';

// ANSI X9.24-1:2009, A.4: the first 21 transactions (A.4.2) and 13 around the counter's carry (A.4.3).
const { constants, vectors } = dukpt.suites.dukpt_tdes_test;
const bdk = Secret.fromHex(constants.bdk);
const message = encodeAscii(constants.txn_data.ascii);

const keyOf = (ksn: string, usage: DukptUsage) => deriveDukptKey({ bdk, scheme: 'TDES', ksn, usage });

function tdesCmac(key: Secret, data: Uint8Array): string {
  using tdes = expandKey('TDES', key);
  return encodeHex(tdes.cmac(data));
}

test('initial key', () => {
  const { iksn, ik_verify: expected } = constants;
  assert.equal(deriveTdesInitialKey(bdk, iksn).expose(encodeHex), expected);
  const initial = deriveDukptKey({ bdk, scheme: 'TDES', ksn: vectors[3]!.ksn, usage: 'initial' });
  assert.equal(initial.expose(encodeHex), expected);
});

test('transaction keys, PIN blocks, request and response MACs of 34 transactions', () => {
  assert.equal(vectors.length, 34);
  const initialKey = Secret.fromHex(constants.ik_verify);
  const pin = Secret.copyOf(encodeAscii('1234'));
  for (const { ksn, expected } of vectors) {
    const current = deriveTdesCurrentKey(initialKey, ksn);
    assert.equal(current.expose(encodeHex), expected.txn_key);
    const pinKey = keyOf(ksn, 'pin');
    const block = encryptPinBlock({
      format: 'ISO_0',
      algorithm: 'TDES',
      key: pinKey,
      pin,
      pan: '4012345678909',
    });
    assert.equal(encodeHex(block), expected.encrypted_pinblock);
    const [request, response] = [keyOf(ksn, 'mac-request'), keyOf(ksn, 'mac-response')];
    assert.equal(encodeHex(retailMac(request, message, 1, 4)), expected.mac_request);
    assert.equal(encodeHex(retailMac(response, message, 1, 4)), expected.mac_response);
    assert.equal(tdesCmac(request, message), expected.cmac_request);
    assert.equal(tdesCmac(response, message), expected.cmac_response);
  }
});

test('host and terminal come to the same working keys', () => {
  const initialKey = Secret.fromHex(constants.ik_verify);
  for (const usage of ['pin', 'mac-request', 'mac-response', 'data-request', 'data-response'] as const) {
    for (const { ksn, expected } of vectors) {
      const host = keyOf(ksn, usage);
      assert.ok(deriveTerminalKey({ initialKey, scheme: 'TDES', ksn, usage }).equals(host));
      assert.ok(deriveTdesWorkingKey(Secret.fromHex(expected.txn_key), usage).equals(host));
    }
  }
});

test('data keys: live answers and published keys of AWS Payment Cryptography', () => {
  const key = keyOf('FFFF9876543210E00001', 'data-request');
  assert.equal(key.expose(encodeHex), '448D3F076D8304036A55A3D7E0055A78');
  using tdes = expandKey('TDES', key);
  assert.equal(encodeHex(tdes.encryptEcb(decodeHex('0102030405060708'))), '124F7A32F3F84187');
  const sampleBdk = Secret.fromHex('8A8349794C9EE9A4C2927098F249FED6');
  const ksn = 'FFFF9876543210E00001';
  const sample = deriveDukptKey({ bdk: sampleBdk, scheme: 'TDES', ksn, usage: 'data-request' });
  assert.equal(sample.expose(encodeHex), '493DE7639B8644BF9DB9C836E89A1E1C');
  const current = deriveTdesCurrentKey(deriveTdesInitialKey(sampleBdk, ksn), ksn);
  assert.equal(current.expose(encodeHex), '91E7A69D04B61A30AE4965847D94A2E2');
});

test('a request MAC: a live answer of AWS Payment Cryptography', () => {
  const data = decodeHex('0102030405060708090A0B0C0D0E0F10');
  assert.equal(
    encodeHex(retailMac(keyOf('FFFF9876543210E00001', 'mac-request'), data, 1)),
    'AF59E7E8A06F01B2',
  );
  // The whole key in every block would be another MAC.
  assert.notEqual(
    encodeHex(cbcMac(keyOf('FFFF9876543210E00001', 'mac-request'), data, 1)),
    'AF59E7E8A06F01B2',
  );
});

test('a terminal vendor’s initial keys, as its key loader encrypts them', () => {
  const { bdk: vendorBdk, tmk, entries } = terminal.tmkWrappedIpek;
  assert.equal(entries.length, 4);
  using transportKey = Secret.fromHex(tmk);
  using tdes = expandKey('TDES', transportKey);
  for (const { ksn, ipek, enc } of entries) {
    const initialKey = deriveTdesInitialKey(Secret.fromHex(vendorBdk), ksn);
    assert.equal(initialKey.expose(encodeHex), ipek);
    assert.equal(
      initialKey.expose((bytes) => encodeHex(tdes.encryptEcb(bytes))),
      enc,
    );
  }
});
