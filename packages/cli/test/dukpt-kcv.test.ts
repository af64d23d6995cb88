import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, batch, vectors } from './keywright.ts';

const DERIVE = ['dukpt', 'derive', '--ndjson'];
const {
  dukpt_tdes_test: tdes,
  dukpt_aes128_test: aes128,
  dukpt_aes256_test: aes256,
} = vectors('openemv_dukpt').suites;

/** Which usage and key type each value of the AES suites is. */
const AES_VALUES: Record<string, [string, string]> = {
  pin_key_aes128: ['pin', 'AES_128'],
  pin_key_aes256: ['pin', 'AES_256'],
  cmac_aes128_key: ['mac-request', 'AES_128'],
  cmac_aes256_key: ['mac-request', 'AES_256'],
  data_aes128_key: ['data-request', 'AES_128'],
  data_aes256_key: ['data-request', 'AES_256'],
};

function derive(lines: readonly object[]): Answer[] {
  return batch([...DERIVE, '--show-clear'], lines);
}

test('initial keys are those of ANSI X9.24-1, A.4 and the supplement of X9.24-3', () => {
  const suites = [tdes, aes128, aes256].map(({ constants }) => constants);
  const lines = suites.map(({ bdk, iksn, ikid }) => ({
    bdk,
    ksn: iksn ?? `${ikid}00000000`,
    usage: 'initial',
  }));
  assert.deepEqual(
    derive(lines).map(({ key }) => key),
    suites.map(({ ik_verify: key }) => key),
  );
});

test('AES working keys of every type are those of X9.24-3', () => {
  const cases = [aes128, aes256].flatMap(({ constants: { bdk }, vectors: list }) =>
    list.flatMap(({ ksn, expected }: Answer) =>
      Object.entries(AES_VALUES).flatMap(([name, [usage, keyType]]) =>
        expected[name] ? [{ line: { bdk, ksn, usage, keyType }, key: expected[name] }] : [],
      ),
    ),
  );
  assert.ok(cases.length > 50);
  assert.deepEqual(
    derive(cases.map(({ line }) => line)).map(({ key }) => key),
    cases.map(({ key }) => key),
  );
});

test("TDES keys are the current key's variants, and the key type is the BDK's own unless given", () => {
  const { bdk } = tdes.constants;
  const lines = tdes.vectors.map(({ ksn }: Answer) => ({ bdk, ksn, usage: 'pin' }));
  const pinMask = 0x00000000000000ff00000000000000ffn;
  const expected = tdes.vectors.map(({ expected: { txn_key: key } }: Answer) =>
    (BigInt(`0x${key}`) ^ pinMask).toString(16).toUpperCase().padStart(32, '0'),
  );
  assert.deepEqual(
    derive(lines).map(({ key }) => key),
    expected,
  );
  const [own] = derive([{ bdk: aes256.constants.bdk, ksn: aes256.vectors[0].ksn, usage: 'pin' }]);
  assert.equal(own.key, aes256.vectors[0].expected.pin_key_aes256);
});

test('the KCV of a derived key goes by its own type; the key is left out without --show-clear', () => {
  const { bdk } = aes128.constants;
  const { ksn } = aes128.vectors[0];
  const lines = ['AES_128', 'TDES_2KEY'].map((keyType) => ({ bdk, ksn, usage: 'pin', keyType }));
  const keys = derive(lines);
  const kcvs = batch(
    ['kcv', '--ndjson'],
    [
      { key: keys[0].key, algorithm: 'AES' },
      { key: keys[1].key, algorithm: 'TDES' },
    ],
  );
  assert.deepEqual(batch(DERIVE, lines), kcvs);
});

test('refusals have a code', () => {
  const line = { bdk: tdes.constants.bdk, ksn: 'FFFF9876543210E00001', usage: 'pin' };
  const answers = batch(DERIVE, [
    { ...line, ksn: 'FFFF' },
    { ...line, usage: 'mac-both' },
    { ...line, usage: 'track' },
    { ...line, keyType: 'AES_128' },
    { ...line, ksn: 'FFFF9876543210E00000' },
    { ...line, bdk: undefined },
  ]);
  assert.deepEqual(
    answers.map(({ code }) => code),
    ['KSN_INVALID', 'USAGE', 'INPUT', 'KEY_TYPE', 'COUNTER_ZERO', 'INPUT'],
  );
});

test('key check values are those of the vectors', () => {
  const cases: [object, string][] = vectors('kcv').vectors.flatMap(({ key, algorithm, computed }: Answer) =>
    algorithm === 'T'
      ? [[{ key, algorithm: 'TDES' }, computed.ansi_x9_24_legacy]]
      : algorithm === 'A'
        ? [
            [{ key, algorithm: 'AES' }, computed.cmac.slice(0, 6)],
            [{ key: key.toLowerCase(), algorithm: 'AES_LEGACY_ECB' }, computed.legacy_ecb_zeros],
          ]
        : [],
  );
  assert.ok(cases.length > 40);
  const answers = batch(
    ['kcv', '--ndjson'],
    cases.map(([line]) => line),
  );
  assert.deepEqual(
    answers,
    cases.map(([, kcv]) => ({ ok: true, kcv })),
  );
});

test('the KCV of an HMAC key is HMAC over nothing', () => {
  // HMAC-SHA-256 of an empty message under an "empty" key is published; a key of 64 zero bytes is the same to HMAC.
  const [answer] = batch(['kcv', '--ndjson'], [{ key: '00'.repeat(64), algorithm: 'HMAC_SHA256' }]);
  assert.equal(answer.kcv, 'B613679A0814D9EC772F95D778C35FC5FF1697C493715653C6C712144292C5AD'.slice(0, 6));
});
