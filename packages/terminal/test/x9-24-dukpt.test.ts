// ANSI X9.24-1:2009, A.4 (TDES) and the published examples of ANSI X9.24-3:2017 (AES): what a terminal with these initial keys
// must put out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeHex, decryptPinBlock, encodeAscii, encodeHex, expandKey } from '@keywright/crypto';
import { openSoftwareTerminal } from '@keywright/terminal';
import { AES_KEK, block, enterKek, hex, ik, ks, pin, scratch, TDES_KEK } from './support.ts';

interface Suite {
  constants: { ik_verify: string; pan: string; txn_data: { ascii: string } };
  vectors: { ksn: string; set: string; expected: Record<string, string> }[];
}

const { suites } = JSON.parse(
  readFileSync(new URL('../../../vectors/openemv_dukpt.json', import.meta.url), 'utf8'),
) as { suites: Record<string, Suite> };

function initialSequence(name: string) {
  const { constants, vectors } = suites[name]!;
  const message = encodeAscii(constants.txn_data.ascii);
  const pan = constants.pan.replace('F', '');
  return { constants, pan, message, vectors: vectors.filter(({ set }) => set === 'ksn_verify') };
}

const { constants, pan, message, vectors } = initialSequence('dukpt_tdes_test');

async function openTdes(directory: string) {
  const terminal = openSoftwareTerminal({ directory });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const text = block(TDES_KEK, 'B', 'B1TX00N', constants.ik_verify, [ks('FFFF9876543210E00000')]);
  const result = await terminal.sendTR31Key(text);
  assert.ok(result.ok, JSON.stringify(result));
  return terminal;
}

test(`TDES: ${vectors.length} PIN blocks of the initial sequence`, async () => {
  using directory = scratch();
  using terminal = await openTdes(directory.path);
  for (const { ksn, expected } of vectors) {
    const answer = await terminal.encryptPin({ slot: 'DUKPT-0', pin: pin('1234'), pan, format: 0 });
    assert.deepEqual(answer, { pinBlock: expected.encrypted_pinblock, ksn });
    assert.equal(await terminal.getKsn('DUKPT-0'), ksn);
  }
});

test(`TDES: ${vectors.length} MACs of the initial sequence`, async () => {
  using directory = scratch();
  using terminal = await openTdes(directory.path);
  for (const { ksn, expected } of vectors) {
    const answer = await terminal.generateMac({ slot: 'DUKPT-0', message, length: 4 });
    assert.deepEqual(answer, { mac: expected.mac_request, ksn });
  }
});

for (const [bits, name] of [
  [128, 'dukpt_aes128_test'],
  [256, 'dukpt_aes256_test'],
] as const) {
  const suite = initialSequence(name);
  const keyOf = (expected: Record<string, string>, usage: string) =>
    hex((expected[`${usage}_aes${bits}`] ?? expected[`${usage}_aes${bits}_key`])!);

  const openAes = async (directory: string) => {
    const terminal = openSoftwareTerminal({ directory });
    const kek = AES_KEK.repeat(bits / 128);
    await enterKek(terminal, kek, 'AES');
    const text = block(kek, 'D', 'B1AX00N', suite.constants.ik_verify, [ik('1234567890123456')]);
    const result = await terminal.sendTR31Key(text);
    assert.ok(result.ok, JSON.stringify(result));
    return terminal;
  };

  test(`AES-${bits}: PIN blocks open under the published PIN keys`, async () => {
    using directory = scratch();
    using terminal = await openAes(directory.path);
    for (const { ksn, expected } of suite.vectors) {
      const answer = await terminal.encryptPin({
        slot: 'DUKPT-0',
        pin: pin('1234'),
        pan: suite.pan,
        format: 4,
      });
      assert.equal(answer.ksn, ksn);
      const arrived = decryptPinBlock({
        format: 'ISO_4',
        algorithm: 'AES',
        key: keyOf(expected, 'pin_key'),
        pan: suite.pan,
        block: decodeHex(answer.pinBlock),
      });
      assert.ok(arrived.equals(pin('1234')));
    }
  });

  test(`AES-${bits}: data and MACs fit the published data and MAC keys`, async () => {
    using directory = scratch();
    using terminal = await openAes(directory.path);
    const data = suite.message.subarray(0, 16);
    for (const [i, { ksn, expected }] of suite.vectors.entries()) {
      // Each call is a transaction: data and MACs take turns.
      if (i % 2 === 0) {
        const answer = await terminal.encryptData({ slot: 'DUKPT-0', data });
        assert.equal(answer.ksn, ksn);
        using aes = expandKey('AES', keyOf(expected, 'data'));
        assert.deepEqual(aes.decryptCbc(new Uint8Array(16), decodeHex(answer.ciphertext)), data);
      } else {
        const answer = await terminal.generateMac({ slot: 'DUKPT-0', message: suite.message });
        using aes = expandKey('AES', keyOf(expected, 'cmac'));
        const mac = encodeHex(aes.cmac(suite.message).subarray(0, 8));
        assert.deepEqual(answer, { mac, ksn });
      }
    }
  });
}
