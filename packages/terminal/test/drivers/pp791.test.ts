import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHex, encodeHex, randomBytes, retailMac, Secret, xor } from '@keywright/crypto';
import { type LoadOptions, MemoryStore, openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import { Pp791Device } from '../../src/devices/pp791-device.ts';
import { Pp791Terminal } from '../../src/drivers/pp791/pp791-terminal.ts';
import { block, hex, ks, PAN, pin } from '../support.ts';
import { type Fault, faultyLine, memoryLine, serialLine, type TwoEnds, tcpLine } from './lines.ts';

/** UIC PP791 manual, page 31: the key loading key of its examples. */
const KLK = '19191919191919195B5B5B5B5B5B5B5B';
const PUBLISHED_P0 = 'B0080P0TE00N00003C4F5024C59C182F7165BC870FCB7F63456AAE07DB736C32EA391E5834C1AA0C';
const PUBLISHED_K0 = 'A0072K0TD00N00007D2D21FC9ECD3EECBB0A2615BD8F05605722120BDFF2CCAC319C3918';
/** X9.24-1 annex A: the initial key of this KSN under the BDK 0123…3210. */
const INITIAL_KEY = '6AC292FAA1315B4D858AB3A3D7D5933A';
const KSN = 'FFFF9876543210E00000';
const MAC_KEY = '00112233445566778899AABBCCDDEEFF';
const INITIAL = block(KLK, 'B', 'B1TX00N', INITIAL_KEY, [ks(KSN)]);
const MAC = block(KLK, 'B', 'M3TG00N', MAC_KEY);

interface Pair extends AsyncDisposable {
  readonly driver: Pp791Terminal;
  readonly terminal: PosTerminal;
}

/** The driver at one end, the device at the other, with its key loading key in slot F. */
async function pair(
  ends: TwoEnds,
  options: { withKlk?: boolean; typed?: string; loadLimit?: number } = {},
): Promise<Pair> {
  const terminal = openSoftwareTerminal({
    store: new MemoryStore('PP791SIM0001'),
    profile: 'uic-pp791',
    policy: 'compat:uic',
    ...(options.loadLimit && { loadLimit: options.loadLimit }),
  });
  if (options.withKlk ?? true) {
    const second = randomBytes(KLK.length / 2);
    const parts = [xor(decodeHex(KLK), second), second].map(Secret.take);
    for (const [i, component] of parts.entries()) {
      const result = await terminal.loadKeyComponent('F', {
        algorithm: 'TDES',
        component,
        number: i + 1,
        of: 2,
      });
      assert.ok(result.ok, JSON.stringify(result));
    }
  }
  const keypad = async () => (options.typed === undefined ? undefined : pin(options.typed));
  const device = new Pp791Device(ends.device, terminal, { keypad, patience: 500 });
  const driver = new Pp791Terminal(ends.host, { timings: { acknowledge: 400, answer: 800 } });
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

async function load(driver: PosTerminal, keyBlock: string, options?: LoadOptions) {
  const result = await driver.sendTR31Key(keyBlock, options);
  return result.ok ? 'LOADED' : `${result.status} ${result.deviceCode ?? ''}`.trim();
}

const TRANSPORTS = { memory: async () => memoryLine(), TCP: tcpLine, 'a pseudo-terminal': serialLine };

for (const [name, open] of Object.entries(TRANSPORTS)) {
  it(`PP791 over ${name}: loads, tells, encrypts a PIN and makes a MAC`, async () => {
    await using both = await pair(await open(), { typed: '98765' });
    const { driver, terminal } = both;
    assert.deepEqual(await driver.sendTR31Key(PUBLISHED_P0, { index: 1 }), {
      ok: true,
      status: 'LOADED',
      slot: '1',
      usage: 'P0',
      algorithm: 'T',
      keyVersion: '00',
      relaxations: [],
    });
    assert.equal(await load(driver, INITIAL), 'LOADED');
    assert.equal(await load(driver, MAC), 'LOADED');
    assert.deepEqual(await driver.info(), {
      serial: 'PP791SIM0001',
      state: 'READY',
      model: 'UIC PP791',
      keys: [
        { slot: '1', keyUsage: 'P0', modeOfUse: 'E', algorithm: 'T' },
        { slot: 'B', keyUsage: 'M3', modeOfUse: 'G', algorithm: 'T' },
        { slot: 'F', keyUsage: 'K0', modeOfUse: 'D', algorithm: 'T' },
      ],
    });
    // X9.24-1: the PIN 1234 of account 4012345678909 at the first transaction.
    assert.deepEqual(
      await driver.encryptPin({ slot: 'IPEK0', pin: pin(), pan: '4012345678909', format: 0 }),
      {
        pinBlock: '1B9C1845EB993A7A',
        ksn: 'FFFF9876543210E00001',
      },
    );
    const typed = await driver.encryptPin({ slot: '1', pan: PAN, format: 0 });
    const same = await terminal.encryptPin({ slot: '1', pin: pin('98765'), pan: PAN, format: 0 });
    assert.equal(typed.pinBlock, same.pinBlock);
    const message = new Uint8Array(300).fill(0x37);
    using key = hex(MAC_KEY);
    const { mac } = await driver.generateMac({ slot: 'B', message, length: 4 });
    assert.equal(mac, encodeHex(retailMac(key, message, 1, 4)));
  });
}

describe('what a PP791 refuses', () => {
  it('in the device, with its own code', async () => {
    await using both = await pair(memoryLine());
    const { driver } = both;
    assert.equal(await load(driver, PUBLISHED_K0, { slot: '0' }), 'LOADED');
    assert.equal(await load(driver, PUBLISHED_P0, { slot: '3' }), 'DUPLICATE_KEY 2');
    const wrong = `${INITIAL.slice(0, -1)}${INITIAL.endsWith('0') ? '1' : '0'}`;
    assert.equal(await load(driver, wrong), 'VERIFICATION_FAILED C');
    assert.equal(await load(driver, MAC, { slot: '4' }), 'USAGE_NOT_FOR_SLOT E');
    const long = block(KLK, 'B', 'P0TE00N', `${MAC_KEY}FEDCBA9876543210`);
    assert.equal(await load(driver, long, { slot: '4' }), 'KBPK_TOO_WEAK B');
    await using without = await pair(memoryLine(), { withKlk: false });
    assert.equal(await load(without.driver, PUBLISHED_P0), 'KBPK_MISSING D');
    assert.equal(await load(without.driver, INITIAL), 'KBPK_MISSING D');
    await using limited = await pair(memoryLine(), { loadLimit: 1 });
    assert.equal(await load(limited.driver, PUBLISHED_P0), 'LOAD_LIMIT F');
  });

  it('before anything is sent', async () => {
    await using both = await pair(memoryLine());
    const { driver } = both;
    assert.equal(await load(driver, 'B0080'), 'BLOCK_FORMAT');
    assert.equal(await load(driver, block(KLK, 'B', 'B0TX00N', MAC_KEY)), 'BDK');
    assert.equal(await load(driver, block(KLK, 'B', 'B1TX00N', MAC_KEY)), 'KSN_REQUIRED');
    assert.equal(await load(driver, INITIAL, { ksn: '00000000000000E00000' }), 'KSN_CONFLICT');
    assert.equal(await load(driver, MAC, { kbpk: '0' }), 'NOT_SUPPORTED');
    assert.equal(await load(driver, MAC, { expectedKcv: '123456' }), 'NOT_SUPPORTED');
    await assert.rejects(driver.encryptPin({ slot: 'IPEK0', pin: pin('4321'), pan: PAN, format: 0 }), {
      code: 'NOT_SUPPORTED',
    });
    await assert.rejects(driver.encryptPin({ slot: 'IPEK0', pan: PAN, format: 4 }), {
      code: 'FORMAT_NOT_FOR_KEY',
    });
    await assert.rejects(driver.getKeyCheckValue('F'), { code: 'NOT_SUPPORTED' });
    await assert.rejects(driver.getKeyInfo('IPEK0'), { code: 'NOT_SUPPORTED' });
    await assert.rejects(driver.getKeyInfo('A'), RangeError);
    await assert.rejects(driver.generateMac({ slot: 'B', message: new Uint8Array() }), {
      code: 'DATA_LENGTH',
    });
  });

  it('when a key is used', async () => {
    await using both = await pair(memoryLine());
    const { driver } = both;
    await assert.rejects(driver.encryptPin({ slot: 'IPEK1', pin: pin(), pan: PAN, format: 0 }), {
      code: 'SLOT_EMPTY',
      deviceCode: 'A',
    });
    await assert.rejects(driver.encryptPin({ slot: 'IPEK0', pan: PAN, format: 0 }), { code: 'CANCELLED' });
    await assert.rejects(driver.generateMac({ slot: 'C', message: Uint8Array.of(1) }), { code: 'WRONG_KEY' });
    await assert.rejects(driver.getKeyInfo('C'), { code: 'SLOT_EMPTY' });
  });
});

/** Lets `fault` have the n-th stretch of bytes that begins with the given ones, counted from 1; the others pass. */
function at(beginning: string, count: number, fault: Fault): Fault {
  let seen = 0;
  return (bytes) => {
    if (!encodeHex(bytes).startsWith(encodeHex(Buffer.from(beginning, 'latin1')))) return bytes;
    seen += 1;
    return seen === count ? fault(bytes) : bytes;
  };
}

const lose: Fault = () => new Uint8Array();
const damage: Fault = (bytes) => bytes.map((byte, i) => (i === 4 ? byte ^ 1 : byte));
const twice: Fault = (bytes) => [bytes, bytes];
const byteByByte: Fault = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));

interface FaultCase {
  readonly what: string;
  readonly toDevice?: Fault;
  readonly toHost?: Fault;
}

const MASTER_KEY_FAULTS: FaultCase[] = [
  { what: 'the message is lost', toDevice: at('\x0f02', 1, lose) },
  { what: 'the message is damaged', toDevice: at('\x0f02', 1, damage) },
  {
    what: 'the message is damaged twice',
    toDevice: (() => {
      const first = at('\x0f02', 1, damage);
      const second = at('\x0f02', 2, damage);
      return (bytes: Uint8Array) => second(first(bytes) as Uint8Array);
    })(),
  },
  { what: 'its ACK is lost', toHost: at('\x06', 2, lose) },
  { what: 'the echo is lost', toHost: at('\x0f02', 1, lose) },
  { what: 'the echo is damaged', toHost: at('\x0f02', 1, damage) },
  { what: 'the confirmation is lost', toDevice: at('\x06', 2, lose) },
  { what: 'the end is lost', toHost: at('\x04', 2, lose) },
  { what: 'everything comes twice', toHost: twice },
  { what: 'everything comes byte by byte', toHost: byteByByte, toDevice: byteByByte },
  { what: 'noise comes before everything', toHost: (bytes) => [decodeHex('FFAA00415A'), bytes] },
];

describe('a PP791 loads a master key exactly once although', () => {
  for (const { what, ...faults } of MASTER_KEY_FAULTS) {
    it(what, async () => {
      await using both = await pair(faultyLine(faults));
      assert.equal(await load(both.driver, PUBLISHED_P0), 'LOADED');
      const { loads, keys } = await both.terminal.info();
      assert.equal(loads, 2);
      assert.ok(keys.some(({ slot }) => slot === '0'));
    });
  }
});

const INITIAL_KEY_FAULTS: FaultCase[] = [
  { what: 'the message is lost', toDevice: at('\x0290', 1, lose) },
  { what: 'the message is damaged', toDevice: at('\x0290', 1, damage) },
  { what: 'its ACK is lost', toHost: at('\x06', 1, lose) },
  { what: 'the answer is lost', toHost: at('\x0291', 1, lose) },
  { what: 'the answer is damaged', toHost: at('\x0291', 1, damage) },
  { what: 'the answer comes twice', toHost: at('\x0291', 1, twice) },
];

describe('a PP791 loads an initial key exactly once although', () => {
  for (const { what, ...faults } of INITIAL_KEY_FAULTS) {
    it(what, async () => {
      await using both = await pair(faultyLine(faults));
      assert.equal(await load(both.driver, INITIAL), 'LOADED');
      assert.equal((await both.terminal.info()).loads, 2);
      const { ksn } = await both.driver.encryptPin({ slot: 'IPEK0', pin: pin(), pan: PAN, format: 0 });
      assert.match(ksn!, /^FFFF9876543210E0000[12]$/);
    });
  }
});

describe('a PP791 that can not be reached', () => {
  it('says NO_ANSWER when it stops in the middle of a load, and the slot can not tell', async () => {
    await using both = await pair(faultyLine({ toHost: at('\x04', 4, lose) }));
    const { driver } = both;
    assert.equal(await load(driver, PUBLISHED_P0), 'LOADED');
    const other = block(KLK, 'B', 'P0TE01N', MAC_KEY);
    const result = await driver.sendTR31Key(other);
    assert.equal(result.status, 'NO_ANSWER');
    assert.match(!result.ok ? result.message : '', /not known/);
  });

  it('says NO_ANSWER when everything to it is damaged, after three times', async () => {
    let sent = 0;
    const toDevice: Fault = (bytes) => {
      if (bytes[0] === 0x0f) sent += 1;
      return bytes[0] === 0x0f ? damage(bytes) : bytes;
    };
    await using both = await pair(faultyLine({ toDevice }));
    await assert.rejects(both.driver.info(), { code: 'NO_ANSWER' });
    assert.equal(sent, 3);
  });

  it('says NO_ANSWER when the line closes, and to everything after', async () => {
    const ends = memoryLine();
    await using both = await pair(ends, { typed: '1234' });
    const events: string[] = [];
    both.driver.onEvent(({ type }) => events.push(type));
    ends.device.destroy();
    assert.equal(await load(both.driver, PUBLISHED_P0), 'NO_ANSWER');
    await assert.rejects(both.driver.info(), { code: 'NO_ANSWER' });
    assert.ok(events.includes('disconnected'));
  });

  it('is not worn down by a flood of noise', async () => {
    const flood = new Uint8Array(1 << 16).map((_, i) => (i * 7919) >> 3);
    await using both = await pair(
      faultyLine({ toHost: (bytes) => [flood.map((b) => (b & 0xe0) | 0x40), bytes] }),
    );
    assert.equal(await load(both.driver, PUBLISHED_P0), 'LOADED');
  });

  it('is given up by cancel(), and by the signal', async () => {
    const ends = memoryLine();
    const controller = new AbortController();
    await using driver = new Pp791Terminal(ends.host, { signal: controller.signal });
    const asked = driver.info();
    ends.device.once('data', () => driver.cancel());
    await assert.rejects(asked, { code: 'CANCELLED' });
    const again = driver.info();
    controller.abort();
    await assert.rejects(again, { name: 'AbortError' });
  });
});
