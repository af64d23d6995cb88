import nodes from '../../../vectors/as2805-node-to-node.json' with { type: 'json' };
import { type ImportKey, knownKey } from '../known-keys.ts';
import type { PublishedCall } from './published-call.ts';

const DOUBLE_LENGTH = 32;

/** What AS 2805's other node answers to KRs, for KEKs of two keys and random keys of 16 bytes, by either mask. */
export async function kekValidations(importKey: ImportKey): Promise<PublishedCall[]> {
  const validations = nodes.kekValidations.filter(
    ({ kek, send }) => kek.length === DOUBLE_LENGTH && send.length === DOUBLE_LENGTH,
  );
  const calls = validations.map(async ({ mask, kek, send: RandomKeySend, receive: RandomKeyReceive }) => ({
    operation: 'GenerateAs2805KekValidation',
    path: '/as2805kekvalidation/generate',
    input: {
      KeyIdentifier: await importKey(knownKey('TR31_K0_KEY_ENCRYPTION_KEY', 'TDES_2KEY', 'B', kek)),
      KekValidationType: { KekValidationResponse: { RandomKeySend } },
      RandomKeySendVariantMask: `VARIANT_MASK_${mask}`,
    },
    expected: { RandomKeyReceive },
  }));
  return Promise.all(calls);
}
