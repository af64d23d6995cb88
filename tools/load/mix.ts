import { createKey, makeHotCalls } from '../bench/hot-calls.ts';
import type { Call, Endpoint } from '../bench/service-client.ts';
import { callService } from '../bench/service-client.ts';
import { faultOf, type PublishedCall } from './published/published-call.ts';
import { makePublishedCalls } from './published-calls.ts';

/** A call whose every answer can be checked. */
export interface CheckedCall extends Call {
  /** Says what is wrong with the members of an answer; undefined when nothing is. */
  check(answer: Readonly<Record<string, unknown>>): string | undefined;
}

function checked(call: PublishedCall): CheckedCall {
  return { ...call, check: (answer) => faultOf(call, answer) };
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
  return checked({ ...call, expected: await callService(endpoint, call) });
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
  const made = shaped({
    EncryptedPinBlock: /^"[0-9A-F]{16}"$/,
    PinData: /^\{"VerificationValue":"\d{4}"\}$/,
  });
  return [{ ...generate, check: made }, await asNow(endpoint, verify)];
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
  const { repeatable } = await makePublishedCalls(endpoint);
  const [translate, , , exportKey] = await makeHotCalls(endpoint);
  return [
    ...repeatable.map(checked),
    { ...translate!, check: shaped({ PinBlock: /^"[0-9A-F]{32}"$/ }) },
    { ...exportKey!, check: shaped({ WrappedKey: /"KeyMaterial":"D0144P0AB00E0000[0-9A-F]{128}"/ }) },
    ...(await pins(endpoint)),
    await kekValidation(endpoint),
    ...(await control(endpoint)),
  ];
}
