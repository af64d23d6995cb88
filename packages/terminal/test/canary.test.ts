// Drives everything with known keys and looks for them wherever they must not be: files, results, errors, prints of the terminal.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { deriveTerminalKey, encodeHex, expandKey } from '@keywright/crypto';
import { openSoftwareTerminal } from '@keywright/terminal';
import { block, enterKek, hex, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';
import { bindTo, KDH, KRD, keyToken, openDevice, personalize } from './tr34-parties.ts';

const KEYS = {
  kek: TDES_KEK,
  pin: 'A1B2C3D4E5F60718293A4B5C6D7E8F90',
  initial: 'C9D1E2F3A4B5C6D7E8F901122334455A',
  refused: '5A3C96E10F4B2D78C31E89A7D465B20F',
};
const KSN = 'FFFF9876543210E00000';

/** Every way in which the key, or half of it, could stand in bytes, or in a text without its spaces. */
function traces(key: string): Buffer[] {
  const bytes = Buffer.from(key, 'hex');
  const parts = [bytes, bytes.subarray(0, 8), bytes.subarray(8)];
  const texts = parts.flatMap((part) => {
    // The last characters of base64 depend on what follows.
    const base64 = part.toString('base64').slice(0, Math.floor((part.length * 4) / 3));
    return [part.toString('hex'), part.toString('hex').toUpperCase(), base64, [...part].join(',')];
  });
  return [...parts, ...texts.map((text) => Buffer.from(text, 'latin1'))];
}

function assertAbsent(place: string, content: Buffer | string, keys: Record<string, string>): void {
  const bytes = typeof content === 'string' ? Buffer.from(content.replace(/\s/g, '')) : content;
  for (const [name, key] of Object.entries(keys)) {
    for (const trace of traces(key)) assert.ok(!bytes.includes(trace), `the ${name} key is in ${place}`);
  }
}

/** Everything that can be had of a value: its print with hidden properties, its JSON, of an error stack and cause too. */
function printOf(value: unknown): string {
  const print = inspect(value, { depth: null, showHidden: true, getters: true });
  const stack = value instanceof Error ? `${value.message} ${value.stack} ${inspect(value.cause)}` : '';
  return `${print} ${JSON.stringify(value)} ${String(value)} ${stack}`;
}

test('a trace is found where it is', () => {
  const secret = Buffer.from(KEYS.pin, 'hex');
  for (const shown of [secret, inspect(Uint8Array.from(secret)), secret.toString('base64'), KEYS.pin]) {
    assert.throws(() => assertAbsent('it', shown, { pin: KEYS.pin }), /the pin key is in it/);
  }
});

test('no key shows in files, results, errors or prints', async () => {
  using directory = scratch();
  const said: unknown[] = [];
  using terminal = openSoftwareTerminal({ directory: directory.path });
  const hear = async (answer: Promise<unknown>) => {
    said.push(
      await answer.catch((error: unknown) => error),
      inspect(terminal, { showHidden: true, depth: null }),
    );
  };
  await hear(enterKek(terminal, KEYS.kek, 'TDES'));
  await hear(terminal.sendTR31Key(block(KEYS.kek, 'B', 'P0TE00N', KEYS.pin)));
  await hear(terminal.sendTR31Key(block(KEYS.kek, 'B', 'B1TX00N', KEYS.initial, [ks(KSN)])));
  for (const attributes of ['P0TE00N', 'P0TN00N', 'B0TX00N', 'M3AG00N', 'B1TX00N', 'K0TD00N']) {
    await hear(terminal.sendTR31Key(block(KEYS.kek, 'B', attributes, KEYS.refused)));
    await hear(terminal.sendTR31Key(block(KEYS.refused, 'B', attributes, KEYS.pin)));
  }
  await hear(terminal.sendTR31Key(block(KEYS.kek, 'B', 'D0TE00N', KEYS.pin)));
  await hear(
    terminal.loadKeyComponent(1, { algorithm: 'TDES', component: hex(KEYS.refused), number: 1, of: 2 }),
  );
  await hear(
    terminal.loadKeyComponent(1, { algorithm: 'TDES', component: hex(KEYS.refused), number: 2, of: 2 }),
  );
  for (const slot of ['PIN-0', 'DUKPT-0', 'KEK-0'] as const) {
    await hear(terminal.encryptPin({ slot, pin: pin(), pan: PAN, format: 0 }));
    await hear(terminal.encryptPin({ slot, pin: pin('12'), pan: PAN, format: 0 }));
    await hear(terminal.encryptData({ slot, data: new Uint8Array(8) }));
    await hear(terminal.generateMac({ slot, message: new Uint8Array(8) }));
    await hear(terminal.getKeyCheckValue(slot, 8));
    await hear(terminal.getKsn(slot));
  }
  await hear(terminal.info());
  const ksn = await terminal.getKsn('DUKPT-0');
  const workingKey = deriveTerminalPinKey(ksn);
  const keys = { ...KEYS, working: workingKey };
  for (const [i, value] of said.entries()) assertAbsent(`answer ${i}`, printOf(value), keys);
  for (const file of readdirSync(directory.path)) {
    assertAbsent(file, readFileSync(join(directory.path, file)), keys);
  }
});

test('nor a key by TR-34, a cryptogram, or the private key of the terminal', async () => {
  using directory = scratch();
  const said: unknown[] = [];
  using terminal = openDevice({ directory: directory.path, profile: 'qpos', policy: 'compat:qpos' });
  using _ = terminal.onEvent((event) => said.push(event));
  const hear = async (answer: Promise<unknown>) => {
    said.push(await answer.catch((error: unknown) => error));
  };
  await hear(personalize(terminal));
  await hear(bindTo(terminal, KDH));
  const header = 'D0000K0TB00E0000';
  await hear(terminal.loadTR34Key(keyToken({ header, key: hex(KEYS.kek) })));
  await hear(terminal.loadTR34Key(keyToken({ header: 'D0000B0TX00E0000', key: hex(KEYS.refused) })));
  using kek = expandKey('TDES', hex(KEYS.kek));
  const cryptogram = encodeHex(kek.encryptEcb(Buffer.from(KEYS.pin, 'hex')));
  await hear(terminal.loadKeyCryptogram({ slot: 'PIK-0', cryptogram, expectedKcv: '000000' }));
  await hear(terminal.loadKeyCryptogram({ slot: 'PIK-0', cryptogram }));
  await hear(terminal.loadKeyCryptogram({ slot: 'TDK-0', cryptogram }));
  await hear(terminal.getTR31Token());
  await hear(terminal.createCsr());
  await hear(terminal.getDeviceCertificate());
  await hear(terminal.info());
  assert.equal((await terminal.info()).keys.length, 2);
  said.push(inspect(terminal, { showHidden: true, depth: null }));
  await new Promise(setImmediate);
  const exponent = Buffer.from(KRD.privateKey.export({ format: 'jwk' }).d!, 'base64url').toString('hex');
  const keys = { ...KEYS, private: exponent.slice(0, 32) };
  for (const [i, value] of said.entries()) assertAbsent(`answer ${i}`, printOf(value), keys);
  for (const file of readdirSync(directory.path)) {
    assertAbsent(file, readFileSync(join(directory.path, file)), keys);
  }
});

/** The PIN key of the transaction, from the initial key. */
function deriveTerminalPinKey(ksn: string): string {
  return deriveTerminalKey({ scheme: 'TDES', initialKey: hex(KEYS.initial), ksn, usage: 'pin' }).expose(
    encodeHex,
  );
}
