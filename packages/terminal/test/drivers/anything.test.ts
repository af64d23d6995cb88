import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  MemoryStore,
  openSoftwareTerminal,
  type PosTerminal,
  type ProfileName,
  TerminalError,
} from '@keywright/terminal';
import fc from 'fast-check';
import { L100Device } from '../../src/devices/l100-device.ts';
import { Pp791Device } from '../../src/devices/pp791-device.ts';
import { QposDevice } from '../../src/devices/qpos-device.ts';
import { encodeL100Frame } from '../../src/drivers/l100/frame.ts';
import { L100Terminal } from '../../src/drivers/l100/l100-terminal.ts';
import { encodeMessage } from '../../src/drivers/pp791/frame.ts';
import { Pp791Terminal } from '../../src/drivers/pp791/pp791-terminal.ts';
import { encodeQposFrame } from '../../src/drivers/qpos/frame.ts';
import { QposTerminal } from '../../src/drivers/qpos/qpos-terminal.ts';
import { block, ks, PAN, TDES_KEK } from '../support.ts';
import { memoryLine } from './lines.ts';

const KEY = '6AC292FAA1315B4D858AB3A3D7D5933A';
const INITIAL = block(TDES_KEK, 'B', 'B1TX00N', KEY, [ks('FFFF9876543210E00000')]);
const WORK_KEY = { cryptogram: KEY, expectedKcv: '112233' };

interface Case {
  readonly driver: (line: Duplex) => PosTerminal & AsyncDisposable;
  readonly device: (
    line: Duplex,
    terminal: PosTerminal,
  ) => AsyncDisposable & { readonly ended: Promise<void> };
  readonly profile: ProfileName;
  /** Frames of the protocol with anything in them. */
  readonly frames: fc.Arbitrary<Uint8Array>;
  readonly calls: readonly ((driver: PosTerminal) => Promise<unknown>)[];
}

const text = fc.string({ unit: fc.constantFrom(...'0129AFZ?.\x1c'), maxLength: 40 });
const data = fc.uint8Array({ maxLength: 60 });

const CASES: Record<string, Case> = {
  PP791: {
    driver: (line) => new Pp791Terminal(line, { timings: { acknowledge: 5, answer: 5, pinEntry: 5 } }),
    device: (line, terminal) => new Pp791Device(line, terminal, { patience: 5 }),
    profile: 'uic-pp791',
    frames: fc.oneof(
      fc.constantFrom(0x06, 0x15, 0x04).map((byte) => Uint8Array.of(byte)),
      fc
        .tuple(fc.constantFrom('02', '04', '06', '08', '70', '71', '90', '91', 'Z66', 'Z67'), text)
        .map(([id, rest]) => encodeMessage(/^0/.test(id) ? 'admin' : 'transaction', id + rest)),
    ),
    calls: [
      (driver) => driver.info(),
      (driver) => driver.sendTR31Key(INITIAL),
      (driver) => driver.sendTR31Key(block(TDES_KEK, 'B', 'P0TE00N', KEY)),
      (driver) => driver.encryptPin({ slot: 'IPEK0', pan: PAN, format: 0 }),
      (driver) => driver.encryptPin({ slot: '0', pan: PAN, format: 0 }),
      (driver) => driver.generateMac({ slot: 'B', message: new Uint8Array(200) }),
    ],
  },
  L100: {
    driver: (line) => new L100Terminal(line, { timeout: 5, pinTimeout: 5 }),
    device: (line, terminal) => new L100Device(line, terminal),
    profile: 'idtech-l100',
    frames: fc
      .tuple(
        fc.constantFrom([], [0x06], [0x15], [0x06, 0x57, 0x46, 0x3b], [0x75, 0x46, 0x3b], [0x75, 0x46, 7]),
        data,
      )
      .map(([head, rest]) => encodeL100Frame(Uint8Array.of(...head, ...rest, 0))),
    calls: [
      (driver) => driver.info(),
      (driver) => driver.getKeyInfo('PIN-DUKPT'),
      (driver) => driver.sendTR31Key(INITIAL, { expectedKcv: '1122' }),
      (driver) => driver.encryptPin({ slot: 'PIN-DUKPT', pan: PAN, format: 0 }),
    ],
  },
  QPOS: {
    driver: (line) => new QposTerminal(line, { timeout: 5, pinTimeout: 20, poll: 5 }),
    device: (line, terminal) => new QposDevice(line, terminal),
    profile: 'qpos',
    frames: fc
      .tuple(
        fc.constantFrom(0x20, 0x21, 0x22, 0x23, 0x24, 0x27, 0x36, 0x40),
        fc.constantFrom(0x1000, 0x1130, 0x10e2, 0x10f0, 0x10f2, 0x1071),
        fc.constantFrom(0, 1),
        data,
      )
      .map(([commandId, command, timeoutOrResult, rest]) =>
        encodeQposFrame({
          commandId,
          command: command >> 8,
          subcommand: command & 0xff,
          timeoutOrResult,
          data: rest,
        }),
      ),
    calls: [
      (driver) => driver.info(),
      (driver) => driver.loadKeyCryptogram({ slot: 'PIK-0', ...WORK_KEY }),
      (driver) => driver.encryptPin({ slot: 'PIK-0', pan: PAN, format: 0 }),
    ],
  },
};

/** What comes out of a call: anything but a result or a TerminalError is a defect. */
async function outcomeOf(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof TerminalError, String((error as Error)?.stack));
  }
}

for (const [name, { driver: openDriver, device: openDevice, profile, frames, calls }] of Object.entries(
  CASES,
)) {
  const answers = fc.array(fc.oneof(frames, frames, frames, data), { minLength: 1, maxLength: 12 });

  describe(`${name}: the other end says anything`, () => {
    it('to the driver, which gives a result or a TerminalError, and ends', async () => {
      await fc.assert(
        fc.asyncProperty(answers, fc.constantFrom(...calls), async (said, call) => {
          await using ends = memoryLine();
          await using driver = openDriver(ends.host);
          let next = 0;
          ends.device.on('data', () => {
            for (const count of [1, 2])
              if (next + count <= said.length) ends.device.write(said[next++ % said.length]!);
          });
          await outcomeOf(call(driver));
        }),
        { numRuns: 60 },
      );
    });

    it('to the device, which stays there', async () => {
      await fc.assert(
        fc.asyncProperty(answers, async (said) => {
          await using ends = memoryLine();
          await using terminal = openSoftwareTerminal({
            store: new MemoryStore('X'),
            profile,
            policy: 'compat:any',
          });
          await using device = openDevice(ends.device, terminal);
          for (const bytes of said) ends.host.write(bytes);
          ends.host.resume();
          await Promise.race([delay(10), device.ended]);
          assert.equal((await terminal.info()).serial, 'X');
        }),
        { numRuns: 60 },
      );
    });
  });
}
