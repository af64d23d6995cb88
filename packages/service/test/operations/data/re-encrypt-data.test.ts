import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeHex, encodeHex, expandKey, Secret } from '@keywright/crypto';
import samples from '../../../../../vectors/terminal_vectors.json' with { type: 'json' };
import { Service } from '../service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';
const KSN = 'FFFF9876543210E00001';
/** Of an observation of the live service: what BDK and KSN make of PLAIN in ECB. */
const PLAIN = '0102030405060708';
const UNDER_DUKPT = '124F7A32F3F84187';
/** Of another: what STATIC makes of it. */
const STATIC = '0101010101010101FEFEFEFEFEFEFEFE';
const UNDER_STATIC = 'B064B6C2571C65D5';

const { kbpk, block, clear } = samples.tr31.find((vector) => vector.block.startsWith('D0112D0AB'))!;

const DUKPT = { Dukpt: { KeySerialNumber: KSN, Mode: 'ECB' as const } };
const ECB = { Symmetric: { Mode: 'ECB' as const } };
const WRAPPED = { WrappedKeyMaterial: { Tr31KeyBlock: block } };

const bdk = (s: Service, hex = BDK) =>
  s.putKey({ usage: 'TR31_B0_BASE_DERIVATION_KEY', algorithm: 'TDES_2KEY', mode: 'X', hex });
const stored = (s: Service, mode: 'B' | 'E' | 'D' = 'B', hex = STATIC) =>
  s.putKey({ usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', algorithm: 'TDES_2KEY', mode, hex });
const kek = (s: Service) =>
  s.putKey({ usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: 'AES_128', mode: 'B', hex: kbpk! });

function aesEcb(data: string): string {
  using key = Secret.fromHex(clear!);
  using cipher = expandKey('AES', key);
  return encodeHex(cipher.encryptEcb(decodeHex(data)));
}

suite('ReEncryptData', () => {
  test('from a DUKPT key to a static one and back: observations of the live service on both sides', async (t) => {
    const service = new Service(t);
    const [dukpt, d0] = [await bdk(service), await stored(service)];
    const there = await service.call('ReEncryptData', {
      IncomingKeyIdentifier: dukpt,
      IncomingEncryptionAttributes: DUKPT,
      CipherText: UNDER_DUKPT,
      OutgoingKeyIdentifier: d0,
      OutgoingEncryptionAttributes: ECB,
    });
    assert.deepEqual([there.KeyArn, there.CipherText], [d0, UNDER_STATIC]);
    const back = await service.call('ReEncryptData', {
      IncomingKeyIdentifier: d0,
      IncomingEncryptionAttributes: ECB,
      CipherText: there.CipherText,
      OutgoingKeyIdentifier: dukpt,
      OutgoingEncryptionAttributes: DUKPT,
    });
    assert.deepEqual([back.KeyArn, back.CipherText], [dukpt, UNDER_DUKPT]);
    const { Key } = await service.call('GetKey', { KeyIdentifier: dukpt });
    assert.equal(back.KeyCheckValue, Key.KeyCheckValue);
  });

  test('from one DUKPT key to another, and from one transaction to the next', async (t) => {
    const service = new Service(t);
    const dukpt = await bdk(service);
    const next = { Dukpt: { ...DUKPT.Dukpt, KeySerialNumber: 'FFFF9876543210E00002' } };
    const { CipherText } = await service.call('ReEncryptData', {
      IncomingKeyIdentifier: dukpt,
      IncomingEncryptionAttributes: DUKPT,
      CipherText: UNDER_DUKPT,
      OutgoingKeyIdentifier: dukpt,
      OutgoingEncryptionAttributes: next,
    });
    assert.notEqual(CipherText, UNDER_DUKPT);
    const { PlainText } = await service.call('DecryptData', {
      KeyIdentifier: dukpt,
      CipherText,
      DecryptionAttributes: next,
    });
    assert.equal(PlainText, PLAIN);
  });

  test('from and to a dynamic key, with the other key static', async (t) => {
    const service = new Service(t);
    const [d0, wrapping] = [await stored(service), await kek(service)];
    const twice = PLAIN + PLAIN;
    const out = await service.call('ReEncryptData', {
      IncomingKeyIdentifier: d0,
      IncomingEncryptionAttributes: ECB,
      CipherText: UNDER_STATIC + UNDER_STATIC,
      OutgoingKeyIdentifier: wrapping,
      OutgoingWrappedKey: WRAPPED,
      OutgoingEncryptionAttributes: ECB,
    });
    assert.deepEqual([out.KeyArn, out.CipherText], [wrapping, aesEcb(twice)]);
    const back = await service.call('ReEncryptData', {
      IncomingKeyIdentifier: wrapping,
      IncomingWrappedKey: WRAPPED,
      IncomingEncryptionAttributes: ECB,
      CipherText: out.CipherText,
      OutgoingKeyIdentifier: d0,
      OutgoingEncryptionAttributes: ECB,
    });
    assert.equal(back.CipherText, UNDER_STATIC + UNDER_STATIC);
  });

  const refusals: [string, RegExp, (s: Service) => Promise<object>][] = [
    [
      'two static keys',
      /^KeyUsages not allowed for this operation\. /,
      async (s) => ({ IncomingKeyIdentifier: await stored(s), IncomingEncryptionAttributes: ECB }),
    ],
    [
      'an outgoing key that only decrypts',
      /^KeyModesOfUse of the input key .* use a key with Encrypt/,
      async (s) => ({ OutgoingKeyIdentifier: await stored(s, 'D') }),
    ],
    [
      'an incoming key that only encrypts',
      /^KeyModesOfUse of the input key .* use a key with Decrypt/,
      async (s) => ({
        IncomingKeyIdentifier: await stored(s, 'E'),
        IncomingEncryptionAttributes: ECB,
        OutgoingKeyIdentifier: await bdk(s),
        OutgoingEncryptionAttributes: DUKPT,
      }),
    ],
    [
      'a static key where DUKPT is asked for',
      /^KeyUsage of the input key .* use a key with TR31_B0/,
      async (s) => ({ IncomingKeyIdentifier: await stored(s) }),
    ],
    [
      'a wrapped key with DUKPT attributes',
      /^IncomingWrappedKey is for Symmetric attributes only/,
      async () => ({ IncomingWrappedKey: WRAPPED }),
    ],
    [
      'a cryptogram that is not whole blocks',
      /^CipherText must be a multiple of 16 hexadecimal digits for TDES in mode ECB, got 14/,
      async () => ({ CipherText: UNDER_DUKPT.slice(2) }),
    ],
    [
      'data that are not whole blocks of the outgoing cipher',
      /^The data in CipherText must be a multiple of 32 hexadecimal digits for AES in mode ECB, got 16/,
      async (s) => ({ OutgoingKeyIdentifier: await kek(s), OutgoingWrappedKey: WRAPPED }),
    ],
  ];
  for (const [what, message, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('ReEncryptData', {
        IncomingKeyIdentifier: await bdk(service),
        IncomingEncryptionAttributes: DUKPT,
        CipherText: UNDER_DUKPT,
        OutgoingKeyIdentifier: await stored(service),
        OutgoingEncryptionAttributes: ECB,
        ...(await change(service)),
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
    });
  }
});
