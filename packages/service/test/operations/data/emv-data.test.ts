import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeHex, encodeHex, expandKey, Secret } from '@keywright/crypto';
import type { EmvEncryptionAttributes } from '../../../src/api/data-plane.generated.ts';
import { type KnownKey, Service } from '../service.ts';

/** The key of AWS's guide, its card, and the session key that an independent computation makes of them. */
const MASTER_KEY = '0123456789ABCDEFFEDCBA9876543210';
const SESSION_KEY = 'FD7FEE8A3064E143C68AE47EBF976A80';
const PLAIN = '00112233445566778899AABBCCDDEEFF';

const EMV: EmvEncryptionAttributes = {
  MajorKeyDerivationMode: 'EMV_OPTION_A',
  PrimaryAccountNumber: '9137631040001422',
  PanSequenceNumber: '01',
  SessionDerivationData: '000B000000000000',
};

function masterKey(changes: Partial<KnownKey> = {}): KnownKey {
  return {
    usage: 'TR31_E1_EMV_MKEY_CONFIDENTIALITY',
    algorithm: 'TDES_2KEY',
    mode: 'X',
    hex: MASTER_KEY,
    ...changes,
  };
}

function encrypted(mode: 'ECB' | 'CBC', iv: string): string {
  using key = Secret.fromHex(SESSION_KEY);
  using cipher = expandKey('TDES', key);
  const data = decodeHex(PLAIN);
  return encodeHex(mode === 'ECB' ? cipher.encryptEcb(data) : cipher.encryptCbc(decodeHex(iv), data));
}

suite('EMV', () => {
  for (const usage of ['TR31_E1_EMV_MKEY_CONFIDENTIALITY', 'TR31_E6_EMV_MKEY_OTHER'] as const) {
    test(`data there and back under the session key of a card: ${usage}`, async (t) => {
      const service = new Service(t);
      const KeyIdentifier = await service.putKey(masterKey({ usage }));
      const zeros = '00'.repeat(8);
      const modes: [Partial<EmvEncryptionAttributes>, string][] = [
        [{ Mode: 'ECB' }, encrypted('ECB', zeros)],
        [{ Mode: 'CBC' }, encrypted('CBC', zeros)],
        [{}, encrypted('CBC', zeros)],
        [{ Mode: 'CBC', InitializationVector: '0102030405060708' }, encrypted('CBC', '0102030405060708')],
      ];
      for (const [changes, expected] of modes) {
        const Emv = { ...EMV, ...changes };
        const { CipherText, KeyArn, KeyCheckValue } = await service.call('EncryptData', {
          KeyIdentifier,
          PlainText: PLAIN,
          EncryptionAttributes: { Emv },
        });
        assert.deepEqual([CipherText, KeyArn, KeyCheckValue], [expected, KeyIdentifier, '08D7B4']);
        const back = { KeyIdentifier, CipherText, DecryptionAttributes: { Emv } };
        assert.equal((await service.call('DecryptData', back)).PlainText, PLAIN);
      }
    });
  }

  test('long PANs by both options: computed independently, an application cryptogram as derivation data', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(masterKey());
    const expected = [
      ['91376310400014228', 'EMV_OPTION_B', '0C464CEE5617772531C4E26A134E04F2'],
      ['91376310400014228', 'EMV_OPTION_A', 'E7702047C0C0AA95E7A6C3D20AD19BBF'],
      ['913763104000142283', 'EMV_OPTION_B', 'D168EB463DBA0BA9A0770BD3459EF7FC'],
      ['9137631040001422836', 'EMV_OPTION_B', '8C041ED08E7AF7E7D0CD19B14C0F358A'],
      ['9137631040001422836', 'EMV_OPTION_A', 'B979D21B83E32738CD4872E68129EFFE'],
    ] as const;
    for (const [PrimaryAccountNumber, MajorKeyDerivationMode, cipherText] of expected) {
      const session = {
        PrimaryAccountNumber,
        MajorKeyDerivationMode,
        SessionDerivationData: 'D791093C8A921769',
      };
      const { CipherText } = await service.call('EncryptData', {
        KeyIdentifier,
        PlainText: PLAIN,
        EncryptionAttributes: { Emv: { ...EMV, ...session } },
      });
      assert.equal(CipherText, cipherText);
    }
  });

  const refusals: [string, RegExp, Partial<EmvEncryptionAttributes>, Partial<KnownKey>][] = [
    [
      'option B for a PAN of 16 digits',
      /^PAN length is invalid for EMV major key derivation mode EMV_OPTION_B\. /,
      { MajorKeyDerivationMode: 'EMV_OPTION_B' },
      {},
    ],
    [
      'a key for integrity',
      /^KeyUsage of the input key .* use a key with TR31_E1.* or TR31_E6/,
      {},
      { usage: 'TR31_E2_EMV_MKEY_INTEGRITY' },
    ],
    [
      'AES',
      /^KeyAlgorithm of the input key .* It is AES_128; use a key with TDES_2KEY/,
      {},
      { algorithm: 'AES_128' },
    ],
    [
      'an IV of AES',
      /^InitializationVector must be one cipher block, 16 hexadecimal digits, got 32/,
      { InitializationVector: '00'.repeat(16) },
      {},
    ],
  ];
  for (const [what, message, changes, key] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('EncryptData', {
        KeyIdentifier: await service.putKey(masterKey(key)),
        PlainText: PLAIN,
        EncryptionAttributes: { Emv: { ...EMV, ...changes } },
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!refusal.message.includes(EMV.PrimaryAccountNumber));
    });
  }

  test('refuses data that are not whole blocks, and a wrapped key', async (t) => {
    const service = new Service(t);
    const KeyIdentifier = await service.putKey(masterKey());
    const request = { KeyIdentifier, PlainText: PLAIN, EncryptionAttributes: { Emv: EMV } };
    const blocks = await service.refusal('EncryptData', { ...request, PlainText: PLAIN.slice(2) });
    assert.match(
      blocks.message,
      /^PlainText must be a multiple of 16 hexadecimal digits for TDES in mode CBC/,
    );
    const WrappedKey = { WrappedKeyMaterial: { Tr31KeyBlock: 'D'.repeat(56) } };
    const both = await service.refusal('EncryptData', { ...request, WrappedKey });
    assert.match(both.message, /^WrappedKey is for Symmetric attributes only/);
  });
});
