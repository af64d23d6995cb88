import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, decodeHex, encodeHex, randomBytes, Secret, xor } from '@keywright/crypto';
import { type LoadOptions, MemoryStore, openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import fc from 'fast-check';
import { L100Device } from '../../src/devices/l100-device.ts';
import {
  answerData,
  encodeKeyStatus,
  readFields,
  readKeyStatus,
  slotAt,
} from '../../src/drivers/l100/commands.ts';
import { createL100Parser, encodeL100Frame } from '../../src/drivers/l100/frame.ts';
import {
  decodeAnswer,
  decodeContainer,
  encodeContainer,
  KeyContainer,
  KeyToLoad,
} from '../../src/drivers/l100/key-container.ts';
import { type L100Options, L100Terminal } from '../../src/drivers/l100/l100-terminal.ts';
import { block, ks, PAN, pin, TDES_KEK } from '../support.ts';
import { type Fault, faultyLine, memoryLine, serialLine, type TwoEnds, tcpLine } from './lines.ts';

/** X9.24-1 annex A: the initial key of this KSN under the BDK 0123…3210, and its check value (X9.24 test data in psec). */
const INITIAL_KEY = '6AC292FAA1315B4D858AB3A3D7D5933A';
const KSN = 'FFFF9876543210E00000';
const INITIAL = block(TDES_KEK, 'B', 'B1TX00N', INITIAL_KEY, [ks(KSN)]);
const INITIAL_KCV = 'AF8C07';

interface Pair extends AsyncDisposable {
  readonly driver: L100Terminal;
  readonly terminal: PosTerminal;
}

async function pair(
  ends: TwoEnds,
  options: L100Options & { typed?: string; withKek?: boolean } = {},
): Promise<Pair> {
  const terminal = openSoftwareTerminal({ store: new MemoryStore('L100SIM00001'), profile: 'idtech-l100' });
  const second = randomBytes(16);
  if (options.withKek ?? true) {
    for (const [i, part] of [xor(decodeHex(TDES_KEK), second), second].entries()) {
      using component = Secret.take(part);
      await terminal.loadKeyComponent('LCL-KEK', { algorithm: 'TDES', component, number: i + 1, of: 2 });
    }
  }
  const keypad = async () => (options.typed === undefined ? undefined : pin(options.typed));
  const device = new L100Device(ends.device, terminal, { keypad });
  const driver = new L100Terminal(ends.host, { timeout: 700, ...options });
  return {
    driver,
    terminal,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]();
      await device[Symbol.asyncDispose]();
      await terminal[Symbol.asyncDispose]();
      await ends[Symbol.asyncDispose]();
    },
  };
}

async function load(driver: PosTerminal, keyBlock: string, options: LoadOptions = {}): Promise<string> {
  const result = await driver.sendTR31Key(keyBlock, { expectedKcv: INITIAL_KCV, ...options });
  return result.ok ? 'LOADED' : result.status;
}

const TRANSPORTS = { memory: async () => memoryLine(), TCP: tcpLine, 'a pseudo-terminal': serialLine };

for (const [name, open] of Object.entries(TRANSPORTS)) {
  it(`L100 over ${name}: loads an initial key, tells its check value, takes a PIN`, async () => {
    await using both = await pair(await open(), { typed: '1234' });
    const { driver, terminal } = both;
    assert.deepEqual(await driver.sendTR31Key(INITIAL, { expectedKcv: INITIAL_KCV }), {
      ok: true,
      status: 'LOADED',
      slot: 'PIN-DUKPT',
      usage: 'B1',
      algorithm: 'T',
      keyVersion: '00',
      kcv: INITIAL_KCV.slice(0, 4),
      ksn: KSN,
      relaxations: [],
    });
    assert.deepEqual(await driver.info(), {
      serial: 'L100SIM00001',
      state: 'READY',
      model: 'ID TECH SmartPIN L100 L100 SIM V1.00',
      keys: [{ slot: 'PIN-DUKPT' }, { slot: 'LCL-KEK' }],
    });
    const { pinBlock, ksn } = await driver.encryptPin({ slot: 'PIN-DUKPT', pan: PAN, format: 0 });
    assert.equal(ksn, 'FFFF9876543210E00001');
    assert.match(pinBlock, /^[0-9A-F]{16}$/);
    assert.equal(await terminal.getKsn('PIN-DUKPT'), ksn);
  });
}

describe('an L100', () => {
  it('answers function 3C with check values of three bytes', async () => {
    await using both = await pair(memoryLine(), { loadFunction: '3C' });
    const result = await both.driver.sendTR31Key(INITIAL, { expectedKcv: INITIAL_KCV });
    assert.equal(result.ok && result.kcv, INITIAL_KCV);
  });

  it('refuses, and the driver says it in our words or before anything is sent', async () => {
    await using both = await pair(memoryLine());
    const { driver } = both;
    const wrong = `${INITIAL.slice(0, -1)}${INITIAL.endsWith('0') ? '1' : '0'}`;
    const refused = await driver.sendTR31Key(wrong, { expectedKcv: INITIAL_KCV });
    assert.equal(refused.status, 'REFUSED');
    assert.match(refused.ok ? '' : refused.message, /VERIFICATION FAILED/);
    assert.equal(await load(driver, INITIAL, { expectedKcv: '0000' }), 'REFUSED');
    assert.equal((await driver.sendTR31Key(INITIAL)).status, 'NOT_SUPPORTED');
    assert.equal(await load(driver, INITIAL, { kbpk: 'PIN-MASTER-0' }), 'NOT_SUPPORTED');
    assert.equal(await load(driver, INITIAL, { ksn: '11119876543210E00000' }), 'KSN_CONFLICT');
    assert.equal(await load(driver, block(TDES_KEK, 'B', 'B1TX00N', INITIAL_KEY)), 'KSN_REQUIRED');
    assert.equal(await load(driver, block(TDES_KEK, 'A', 'B1TX00N', INITIAL_KEY)), 'BLOCK_VERSION');
    assert.equal(await load(driver, block(TDES_KEK, 'B', 'P0TE00N', INITIAL_KEY)), 'USAGE');
    await assert.rejects(driver.encryptPin({ slot: 'PIN-DUKPT', pin: pin(), pan: PAN, format: 0 }), {
      code: 'NOT_SUPPORTED',
    });
    await assert.rejects(driver.getKeyInfo('PIN-DUKPT'), { code: 'SLOT_EMPTY' });
    await assert.rejects(driver.getKeyCheckValue('PIN-DUKPT'), { code: 'NOT_SUPPORTED' });
    await using typing = await pair(memoryLine(), { typed: '1234' });
    await assert.rejects(typing.driver.encryptPin({ slot: 'PIN-DUKPT', pan: PAN, format: 0 }), {
      code: 'SLOT_EMPTY',
      deviceCode: '0400',
    });
  });

  it('holds the key index in the block against the slot', async () => {
    await using both = await pair(memoryLine());
    // Manual, page 69: optional blocks 01 (key index) and 02 (key slot).
    const optional = [{ id: '01', data: '0001' }, { id: '02', data: '0000' }, ks(KSN)];
    const named = block(TDES_KEK, 'B', 'B1TX00N', INITIAL_KEY, optional);
    assert.ok(named.startsWith('B0136B1TX00N03000108000102080000KS18'), named);
    assert.equal(await load(both.driver, named, { slot: 'DATA-PAIRING' }), 'USAGE_NOT_FOR_SLOT');
    assert.equal(await load(both.driver, named), 'LOADED');
  });
});

/** Lets `fault` have the n-th frame whose body begins with these digits, counted from 1. */
function at(body: string, count: number, fault: Fault): Fault {
  let seen = 0;
  return (bytes) => {
    if (!encodeHex(bytes.subarray(3)).startsWith(body)) return bytes;
    seen += 1;
    return seen === count ? fault(bytes) : bytes;
  };
}

const lose: Fault = () => new Uint8Array();
const damage: Fault = (bytes) => bytes.map((byte, i) => (i === 4 ? byte ^ 1 : byte));
const LOAD = '75463B';
const LOADED = '0657463B';
const FAULTS: { what: string; toDevice?: Fault; toHost?: Fault }[] = [
  { what: 'the command is lost', toDevice: at(LOAD, 1, lose) },
  { what: 'the command is damaged', toDevice: at(LOAD, 1, damage) },
  { what: 'the answer is lost', toHost: at(LOADED, 1, lose) },
  { what: 'the answer is damaged', toHost: at(LOADED, 1, damage) },
  { what: 'the key status before is lost', toHost: at('0610', 1, lose) },
  { what: 'everything comes twice', toHost: (bytes) => [bytes, bytes] },
  {
    what: 'everything comes byte by byte',
    toHost: (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte)),
  },
  { what: 'noise comes before everything', toHost: (bytes) => [decodeHex('FF00034D'), bytes] },
  { what: 'noise looks like a beginning', toHost: (bytes) => concat(decodeHex('020010'), bytes) },
];

describe('an L100 loads a key exactly once although', () => {
  for (const { what, ...faults } of FAULTS) {
    it(what, async () => {
      await using both = await pair(faultyLine(faults), { timeout: 1_200 });
      assert.equal(await load(both.driver, INITIAL), 'LOADED');
      assert.equal((await both.terminal.info()).loads, 2);
    });
  }
});

describe('an L100 that can not be reached', () => {
  it('says NO_ANSWER when it can not tell whether a second key was loaded', async () => {
    await using both = await pair(faultyLine({ toHost: at(LOADED, 2, lose) }));
    assert.equal(await load(both.driver, INITIAL), 'LOADED');
    const other = block(TDES_KEK, 'B', 'B1TX01N', '00112233445566778899AABBCCDDEEFF', [ks(KSN)]);
    const result = await both.driver.sendTR31Key(other, { expectedKcv: 'FFFF' });
    assert.equal(result.status, 'NO_ANSWER');
  });

  it('says NO_ANSWER when it is silent, or brings nothing but damage', async () => {
    for (const toHost of [lose, damage]) {
      await using both = await pair(faultyLine({ toHost }), { timeout: 100 });
      await assert.rejects(both.driver.info(), { code: 'NO_ANSWER' });
      assert.equal(await load(both.driver, INITIAL), 'NO_ANSWER');
    }
  });
});

describe('what is inside L100 frames', () => {
  it('reads the published key status, and writes it again', () => {
    const published =
      '0263000618000000000001000000030000000400000006000000070000000800000008000100080002000800030008000400080005' +
      '000800060008000700080008000800090008000A0008000B000A0000000A03E8000C0000000D0000001400000128000000CE2A03';
    const [frame] = createL100Parser().push(decodeHex(published));
    assert.ok(frame?.kind === 'frame');
    const keys = readKeyStatus(answerData(frame.body, 'get key status'));
    assert.equal(keys.length, 24);
    assert.deepEqual(
      keys.find(({ keyIndex }) => keyIndex === 0x14),
      {
        keyIndex: 0x14,
        keySlot: 0,
        status: 'present',
      },
    );
    assert.ok(keys.some(({ keyIndex, keySlot }) => keyIndex === 0x0a && keySlot === 1000));
    assert.equal(slotAt(keys[1]!), 'PIN-DUKPT');
    assert.equal(encodeHex(encodeL100Frame(concat(Uint8Array.of(6), encodeKeyStatus(keys)))), published);
  });

  it('reads the published container of another vendor, field for field', () => {
    const key = Object.assign(new KeyToLoad(), {
      tr31Key: 'A0112B1TX00E0100KS18FFFF0000000001E00000',
      keyType: 2,
    });
    const container = Object.assign(new KeyContainer(), { keys: [key] });
    const der = encodeContainer(container);
    // SEQUENCE { INTEGER 1, SET { SEQUENCE { PrintableString …
    assert.match(encodeHex(der), /^303D020101313830361328/);
    assert.equal(decodeContainer(der)?.keys[0]?.tr31Key, key.tr31Key);
  });

  it('takes any bytes for an answer, and throws nothing but what it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readFields(bytes);
        decodeAnswer(bytes);
        decodeContainer(bytes);
        for (const read of [() => readKeyStatus(bytes), () => answerData(bytes, 'test')]) {
          try {
            read();
          } catch (error) {
            assert.equal((error as Error).name, 'TerminalError');
          }
        }
      }),
    );
  });
});
