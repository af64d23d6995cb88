import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { keyCheckValue, Secret } from '@keywright/crypto';
import type {
  KeyCheckValueAlgorithm,
  TranslateKeyMaterialInput,
} from '../../../src/api/data-plane.generated.ts';
import { deriveKbpk, makePartner, type Partner, termsOf, unwrapFrom, wrapFor } from '../ecdh-partner.ts';
import type { KnownKey } from '../service.ts';
import { type Meeting, meet } from './meeting.ts';

const KEK = 'A1B2C3D4E5F60718293A4B5C6D7E8F90A0B1C2D3E4F50617283940516273849F';
const PEK = '29EAA7281636B160B840E342919C8F76';

let partner: Partner;
before(() => {
  partner = makePartner('ECC_NIST_P521');
});

const begin = (t: TestContext) => meet(t, 'ECC_NIST_P521', partner, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY');

const kek: KnownKey = { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: 'AES_256', mode: 'B', hex: KEK };

/** A request for a key that the partner wrapped with the header's changes. */
async function request(
  { service, publicKey, pair, authority }: Meeting,
  header: Parameters<typeof wrapFor>[2] = {},
  hex = PEK,
  wrapping: Partial<KnownKey> = {},
): Promise<TranslateKeyMaterialInput> {
  using kbpk = deriveKbpk(partner, publicKey);
  const WrappedKeyBlock = wrapFor(kbpk, hex, { keyUsage: 'P0', algorithm: 'T', ...header });
  const terms = termsOf(partner, { ours: pair, authority });
  return {
    IncomingKeyMaterial: { DiffieHellmanTr31KeyBlock: { ...terms, WrappedKeyBlock } },
    OutgoingKeyMaterial: {
      Tr31KeyBlock: { WrappingKeyIdentifier: await service.putKey({ ...kek, ...wrapping }) },
    },
  };
}

function opened(block: string, hex = KEK) {
  using kbpk = Secret.fromHex(hex);
  return unwrapFrom(kbpk, block);
}

suite('TranslateKeyMaterial', () => {
  test('a key goes on under a stored KEK with the attributes that it came with, and is not kept', async (t) => {
    const meeting = await begin(t);
    const { service } = meeting;
    const headers = [
      { header: {}, kcv: 'TDES' },
      { header: { modeOfUse: 'E', exportability: 'S', keyVersion: '07' }, kcv: 'TDES' },
      { header: { keyUsage: 'D0', algorithm: 'A', keyVersion: 'c1' }, kcv: 'AES' },
      { header: { keyUsage: 'K0', algorithm: 'A', modeOfUse: 'D' }, kcv: 'AES' },
      { header: { keyUsage: 'B0', algorithm: 'T', modeOfUse: 'X' }, kcv: 'TDES' },
    ] as const;
    for (const { header, kcv } of headers) {
      const input = await request(meeting, header);
      const count = await service.count();
      const { WrappedKey } = await service.call('TranslateKeyMaterial', input);
      assert.equal(await service.count(), count);
      assert.equal(WrappedKey.WrappedKeyMaterialFormat, 'TR31_KEY_BLOCK');
      const arrived = opened(WrappedKey.WrappedKeyMaterial);
      assert.equal(arrived.hex, PEK);
      const { keyUsage, algorithm, modeOfUse, exportability, keyVersion } = arrived.header;
      assert.deepEqual(
        { keyUsage, algorithm, modeOfUse, exportability, keyVersion },
        { keyUsage: 'P0', algorithm: 'T', modeOfUse: 'B', exportability: 'E', keyVersion: '00', ...header },
      );
      using key = Secret.fromHex(PEK);
      assert.equal(WrappedKey.KeyCheckValue, keyCheckValue(kcv, key));
    }
  });

  test('under a TDES KEK, and with another check value', async (t) => {
    const meeting = await begin(t);
    const hex = '48AFD714E3DCF177C567835A0BECFC32';
    const tdes = {
      usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      algorithm: 'TDES_2KEY',
      mode: 'E',
      hex,
    } as const;
    const { WrappedKey } = await meeting.service.call(
      'TranslateKeyMaterial',
      await request(meeting, {}, PEK, tdes),
    );
    assert.deepEqual([WrappedKey.WrappedKeyMaterial[0], WrappedKey.KeyCheckValue], ['B', 'CEB73D']);
    assert.equal(opened(WrappedKey.WrappedKeyMaterial, hex).hex, PEK);
    const aes = await meeting.service.call('TranslateKeyMaterial', {
      ...(await request(meeting, { keyUsage: 'D0', algorithm: 'A' })),
      KeyCheckValueAlgorithm: 'ANSI_X9_24',
    });
    using key = Secret.fromHex(PEK);
    assert.equal(aes.WrappedKey.KeyCheckValue, keyCheckValue('AES_LEGACY_ECB', key));
  });

  type Case = [string, RegExp, (meeting: Meeting) => Promise<TranslateKeyMaterialInput>];
  const refusals: Case[] = [
    [
      'a key that is not exportable',
      /^The key in WrappedKeyBlock is not exportable \(N\)/,
      (m) => request(m, { exportability: 'N' }),
    ],
    [
      'a KEK that is too weak',
      /^AES_128 cannot protect AES_256/,
      (m) => request(m, { keyUsage: 'D0', algorithm: 'A' }, KEK, { algorithm: 'AES_128', hex: PEK }),
    ],
    [
      'a KEK that only unwraps',
      /^KeyModesOfUse of the input key .* use a key with Wrap/,
      (m) => request(m, {}, PEK, { mode: 'D' }),
    ],
    [
      'a KEK that is none',
      /^KeyUsage of the input key .* use a key with TR31_K0/,
      (m) => request(m, {}, PEK, { usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' }),
    ],
    [
      'a check value that TDES does not have',
      /^KeyCheckValueAlgorithm CMAC is not valid for TDES_2KEY/,
      async (m) => ({ ...(await request(m)), KeyCheckValueAlgorithm: 'CMAC' as KeyCheckValueAlgorithm }),
    ],
    [
      'a block under another agreed key',
      /^WrappedKeyBlock is not valid: .*compare the certificates/,
      async (m) => {
        const input = await request(m);
        const { DiffieHellmanTr31KeyBlock } = input.IncomingKeyMaterial;
        const DerivationData = { SharedInformation: 'AA' };
        return {
          ...input,
          IncomingKeyMaterial: {
            DiffieHellmanTr31KeyBlock: { ...DiffieHellmanTr31KeyBlock!, DerivationData },
          },
        };
      },
    ],
    [
      'a key usage that there is not',
      /^Key usage B1 of the key block is not supported/,
      (m) => request(m, { keyUsage: 'B1', modeOfUse: 'X' }),
    ],
  ];
  for (const [what, message, input] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const meeting = await begin(t);
      const refusal = await meeting.service.refusal('TranslateKeyMaterial', await input(meeting));
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
    });
  }

  test('refuses keys that are disabled, and a key pair for PINs, in the words of the data plane', async (t) => {
    const meeting = await begin(t);
    const input = await request(meeting);
    const KEKs = [input.OutgoingKeyMaterial.Tr31KeyBlock!.WrappingKeyIdentifier, meeting.pair];
    for (const KeyIdentifier of KEKs) {
      await meeting.service.call('StopKeyUsage', { KeyIdentifier });
      const { code, message } = await meeting.service.refusal('TranslateKeyMaterial', input);
      assert.deepEqual([code, /disabled/.test(message)], ['ValidationException', true]);
      await meeting.service.call('StartKeyUsage', { KeyIdentifier });
    }
    const other = await meet(t, 'ECC_NIST_P521', partner, 'TR31_P0_PIN_ENCRYPTION_KEY');
    const { message } = await other.service.refusal('TranslateKeyMaterial', await request(other));
    assert.match(message, /^DeriveKeyUsage of the input key .* use a key with TR31_K0/);
  });
});
