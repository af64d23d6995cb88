// Initial keys under a TMK, from Dspread's documentation: tmkWrappedIpek of vectors/terminal_vectors.json.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveDukptKey, encodeHex, expandKey } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal } from '@keywright/terminal';
import vectors from '../../../vectors/terminal_vectors.json' with { type: 'json' };
import { enterKek, hex, PAN, pin } from './support.ts';

const { tmkWrappedIpek } = vectors;

async function openQpos() {
  const store = new MemoryStore();
  const terminal = openSoftwareTerminal({ store, profile: 'qpos', policy: 'compat:qpos' });
  await enterKek(terminal, tmkWrappedIpek.tmk, 'TDES');
  return terminal;
}

const SLOTS: Record<string, string> = {
  track: 'DUKPT-TRK-0',
  emv: 'DUKPT-EMV-0',
  pin: 'DUKPT-PIN-0',
  demo: 'DUKPT-PIN-0',
};

for (const { group, ksn, enc, kcv } of tmkWrappedIpek.entries) {
  test(`${group}: the cryptogram is taken with its check value, and the counter of its KSN`, async () => {
    using terminal = await openQpos();
    const slot = SLOTS[group]!;
    const result = await terminal.loadKeyCryptogram({ slot, cryptogram: enc, ksn, expectedKcv: kcv });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.ksn, ksn);
    assert.equal(result.counter, ksn.endsWith('E00000') ? 'zero' : 'taken');
    assert.deepEqual(result.relaxations, ['KEY_CRYPTOGRAM']);
    assert.equal(await terminal.getKeyCheckValue(slot, 8), kcv);
  });
}

test('the host, which has the BDK, decrypts what a set from a cryptogram encrypts', async () => {
  using terminal = await openQpos();
  const { ksn: loaded, enc: cryptogram } = tmkWrappedIpek.entries.find(({ group }) => group === 'track')!;
  await terminal.loadKeyCryptogram({ slot: 'DUKPT-TRK-0', cryptogram, ksn: loaded });
  const data = new TextEncoder().encode('sixteen bytes ok');
  const { ciphertext, ksn } = await terminal.encryptData({ slot: 'DUKPT-TRK-0', data });
  const key = deriveDukptKey({
    scheme: 'TDES',
    bdk: hex(tmkWrappedIpek.bdk),
    ksn: ksn!,
    usage: 'data-request',
  });
  using tdes = expandKey('TDES', key);
  assert.equal(encodeHex(tdes.encryptCbc(new Uint8Array(8), data)), ciphertext);
});

test('work keys and the next TMK: each by its slot; a wrong check value, KEK or form is refused', async () => {
  using terminal = await openQpos();
  using tmk = expandKey('TDES', hex(tmkWrappedIpek.tmk));
  const cryptogramOf = (key: string) => encodeHex(tmk.encryptEcb(Buffer.from(key, 'hex')));
  const load = async (slot: string, key: string, more = {}) =>
    (await terminal.loadKeyCryptogram({ slot, cryptogram: cryptogramOf(key), ...more })).status;
  const keys = ['A1B2C3D4E5F60718293A4B5C6D7E8F90', 'B1B2C3D4E5F60718293A4B5C6D7E8F92'] as const;
  assert.equal(await load('PIK-0', keys[0]), 'LOADED');
  assert.equal((await terminal.getKeyInfo('PIK-0')).keyUsage, 'P0');
  await terminal.encryptPin({ slot: 'PIK-0', pin: pin(), pan: PAN, format: 0 });
  assert.equal(await load('TDK-0', keys[0]), 'DUPLICATE_KEY');
  assert.equal(await load('TDK-0', keys[1], { expectedKcv: '000000' }), 'KCV_MISMATCH');
  assert.equal(await load('TDK-1', keys[1]), 'KBPK_MISSING');
  assert.equal(await load('TDK-1', keys[1], { kbpk: 'PIK-0' }), 'KBPK_USAGE');
  assert.equal(await load('PIK-0', `${keys[0]}0011223344556677`), 'KBPK_TOO_WEAK');
  assert.equal((await terminal.loadKeyCryptogram({ slot: 'PIK-0', cryptogram: '00' })).status, 'KEY_LENGTH');
  await assert.rejects(terminal.loadKeyCryptogram({ slot: 'PIK-0', cryptogram: 'XY' }), RangeError);
  const next = await terminal.loadKeyCryptogram({ slot: 'TMK-0', cryptogram: cryptogramOf(keys[1]) });
  assert.deepEqual(next.ok && next.relaxations, ['KEY_CRYPTOGRAM', 'SAME_VERSION']);
});
