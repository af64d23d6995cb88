import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { randomBytes, Secret, xor } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal } from '@keywright/terminal';
import { Pp791Device } from '@keywright/terminal/devices';
import { keywright, LAUNCHER } from './keywright.ts';

/** UIC PP791 manual, page 31: key loading key, and a block under it. */
const KLK = Buffer.from('19191919191919195B5B5B5B5B5B5B5B', 'hex');
const BLOCK = 'B0080P0TE00N00003C4F5024C59C182F7165BC870FCB7F63456AAE07DB736C32EA391E5834C1AA0C';

/** A simulated PP791 that listens on TCP. */
async function simulated() {
  const terminal = openSoftwareTerminal({
    store: new MemoryStore('PP791'),
    profile: 'uic-pp791',
    policy: 'compat:uic',
  });
  const second = randomBytes(16);
  for (const [i, part] of [xor(KLK, second), second].entries()) {
    using component = Secret.take(part);
    await terminal.loadKeyComponent('F', { algorithm: 'TDES', component, number: i + 1, of: 2 });
  }
  const server = createServer((socket) => new Pp791Device(socket, terminal)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    at: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await terminal[Symbol.asyncDispose]();
    },
  };
}

async function pos(args: readonly string[], input = '') {
  const child = spawn(process.execPath, [LAUNCHER, 'pos', ...args]);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, status: child.exitCode };
}

test('pos send-key loads a block, and pos info tells of it', async () => {
  await using device = await simulated();
  const address = ['--driver', 'pp791', '--tcp', device.at];
  const sent = await pos(['send-key', ...address, '--slot', '1'], `${BLOCK}\n`);
  assert.deepEqual(sent, { stdout: 'loaded: P0 into 1, the terminal tells no KCV\n', stderr: '', status: 0 });
  const { stdout } = await pos(['info', ...address]);
  assert.match(stdout, /^UIC PP791, serial PP791: READY\n {2}1 +P0 T E\n {2}F +K0 T D\n$/);
  const { keys } = JSON.parse((await pos(['info', ...address, '--json'])).stdout);
  assert.equal(keys.length, 2);
});

test('pos send-key says why a terminal refuses, and what to do', async () => {
  await using device = await simulated();
  const address = ['--driver', 'pp791', '--tcp', device.at];
  const refused = await pos(['send-key', ...address], `${BLOCK.slice(0, -1)}D`);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^keywright: VERIFICATION_FAILED \(device: C\): .+\n.+\n$/);
  const json = await pos(['send-key', ...address, '--json'], `${BLOCK.slice(0, -1)}D`);
  assert.deepEqual([json.status, json.stderr], [1, '']);
  assert.equal(JSON.parse(json.stdout).deviceCode, 'C');
});

test('pos says what is wrong with its command line, and with the way to the terminal', () => {
  const neither = keywright(['pos', 'info', '--driver', 'pp791']);
  assert.deepEqual([neither.status, /--port and --tcp/.test(neither.stderr)], [2, true]);
  const address = keywright(['pos', 'info', '--driver', 'pp791', '--tcp', 'nowhere']);
  assert.deepEqual([address.status, /HOST:PORT/.test(address.stderr)], [2, true]);
  const missing = keywright(['pos', 'info', '--driver', 'qpos', '--port', '/nowhere/tty']);
  assert.deepEqual(
    [missing.status, /serial port \/nowhere\/tty can not be opened/.test(missing.stderr)],
    [1, true],
  );
  const empty = keywright(['pos', 'send-key', '--driver', 'l100', '--port', '/nowhere/tty']);
  assert.deepEqual([empty.status, /no key block on standard input/.test(empty.stderr)], [1, true]);
});
