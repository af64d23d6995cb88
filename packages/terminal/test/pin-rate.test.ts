import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore, openSoftwareTerminal, PIN_RATE, TerminalError } from '@keywright/terminal';
import fc from 'fast-check';
import type { PinBucket } from '../src/software/pin-rate.ts';
import { takeToken } from '../src/software/pin-rate.ts';
import { block, enterKek, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
const START = Date.parse('2030-06-01T12:00:00Z');
const tooFast = (error: unknown) => error instanceof TerminalError && error.code === 'PIN_RATE';

test('127 in a row, then one each 30 seconds; switching off does not fill the bucket', async () => {
  using directory = scratch();
  let now = START;
  const open = () => openSoftwareTerminal({ directory: directory.path, clock: () => now });
  const request = { slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 } as const;
  {
    using terminal = open();
    await enterKek(terminal, TDES_KEK, 'TDES');
    await terminal.sendTR31Key(block(TDES_KEK, 'B', 'P0TE00N', KEY));
    for (let i = 0; i < 127; i++) await terminal.encryptPin(request);
    await assert.rejects(terminal.encryptPin(request), tooFast);
  }
  using terminal = open();
  await assert.rejects(terminal.encryptPin(request), /in 30 seconds/);
  now += 29_999;
  await assert.rejects(terminal.encryptPin(request), /in 1 seconds/);
  now += 1;
  await terminal.encryptPin(request);
  await assert.rejects(terminal.encryptPin(request), tooFast);
});

test('what is refused for its rate takes no transaction key, and a refused request takes no token', async () => {
  using store = new MemoryStore();
  using terminal = openSoftwareTerminal({
    store,
    clock: () => START,
    pinRate: { tokens: 1, secondsPerToken: 30 },
  });
  await enterKek(terminal, TDES_KEK, 'TDES');
  await terminal.sendTR31Key(block(TDES_KEK, 'B', 'B1TX00N', KEY, [ks('FFFF9876543210E00000')]));
  const request = { slot: 'DUKPT-0', pin: pin(), pan: PAN } as const;
  await assert.rejects(terminal.encryptPin({ ...request, format: 4 }), { code: 'FORMAT_NOT_FOR_KEY' });
  await terminal.encryptPin({ ...request, format: 0 });
  await assert.rejects(terminal.encryptPin({ ...request, format: 0 }), tooFast);
  assert.equal(await terminal.getKsn('DUKPT-0'), 'FFFF9876543210E00001');
  await terminal.encryptData({ slot: 'DUKPT-0', data: new Uint8Array(8) });
});

test('over any time and any attempts, never more PINs than the rate allows', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (waits) => {
      let bucket: PinBucket | undefined;
      let now = START;
      let taken = 0;
      for (const wait of waits) {
        now += wait;
        const answer = takeToken(bucket, PIN_RATE, now);
        bucket = answer.bucket;
        if (answer.wait === 0) taken += 1;
      }
      const allowed = PIN_RATE.tokens + Math.floor((now - START) / 30_000);
      assert.ok(taken <= allowed, `${taken} of ${allowed}`);
      // The bucket does not hold back what is due either.
      assert.ok(taken >= Math.min(waits.length, PIN_RATE.tokens));
    }),
  );
});

test('a clock that is put back by years gives no token, and blocks nobody for years', async () => {
  using store = new MemoryStore();
  let now = START;
  const pinRate = { tokens: 1, secondsPerToken: 30 };
  using terminal = openSoftwareTerminal({ store, clock: () => now, pinRate });
  await enterKek(terminal, TDES_KEK, 'TDES');
  await terminal.sendTR31Key(block(TDES_KEK, 'B', 'P0TE00N', KEY));
  const request = { slot: 'PIN-0', pin: pin(), pan: PAN, format: 0 } as const;
  await terminal.encryptPin(request);
  now -= 1e11;
  await assert.rejects(terminal.encryptPin(request), /in 30 seconds/);
  now += 29_000;
  await assert.rejects(terminal.encryptPin(request), /in 1 seconds/);
  now += 1000;
  await terminal.encryptPin(request);
  await assert.rejects(terminal.encryptPin(request), tooFast);
});
