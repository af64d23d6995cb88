import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeHex, encodeHex, expandKey, Secret } from '@keywright/crypto';
import emvValues from '../../../../vectors/emv-values.json' with { type: 'json' };
import dukptVectors from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import type { KeyAlgorithm, KeyUsage } from '../../src/api/control-plane.generated.ts';
import type { MacAttributes, SessionKeyDerivationMode } from '../../src/api/data-plane.generated.ts';
import type { ModeLetter } from '../../src/policy/modes-of-use.ts';
import { Service } from './service.ts';

const USAGES = {
  M0: 'TR31_M0_ISO_16609_MAC_KEY',
  M1: 'TR31_M1_ISO_9797_1_MAC_KEY',
  M3: 'TR31_M3_ISO_9797_3_MAC_KEY',
  M6: 'TR31_M6_ISO_9797_5_CMAC_KEY',
  M7: 'TR31_M7_HMAC_KEY',
  B0: 'TR31_B0_BASE_DERIVATION_KEY',
  E1: 'TR31_E1_EMV_MKEY_CONFIDENTIALITY',
  E2: 'TR31_E2_EMV_MKEY_INTEGRITY',
} as const satisfies Record<string, KeyUsage>;

type Code = keyof typeof USAGES;
type Key = readonly [code: Code, algorithm: KeyAlgorithm, hex: string, mode?: ModeLetter];

const TDES = '0123456789ABCDEFFEDCBA9876543210';
const KSN = 'FFFF9876543210E00001';
const AES_KSN = '123456789012345600000001';
const MESSAGE = '0102030405060708090A0B0C';
const FAILED = { code: 'VerificationFailedException', message: 'Mac verification failed' };

function put(service: Service, [code, algorithm, hex, mode]: Key): Promise<string> {
  const derives = code === 'B0' || code === 'E1' || code === 'E2';
  return service.putKey({
    usage: USAGES[code],
    algorithm,
    mode: mode ?? (derives ? 'X' : 'C'),
    hex,
  });
}

/** Another value of the same length: the last digit is changed. */
function altered(hex: string): string {
  return hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
}

interface Expected {
  readonly key: Key;
  readonly attributes: MacAttributes;
  readonly message: string;
  readonly mac: string;
  readonly length?: number;
}

/** Makes the MAC, verifies it, and verifies neither another MAC nor another message nor another key's. */
async function holds(service: Service, { key, attributes, message, mac, length }: Expected): Promise<void> {
  const KeyIdentifier = await put(service, key);
  const MacLength = length === undefined ? {} : { MacLength: length };
  const made = await service.call('GenerateMac', {
    KeyIdentifier,
    MessageData: message,
    GenerationAttributes: attributes,
    ...MacLength,
  });
  assert.deepEqual([made.Mac, made.KeyArn], [mac, KeyIdentifier]);
  const request = {
    KeyIdentifier,
    MessageData: message,
    Mac: mac.toLowerCase(),
    VerificationAttributes: attributes,
  };
  const { KeyCheckValue } = await service.call('VerifyMac', { ...request, ...MacLength });
  assert.equal(KeyCheckValue, made.KeyCheckValue);
  const [code, algorithm, hex] = key;
  const other = await put(service, [code, algorithm, hex.replace(/^../, '6D')]);
  for (const change of [
    { Mac: altered(mac) },
    { Mac: `${mac[0] === '0' ? '1' : '0'}${mac.slice(1)}` },
    { MessageData: altered(message) },
    { KeyIdentifier: other },
  ]) {
    const { code, message: text, members } = await service.refusal('VerifyMac', { ...request, ...change });
    assert.deepEqual({ code, message: text }, FAILED);
    assert.deepEqual(members, { Reason: 'INVALID_MAC' });
  }
}

suite('GenerateMac and VerifyMac', () => {
  const ALGORITHM_3_KEY = '1111111111111111AAAAAAAAAAAAAAAA';
  const AES = '000102030405060708090A0B0C0D0E0F';

  test('published observations of the live service', async (t) => {
    const service = new Service(t);
    const [retail, cmac] = ['D8749ECF9A6C6932', 'E330EE80C0D43370266E83665812C9A9'];
    const alg3 = {
      key: ['M3', 'TDES_2KEY', ALGORITHM_3_KEY],
      attributes: { Algorithm: 'ISO9797_ALGORITHM3' },
      message: MESSAGE,
    } as const;
    await holds(service, { ...alg3, mac: retail.slice(0, 8) });
    await holds(service, { ...alg3, mac: retail, length: 8 });
    const aes = {
      key: ['M6', 'AES_128', AES],
      attributes: { Algorithm: 'CMAC' },
      message: MESSAGE,
    } as const;
    await holds(service, { ...aes, mac: cmac });
    await holds(service, { ...aes, mac: cmac.slice(0, 16), length: 8 });
  });

  test('a published observation of the live service: a DUKPT request', async (t) => {
    await holds(new Service(t), {
      key: ['B0', 'TDES_2KEY', TDES],
      attributes: { DukptIso9797Algorithm3: { KeySerialNumber: KSN, DukptKeyVariant: 'REQUEST' } },
      message: '0102030405060708090A0B0C0D0E0F10',
      mac: 'AF59E7E8A06F01B2',
      length: 8,
    });
  });

  test('AS 2805.4.1: published values', async (t) => {
    const service = new Service(t);
    for (const { key, message, mac } of emvValues.as2805Macs) {
      const as2805 = {
        key: ['M0', 'TDES_2KEY', key],
        attributes: { Algorithm: 'AS2805_4_1' },
        message,
      } as const;
      await holds(service, { ...as2805, mac: mac.slice(0, 8) });
      await holds(service, { ...as2805, mac, length: 8 });
    }
  });

  test('ISO/IEC 9797-1, algorithms 1 and 3: what psec gives', async (t) => {
    const service = new Service(t);
    const recorded = psec.vectors as unknown as {
      function: string;
      args: { padding: number; length: number | null; data: { hex: string } } & Record<
        string,
        { hex: string }
      >;
      result: { hex: string } | null;
    }[];
    let count = 0;
    for (const { function: name, args, result } of recorded) {
      if (result === null || args.padding !== 1 || !name.startsWith('mac.generate_')) continue;
      const cbc = name === 'mac.generate_cbc_mac';
      // psec chains with the whole of the first key, so that only one that is single DES is a retail MAC here.
      const hex = cbc ? args.key!.hex : args.key1!.hex.slice(0, 16) + args.key2!.hex.slice(0, 16);
      await holds(service, {
        key: [cbc ? 'M1' : 'M3', 'TDES_2KEY', hex],
        attributes: { Algorithm: cbc ? 'ISO9797_ALGORITHM1' : 'ISO9797_ALGORITHM3' },
        message: args.data.hex,
        mac: result.hex,
        length: args.length ?? 8,
      });
      count += 1;
    }
    assert.equal(count, 6);
  });

  test('NIST SP 800-38B, D.4 and D.2: CMAC of TDES with three keys and of AES-192', async (t) => {
    const service = new Service(t);
    const message = '6BC1BEE22E409F96E93D7E117393172AAE2D8A57';
    await holds(service, {
      key: ['M6', 'TDES_3KEY', '8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5'],
      attributes: { Algorithm: 'CMAC' },
      message,
      mac: '743DDBE0CE2DC2ED',
    });
    await holds(service, {
      key: ['M6', 'AES_192', '8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B'],
      attributes: { Algorithm: 'CMAC' },
      message: '6BC1BEE22E409F96E93D7E117393172A',
      mac: '9E99A7BF31E710900662F65E617C5184',
    });
  });

  suite('HMAC: RFC 4231, 4.2', () => {
    const key = '0B'.repeat(20);
    const message = '4869205468657265';
    const macs = {
      HMAC_SHA224: '896FB1128ABBDF196832107CD49DF33F47B4B1169912BA4F53684B22',
      HMAC_SHA256: 'B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7',
      HMAC_SHA384:
        'AFD03944D84895626B0825F4AB46907F15F9DADBE4101EC682AA034C7CEBC59CFAEA9EA9076EDE7F4AF152E8B2FA9CB6',
      HMAC_SHA512:
        '87AA7CDEA5EF619D4FF0B4241A1D6CB02379F4E2CE4EC2787AD0B30545E17CDEDAA833B7D6B8A702038B274EAEA3F4E4BE9D914EEB61F1702E696C203A126854',
    } as const;
    for (const [algorithm, mac] of Object.entries(macs) as [keyof typeof macs, string][]) {
      test(`${algorithm}, named by the key and by the request`, async (t) => {
        const service = new Service(t);
        for (const Algorithm of ['HMAC', algorithm] as const) {
          await holds(service, { key: ['M7', algorithm, key], attributes: { Algorithm }, message, mac });
        }
        const cut = {
          attributes: { Algorithm: 'HMAC' },
          message,
          mac: mac.slice(0, 40),
          length: 20,
        } as const;
        await holds(service, { key: ['M7', algorithm, key], ...cut });
      });
    }

    test('a key without a hash of its own', async (t) => {
      const service = new Service(t);
      // Computed with OpenSSL.
      await holds(service, {
        key: ['M7', 'AES_128', AES],
        attributes: { Algorithm: 'HMAC_SHA256' },
        message,
        mac: '3AFD7FE7437C3ECADB2D089E7A65C8F994A3BFF46F9A8EB3D3D453B9FA5ACC34',
      });
    });
  });

  test('ANSI X9.24-1: MACs of requests and responses of every counter', async (t) => {
    const service = new Service(t);
    const { constants, vectors } = dukptVectors.suites.dukpt_tdes_test;
    const text = Buffer.from(constants.txn_data.ascii).toString('hex').toUpperCase();
    const padded = text.padEnd(48, '0');
    const KeyIdentifier = await put(service, ['B0', 'TDES_2KEY', constants.bdk]);
    let count = 0;
    for (const { ksn: KeySerialNumber, expected } of vectors) {
      if (!('mac_request' in expected)) continue;
      const { mac_request, mac_response, cmac_request, cmac_response } = expected as Record<string, string>;
      const [request, response] = [
        { KeySerialNumber, DukptKeyVariant: 'REQUEST' },
        { KeySerialNumber, DukptKeyVariant: 'RESPONSE' },
      ] as const;
      for (const [GenerationAttributes, MessageData, mac] of [
        [{ DukptIso9797Algorithm3: request }, padded, mac_request],
        [{ DukptIso9797Algorithm3: response }, padded, mac_response],
        [{ DukptCmac: request }, text, cmac_request],
        [{ DukptCmac: response }, text, cmac_response],
      ] as const) {
        const { Mac } = await service.call('GenerateMac', {
          KeyIdentifier,
          MessageData,
          GenerationAttributes,
        });
        assert.equal(Mac, mac);
        count += 1;
      }
    }
    assert.equal(count, 34 * 4);
  });

  test('ANSI X9.24-3: CMACs of AES DUKPT, and of a TDES key derived from it', async (t) => {
    const service = new Service(t);
    const { constants, vectors } = dukptVectors.suites.dukpt_aes128_test;
    const derived = vectors.filter(({ expected }) => 'cmac_aes128_key' in expected);
    assert.ok(derived.length > 0);
    for (const { ksn: KeySerialNumber, expected } of derived) {
      using key = Secret.fromHex((expected as Record<string, string>).cmac_aes128_key!);
      using aes = expandKey('AES', key);
      await holds(service, {
        key: ['B0', 'AES_128', constants.bdk],
        attributes: { DukptCmac: { KeySerialNumber, DukptKeyVariant: 'REQUEST' } },
        message: MESSAGE,
        mac: encodeHex(aes.cmac(decodeHex(MESSAGE))),
      });
    }
    const macs = new Set<string>();
    const KeyIdentifier = await put(service, ['B0', 'AES_128', constants.bdk]);
    for (const DukptKeyVariant of ['REQUEST', 'RESPONSE', 'BIDIRECTIONAL'] as const) {
      for (const name of ['DukptIso9797Algorithm1', 'DukptIso9797Algorithm3', 'DukptCmac'] as const) {
        const dukpt = {
          KeySerialNumber: AES_KSN,
          DukptKeyVariant,
          DukptDerivationType: 'TDES_2KEY',
        } as const;
        const GenerationAttributes = { [name]: dukpt } as MacAttributes;
        const request = { KeyIdentifier, MessageData: '00'.repeat(16) };
        const { Mac } = await service.call('GenerateMac', { ...request, GenerationAttributes, MacLength: 8 });
        await service.call('VerifyMac', { ...request, Mac, VerificationAttributes: GenerationAttributes });
        macs.add(Mac);
      }
    }
    assert.equal(macs.size, 9);
  });

  suite('EMV Book 2, 9.2: what pyemv gives', () => {
    const key: Key = ['E2', 'TDES_2KEY', '5B1A2C3D4F5E61708392A4B5C7D6E9F8'];
    const cards = {
      EMV_OPTION_A: { PrimaryAccountNumber: '4123456789012345', PanSequenceNumber: '01' },
      EMV_OPTION_B: { PrimaryAccountNumber: '4123456789012345678', PanSequenceNumber: '01' },
    } as const;
    const ApplicationCryptogram = '999E57FD0F47CACE';
    const ApplicationTransactionCounter = '0007';
    const message = '8424000008999E57FD0F47CACE0007';
    // The session key of UnionPay, which pyemv does not have, is made of psec's TDES.
    const macs: [SessionKeyDerivationMode, string, string][] = [
      ['EMV_COMMON_SESSION_KEY', '0E9C73B3E027B643', '25CF27EAC8B54204'],
      ['MASTERCARD_SESSION_KEY', '0E9C73B3E027B643', '25CF27EAC8B54204'],
      ['VISA', '7BCC9827058881B5', '235CE326DA9FEEB6'],
      ['AMEX', '7BCC9827058881B5', '235CE326DA9FEEB6'],
      ['EMV2000', '0EA8826AC61B4677', 'A90C9021DC646849'],
      ['UNION_PAY', '989A921EB6BD45D5', 'ED54479880B3B900'],
    ];
    for (const [SessionKeyDerivationMode, a, b] of macs) {
      test(SessionKeyDerivationMode, async (t) => {
        const service = new Service(t);
        const SessionKeyDerivationValue = /SESSION_KEY$/.test(SessionKeyDerivationMode)
          ? { ApplicationCryptogram }
          : { ApplicationTransactionCounter };
        for (const [MajorKeyDerivationMode, mac] of [
          ['EMV_OPTION_A', a],
          ['EMV_OPTION_B', b],
        ] as const) {
          const EmvMac = {
            ...cards[MajorKeyDerivationMode],
            MajorKeyDerivationMode,
            SessionKeyDerivationMode,
            SessionKeyDerivationValue,
          };
          await holds(service, { key, attributes: { EmvMac }, message, mac });
          await holds(service, { key, attributes: { EmvMac }, message: `${message}80`, mac });
          await holds(service, { key, attributes: { EmvMac }, message, mac: mac.slice(0, 8), length: 4 });
        }
      });
    }
  });

  test('a MAC is verified as long as it is, and MacLength must say the same', async (t) => {
    const service = new Service(t);
    const request = {
      KeyIdentifier: await put(service, ['M3', 'TDES_2KEY', ALGORITHM_3_KEY, 'V']),
      MessageData: MESSAGE,
      VerificationAttributes: { Algorithm: 'ISO9797_ALGORITHM3' },
    } as const;
    await service.call('VerifyMac', { ...request, Mac: 'D8749ECF9A' });
    for (const [change, message] of [
      [{ Mac: 'D8749E' }, /Mac must have 8 to 16 hexadecimal digits with this algorithm, got 6\./],
      [{ Mac: 'D8749ECF9A6C693200' }, /Mac must have 8 to 16 .* got 18\./],
      [{ Mac: 'D8749ECF', MacLength: 8 }, /MacLength is 8 bytes, but Mac has 4/],
      [{ Mac: 'D8749EC' }, /pattern|regular expression/],
    ] as const) {
      const refusal = await service.refusal('VerifyMac', { ...request, ...change });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!refusal.message.includes('D8749E'));
    }
  });

  const algorithm = (Algorithm: MacAttributes['Algorithm']) => ({ Algorithm }) as MacAttributes;
  const dukpt = (change: object = {}, name = 'DukptIso9797Algorithm3') =>
    ({ [name]: { KeySerialNumber: KSN, DukptKeyVariant: 'REQUEST', ...change } }) as MacAttributes;
  const emv = (change: object = {}) =>
    ({
      EmvMac: {
        MajorKeyDerivationMode: 'EMV_OPTION_A',
        PrimaryAccountNumber: '4123456789012345',
        PanSequenceNumber: '00',
        SessionKeyDerivationMode: 'EMV_COMMON_SESSION_KEY',
        SessionKeyDerivationValue: { ApplicationCryptogram: '0000000000000001' },
        ...change,
      },
    }) as MacAttributes;
  const BDK: Key = ['B0', 'TDES_2KEY', TDES];
  const AES_BDK: Key = ['B0', 'AES_128', AES];
  const IMK: Key = ['E2', 'TDES_2KEY', TDES];

  const refusals: [string, RegExp, Key, MacAttributes, object?][] = [
    [
      'an M3 key with algorithm 1',
      /^KeyUsage of the input key .* is invalid for the operation/,
      ['M3', 'TDES_2KEY', TDES],
      algorithm('ISO9797_ALGORITHM1'),
    ],
    ['an M1 key with algorithm 3', /KeyUsage/, ['M1', 'TDES_2KEY', TDES], algorithm('ISO9797_ALGORITHM3')],
    ['an M3 key with CMAC', /KeyUsage/, ['M3', 'TDES_2KEY', TDES], algorithm('CMAC')],
    ['an M6 key with HMAC', /KeyUsage/, ['M6', 'AES_128', AES], algorithm('HMAC')],
    [
      'an AES key with algorithm 3',
      /^KeyAlgorithm of the input key .* is invalid/,
      ['M3', 'AES_128', AES],
      algorithm('ISO9797_ALGORITHM3'),
    ],
    [
      'a key that may only verify',
      /^KeyModesOfUse of the input key .* is invalid/,
      ['M3', 'TDES_2KEY', TDES, 'V'],
      algorithm('ISO9797_ALGORITHM3'),
    ],
    ['an HMAC key that may only verify', /KeyModesOfUse/, ['M7', 'HMAC_SHA256', AES, 'V'], algorithm('HMAC')],
    [
      'another hash than the key has',
      /Algorithm HMAC_SHA512 is not that of the input key, which is HMAC_SHA256: use HMAC\./,
      ['M7', 'HMAC_SHA256', AES],
      algorithm('HMAC_SHA512'),
    ],
    [
      'no hash at all',
      /Algorithm HMAC names no hash, nor does the input key, AES_128: use HMAC_SHA224, .* or HMAC_SHA512\./,
      ['M7', 'AES_128', AES],
      algorithm('HMAC'),
    ],
    [
      'AS 2805.4.1 with a triple-length key',
      /KeyAlgorithm/,
      ['M0', 'TDES_3KEY', `${TDES}0011223344556677`],
      algorithm('AS2805_4_1'),
    ],
    [
      'a MAC longer than the algorithm makes',
      /MacLength must be 4 to 8 bytes with this algorithm, got 16\./,
      ['M3', 'TDES_2KEY', TDES],
      algorithm('ISO9797_ALGORITHM3'),
      { MacLength: 16 },
    ],
    [
      'a CMAC longer than its block',
      /MacLength must be 4 to 16 bytes/,
      ['M6', 'AES_128', AES],
      algorithm('CMAC'),
      { MacLength: 17 },
    ],
    [
      'a MAC of 3 bytes',
      /'macLength' .* greater than or equal to 4/,
      ['M6', 'AES_128', AES],
      algorithm('CMAC'),
      { MacLength: 3 },
    ],
    [
      'a DUKPT message that does not fill its blocks',
      /MessageData must have a multiple of 16 hexadecimal digits with DukptIso9797Algorithm3, got 24: pad it first/,
      BDK,
      dukpt(),
    ],
    [
      'a DUKPT message that does not fill its blocks, algorithm 1',
      /multiple of 16/,
      BDK,
      dukpt({}, 'DukptIso9797Algorithm1'),
    ],
    [
      'a DUKPT message of less than a block',
      /MessageData must have at least 16 hexadecimal digits with DukptCmac, got 14\./,
      BDK,
      dukpt({}, 'DukptCmac'),
      { MessageData: '00'.repeat(7) },
    ],
    [
      'algorithm 3 with a derived AES key',
      /DukptIso9797Algorithm3 takes TDES keys: set DukptDerivationType to TDES_2KEY or TDES_3KEY/,
      AES_BDK,
      dukpt({ KeySerialNumber: AES_KSN }),
      { MessageData: '00'.repeat(8) },
    ],
    [
      'both directions in TDES DUKPT',
      /can't be derived/,
      BDK,
      dukpt({ DukptKeyVariant: 'BIDIRECTIONAL' }),
      { MessageData: '00'.repeat(8) },
    ],
    [
      'a KSN of the other scheme',
      /AES KSN must be 24 or 16/,
      AES_BDK,
      dukpt({}, 'DukptCmac'),
      { MessageData: '00'.repeat(8) },
    ],
    ['a MAC key with DUKPT', /KeyUsage/, ['M3', 'TDES_2KEY', TDES], dukpt({}, 'DukptCmac')],
    ['a BDK without DUKPT', /KeyUsage/, BDK, algorithm('ISO9797_ALGORITHM3')],
    ['another master key with EMV', /KeyUsage/, ['E1', 'TDES_2KEY', TDES], emv()],
    ['an AES master key with EMV', /KeyAlgorithm/, ['E2', 'AES_128', TDES], emv()],
    [
      'a counter where a cryptogram is due',
      /SessionKeyDerivationValue must have ApplicationCryptogram when SessionKeyDerivationMode is EMV_COMMON_SESSION_KEY/,
      IMK,
      emv({ SessionKeyDerivationValue: { ApplicationTransactionCounter: '0001' } }),
    ],
    [
      'a cryptogram where a counter is due',
      /must have ApplicationTransactionCounter when SessionKeyDerivationMode is VISA/,
      IMK,
      emv({ SessionKeyDerivationMode: 'VISA' }),
    ],
    [
      'option B for a short PAN',
      /^PAN length is invalid for EMV major key derivation mode EMV_OPTION_B\. It has 16 digits/,
      IMK,
      emv({ MajorKeyDerivationMode: 'EMV_OPTION_B' }),
    ],
    ['no algorithm', /'generationAttributes' .* not none/, IMK, {}],
    ['two algorithms', /'generationAttributes' .* not 2/, IMK, { ...emv(), ...algorithm('CMAC') }],
    [
      'an algorithm that there is not',
      /'generationAttributes.algorithm' .* enum/,
      IMK,
      algorithm('CRC32' as never),
    ],
    ['a message of half a byte', /'messageData' .* pattern/, IMK, emv(), { MessageData: '012' }],
  ];
  for (const [what, message, key, GenerationAttributes, change] of refusals) {
    test(`refuses ${what}`, async (t) => {
      const service = new Service(t);
      const refusal = await service.refusal('GenerateMac', {
        KeyIdentifier: await put(service, key),
        MessageData: MESSAGE,
        GenerationAttributes,
        ...change,
      });
      assert.equal(refusal.code, 'ValidationException');
      assert.match(refusal.message, message);
      assert.ok(!/4123456789012345|0102030405060708/.test(refusal.message));
    });
  }

  test('refuses a key that may only generate, in VerifyMac', async (t) => {
    const service = new Service(t);
    for (const [key, VerificationAttributes] of [
      [['M1', 'TDES_2KEY', TDES, 'G'], { Algorithm: 'ISO9797_ALGORITHM1' }],
      [['M7', 'HMAC_SHA256', AES, 'G'], { Algorithm: 'HMAC' }],
    ] as [Key, MacAttributes][]) {
      const { message } = await service.refusal('VerifyMac', {
        KeyIdentifier: await put(service, key),
        MessageData: MESSAGE,
        Mac: '00000000',
        VerificationAttributes,
      });
      assert.match(message, /KeyModesOfUse/);
    }
  });

  test('refuses a key that is not there, and one that is disabled', async (t) => {
    const service = new Service(t);
    const request = { MessageData: MESSAGE, GenerationAttributes: { Algorithm: 'HMAC' } } as const;
    const missing = await service.refusal('GenerateMac', { ...request, KeyIdentifier: 'alias/none' });
    assert.equal(missing.code, 'ResourceNotFoundException');
    const KeyIdentifier = await put(service, ['M7', 'HMAC_SHA256', AES]);
    await service.call('StopKeyUsage', { KeyIdentifier });
    assert.match((await service.refusal('GenerateMac', { ...request, KeyIdentifier })).message, /disabled/);
  });
});
