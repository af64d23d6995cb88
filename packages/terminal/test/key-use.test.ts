import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  cbcMac,
  decodeHex,
  decryptPinBlock,
  deriveDukptKey,
  encodeAscii,
  encodeHex,
  expandKey,
  retailMac,
} from '@keywright/crypto';
import { openSoftwareTerminal, type PosTerminal, TerminalError } from '@keywright/terminal';
import fc from 'fast-check';
import { block, enterKek, hex, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';

async function load(terminal: PosTerminal, attributes: string, key: string): Promise<void> {
  const result = await terminal.sendTR31Key(block(TDES_KEK, 'B', attributes, key));
  assert.ok(result.ok, JSON.stringify(result));
}

test('static keys: the host opens the PIN block and the data', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  await load(terminal, 'P0TE00N', KEY);
  const { pinBlock, ksn } = await terminal.encryptPin({ slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 });
  assert.equal(ksn, undefined);
  const options = { format: 'ISO_0', algorithm: 'TDES', key: hex(KEY), pan: PAN } as const;
  assert.ok(decryptPinBlock({ ...options, block: decodeHex(pinBlock) }).equals(pin()));
  const other = 'D5A1B2C3E4F5061728394A5B6C7D8E9F';
  await load(terminal, 'D0TB00N', other);
  const data = encodeAscii('sixteen bytes ok');
  const iv = decodeHex('0011223344556677');
  const { ciphertext } = await terminal.encryptData({ slot: 'DATA-0', data, iv });
  using tdes = expandKey('TDES', hex(other));
  assert.deepEqual(tdes.decryptCbc(iv, decodeHex(ciphertext)), data);
});

test('static MAC keys: each usage has its algorithm', async () => {
  const message = encodeAscii('any length at all');
  const expected = {
    M1: cbcMac(hex(KEY), message, 1),
    M3: retailMac(hex(KEY), message, 1),
    M6: expandKey('TDES', hex(KEY)).cmac(message),
  };
  for (const [usage, mac] of Object.entries(expected)) {
    using directory = scratch();
    using terminal = openSoftwareTerminal({ directory: directory.path });
    await enterKek(terminal, TDES_KEK, 'TDES');
    await load(terminal, `${usage}TG00N`, KEY);
    const answer = await terminal.generateMac({ slot: 'MAC-0', message });
    assert.deepEqual(answer, { mac: encodeHex(mac) }, usage);
  }
});

test('TDES DUKPT: the host decrypts any PIN for any PAN, from the BDK and the KSN', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const bdk = hex('FEDCBA98765432100123456789ABCDEF');
  const ksn = 'FFFF0123456789E00000';
  const initialKey = deriveDukptKey({ scheme: 'TDES', bdk, ksn, usage: 'initial' }).expose(encodeHex);
  const loaded = await terminal.sendTR31Key(block(TDES_KEK, 'B', 'B1TX00N', initialKey, [ks(ksn)]));
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const digits = (minLength: number, maxLength: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(''));
  await fc.assert(
    fc.asyncProperty(digits(4, 12), digits(12, 19), async (code, pan) => {
      const answer = await terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(code), pan, format: 0 });
      const key = deriveDukptKey({ scheme: 'TDES', bdk, ksn: answer.ksn!, usage: 'pin' });
      const options = { format: 'ISO_0', algorithm: 'TDES', key, pan } as const;
      return decryptPinBlock({ ...options, block: decodeHex(answer.pinBlock) }).equals(pin(code));
    }),
    { numRuns: 40 },
  );
});

test('check values of initial keys: eight bytes as the vendor publishes them', async () => {
  const url = new URL('../../../vectors/terminal_vectors.json', import.meta.url);
  const { entries } = JSON.parse(readFileSync(url, 'utf8')).tmkWrappedIpek as {
    entries: { ksn: string; ipek: string; kcv: string }[];
  };
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  for (const [index, { ksn, ipek, kcv }] of entries.entries()) {
    const slot = `DUKPT-${index as 0 | 1 | 2 | 3}` as const;
    const result = await terminal.sendTR31Key(block(TDES_KEK, 'B', 'B1TX00N', ipek), { slot, ksn });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(await terminal.getKeyCheckValue(slot, 8), kcv);
    assert.equal(result.kcv, kcv.slice(0, 6));
    assert.equal(result.counter, ksn.endsWith('E00000') ? 'zero' : 'taken');
  }
  // The counter of the published KSNs is 76: 77 is the next.
  const { ksn } = await terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 });
  assert.equal(ksn, '09120200630001E0004D');
});

test('the counter of a KSN is zeroed when asked', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const text = block(TDES_KEK, 'B', 'B1TX00N', KEY, [ks('FFFF9876543210E0004C')]);
  const result = await terminal.sendTR31Key(text, { counter: 'zero' });
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.counter, 'zeroed');
  assert.equal(result.ksn, 'FFFF9876543210E00000');
  const { ksn } = await terminal.generateMac({ slot: 'DUKPT-0', message: new Uint8Array(8) });
  assert.equal(ksn, 'FFFF9876543210E00001');
});

test('the header is checked again at use: what a lenient policy loaded, a strict one does not use', async () => {
  using directory = scratch();
  {
    using lenient = openSoftwareTerminal({ directory: directory.path, policy: 'compat:any' });
    await enterKek(lenient, TDES_KEK, 'TDES');
    await load(lenient, 'P0TN00N', KEY);
    const kek = 'B0A1C2D3E4F5061728394A5B6C7D8E9F';
    const block1 = block(TDES_KEK, 'B', 'K0TN00N', kek);
    assert.ok((await lenient.sendTR31Key(block1, { index: 1 })).ok);
    const initial = block(TDES_KEK, 'B', 'K0TD00N', 'C0A1C2D3E4F5061728394A5B6C7D8E9F', [
      ks(`${'0'.repeat(20)}`),
    ]);
    assert.ok((await lenient.sendTR31Key(initial, { slot: 'DUKPT-0' })).ok);
    await lenient.encryptPin({ slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 });
    await lenient.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 });
  }
  using strict = openSoftwareTerminal({ directory: directory.path });
  const refused = (code: string) => (error: unknown) => error instanceof TerminalError && error.code === code;
  const request = { pin: pin(), pan: PAN, format: 0 } as const;
  await assert.rejects(strict.encryptPin({ ...request, slot: 'PIN-0' }), refused('MODE_OF_USE'));
  await assert.rejects(strict.encryptPin({ ...request, slot: 'DUKPT-0' }), refused('USAGE_NOT_FOR_SLOT'));
  const under = block('B0A1C2D3E4F5061728394A5B6C7D8E9F', 'B', 'D0TE00N', 'D0A1C2D3E4F5061728394A5B6C7D8E9F');
  const result = await strict.sendTR31Key(under, { kbpk: 'KEK-1' });
  assert.equal(result.status, 'MODE_OF_USE');
});

test('a refused request takes no transaction key', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const ksn = 'FFFF9876543210E00000';
  assert.ok((await terminal.sendTR31Key(block(TDES_KEK, 'B', 'B1TX00N', KEY, [ks(ksn)]))).ok);
  const slot = 'DUKPT-0';
  await assert.rejects(terminal.encryptPin({ slot, pin: pin(), pan: PAN, format: 4 }), TerminalError);
  await assert.rejects(terminal.encryptData({ slot, data: new Uint8Array(7) }), TerminalError);
  await assert.rejects(
    terminal.encryptData({ slot, data: new Uint8Array(8), iv: new Uint8Array(9) }),
    RangeError,
  );
  await assert.rejects(terminal.generateMac({ slot, message: new Uint8Array(8), length: 3 }), RangeError);
  assert.equal(await terminal.getKsn(slot), ksn);
});
