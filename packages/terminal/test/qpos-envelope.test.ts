// The text of a published demo of Dspread's: vectors/qpos-envelope.json.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, parseKeyBlock } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal, preflight, TerminalError } from '@keywright/terminal';
import sample from '../../../vectors/qpos-envelope.json' with { type: 'json' };
import { readQposEnvelope } from '../src/envelope/qpos-envelope.ts';
import { block, enterKek, TDES_KEK } from './support.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';

/** The sample's envelope around another block. */
function envelopeOf(text: string): string {
  const [before, after] = sample.envelope.split(Buffer.from(sample.block).toString('hex').toUpperCase());
  return before + Buffer.from(text).toString('hex').toUpperCase() + after;
}

test('the sample comes apart as it was observed', () => {
  const read = readQposEnvelope(sample.envelope);
  assert.equal(read.timestamp, sample.timestamp);
  assert.equal(encodeHex(read.recipient), sample.recipient);
  assert.equal(read.ksn, sample.ksn);
  assert.equal(read.block, sample.block);
  assert.equal(read.wrappedKbpk.length, 256);
  assert.equal(read.signature.length, 256);
  const { keyUsage, algorithm, modeOfUse, keyVersion, exportability } = parseKeyBlock(read.block).header;
  assert.equal(keyUsage + algorithm + modeOfUse + keyVersion + exportability, 'B1TN01N');
});

test('what is not such an envelope is refused as one', () => {
  const { envelope } = sample;
  const wrong = {
    'cut short': envelope.slice(0, -2),
    'cut in the middle': envelope.slice(0, 600),
    'another version': `02${envelope.slice(2)}`,
    'no month 13': `${envelope.slice(0, 6)}13${envelope.slice(8)}`,
    'no 31 June': `${envelope.slice(0, 6)}0631${envelope.slice(10)}`,
    'another length': `${envelope.slice(0, 16)}0101${envelope.slice(20)}`,
    'not hexadecimal': `${envelope.slice(0, -1)}G`,
    'no separator': envelopeOf(sample.block).replace(
      `23${envelope.slice(-512)}`,
      `24${envelope.slice(-512)}`,
    ),
    empty: '',
  };
  for (const [what, text] of Object.entries(wrong)) {
    const isEnvelope = (error: unknown) => error instanceof TerminalError && error.code === 'ENVELOPE';
    assert.throws(() => readQposEnvelope(text), isEnvelope, what);
  }
});

test('compat:qpos takes the block out, under its own KBPK, and names what it could not verify', async () => {
  using terminal = openSoftwareTerminal({ store: new MemoryStore(), profile: 'qpos', policy: 'compat:qpos' });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const result = await terminal.sendTR31Key(envelopeOf(block(TDES_KEK, 'A', 'B1TN01N', KEY)));
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.slot, 'DUKPT-PIN-0');
  assert.equal(result.ksn, sample.ksn);
  assert.deepEqual(result.relaxations, ['ENVELOPE_UNVERIFIED', 'DEPRECATED_VERSION', 'MODE_OF_USE']);
  const unverified = ['recipient', 'wrapped-kbpk', 'signature', 'freshness'];
  assert.deepEqual(result.envelope, { format: 'qpos', timestamp: sample.timestamp, unverified });
});

test('the sample itself is refused: its KBPK is for the device alone', async () => {
  using terminal = openSoftwareTerminal({ store: new MemoryStore(), profile: 'qpos', policy: 'compat:qpos' });
  await enterKek(terminal, TDES_KEK, 'TDES');
  assert.equal((await terminal.sendTR31Key(sample.envelope)).status, 'VERIFICATION_FAILED');
});

test('strict takes no envelope, and preflight says so beforehand', async () => {
  using terminal = openSoftwareTerminal({ store: new MemoryStore() });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const text = envelopeOf(block(TDES_KEK, 'B', 'B1TX01N', KEY));
  const result = await terminal.sendTR31Key(text);
  assert.equal(result.status, 'ENVELOPE');
  const { findings } = preflight(text, { profile: 'generic-ped' });
  assert.deepEqual(
    findings.map(({ status }) => status),
    ['ENVELOPE'],
  );
  const lenient = preflight(text, { profile: 'qpos', policy: 'compat:qpos' });
  assert.deepEqual([lenient.findings, lenient.relaxations], [[], ['ENVELOPE_UNVERIFIED']]);
});
