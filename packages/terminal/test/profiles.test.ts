import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cbcMac, encodeHex } from '@keywright/crypto';
import {
  findProfile,
  MemoryStore,
  openSoftwareTerminal,
  type PolicyName,
  type PosTerminal,
  PROFILE_NAMES,
  type ProfileName,
  TerminalError,
} from '@keywright/terminal';
import { AES_KEK, block, enterKek, hex, ks, PAN, pin, TDES_KEK } from './support.ts';

const KEYS = Array.from({ length: 6 }, (_, i) => `${i}1A2B3C4D5E6F70819${i}A2B3C4D5E6F`.padEnd(32, `${i}7`));
const KSN = 'FFFF9876543210E00000';

async function openWithKek(profile: ProfileName, policy: PolicyName = 'strict') {
  const terminal = openSoftwareTerminal({ store: new MemoryStore(), profile, policy });
  await enterKek(terminal, TDES_KEK, 'TDES');
  return terminal;
}

const refusal = (code: string) => (error: unknown) => error instanceof TerminalError && error.code === code;

async function slotOf(terminal: PosTerminal, text: string, options = {}): Promise<string> {
  const result = await terminal.sendTR31Key(text, options);
  return result.ok ? result.slot : result.status;
}

describe('every profile', () => {
  for (const name of PROFILE_NAMES) {
    it(`${name}: each slot of its targets and KBPKs is one of its slots, and takes what it is a target of`, () => {
      const { slots, targets, kbpks } = findProfile(name);
      for (const [usage, names] of Object.entries(targets)) {
        for (const slot of names) {
          assert.ok(
            slots.get(slot)?.accepts.some(({ keyUsage }) => keyUsage === usage),
            `${usage} in ${slot}`,
          );
        }
      }
      for (const slot of kbpks) assert.ok(slots.get(slot)?.accepts.some(({ keyUsage }) => keyUsage === 'K0'));
    });
  }
});

describe('qpos', () => {
  it('has ten indexes and ten groups of three key sets', () => {
    assert.equal(findProfile('qpos').slots.size, 70);
  });

  it('keys of an index come under its own TMK, and so does the next TMK', async () => {
    using terminal = await openWithKek('qpos');
    const p0 = block(TDES_KEK, 'B', 'P0TE00N', KEYS[0]!);
    assert.equal(await slotOf(terminal, p0, { index: 3 }), 'KBPK_MISSING');
    assert.equal(await slotOf(terminal, p0), 'PIK-0');
    const tmk = block(TDES_KEK, 'B', 'K0TD00N', KEYS[1]!);
    assert.equal(await slotOf(terminal, tmk, { index: 3, kbpk: 'TMK-0' }), 'TMK-3');
    assert.equal(await slotOf(terminal, block(KEYS[1]!, 'B', 'D0TE00N', KEYS[2]!), { index: 3 }), 'TDK-3');
    assert.equal(await slotOf(terminal, block(KEYS[1]!, 'B', 'K0TD01N', KEYS[3]!), { index: 3 }), 'TMK-3');
  });

  it('a group has a track, an EMV and a PIN set, each for its own use', async () => {
    using terminal = await openWithKek('qpos');
    for (const [i, set] of ['DUKPT-TRK-0', 'DUKPT-EMV-0', 'DUKPT-PIN-0'].entries()) {
      const text = block(TDES_KEK, 'B', 'B1TX00N', KEYS[i]!, [ks(KSN)]);
      assert.equal(await slotOf(terminal, text, { slot: set }), set);
    }
    const request = { pin: pin(), pan: PAN, format: 0 } as const;
    await terminal.encryptPin({ ...request, slot: 'DUKPT-PIN-0' });
    await terminal.encryptData({ slot: 'DUKPT-TRK-0', data: new Uint8Array(8) });
    await terminal.encryptData({ slot: 'DUKPT-EMV-0', data: new Uint8Array(8) });
    const wrong = refusal('WRONG_KEY');
    await assert.rejects(terminal.encryptPin({ ...request, slot: 'DUKPT-TRK-0' }), wrong);
    await assert.rejects(terminal.encryptData({ slot: 'DUKPT-PIN-0', data: new Uint8Array(8) }), wrong);
    await assert.rejects(terminal.generateMac({ slot: 'DUKPT-PIN-0', message: new Uint8Array(8) }), wrong);
    // A refused use takes no transaction key.
    assert.equal(await terminal.getKsn('DUKPT-PIN-0'), 'FFFF9876543210E00001');
  });

  it('compat:qpos takes components for another index while one has a KEK, and says so; strict does not', async () => {
    using lenient = await openWithKek('qpos', 'compat:qpos');
    const result = await enterKek(lenient, KEYS[0]!, 'TDES', 1);
    assert.deepEqual(result.relaxations, ['CLEAR_COMPONENT']);
    const input = { algorithm: 'TDES', component: hex(KEYS[1]!), number: 1, of: 2 } as const;
    assert.equal((await lenient.loadKeyComponent(1, input)).status, 'CLEAR_LOAD_CLOSED');
    using strict = await openWithKek('qpos');
    assert.equal((await strict.loadKeyComponent(1, input)).status, 'CLEAR_LOAD_CLOSED');
  });
});

describe('uic-pp791', () => {
  /** Attributes, key length in bytes, slot, and what becomes of it. */
  const CASES: [attributes: string, length: number, slot: string, outcome: string][] = [
    ['P0TE00N', 16, '0', '0'],
    ['P0TE00N', 16, '9', '9'],
    ['P0TE00N', 16, 'B', 'USAGE_NOT_FOR_SLOT'],
    ['P0TB00N', 16, '0', 'MODE_OF_USE'],
    ['K0TD00N', 16, '5', '5'],
    ['K0TB00N', 16, '5', 'MODE_OF_USE'],
    ['M1DG00N', 8, 'B', 'B'],
    ['M1DV00N', 8, 'C', 'C'],
    ['M1TG00N', 16, 'B', 'ALGORITHM'],
    ['M3TG00N', 16, 'D', 'D'],
    ['M3TG00N', 16, 'F', 'USAGE_NOT_FOR_SLOT'],
    ['D0TE00N', 16, 'G', 'G'],
    ['D0TE00N', 16, '0', 'USAGE_NOT_FOR_SLOT'],
    ['B1TX00N', 16, 'IPEK1', 'IPEK1'],
    ['B1TX00N', 16, 'G', 'USAGE_NOT_FOR_SLOT'],
    ['M6TG00N', 16, 'B', 'USAGE'],
  ];
  for (const [attributes, length, slot, outcome] of CASES) {
    it(`${attributes} of ${length} bytes into ${slot}: ${outcome}`, async () => {
      using terminal = await openWithKek('uic-pp791');
      const key = KEYS[0]!.slice(0, 2 * length);
      const optionalBlocks = attributes.startsWith('B1') ? [ks(KSN)] : [];
      assert.equal(
        await slotOf(terminal, block(TDES_KEK, 'B', attributes, key, optionalBlocks), { slot }),
        outcome,
      );
    });
  }

  it('has no slot A and no AES', async () => {
    using terminal = await openWithKek('uic-pp791');
    const text = block(TDES_KEK, 'B', 'P0TE00N', KEYS[0]!);
    await assert.rejects(terminal.sendTR31Key(text, { slot: 'A' }), /slot A is not one of uic-pp791/);
    using blank = openSoftwareTerminal({ store: new MemoryStore(), profile: 'uic-pp791' });
    const input = { algorithm: 'AES', component: hex(AES_KEK), number: 1, of: 2 } as const;
    assert.equal((await blank.loadKeyComponent(0, input)).status, 'ALGORITHM');
  });

  it('a M1 key of single DES makes the MAC of ISO 9797-1 algorithm 1; one that verifies makes none', async () => {
    using terminal = await openWithKek('uic-pp791');
    const key = KEYS[0]!.slice(0, 16);
    await terminal.sendTR31Key(block(TDES_KEK, 'B', 'M1DG00N', key), { slot: 'B' });
    const message = new TextEncoder().encode('0800 network');
    const { mac } = await terminal.generateMac({ slot: 'B', message });
    assert.equal(mac, encodeHex(cbcMac(hex(key + key), message, 1)));
    await terminal.sendTR31Key(block(TDES_KEK, 'B', 'M3TV00N', KEYS[1]!), { slot: 'C' });
    await assert.rejects(terminal.generateMac({ slot: 'C', message }), refusal('WRONG_KEY'));
  });

  it('an index that the profile does not have is a RangeError', async () => {
    using terminal = await openWithKek('uic-pp791');
    const text = block(TDES_KEK, 'B', 'B1TX00N', KEYS[0]!, [ks(KSN)]);
    await assert.rejects(terminal.sendTR31Key(text, { index: 2 }), /index of key usage B1 must be 0 to 1/);
  });
});
