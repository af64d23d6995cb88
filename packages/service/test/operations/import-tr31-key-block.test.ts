import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type KeyBlockHeader, Secret, wrapKeyBlock } from '@keywright/crypto';
import type { ImportKeyInput, KeyAlgorithm } from '../../src/api/control-plane.generated.ts';
import { modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { attributes, type KnownKey, Service, START } from './service.ts';

interface Vector {
  readonly name: string;
  readonly version: string;
  readonly kbpk: string;
  readonly key_block: string;
  readonly key: string;
  readonly oracle_libtr31: { readonly rc: number; readonly kcv: string | null };
}

function vectorsOf(file: string): Vector[] {
  const text = readFileSync(new URL(`../../../../vectors/${file}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { vectors: Vector[] }).vectors;
}

const KEK_HEX = '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F';
const HEADER: KeyBlockHeader = {
  version: 'D',
  keyUsage: 'P0',
  algorithm: 'A',
  modeOfUse: 'B',
  keyVersion: '00',
  exportability: 'E',
  keyContext: '0',
  reserved: '0',
};

function kek(hex = KEK_HEX, version = 'D'): KnownKey {
  const algorithm = version === 'D' ? `AES_${hex.length * 4}` : `TDES_${hex.length / 16}KEY`;
  return { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: algorithm as KeyAlgorithm, mode: 'B', hex };
}

interface Block extends Partial<KeyBlockHeader> {
  keyHex?: string;
  kbpkHex?: string;
  optionalBlocks?: { id: string; data: string }[];
}

const KEY_HEX = 'F0E1D2C3B4A5968778695A4B3C2D1E0F';

function blockOf({ keyHex = KEY_HEX, kbpkHex = KEK_HEX, optionalBlocks = [], ...header }: Block): string {
  using kbpk = Secret.fromHex(kbpkHex);
  using key = Secret.fromHex(keyHex);
  return wrapKeyBlock({ kbpk, header: { ...HEADER, ...header }, key, optionalBlocks, profile: 'tolerant' });
}

function request(wrapping: string, block: string): ImportKeyInput {
  return { KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: wrapping, WrappedKeyBlock: block } } };
}

async function imported(t: TestContext, block: Block, settings: Partial<ImportKeyInput> = {}) {
  const service = new Service(t);
  const wrapping = await service.putKey(kek());
  const { Key } = await service.call('ImportKey', { ...request(wrapping, blockOf(block)), ...settings });
  const record = await service.context.store.findKey('us-east-2', Key.KeyArn.slice(-16));
  using key = await service.context.vault.openKey(record!);
  const hex = key.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
  return { key: Key, hex, record: record! };
}

async function refused(
  t: TestContext,
  block: Block | string,
  wrapping = kek(),
  settings: Partial<ImportKeyInput> = {},
) {
  const service = new Service(t);
  const arn = await service.putKey(wrapping);
  const text = typeof block === 'string' ? block : blockOf(block);
  const refusal = await service.refusal('ImportKey', { ...request(arn, text), ...settings });
  assert.equal(await service.count(), 1, 'nothing is stored');
  return { arn, ...refusal };
}

/** Blocks of other implementations that AWS can hold: no single DES, no version E, alphanumeric. */
const FOREIGN = ['libtr31_decrypt', 'psec_unwrap', 'keyblock_rs_standards']
  .flatMap(vectorsOf)
  .filter(({ version, key, key_block, oracle_libtr31 }) => {
    return (
      version !== 'E' && key?.length >= 32 && oracle_libtr31?.rc === 0 && /^[0-9A-Za-z]+$/.test(key_block)
    );
  });

test('key blocks that other implementations made come in with the check value that libtr31 gives', async (t) => {
  const service = new Service(t);
  assert.ok(FOREIGN.length > 20, `${FOREIGN.length} blocks`);
  assert.deepEqual(new Set(FOREIGN.map(({ version }) => version)), new Set('ABCD'));
  for (const { name, version, kbpk, key_block, oracle_libtr31 } of FOREIGN) {
    const wrapping = await service.putKey(kek(kbpk, version));
    const { Key } = await service.call('ImportKey', request(wrapping, key_block));
    assert.equal(Key.KeyCheckValue, oracle_libtr31.kcv?.slice(0, 6), name);
    assert.equal(Key.KeyAttributes.KeyUsage.slice(5, 7), key_block.slice(5, 7));
    assert.deepEqual(Key.KeyAttributes.KeyModesOfUse, modesOfLetter(key_block[8] as 'B'));
    assert.equal(Key.Exportable, key_block[11] !== 'N');
  }
});

test('the key has what the header says, and comes from outside', async (t) => {
  const { key, hex } = await imported(t, {});
  const { KeyArn, KeyCheckValue, ...rest } = key;
  assert.match(KeyArn, /key\/[a-z2-7]{16}$/);
  assert.match(KeyCheckValue, /^[0-9A-F]{6}$/);
  assert.deepEqual(rest, {
    KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B'),
    KeyCheckValueAlgorithm: 'CMAC',
    Enabled: true,
    Exportable: true,
    KeyState: 'CREATE_COMPLETE',
    KeyOrigin: 'EXTERNAL',
    CreateTimestamp: START / 1000,
    UsageStartTimestamp: START / 1000,
  });
  assert.equal(hex, KEY_HEX);
});

test('it may come in disabled, with tags and another check value', async (t) => {
  const settings = { Enabled: false, KeyCheckValueAlgorithm: 'ANSI_X9_24' } as const;
  const { key } = await imported(t, {}, { ...settings, Tags: [{ Key: 'a', Value: 'b' }] });
  assert.equal(key.Enabled, false);
  assert.equal(key.UsageStartTimestamp, undefined);
  assert.equal(key.KeyCheckValueAlgorithm, 'ANSI_X9_24');
});

test('exportability comes from the header', async (t) => {
  const expected = { E: 'EXPORTABLE', S: 'SENSITIVE', N: 'NON_EXPORTABLE' } as const;
  for (const [exportability, name] of Object.entries(expected)) {
    const { key, record } = await imported(t, { exportability });
    assert.equal(key.Exportable, exportability !== 'N');
    assert.equal(record.exportability, name);
  }
});

test('algorithm and length give the key algorithm', async (t) => {
  const cases: [string, number, KeyAlgorithm][] = [
    ['T', 16, 'TDES_2KEY'],
    ['T', 24, 'TDES_3KEY'],
    ['A', 16, 'AES_128'],
    ['A', 24, 'AES_192'],
    ['A', 32, 'AES_256'],
  ];
  for (const [algorithm, length, expected] of cases) {
    const { key, hex } = await imported(t, { algorithm, keyHex: KEK_HEX.slice(-2 * length) });
    assert.equal(key.KeyAttributes.KeyAlgorithm, expected);
    assert.equal(hex, KEK_HEX.slice(-2 * length), 'the bytes stay as they are, parity too');
  }
});

test('the block HM gives the hash of an HMAC key', async (t) => {
  const hmac = { keyUsage: 'M7', algorithm: 'H', modeOfUse: 'C', keyHex: KEK_HEX };
  const hashes = { 20: 'HMAC_SHA224', 21: 'HMAC_SHA256', 22: 'HMAC_SHA384', 23: 'HMAC_SHA512' };
  for (const [data, expected] of Object.entries(hashes)) {
    const { key } = await imported(t, { ...hmac, optionalBlocks: [{ id: 'HM', data }] });
    assert.equal(key.KeyAttributes.KeyAlgorithm, expected);
    assert.equal(key.KeyCheckValueAlgorithm, 'HMAC');
  }
  const right = 'HM must be 20 (HMAC_SHA224), 21 (HMAC_SHA256), 22 (HMAC_SHA384) or 23 (HMAC_SHA512).';
  const none = await refused(t, hmac);
  assert.equal(none.message, `The key block of the HMAC key has no optional block HM: ${right}`);
  const sha1 = await refused(t, { ...hmac, optionalBlocks: [{ id: 'HM', data: '10' }] });
  assert.equal(
    sha1.message,
    `The key block of the HMAC key has an optional block HM with another hash: ${right}`,
  );
  const short = { ...hmac, keyHex: KEK_HEX.slice(0, 26), optionalBlocks: [{ id: 'HM', data: '21' }] };
  assert.equal(
    (await refused(t, short)).message,
    'The key has 13 bytes: a key of HMAC_SHA256 has at least 14.',
  );
});

test('what an export wraps comes in again', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek());
  const { Key } = await service.call('CreateKey', {
    KeyAttributes: attributes('TR31_M7_HMAC_KEY', 'HMAC_SHA384', 'C'),
    Exportable: true,
  });
  const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: wrapping } };
  const { WrappedKey } = await service.call('ExportKey', { KeyMaterial, ExportKeyIdentifier: Key.KeyArn });
  const again = await service.call('ImportKey', request(wrapping, WrappedKey!.KeyMaterial));
  assert.deepEqual(again.Key.KeyAttributes, Key.KeyAttributes);
  assert.equal(again.Key.KeyCheckValue, Key.KeyCheckValue);
});

const REFUSED: [string, Block, string][] = [
  [
    'a usage that AWS has no name for',
    { keyUsage: 'B1', modeOfUse: 'X' },
    'Key usage B1 of the key block is not supported: there is no KeyUsage for it.',
  ],
  [
    'a usage that no key may have',
    { keyUsage: 'P1', modeOfUse: 'C' },
    'KeyUsage TR31_P1_PIN_GENERATION_KEY is not valid: there are no keys of this usage.',
  ],
  [
    'a mode of use that AWS has no name for',
    { keyUsage: 'B0', modeOfUse: 'Y' },
    'Mode of use Y of the key block is not supported: there are no KeyModesOfUse for it.',
  ],
  [
    'a mode of use that does not go with the usage',
    { modeOfUse: 'X' },
    'KeyModesOfUse {DeriveKey} is not valid for TR31_P0_PIN_ENCRYPTION_KEY: use {Encrypt, Decrypt, Wrap, Unwrap}, {Encrypt, Wrap}, {Decrypt, Unwrap} or {NoRestrictions}.',
  ],
  [
    'an algorithm that does not go with the usage',
    { keyUsage: 'M3', modeOfUse: 'C' },
    'KeyAlgorithm AES_128 is not valid for TR31_M3_ISO_9797_3_MAC_KEY: use TDES_2KEY or TDES_3KEY.',
  ],
  [
    'an algorithm of no symmetric key',
    { keyUsage: 'S0', algorithm: 'R', modeOfUse: 'S' },
    'Algorithm R of the key block is not supported: use A (AES), H (HMAC) or T (TDES).',
  ],
  [
    'single DES by length',
    { algorithm: 'T', keyHex: KEY_HEX.slice(0, 16) },
    'The TDES key in the key block has 8 bytes: it must have 16 or 24.',
  ],
  [
    'single DES by equal parts, whatever their parity',
    { algorithm: 'T', keyHex: '0123456789ABCDEF0022446688AACCEE' },
    'The key is single DES in effect, since parts of it are equal: use a TDES_2KEY key of different parts.',
  ],
  [
    'an unknown exportability',
    { exportability: 'X' },
    'Exportability X of the key block is not supported: it must be E, N or S.',
  ],
  [
    'version E',
    { version: 'E' },
    'Version E of the key block is not supported: use D under an AES wrapping key.',
  ],
];

for (const [what, block, message] of REFUSED) {
  test(`refused: ${what}`, async (t) => {
    const refusal = await refused(t, block);
    assert.deepEqual([refusal.code, refusal.message], ['ValidationException', message]);
  });
}

test('refused: a wrapping key that is weaker than the key in the block', async (t) => {
  const kbpkHex = KEK_HEX.slice(0, 32);
  const { message } = await refused(t, { kbpkHex, keyHex: KEK_HEX }, kek(kbpkHex));
  assert.equal(message, 'AES_128 cannot protect AES_256: use an AES_256 wrapping key.');
});

test('refused: a block that is not authentic, in one way whatever was changed', async (t) => {
  const block = blockOf({});
  const messages = new Set<string>();
  for (const at of [8, 20, 79, 81, 143]) {
    const changed = block.slice(0, at) + (block[at] === 'E' ? 'D' : 'E') + block.slice(at + 1);
    const { code, message } = await refused(t, changed);
    assert.equal(code, 'ValidationException');
    messages.add(message);
  }
  messages.add((await refused(t, blockOf({ kbpkHex: KEK_HEX.replace('00', '01') }))).message);
  assert.equal(messages.size, 1);
  assert.match([...messages][0]!, /^WrappedKeyBlock is not valid: key block verification failed/);
});

test('refused: blocks that cannot be read, each with what is wrong', async (t) => {
  const block = blockOf({});
  const cases: [string, RegExp][] = [
    [`F${block.slice(1)}`, /version/],
    [`${block}00`, /length/],
    [`1${block.slice(1)}`, /Thales/],
    [
      blockOf({ version: 'B', kbpkHex: KEY_HEX, algorithm: 'T', keyHex: KEY_HEX }),
      /version B is for a TDES wrapping key, and this one is AES_256\. To mend it, use the wrapping key that/,
    ],
    [`${block.slice(0, 143)}G`, /MAC must be hexadecimal/],
  ];
  for (const [text, expected] of cases) {
    const { code, message } = await refused(t, text);
    assert.equal(code, 'ValidationException');
    assert.match(message, /^WrappedKeyBlock is not valid: /);
    assert.match(message, expected);
  }
});

const KBPKS: readonly [version: KeyBlockHeader['version'], kbpk: KeyAlgorithm][] = [
  ['A', 'AES_128'],
  ['B', 'AES_128'],
  ['C', 'AES_128'],
  ['A', 'AES_192'],
  ['B', 'AES_192'],
  ['C', 'AES_192'],
  ['D', 'TDES_2KEY'],
  ['D', 'TDES_3KEY'],
];

for (const [version, algorithm] of KBPKS) {
  test(`refused: version ${version} under ${algorithm}, whose length would do`, async (t) => {
    const kbpkHex = KEK_HEX.slice(0, /128|2KEY/.test(algorithm) ? 32 : 48);
    const block = blockOf({ version, kbpkHex, algorithm: 'T', keyHex: KEY_HEX });
    const { code, message } = await refused(t, block, { ...kek(kbpkHex), algorithm });
    assert.equal(code, 'ValidationException');
    assert.match(
      message,
      new RegExp(`version ${version} is for an? \\w+ wrapping key, and this one is ${algorithm}`),
    );
  });
}

test('refused: a wrapping key that may not unwrap, or is of another usage, or disabled', async (t) => {
  const mode = await refused(t, {}, { ...kek(), mode: 'E' });
  assert.equal(
    mode.message,
    `KeyModesOfUse of the input key ${mode.arn} is invalid for the operation. It is {Encrypt, Wrap}; use a key with Unwrap or NoRestrictions.`,
  );
  const usage = await refused(t, {}, { ...kek(), usage: 'TR31_P0_PIN_ENCRYPTION_KEY' });
  assert.match(usage.message, /^KeyUsage of the input key /);
  const disabled = await refused(t, {}, { ...kek(), Enabled: false });
  assert.deepEqual(
    [disabled.code, disabled.message],
    ['ConflictException', `Key ${disabled.arn} is not usable: it is disabled; enable it with StartKeyUsage.`],
  );
});

test('refused: settings that do not fit', async (t) => {
  const message = async (settings: Partial<ImportKeyInput>) =>
    (await refused(t, {}, kek(), settings)).message;
  assert.equal(
    await message({ KeyCheckValueAlgorithm: 'HMAC' }),
    'KeyCheckValueAlgorithm HMAC is not valid for AES_128: use CMAC or ANSI_X9_24.',
  );
  assert.equal(
    await message({ Tags: [{ Key: 'aws:a', Value: 'b' }] }),
    'Tag key aws:a is reserved: use one that does not start with aws:.',
  );
  assert.equal(
    await message({ ReplicationRegions: ['us-east-2'] }),
    'ReplicationRegions has us-east-2, where the key itself is: name other regions.',
  );
});
