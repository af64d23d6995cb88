import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CipherEngineName,
  cipherOf,
  type PinBlockBinding,
  type PinBlockFormat,
  randomBytes,
  Secret,
  translatePinBlock,
} from '../../src/index.ts';
import { withEngine } from '../engines.ts';

const PAN = '4012345678909123';
const SHORT_PAN = Buffer.from('0000234567890912', 'hex');
const WHOLE_PAN = Buffer.from('44012345678909123'.padEnd(32, '0'), 'hex');
const CONTROL = { ISO_0: 0, ISO_1: 1, ISO_3: 3, ISO_4: 4 } as const;
type Incoming = keyof typeof CONTROL;

const bytes = randomBytes(24);
/** A key of its own for each engine: what is expanded stays with the engine that did it. */
const keys = { fast: Secret.copyOf(bytes), openssl: Secret.copyOf(bytes) };

function bindingOf(engine: CipherEngineName, format: PinBlockFormat): PinBlockBinding {
  const pan = format === 'ISO_1' ? {} : { pan: PAN };
  return { format, key: keys[engine], algorithm: format === 'ISO_4' ? 'AES' : 'TDES', ...pan };
}

function add(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, i) => byte ^ right[i]!);
}

/** Encrypts any PIN field, right or wrong. */
function seal(format: Incoming, field: Uint8Array): Uint8Array {
  const key = cipherOf(format === 'ISO_4' ? 'AES' : 'TDES', keys.openssl);
  if (format !== 'ISO_4') return key.encryptEcb(format === 'ISO_1' ? field : add(field, SHORT_PAN));
  return key.encryptEcb(add(key.encryptEcb(Buffer.concat([field, new Uint8Array(8)])), WHOLE_PAN));
}

function translate(engine: CipherEngineName, from: Incoming, to: PinBlockFormat, block: Uint8Array): string {
  let next = 0;
  const random = (length: number) =>
    new Uint8Array(length).map(() => {
      next += 37;
      return next;
    });
  const [incoming, outgoing] = [bindingOf(engine, from), bindingOf(engine, to)];
  try {
    const translated = translatePinBlock({ incoming, outgoing, block, random });
    return Buffer.from(translated).toString('hex');
  } catch (error) {
    return String(error);
  }
}

/** Fields of every length, with every value at every place; all other digits are as the format has them. */
function* fields(format: Incoming): Iterable<Uint8Array> {
  const fill = { ISO_0: 'f', ISO_1: '0', ISO_3: 'c', ISO_4: 'a' }[format];
  for (let length = 0; length < 16; length += 1) {
    const start = `${CONTROL[format]}${length.toString(16)}${'7'.repeat(length)}`.slice(0, 16);
    const right = [...start.padEnd(16, fill)];
    for (let place = 0; place < 16; place += 1) {
      for (let digit = 0; digit < 16; digit += 1) {
        yield Buffer.from(right.with(place, digit.toString(16)).join(''), 'hex');
      }
    }
  }
}

for (const from of Object.keys(CONTROL) as Incoming[]) {
  test(`${from}: the engines agree on what is a PIN block, and what becomes of it`, () => {
    const outcomes = new Set<boolean>();
    let count = 0;
    for (const field of fields(from)) {
      const to = (['ISO_0', 'ISO_4', 'ISO_3'] as const)[count++ % 3]!;
      const block = withEngine('openssl', () => seal(from, field));
      const reference = withEngine('openssl', () => translate('openssl', from, to, block));
      assert.equal(
        withEngine('fast', () => translate('fast', from, to, block)),
        reference,
      );
      outcomes.add(/^[0-9a-f]+$/.test(reference));
    }
    assert.equal(outcomes.size, 2);
  });
}

test('a key of each engine: the translation goes its way in several steps', () => {
  const block = withEngine('openssl', () => seal('ISO_0', Buffer.from('041234ffffffffff', 'hex')));
  const [first, second] = [Secret.copyOf(bytes), Secret.copyOf(bytes)];
  withEngine('fast', () => cipherOf('TDES', first));
  withEngine('openssl', () => cipherOf('AES', second));
  const incoming = { format: 'ISO_0', algorithm: 'TDES', key: first, pan: PAN } as const;
  const outgoing = { format: 'ISO_4', algorithm: 'AES', key: second, pan: PAN } as const;
  const random = (length: number) => new Uint8Array(length).fill(37);
  const mixed = Buffer.from(translatePinBlock({ incoming, outgoing, block, random })).toString('hex');
  const same = { ...outgoing, key: keys.openssl };
  const whole = withEngine('openssl', () =>
    translatePinBlock({ incoming: { ...incoming, key: keys.openssl }, outgoing: same, block, random }),
  );
  assert.equal(mixed, Buffer.from(whole).toString('hex'));
});
