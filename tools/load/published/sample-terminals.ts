import { encodeHex, retailMac, Secret } from '@keywright/crypto';
import samples from '../../../vectors/aws-sample-terminals.json' with { type: 'json' };
import { type ImportKey, importKeys, knownKey } from '../known-keys.ts';
import { dukptEcb, encryption } from './data.ts';
import type { Arns } from './keys.ts';
import { encryptEcb, pinBlock } from './outside.ts';
import { pinTranslation, type SentPin } from './pin-translations.ts';
import type { PublishedCall } from './published-call.ts';

const { bdk, imk, tdesDataKeys, tdesCurrentKeys, aesPinKeys, pins, transactions } = samples;
const KEYS = {
  tdesBdk: knownKey('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'X', bdk),
  aesBdk: knownKey('TR31_B0_BASE_DERIVATION_KEY', 'AES_128', 'X', bdk),
  imk: knownKey('TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS', 'TDES_2KEY', 'X', imk),
};
const BLOCK = '0102030405060708';

/** X9.24-1: the PIN key is the current key with the last byte of both halves inverted. */
function pinKey(current: string): string {
  const key = Buffer.from(current, 'hex');
  for (const last of [7, 15]) key[last]! ^= 0xff;
  return encodeHex(key);
}

function dataKeys(arn: string): PublishedCall[] {
  return tdesDataKeys.flatMap(({ ksn, key }) =>
    encryption(arn, dukptEcb(ksn), BLOCK, encryptEcb('des-ede-ecb', key, BLOCK)),
  );
}

/** The samples' PINs under the PIN keys of one terminal, one for each transaction. */
function sentPins(
  arns: Arns,
  terminal: Pick<SentPin, 'bdk' | 'scheme'>,
  pinKeys: readonly { readonly ksn: string; readonly key: string }[],
): PublishedCall[] {
  return pinKeys.map(({ ksn, key }, i) => {
    const { pin, pan } = pins[i]!;
    return pinTranslation(arns, {
      ...terminal,
      ksn,
      block: pinBlock(terminal.scheme, key, pin, pan),
      pin,
      pan,
    });
  });
}

/** Visa's cryptogram is a MAC under the card's key itself, so it shows that key. */
function cards(KeyIdentifier: string): PublishedCall[] {
  return transactions.map(({ pan, psn, key: hex, data }) => {
    using key = Secret.fromHex(hex);
    return {
      operation: 'VerifyAuthRequestCryptogram',
      path: '/cryptogram/verify',
      input: {
        KeyIdentifier,
        TransactionData: data,
        AuthRequestCryptogram: encodeHex(retailMac(key, Buffer.from(data, 'hex'), 1)),
        MajorKeyDerivationMode: 'EMV_OPTION_A',
        SessionKeyDerivationAttributes: { Visa: { PrimaryAccountNumber: pan, PanSequenceNumber: psn } },
      },
      expected: { KeyArn: KeyIdentifier },
    };
  });
}

/** What the terminals and cards of AWS's samples send, under the keys that the samples list. */
export async function sampleTerminals(importKey: ImportKey, arns: Arns): Promise<PublishedCall[]> {
  const own = await importKeys(importKey, KEYS);
  const tdesPinKeys = tdesCurrentKeys.map(({ ksn, key }) => ({ ksn, key: pinKey(key) }));
  return [
    ...dataKeys(own.tdesBdk),
    ...sentPins(arns, { bdk: own.tdesBdk, scheme: 'TDES' }, tdesPinKeys),
    ...sentPins(arns, { bdk: own.aesBdk, scheme: 'AES' }, aesPinKeys),
    ...cards(own.imk),
  ];
}
