import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeHex, decryptPinBlock, deriveDukptKey, encodeHex } from '@keywright/crypto';
import { openSoftwareTerminal } from '@keywright/terminal';
import { AES_KEK, block, enterBothKeks, hex, ik, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';

const BDK = 'FEDCBA98765432100123456789ABCDEF';
const TDES_KSN = 'FFFF0123456789E00000';
const AES_KSN = '123456789012345600000000';
const CUTS = 8;

function initialKey(scheme: 'TDES' | 'AES', ksn: string): string {
  return deriveDukptKey({ scheme, bdk: hex(BDK), ksn, usage: 'initial' }).expose(encodeHex);
}

async function setUp(directory: string): Promise<void> {
  using terminal = openSoftwareTerminal({ directory });
  await enterBothKeks(terminal);
  const tdes = block(TDES_KEK, 'B', 'B1TX00N', initialKey('TDES', TDES_KSN), [ks(TDES_KSN)]);
  assert.ok((await terminal.sendTR31Key(tdes)).ok);
  const aes = block(AES_KEK, 'D', 'B1AX00N', initialKey('AES', AES_KSN), [ik(AES_KSN.slice(0, 16))]);
  assert.ok((await terminal.sendTR31Key(aes, { index: 1, kbpk: 'KEK-1' })).ok);
}

/** Lets a terminal encrypt PINs until its power is cut at some moment. */
async function burst(directory: string): Promise<string[]> {
  const script = fileURLToPath(new URL('pin-burst.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), randomInt(60));
    output += text;
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL', 'the terminal ran until its power was cut');
  // The last line may be half written.
  return output.split('\n').slice(0, -1);
}

/** As the host: from the BDK and the KSN. */
function hostDecrypts(line: string): boolean {
  const [ksn, pinBlock] = line.split(' ') as [string, string];
  const algorithm = ksn.length === 24 ? 'AES' : 'TDES';
  const key = deriveDukptKey({ scheme: algorithm, bdk: hex(BDK), ksn, usage: 'pin' });
  const format = algorithm === 'AES' ? 'ISO_4' : 'ISO_0';
  return decryptPinBlock({ format, algorithm, key, pan: PAN, block: decodeHex(pinBlock) }).equals(pin());
}

test(`power is cut ${CUTS} times while PINs are encrypted: no KSN comes twice, the host decrypts all`, async () => {
  using directory = scratch();
  await setUp(directory.path);
  const lines: string[] = [];
  for (let cut = 0; cut < CUTS; cut++) {
    lines.push(...(await burst(directory.path)));
    using terminal = openSoftwareTerminal({ directory: directory.path });
    assert.equal((await terminal.info()).state, 'READY');
    const { ksn, pinBlock } = await terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 });
    lines.push(`${ksn} ${pinBlock}`);
  }
  assert.ok(lines.length > 2 * CUTS, `${lines.length} answers`);
  const ksns = lines.map((line) => line.split(' ')[0]);
  assert.equal(new Set(ksns).size, ksns.length);
  assert.deepEqual(
    lines.filter((line) => !hostDecrypts(line)),
    [],
  );
});

test('two terminals never share a directory', async () => {
  using directory = scratch();
  await setUp(directory.path);
  using first = openSoftwareTerminal({ directory: directory.path });
  assert.throws(() => openSoftwareTerminal({ directory: directory.path }), /in use/);
  first[Symbol.dispose]();
  using second = openSoftwareTerminal({ directory: directory.path });
  assert.equal((await second.info()).state, 'READY');
});
