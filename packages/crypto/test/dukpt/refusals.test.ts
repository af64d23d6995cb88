import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DukptErrorCode,
  deriveAesWorkingKey,
  deriveDukptKey,
  deriveTerminalKey,
  formatAesKsn,
  formatTdesKsn,
  parseAesKsn,
  parseTdesKsn,
  Secret,
  schemeOfKsn,
} from '../../src/index.ts';

const DIGITS = '0123456789ABCDEFFEDCBA9876543210';
const bdk = Secret.fromHex(DIGITS);
const wide = Secret.fromHex(DIGITS + DIGITS);
const TDES_KSN = 'FFFF9876543210E00001';
const AES_KSN = '123456789012345600000001';

function refuses(code: DukptErrorCode, message: RegExp, act: () => unknown) {
  assert.throws(act, (error: Error & { code?: string }) => {
    assert.ok(error instanceof RangeError);
    assert.deepEqual([error.name, error.code], ['DukptError', code]);
    assert.match(error.message, message);
    assert.ok(!error.message.includes('01234567'));
    return true;
  });
}

const tdes = (ksn: string, usage: Parameters<typeof deriveDukptKey>[0]['usage'] = 'pin') =>
  deriveDukptKey({ bdk, scheme: 'TDES', ksn, usage });
const aes = (ksn: string) => deriveDukptKey({ bdk, scheme: 'AES', ksn, usage: 'pin' });

test('KSNs come apart and together again', () => {
  assert.equal(parseTdesKsn('FFFF9876543210FFFFFF').counter, 0x1fffff);
  assert.equal(parseTdesKsn(TDES_KSN).counter, 1);
  assert.deepEqual(parseTdesKsn('ffff9876543210f00000').initialKeyId, parseTdesKsn(TDES_KSN).initialKeyId);
  assert.equal(parseAesKsn('1234567890123456FFFFFFFF').counter, 0xffffffff);
  assert.equal(parseAesKsn('1234567890123456').counter, 0);
  for (const ksn of [TDES_KSN, 'FFFF9876543210EFF800', '00000000000000000000', 'FFFFFFFFFFFFFFFFFFFF']) {
    assert.equal(formatTdesKsn(parseTdesKsn(ksn)), ksn);
  }
  for (const ksn of [AES_KSN, 'FFFFFFFFFFFFFFFFFFFFFFFF', '000000000000000080000000']) {
    assert.equal(formatAesKsn(parseAesKsn(ksn)), ksn);
  }
});

test('a TDES KSN of 8 bytes is filled up with FFFF', () => {
  assert.deepEqual(parseTdesKsn('9876543210E00001'), parseTdesKsn(TDES_KSN));
  assert.ok(tdes('9876543210E00001').equals(tdes(TDES_KSN)));
});

test('the length of a KSN tells the scheme', () => {
  assert.equal(schemeOfKsn(AES_KSN), 'AES');
  assert.equal(schemeOfKsn(TDES_KSN), 'TDES');
});

test('bad KSNs', () => {
  for (const ksn of [
    '',
    'FFFF9876543210E0000',
    'FFFF9876543210E0000G',
    `${TDES_KSN}00`,
    AES_KSN,
    ` ${TDES_KSN.slice(1)}`,
  ]) {
    refuses('KSN_INVALID', /^TDES KSN must be 20 hexadecimal digits, got \d+ characters$/, () => tdes(ksn));
  }
  for (const ksn of ['', TDES_KSN, `${AES_KSN}0`, `${AES_KSN.slice(1)}Z`]) {
    refuses('KSN_INVALID', /^AES KSN must be 24 or 16 hexadecimal digits, got \d+ characters$/, () =>
      aes(ksn),
    );
  }
});

test('counter 0 is the initial key only', () => {
  refuses('COUNTER_ZERO', /counter 0/, () => tdes('FFFF9876543210E00000'));
  refuses('COUNTER_ZERO', /counter 0/, () => aes('123456789012345600000000'));
  refuses('COUNTER_ZERO', /counter 0/, () => aes('1234567890123456'));
  assert.doesNotThrow(() => tdes('FFFF9876543210E00000', 'initial'));
});

test('counters that a terminal skips: the host derives, the terminal refuses', () => {
  const initialKey = bdk;
  const cases = [
    ['TDES', 'FFFF9876543210E007FF', 'FFFF9876543210E003FF', /11 one-bits.* more than 10/],
    ['AES', '12345678901234560001FFFF', '12345678901234560000FFFF', /17 one-bits.* more than 16/],
  ] as const;
  for (const [scheme, skipped, last, message] of cases) {
    assert.doesNotThrow(() => deriveDukptKey({ bdk, scheme, ksn: skipped, usage: 'pin' }));
    assert.doesNotThrow(() => deriveTerminalKey({ initialKey, scheme, ksn: last, usage: 'pin' }));
    const act = () => deriveTerminalKey({ initialKey, scheme, ksn: skipped, usage: 'pin' });
    refuses('COUNTER_SKIPPED', message, act);
  }
});

test('keys of a wrong length', () => {
  for (const length of [8, 24, 32]) {
    const key = Secret.take(new Uint8Array(length).fill(1));
    refuses('KEY_LENGTH', new RegExp(`must be 16 bytes, got ${length}`), () =>
      deriveDukptKey({ bdk: key, scheme: 'TDES', ksn: TDES_KSN, usage: 'pin' }),
    );
    refuses('KEY_LENGTH', /TDES initial key must be 16 bytes/, () =>
      deriveTerminalKey({ initialKey: key, scheme: 'TDES', ksn: TDES_KSN, usage: 'pin' }),
    );
  }
  const single = Secret.take(new Uint8Array(8));
  refuses('KEY_LENGTH', /must be 16 or 24 or 32 bytes, got 8/, () =>
    deriveDukptKey({ bdk: single, scheme: 'AES', ksn: AES_KSN, usage: 'pin' }),
  );
});

test('TDES DUKPT has no keys for both directions, and gives two-key TDES only', () => {
  for (const usage of ['mac-both', 'data-both'] as const) {
    refuses('USAGE', new RegExp(`TDES DUKPT has no ${usage} key`), () => tdes(TDES_KSN, usage));
  }
  refuses('KEY_TYPE', /TDES_2KEY keys only, not AES_128/, () =>
    deriveDukptKey({ bdk, scheme: 'TDES', ksn: TDES_KSN, usage: 'pin', keyType: 'AES_128' }),
  );
});

test('no key comes from a weaker one, and an initial key is of the BDK’s own type', () => {
  for (const keyType of ['AES_192', 'AES_256'] as const) {
    refuses('KEY_TYPE', new RegExp(`${keyType} key must not be derived from an AES_128 key`), () =>
      deriveDukptKey({ bdk, scheme: 'AES', ksn: AES_KSN, usage: 'pin', keyType }),
    );
  }
  for (const keyType of ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const) {
    assert.doesNotThrow(() =>
      deriveDukptKey({ bdk: wide, scheme: 'AES', ksn: AES_KSN, usage: 'pin', keyType }),
    );
  }
  const initial = { bdk: wide, scheme: 'AES', ksn: AES_KSN, usage: 'initial' } as const;
  assert.doesNotThrow(() => deriveDukptKey({ ...initial, keyType: 'AES_256' }));
  refuses('KEY_TYPE', /own type, AES_256, not AES_128/, () =>
    deriveDukptKey({ ...initial, keyType: 'AES_128' }),
  );
});

test('a counter that is none', () => {
  for (const counter of [0, -1, 1.5, 2 ** 32]) {
    assert.throws(() => deriveAesWorkingKey(bdk, 'AES_128', 'pin', '1234567890123456', counter), RangeError);
  }
});
