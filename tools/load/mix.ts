import { createPublicKey, X509Certificate } from 'node:crypto';
import {
  deriveKbpk,
  makePartner,
  termsOf,
  wrapFor,
} from '../../packages/service/test/operations/ecdh-partner.ts';
import { createKey, makeHotCalls } from '../bench/hot-calls.ts';
import type { Call, Endpoint } from '../bench/service-client.ts';
import { callService } from '../bench/service-client.ts';
import { makePublishedCalls } from './published-calls.ts';

/** A call whose every answer can be checked. */
export interface CheckedCall extends Call {
  /** Says what is wrong with the members of an answer; undefined when nothing is. */
  check(answer: Readonly<Record<string, unknown>>): string | undefined;
}

function equal(expected: object): CheckedCall['check'] {
  return (answer) => {
    for (const [member, value] of Object.entries(expected)) {
      if (JSON.stringify(answer[member]) !== JSON.stringify(value)) return `${member} is not what it was`;
    }
    return undefined;
  };
}

/** An answer that is new each time: its members have these forms. */
function shaped(forms: Readonly<Record<string, RegExp>>): CheckedCall['check'] {
  return (answer) => {
    const wrong = Object.entries(forms).find(([member, form]) => !form.test(JSON.stringify(answer[member])));
    return wrong && `${wrong[0]} has another form`;
  };
}

/** Whatever the service answers now, it must answer every time. */
async function asNow(endpoint: Endpoint, call: Call): Promise<CheckedCall> {
  return { ...call, check: equal(await callService(endpoint, call)) };
}

const PAN = '4111111111111111';
const PIN_PATHS = { generate: '/pindata/generate', verify: '/pindata/verify' };

/** A PIN that the service made, verified; and the making of others. */
async function pins(endpoint: Endpoint): Promise<CheckedCall[]> {
  const verification = await createKey(endpoint, 'TR31_V2_VISA_PIN_VERIFICATION_KEY', 'TDES_2KEY', 'C');
  const encryption = await createKey(endpoint, 'TR31_P0_PIN_ENCRYPTION_KEY', 'TDES_2KEY', 'B');
  const common = {
    EncryptionKeyIdentifier: encryption,
    PrimaryAccountNumber: PAN,
    PinBlockFormat: 'ISO_FORMAT_0',
    PinDataLength: 4,
  };
  const generate = {
    operation: 'GeneratePinData',
    path: PIN_PATHS.generate,
    input: {
      ...common,
      GenerationKeyIdentifier: verification,
      GenerationAttributes: { VisaPin: { PinVerificationKeyIndex: 1 } },
    },
  };
  const { EncryptedPinBlock, PinData } = await callService(endpoint, generate);
  const VisaPin = { PinVerificationKeyIndex: 1, VerificationValue: PinData.VerificationValue };
  const verify = {
    operation: 'VerifyPinData',
    path: PIN_PATHS.verify,
    input: {
      ...common,
      VerificationKeyIdentifier: verification,
      EncryptedPinBlock,
      VerificationAttributes: { VisaPin },
    },
  };
  const change = {
    operation: 'GenerateMacEmvPinChange',
    path: '/macemvpinchange/generate',
    input: {
      NewPinPekIdentifier: encryption,
      NewEncryptedPinBlock: EncryptedPinBlock,
      PinBlockFormat: 'ISO_FORMAT_0',
      SecureMessagingConfidentialityKeyIdentifier: await createKey(
        endpoint,
        'TR31_E1_EMV_MKEY_CONFIDENTIALITY',
        'TDES_2KEY',
        'X',
      ),
      SecureMessagingIntegrityKeyIdentifier: await createKey(
        endpoint,
        'TR31_E2_EMV_MKEY_INTEGRITY',
        'TDES_2KEY',
        'X',
      ),
      MessageData: '84240002181D07999E57FD0F47CACE',
      DerivationMethodAttributes: {
        EmvCommon: {
          MajorKeyDerivationMode: 'EMV_OPTION_A',
          PrimaryAccountNumber: PAN,
          PanSequenceNumber: '01',
          ApplicationCryptogram: '1234567890ABCDEF',
          Mode: 'CBC',
          PinBlockPaddingType: 'ISO_IEC_7816_4',
          PinBlockLengthPosition: 'NONE',
        },
      },
    },
  };
  const made = shaped({
    EncryptedPinBlock: /^"[0-9A-F]{16}"$/,
    PinData: /^\{"VerificationValue":"\d{4}"\}$/,
  });
  return [{ ...generate, check: made }, await asNow(endpoint, verify), await asNow(endpoint, change)];
}

async function kekValidation(endpoint: Endpoint): Promise<CheckedCall> {
  const KeyIdentifier = await createKey(endpoint, 'TR31_K0_KEY_ENCRYPTION_KEY', 'TDES_2KEY', 'B');
  return {
    operation: 'GenerateAs2805KekValidation',
    path: '/as2805kekvalidation/generate',
    input: {
      KeyIdentifier,
      KekValidationType: { KekValidationRequest: { DeriveKeyAlgorithm: 'TDES_2KEY' } },
      RandomKeySendVariantMask: 'VARIANT_MASK_82',
    },
    check: shaped({ RandomKeySend: /^"[0-9A-F]{32}"$/, RandomKeyReceive: /^"[0-9A-F]{32}"$/ }),
  };
}

/** A key that an ECDH partner sends, to be wrapped under a KEK. */
async function keyTranslation(endpoint: Endpoint): Promise<CheckedCall> {
  const partner = makePartner('ECC_NIST_P256');
  const attributes = {
    KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
    KeyClass: 'ASYMMETRIC_KEY_PAIR',
    KeyAlgorithm: 'ECC_NIST_P256',
    KeyModesOfUse: { DeriveKey: true },
  };
  const pair = await callService(endpoint, {
    operation: 'CreateKey',
    input: {
      KeyAttributes: attributes,
      DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      Exportable: true,
    },
  });
  const ours = pair.Key.KeyArn;
  const { KeyCertificate } = await callService(endpoint, {
    operation: 'GetPublicKeyCertificate',
    input: { KeyIdentifier: ours },
  });
  const root = {
    KeyAttributes: {
      KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
      KeyClass: 'PUBLIC_KEY',
      KeyAlgorithm: 'ECC_NIST_P256',
      KeyModesOfUse: { Verify: true },
    },
    PublicKeyCertificate: partner.authority.base64,
  };
  const imported = await callService(endpoint, {
    operation: 'ImportKey',
    input: { KeyMaterial: { RootCertificatePublicKey: root } },
  });
  const derivation = {
    algorithm: 'AES_128',
    function: 'NIST_SP800',
    hash: 'SHA_256',
    sharedInformation: '00C0FFEE00',
  } as const;
  const { publicKey } = new X509Certificate(Buffer.from(KeyCertificate, 'base64'));
  using kbpk = deriveKbpk(
    partner,
    createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
    derivation,
  );
  const WrappedKeyBlock = wrapFor(kbpk, '29EAA7281636B160B840E342919C8F76', { keyUsage: 'D0' });
  const terms = termsOf(partner, { ours, authority: imported.Key.KeyArn }, derivation);
  const kek = await createKey(endpoint, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', 'AES_256', 'B');
  const call = {
    operation: 'TranslateKeyMaterial',
    path: '/keymaterial/translate',
    input: {
      IncomingKeyMaterial: { DiffieHellmanTr31KeyBlock: { ...terms, WrappedKeyBlock } },
      OutgoingKeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek } },
    },
  };
  const { WrappedKey } = await callService(endpoint, call);
  return {
    ...call,
    check: shaped({ WrappedKey: new RegExp(`"KeyCheckValue":"${WrappedKey.KeyCheckValue}"`) }),
  };
}

async function control(endpoint: Endpoint): Promise<CheckedCall[]> {
  const KeyIdentifier = await createKey(endpoint, 'TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B');
  return [
    await asNow(endpoint, { operation: 'GetKey', input: { KeyIdentifier } }),
    await asNow(endpoint, { operation: 'ListTagsForResource', input: { ResourceArn: KeyIdentifier } }),
    { operation: 'ListKeys', input: { MaxResults: 10 }, check: shaped({ Keys: /^\[\{/ }) },
  ];
}

/** Calls of all fifteen operations of the data plane and some of the control plane, on keys of their own. */
export async function makeMix(endpoint: Endpoint): Promise<CheckedCall[]> {
  const published = (await makePublishedCalls(endpoint)).map((call) => ({
    ...call,
    check: equal(call.expected),
  }));
  const [translate, , , exportKey] = await makeHotCalls(endpoint);
  return [
    ...published,
    { ...translate!, check: shaped({ PinBlock: /^"[0-9A-F]{32}"$/ }) },
    { ...exportKey!, check: shaped({ WrappedKey: /"KeyMaterial":"D0144P0AB00E0000[0-9A-F]{128}"/ }) },
    ...(await pins(endpoint)),
    await kekValidation(endpoint),
    await keyTranslation(endpoint),
    ...(await control(endpoint)),
  ];
}
