import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { keyCheckValue, Secret, unwrapKeyBlock } from '@keywright/crypto';
import type {
  ExportKeyInput,
  KeyBlockHeaders,
  KeyCheckValueAlgorithm,
} from '../../src/api/control-plane.generated.ts';
import { type KnownKey, Service } from './service.ts';

/** ANSI X9.24-1:2009, A.4, and ANSI X9.24-3:2017, supplement. */
const TDES = {
  bdk: '0123456789ABCDEFFEDCBA9876543210',
  ksn: 'FFFF9876543210E00001',
  initialKey: '6AC292FAA1315B4D858AB3A3D7D5933A',
};
const AES = {
  bdk: 'FEDCBA9876543210F1F1F1F1F1F1F1F1',
  ksn: '123456789012345600000001',
  initialKey: '1273671EA26AC29AFA4D1084127652A1',
};

const KEK: KnownKey = {
  usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
  algorithm: 'AES_128',
  mode: 'B',
  hex: '000102030405060708090A0B0C0D0E0F',
};

function bdk(algorithm: 'TDES_2KEY' | 'AES_128', changes: Partial<KnownKey> = {}): KnownKey {
  const hex = algorithm === 'AES_128' ? AES.bdk : TDES.bdk;
  return { usage: 'TR31_B0_BASE_DERIVATION_KEY', algorithm, mode: 'X', hex, ...changes };
}

interface Asked {
  ksn: string;
  headers?: KeyBlockHeaders;
  checkValue?: KeyCheckValueAlgorithm;
}

async function request(
  service: Service,
  wrapping: KnownKey,
  key: KnownKey,
  asked: Asked,
): Promise<ExportKeyInput> {
  const { ksn, headers, checkValue } = asked;
  return {
    KeyMaterial: {
      Tr31KeyBlock: {
        WrappingKeyIdentifier: await service.putKey(wrapping),
        ...(headers && { KeyBlockHeaders: headers }),
      },
    },
    ExportKeyIdentifier: await service.putKey(key),
    ExportAttributes: {
      ExportDukptInitialKey: { KeySerialNumber: ksn },
      ...(checkValue && { KeyCheckValueAlgorithm: checkValue }),
    },
  };
}

async function exported(t: TestContext, wrapping: KnownKey, key: KnownKey, asked: Asked) {
  const service = new Service(t);
  const input = await request(service, wrapping, key, asked);
  const { WrappedKey } = await service.call('ExportKey', input);
  using kbpk = Secret.fromHex(wrapping.hex);
  const { optionalBlocks, key: unwrapped } = unwrapKeyBlock({ kbpk, block: WrappedKey!.KeyMaterial });
  using initialKey = unwrapped;
  const hex = initialKey.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
  return { wrapped: WrappedKey!, hex, optionalBlocks };
}

function checkValueOf(method: 'TDES' | 'AES' | 'AES_LEGACY_ECB', hex: string): string {
  using key = Secret.fromHex(hex);
  return keyCheckValue(method, key);
}

test('the TDES initial key of the standard goes out as B1, in a block as AWS shows it', async (t) => {
  const kek: KnownKey = { ...KEK, algorithm: 'TDES_2KEY', hex: '89E88CF7931444F334BD7547FC3F380C' };
  const { wrapped, hex } = await exported(t, kek, bdk('TDES_2KEY'), { ksn: TDES.ksn });
  assert.match(wrapped.KeyMaterial, /^B0096B1TX00S0000[0-9A-F]{80}$/);
  assert.equal(hex, TDES.initialKey);
  assert.equal(wrapped.KeyCheckValue, checkValueOf('TDES', TDES.initialKey));
  assert.equal(wrapped.KeyCheckValueAlgorithm, 'ANSI_X9_24');
});

test('a TDES initial key goes out under an AES KEK too; the counter does not matter', async (t) => {
  for (const ksn of [TDES.ksn, 'FFFF9876543210E00000', 'FFFF9876543210FFFFFF']) {
    const { wrapped, hex } = await exported(t, KEK, bdk('TDES_2KEY', { mode: 'N' }), { ksn });
    assert.match(wrapped.KeyMaterial, /^D0112B1TX00S0000/);
    assert.equal(hex, TDES.initialKey);
  }
});

test('the AES initial key of the standard has the algorithm of its BDK', async (t) => {
  const { wrapped, hex } = await exported(t, KEK, bdk('AES_128'), { ksn: AES.ksn });
  assert.match(wrapped.KeyMaterial, /^D0144B1AX00S0000/);
  assert.equal(hex, AES.initialKey);
  assert.equal(wrapped.KeyCheckValue, checkValueOf('AES', AES.initialKey));
  assert.equal(wrapped.KeyCheckValueAlgorithm, 'CMAC');
});

test('its check value may be asked for in another way', async (t) => {
  const { wrapped } = await exported(t, KEK, bdk('AES_128'), { ksn: AES.ksn, checkValue: 'ANSI_X9_24' });
  assert.equal(wrapped.KeyCheckValue, checkValueOf('AES_LEGACY_ECB', AES.initialKey));
  assert.equal(wrapped.KeyCheckValueAlgorithm, 'ANSI_X9_24');
});

test('headers: a KSN in an optional block, a version, not exportable', async (t) => {
  const headers = {
    OptionalBlocks: { KS: 'FFFF9876543210E00000' },
    KeyVersion: '01',
    KeyExportability: 'NON_EXPORTABLE',
    KeyModesOfUse: { DeriveKey: true },
  } as const;
  const { wrapped, optionalBlocks } = await exported(t, KEK, bdk('TDES_2KEY'), { ksn: TDES.ksn, headers });
  assert.match(wrapped.KeyMaterial, /^D0144B1TX01N0200KS18FFFF9876543210E00000PB08/);
  assert.deepEqual(optionalBlocks[0], { id: 'KS', data: 'FFFF9876543210E00000' });
});

async function refused(t: TestContext, key: KnownKey, asked: Asked, wrapping = KEK) {
  const service = new Service(t);
  const input = await request(service, wrapping, key, asked);
  return { arn: input.ExportKeyIdentifier, ...(await service.refusal('ExportKey', input)) };
}

test('the KSN must have the length of the scheme', async (t) => {
  const tdes = await refused(t, bdk('TDES_2KEY'), { ksn: AES.ksn });
  assert.equal(
    tdes.message,
    'KeySerialNumber has 24 hexadecimal digits: for a base derivation key of TDES_2KEY it must have 20.',
  );
  const aes = await refused(t, bdk('AES_128'), { ksn: TDES.ksn });
  assert.equal(
    aes.message,
    'KeySerialNumber has 20 hexadecimal digits: for a base derivation key of AES_128 it must have 24.',
  );
});

test('only base derivation keys have initial keys, and no TDES_3KEY', async (t) => {
  const usage = await refused(t, bdk('AES_128', { usage: 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS' }), {
    ksn: AES.ksn,
  });
  assert.equal(
    usage.message,
    `KeyUsage of the input key ${usage.arn} is invalid for the operation. It is TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS; use a key with TR31_B0_BASE_DERIVATION_KEY.`,
  );
  const threeKeys: KnownKey = {
    ...bdk('TDES_2KEY'),
    algorithm: 'TDES_3KEY',
    hex: `${TDES.bdk}89ABCDEF01234567`,
  };
  const algorithm = await refused(t, threeKeys, { ksn: TDES.ksn });
  assert.equal(
    algorithm.message,
    `KeyAlgorithm of the input key ${algorithm.arn} is invalid for the operation. It is TDES_3KEY; use a key with TDES_2KEY, AES_128, AES_192 or AES_256.`,
  );
});

test('the rules of every export hold', async (t) => {
  const { message } = await refused(t, bdk('AES_128', { exportability: 'NON_EXPORTABLE' }), { ksn: AES.ksn });
  assert.match(message, /is not exportable/);
  const weak: KnownKey = { ...KEK, algorithm: 'TDES_2KEY', hex: '89E88CF7931444F334BD7547FC3F380C' };
  const strength = await refused(t, bdk('AES_128'), { ksn: AES.ksn }, weak);
  assert.equal(
    strength.message,
    'TDES_2KEY cannot protect AES_128: use an AES_128 or stronger wrapping key.',
  );
  const headers = { KeyExportability: 'EXPORTABLE' } as const;
  const free = await refused(t, bdk('AES_128'), { ksn: AES.ksn, headers });
  assert.equal(
    free.message,
    "KeyBlockHeaders.KeyExportability EXPORTABLE is less restrictive than the key's SENSITIVE: use SENSITIVE or NON_EXPORTABLE.",
  );
  const modes = { KeyModesOfUse: { NoRestrictions: true } } as const;
  const mode = await refused(t, bdk('AES_128', { mode: 'N' }), { ksn: AES.ksn, headers: modes });
  assert.match(mode.message, /^KeyBlockHeaders\.KeyModesOfUse \{NoRestrictions\} is not more restrictive/);
  const kcv = await refused(t, bdk('TDES_2KEY'), { ksn: TDES.ksn, checkValue: 'CMAC' });
  assert.equal(kcv.message, 'KeyCheckValueAlgorithm CMAC is not valid for TDES_2KEY: use ANSI_X9_24.');
});
