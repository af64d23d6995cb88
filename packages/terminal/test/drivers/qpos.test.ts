import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { decodeHex, encodeHex, expandKey, keyCheckValue, randomBytes, Secret, xor } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import fc from 'fast-check';
import { QposDevice } from '../../src/devices/qpos-device.ts';
import {
  type InitialKeyCryptogram,
  readList,
  readPinBlock,
  readPosId,
} from '../../src/drivers/qpos/commands.ts';
import { createQposParser, encodeQposFrame } from '../../src/drivers/qpos/frame.ts';
import { type QposOptions, QposTerminal } from '../../src/drivers/qpos/qpos-terminal.ts';
import { hex, PAN, pin } from '../support.ts';
import { type Fault, faultyLine, memoryLine, serialLine, type TwoEnds, tcpLine } from './lines.ts';

interface Entry {
  group: string;
  ksn: string;
  enc: string;
  kcv: string;
}

const { tmk, entries } = JSON.parse(
  readFileSync(new URL('../../../../vectors/terminal_vectors.json', import.meta.url), 'utf8'),
).tmkWrappedIpek as { tmk: string; entries: Entry[] };

function published(name: string): InitialKeyCryptogram {
  const { ksn, enc, kcv } = entries.find(({ group }) => group === name)!;
  return { ksn, cryptogram: enc, kcv };
}

/** DspreadOrg/qpos docs/dukpt-scheme.md: the three initial keys of the vendor's demo under its master key. */
const PUBLISHED = { track: published('track'), emv: published('emv'), pin: published('pin') };

interface Pair extends AsyncDisposable {
  readonly driver: QposTerminal;
  readonly terminal: PosTerminal;
}

async function pair(ends: TwoEnds, options: QposOptions & { typed?: string } = {}): Promise<Pair> {
  const terminal = openSoftwareTerminal({
    store: new MemoryStore('0012345678'),
    profile: 'qpos',
    policy: 'compat:qpos',
  });
  const second = randomBytes(16);
  for (const [i, part] of [xor(decodeHex(tmk), second), second].entries()) {
    using component = Secret.take(part);
    await terminal.loadKeyComponent('TMK-0', { algorithm: 'TDES', component, number: i + 1, of: 2 });
  }
  const keypad = async () => (options.typed === undefined ? undefined : pin(options.typed));
  const device = new QposDevice(ends.device, terminal, { keypad });
  const driver = new QposTerminal(ends.host, { timeout: 600, poll: 20, pinTimeout: 2_000, ...options });
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

const WORK_KEY = '00112233445566778899AABBCCDDEEFF';

/** A key under the master key, and its check value. */
function wrapped(key = WORK_KEY): { cryptogram: string; expectedKcv: string } {
  using kek = expandKey('TDES', hex(tmk));
  return {
    cryptogram: encodeHex(kek.encryptEcb(decodeHex(key))),
    expectedKcv: keyCheckValue('TDES', hex(key), 8),
  };
}

const TRANSPORTS = { memory: async () => memoryLine(), TCP: tcpLine, 'a pseudo-terminal': serialLine };

for (const [name, open] of Object.entries(TRANSPORTS)) {
  it(`QPOS over ${name}: the vendor's three initial keys, a work key, a PIN`, async () => {
    await using both = await pair(await open(), { typed: '1234' });
    const { driver, terminal } = both;
    const result = await driver.loadInitialKeys(0, PUBLISHED);
    assert.ok(result.ok, JSON.stringify(result));
    for (const [slot, { ksn, kcv }] of [
      ['DUKPT-TRK-0', PUBLISHED.track],
      ['DUKPT-EMV-0', PUBLISHED.emv],
      ['DUKPT-PIN-0', PUBLISHED.pin],
    ] as const) {
      assert.equal(await terminal.getKeyCheckValue(slot, 8), kcv);
      assert.equal(await terminal.getKsn(slot), ksn);
    }
    assert.equal((await driver.loadKeyCryptogram({ slot: 'PIK-0', ...wrapped() })).status, 'LOADED');
    assert.equal(await terminal.getKeyCheckValue('PIK-0', 8), wrapped().expectedKcv);
    assert.deepEqual(await driver.info(), {
      serial: '0012345678',
      state: 'READY',
      model: 'Dspread QPOS SIM 1.00',
      keys: [{ slot: 'TMK-0' }],
    });
    const { ksn } = await driver.encryptPin({ slot: 'DUKPT-PIN-0', pan: PAN, format: 0 });
    assert.equal(ksn, '09320200630001E0004D');
  });
}

describe('a QPOS', () => {
  it('replaces the master key of an index under the one before', async () => {
    await using both = await pair(memoryLine());
    const { driver, terminal } = both;
    assert.equal((await driver.loadKeyCryptogram({ slot: 'TMK-0', ...wrapped() })).status, 'LOADED');
    assert.equal(await terminal.getKeyCheckValue('TMK-0', 8), wrapped().expectedKcv);
  });

  it('takes check values of three bytes', async () => {
    await using both = await pair(memoryLine());
    const { cryptogram, expectedKcv } = wrapped();
    const input = { slot: 'MCK-0', cryptogram, expectedKcv: expectedKcv.slice(0, 6) };
    assert.equal((await both.driver.loadKeyCryptogram(input)).status, 'LOADED');
  });

  it('refuses in the device, with a result that nobody has published', async () => {
    await using both = await pair(memoryLine());
    const wrong = { ...wrapped(), expectedKcv: '1122334455667788' };
    const result = await both.driver.loadKeyCryptogram({ slot: 'PIK-0', ...wrong });
    assert.deepEqual(!result.ok && [result.status, result.deviceCode], ['REFUSED', '01']);
    const missing = await both.driver.loadKeyCryptogram({ slot: 'PIK-3', ...wrapped() });
    assert.equal(missing.status, 'REFUSED');
  });

  it('refuses by name what is not published, before anything is sent', async () => {
    await using both = await pair(memoryLine());
    const { driver } = both;
    const block = await driver.sendTR31Key('B0096K0TN00E0000');
    assert.equal(block.status, 'NOT_SUPPORTED');
    assert.match(block.ok ? '' : block.message, /bridge/);
    assert.equal((await driver.updateKeyByTR31(0, 'B0096K0TN00E0000')).status, 'NOT_SUPPORTED');
    for (const input of [
      { slot: 'DUKPT-PIN-0', ...wrapped() },
      { slot: 'PIK-0', kbpk: 'TMK-1', ...wrapped() },
      { slot: 'PIK-0', cryptogram: wrapped().cryptogram },
      { slot: 'PIK-0', ksn: PUBLISHED.pin.ksn, ...wrapped() },
    ]) {
      assert.equal((await driver.loadKeyCryptogram(input)).status, 'NOT_SUPPORTED', input.slot);
    }
    await assert.rejects(driver.getKeyCheckValue('TMK-0'), { code: 'NOT_SUPPORTED' });
    await assert.rejects(driver.getKsn('DUKPT-PIN-0'), { code: 'NOT_SUPPORTED' });
    await assert.rejects(driver.encryptPin({ slot: 'PIK-0', pin: pin(), pan: PAN, format: 0 }), {
      code: 'NOT_SUPPORTED',
    });
    await assert.rejects(driver.loadInitialKeys(10, PUBLISHED), RangeError);
  });

  it('says that the cardholder cancelled, and that there is no key', async () => {
    await using cancelled = await pair(memoryLine());
    const request = { slot: 'PIK-0', pan: PAN, format: 0 } as const;
    await assert.rejects(cancelled.driver.encryptPin(request), { code: 'CANCELLED', deviceCode: '28' });
    await using empty = await pair(memoryLine(), { typed: '1234' });
    await assert.rejects(empty.driver.encryptPin(request), { code: 'SLOT_EMPTY', deviceCode: '40' });
  });

  it('is told to cancel when the program gives up', async () => {
    const ends = memoryLine();
    await using driver = new QposTerminal(ends.host);
    const heard: Uint8Array[] = [];
    ends.device.on('data', (bytes: Uint8Array) => heard.push(bytes));
    const asked = driver.info();
    ends.device.once('data', () => driver.cancel());
    await assert.rejects(asked, { code: 'CANCELLED' });
    // The published cancel frame.
    assert.equal(encodeHex(heard.at(-1)!), '4D000628000005000066');
  });
});

/** Lets `fault` have the n-th frame of this command, counted from 1. */
function at(command: string, count: number, fault: Fault): Fault {
  let seen = 0;
  return (bytes) => {
    if (!encodeHex(bytes.subarray(4)).startsWith(command)) return bytes;
    seen += 1;
    return seen === count ? fault(bytes) : bytes;
  };
}

const lose: Fault = () => new Uint8Array();
const damage: Fault = (bytes) => bytes.map((byte, i) => (i === 10 ? byte ^ 1 : byte));
const FAULTS: { what: string; toDevice?: Fault; toHost?: Fault }[] = [
  { what: 'the command is lost', toDevice: at('10F2', 1, lose) },
  { what: 'the command is damaged', toDevice: at('10F2', 1, damage) },
  { what: 'the answer is lost', toHost: at('10F2', 1, lose) },
  {
    what: 'the answer is damaged',
    toHost: at('10F2', 1, (bytes) => bytes.map((byte, i) => (i === 6 ? 7 : byte))),
  },
  { what: 'everything comes twice', toHost: (bytes) => [bytes, bytes] },
  {
    what: 'everything comes byte by byte',
    toHost: (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte)),
  },
  { what: 'noise comes before everything', toHost: (bytes) => [decodeHex('4D00FF4D'), bytes] },
];

describe('a QPOS loads initial keys exactly once although', () => {
  for (const { what, ...faults } of FAULTS) {
    it(what, async () => {
      await using both = await pair(faultyLine(faults));
      const result = await both.driver.loadInitialKeys(0, PUBLISHED);
      assert.ok(result.ok, JSON.stringify(result));
      assert.equal((await both.terminal.info()).loads, 4);
    });
  }

  it('the same command was run before, and the second one is lost', async () => {
    await using both = await pair(faultyLine({ toDevice: at('10F0', 2, lose) }));
    const second = wrapped('FFEEDDCCBBAA99887766554433221100');
    assert.equal((await both.driver.loadKeyCryptogram({ slot: 'PIK-0', ...wrapped() })).status, 'LOADED');
    assert.equal((await both.driver.loadKeyCryptogram({ slot: 'PIK-0', ...second })).status, 'LOADED');
    assert.equal(await both.terminal.getKeyCheckValue('PIK-0', 8), second.expectedKcv);
  });

  it('the device is busy for a while', async () => {
    const ends = memoryLine();
    await using driver = new QposTerminal(ends.host, { poll: 5 });
    const parser = createQposParser();
    let questions = 0;
    const answer = (commandId: number, data: Uint8Array = new Uint8Array()) =>
      ends.device.write(
        encodeQposFrame({ commandId, command: 0x10, subcommand: 0, timeoutOrResult: 0, data }),
      );
    ends.device.on('data', (chunk: Uint8Array) => {
      for (const unit of parser.push(chunk)) {
        if (unit.kind !== 'frame') continue;
        questions += 1;
        // First it waits, then it sends the answer in two parts.
        if (questions < 4) answer(0x23);
        else if (questions === 4) answer(0x36, decodeHex('0002'));
        else if (questions === 5) answer(0x24, decodeHex('0011'));
        else ends.device.destroy();
      }
    });
    await assert.rejects(driver.info(), { code: 'NO_ANSWER' });
    assert.equal(questions, 6);
  });
});

it('a QPOS that is silent gives NO_ANSWER', async () => {
  await using both = await pair(faultyLine({ toHost: lose }), { timeout: 30 });
  await assert.rejects(both.driver.info(), { code: 'NO_ANSWER' });
});

it('what is inside QPOS answers may be anything', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      for (const read of [() => readList(bytes, 'test'), () => readPosId(bytes), () => readPinBlock(bytes)]) {
        try {
          read();
        } catch (error) {
          assert.equal((error as Error).name, 'TerminalError');
        }
      }
    }),
  );
});
