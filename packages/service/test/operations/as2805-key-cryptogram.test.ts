import assert from 'node:assert/strict';
import { test } from 'node:test';
import vectors from '../../../../vectors/as2805-key-cryptograms.json' with { type: 'json' };
import type {
  As2805KeyVariant,
  ImportAs2805KeyCryptogram,
  KeyAlgorithm,
  KeyUsage,
} from '../../src/api/control-plane.generated.ts';
import { type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { type KnownKey, Service } from './service.ts';

/** What AWS's guide says of each variant. */
const VARIANTS: Record<string, { name: As2805KeyVariant; usage: KeyUsage; mode: ModeLetter }> = {
  '00': { name: 'TERMINAL_MAJOR_KEY_VARIANT_00', usage: 'TR31_K0_KEY_ENCRYPTION_KEY', mode: 'B' },
  '22': {
    name: 'DATA_ENCRYPTION_KEY_VARIANT_22',
    usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY',
    mode: 'B',
  },
  '24': {
    name: 'MESSAGE_AUTHENTICATION_KEY_VARIANT_24',
    usage: 'TR31_M0_ISO_16609_MAC_KEY',
    mode: 'C',
  },
  '28': { name: 'PIN_ENCRYPTION_KEY_VARIANT_28', usage: 'TR31_P0_PIN_ENCRYPTION_KEY', mode: 'B' },
};

function tdes(hex: string): KeyAlgorithm {
  return hex.length === 32 ? 'TDES_2KEY' : 'TDES_3KEY';
}

function kek(hex: string, changes: Partial<KnownKey> = {}): KnownKey {
  return { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: tdes(hex), mode: 'B', hex, ...changes };
}

/** A KEK protects keys that are no longer than itself. */
const FITTING = vectors.tests.filter((vector) => vector.kek.length >= vector.key.length);
const SAMPLE = FITTING.find(({ variant }) => variant === '28')!;

function material(
  WrappingKeyIdentifier: string,
  { variant, key, cryptogram } = SAMPLE,
): ImportAs2805KeyCryptogram {
  const { name, mode } = VARIANTS[variant]!;
  return {
    As2805KeyVariant: name,
    KeyModesOfUse: modesOfLetter(mode),
    KeyAlgorithm: tdes(key),
    Exportable: true,
    WrappingKeyIdentifier,
    WrappedKeyCryptogram: cryptogram,
  };
}

test('keys come in under every variant with the usage of it, and go out as the same cryptogram', async (t) => {
  const service = new Service(t);
  assert.equal(FITTING.length, 12);
  for (const vector of FITTING) {
    const { name, usage, mode } = VARIANTS[vector.variant]!;
    const wrapping = await service.putKey(kek(vector.kek));
    const As2805KeyCryptogram = material(wrapping, vector);
    const { Key } = await service.call('ImportKey', { KeyMaterial: { As2805KeyCryptogram } });
    assert.equal(Key.KeyCheckValue, vector.kcv);
    assert.deepEqual(Key.KeyAttributes, {
      KeyUsage: usage,
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: tdes(vector.key),
      KeyModesOfUse: modesOfLetter(mode),
    });
    assert.deepEqual([Key.KeyOrigin, Key.Exportable], ['EXTERNAL', true]);
    const { WrappedKey } = await service.call('ExportKey', {
      ExportKeyIdentifier: Key.KeyArn,
      KeyMaterial: { As2805KeyCryptogram: { WrappingKeyIdentifier: wrapping, As2805KeyVariant: name } },
    });
    assert.deepEqual(WrappedKey, {
      KeyMaterial: vector.cryptogram,
      WrappedKeyMaterialFormat: 'KEY_CRYPTOGRAM',
      WrappingKeyArn: wrapping,
      KeyCheckValue: vector.kcv,
      KeyCheckValueAlgorithm: 'ANSI_X9_24',
    });
  }
});

test('an imported key is as exportable as the caller says', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek(SAMPLE.kek));
  const As2805KeyCryptogram = { ...material(wrapping), Exportable: false };
  const { Key } = await service.call('ImportKey', { KeyMaterial: { As2805KeyCryptogram } });
  assert.equal(Key.Exportable, false);
});

test('refused on import: what does not go together', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek(SAMPLE.kek));
  const message = async (changes: Partial<ImportAs2805KeyCryptogram>) => {
    const As2805KeyCryptogram = { ...material(wrapping), ...changes };
    const { code, message } = await service.refusal('ImportKey', { KeyMaterial: { As2805KeyCryptogram } });
    assert.equal(code, 'ValidationException');
    return message;
  };
  assert.equal(
    await message({ KeyModesOfUse: { Generate: true } }),
    'KeyModesOfUse {Generate} is not valid for TR31_P0_PIN_ENCRYPTION_KEY: use ' +
      '{Encrypt, Decrypt, Wrap, Unwrap}, {Encrypt, Wrap}, {Decrypt, Unwrap} or {NoRestrictions}.',
  );
  assert.match(await message({ KeyAlgorithm: 'RSA_2048' }), /^KeyAlgorithm RSA_2048 is not valid for/);
  assert.equal(
    await message({ KeyAlgorithm: 'AES_128' }),
    'TDES_2KEY cannot protect AES_128: use an AES_128 or stronger wrapping key.',
  );
  assert.equal(
    await message({ KeyAlgorithm: 'TDES_3KEY' }),
    'TDES_2KEY cannot protect TDES_3KEY: use a TDES_3KEY or stronger wrapping key.',
  );
  for (const WrappedKeyCryptogram of ['AB'.repeat(8), 'AB'.repeat(24), `${'AB'.repeat(15)}A`]) {
    assert.equal(
      await message({ WrappedKeyCryptogram }),
      `WrappedKeyCryptogram has ${WrappedKeyCryptogram.length} hexadecimal digits: for a key of TDES_2KEY it must have 32.`,
    );
  }
  assert.match(
    await message({ WrappedKeyCryptogram: `H${SAMPLE.cryptogram.slice(1)}` }),
    /[wW]rappedKeyCryptogram/,
  );
  assert.equal(await service.count(), 1);
});

/** A cryptogram of a key with equal parts: CBC under another key does not hide it once it is decrypted. */
test('refused on import: a key that is single DES in effect', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek(SAMPLE.kek, { mode: 'N' }));
  const source = await service.putKey({
    usage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'B',
    hex: '0123456789ABCDEF0123456789ABCDEF',
  });
  const name = 'PIN_ENCRYPTION_KEY_VARIANT_28';
  const { WrappedKey } = await service.call('ExportKey', {
    ExportKeyIdentifier: source,
    KeyMaterial: { As2805KeyCryptogram: { WrappingKeyIdentifier: wrapping, As2805KeyVariant: name } },
  });
  const As2805KeyCryptogram = { ...material(wrapping), WrappedKeyCryptogram: WrappedKey!.KeyMaterial };
  const { message } = await service.refusal('ImportKey', { KeyMaterial: { As2805KeyCryptogram } });
  assert.match(message, /^The key is single DES in effect/);
});

test('refused both ways: a KEK of another usage, algorithm or mode', async (t) => {
  const service = new Service(t);
  const key = await service.putKey({ ...kek(SAMPLE.key), usage: 'TR31_P0_PIN_ENCRYPTION_KEY' });
  const messages = async (changes: Partial<KnownKey>) => {
    const wrapping = await service.putKey(kek(SAMPLE.kek, changes));
    const As2805KeyCryptogram = material(wrapping);
    const incoming = await service.refusal('ImportKey', { KeyMaterial: { As2805KeyCryptogram } });
    const outgoing = await service.refusal('ExportKey', {
      ExportKeyIdentifier: key,
      KeyMaterial: {
        As2805KeyCryptogram: {
          WrappingKeyIdentifier: wrapping,
          As2805KeyVariant: 'PIN_ENCRYPTION_KEY_VARIANT_28',
        },
      },
    });
    return [incoming.message, outgoing.message].map((text) => text.replace(wrapping, 'ARN'));
  };
  const usage =
    'KeyUsage of the input key ARN is invalid for the operation. It is TR31_K1_KEY_BLOCK_PROTECTION_KEY; use a key with TR31_K0_KEY_ENCRYPTION_KEY.';
  assert.deepEqual(await messages({ usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' }), [usage, usage]);
  const algorithm =
    'KeyAlgorithm of the input key ARN is invalid for the operation. It is AES_128; use a key with TDES_2KEY or TDES_3KEY.';
  assert.deepEqual(await messages({ algorithm: 'AES_128' }), [algorithm, algorithm]);
  const disabled = 'Key ARN is not usable: it is disabled; enable it with StartKeyUsage.';
  assert.deepEqual(await messages({ Enabled: false }), [disabled, disabled]);
});

test('the KEK must be for unwrapping to import, for wrapping to export', async (t) => {
  const service = new Service(t);
  const key = await service.putKey({ ...kek(SAMPLE.key), usage: 'TR31_P0_PIN_ENCRYPTION_KEY' });
  const [wraps, unwraps] = [
    await service.putKey(kek(SAMPLE.kek, { mode: 'E' })),
    await service.putKey(kek(SAMPLE.kek, { mode: 'D' })),
  ];
  const exportUnder = (WrappingKeyIdentifier: string) => ({
    ExportKeyIdentifier: key,
    KeyMaterial: {
      As2805KeyCryptogram: {
        WrappingKeyIdentifier,
        As2805KeyVariant: 'PIN_ENCRYPTION_KEY_VARIANT_28' as const,
      },
    },
  });
  await service.call('ImportKey', { KeyMaterial: { As2805KeyCryptogram: material(unwraps) } });
  await service.call('ExportKey', exportUnder(wraps));
  const incoming = await service.refusal('ImportKey', {
    KeyMaterial: { As2805KeyCryptogram: material(wraps) },
  });
  assert.match(incoming.message, /^KeyModesOfUse of the input key/);
  assert.match(
    (await service.refusal('ExportKey', exportUnder(unwraps))).message,
    /^KeyModesOfUse of the input key/,
  );
});

test('refused on export: a variant that is for another usage, or a key that AS 2805 does not know', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek(SAMPLE.kek));
  const keys = [
    ...Object.values(VARIANTS),
    { usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', mode: 'B', name: undefined },
    { usage: 'TR31_M3_ISO_9797_3_MAC_KEY', mode: 'C', name: undefined },
  ] as const;
  for (const { usage, mode, name: own } of keys) {
    const ExportKeyIdentifier = await service.putKey({ ...kek(SAMPLE.key), usage, mode });
    for (const { name, usage: right } of Object.values(VARIANTS)) {
      if (name === own) continue;
      const As2805KeyCryptogram = { WrappingKeyIdentifier: wrapping, As2805KeyVariant: name };
      const { code, message } = await service.refusal('ExportKey', {
        ExportKeyIdentifier,
        KeyMaterial: { As2805KeyCryptogram },
      });
      assert.equal(code, 'ValidationException');
      assert.equal(
        message,
        `As2805KeyVariant ${name} is for keys of ${right}: a key of usage ${usage.slice(5, 7)} cannot go out under it.`,
      );
    }
  }
});

test('refused on export: a key longer than the KEK, and one that is not exportable', async (t) => {
  const service = new Service(t);
  const wrapping = await service.putKey(kek(SAMPLE.kek));
  const pek = (changes: Partial<KnownKey>) =>
    service.putKey({ ...kek(SAMPLE.key), usage: 'TR31_P0_PIN_ENCRYPTION_KEY', ...changes });
  const message = async (ExportKeyIdentifier: string) => {
    const As2805KeyVariant = 'PIN_ENCRYPTION_KEY_VARIANT_28';
    const { message } = await service.refusal('ExportKey', {
      ExportKeyIdentifier,
      KeyMaterial: { As2805KeyCryptogram: { WrappingKeyIdentifier: wrapping, As2805KeyVariant } },
    });
    return message;
  };
  const long = await pek({ algorithm: 'TDES_3KEY', hex: `${SAMPLE.key}0123456789ABCDEF` });
  assert.match(await message(long), /^TDES_2KEY cannot protect TDES_3KEY/);
  assert.match(await message(await pek({ algorithm: 'AES_128' })), /^TDES_2KEY cannot protect AES_128/);
  assert.match(await message(await pek({ exportability: 'NON_EXPORTABLE' })), /is not exportable/);
});
