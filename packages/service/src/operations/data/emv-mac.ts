import { decodeHex, deriveMessagingKey, type MessagingKeyDerivation, retailMac } from '@keywright/crypto';
import type {
  MacAlgorithmEmv,
  SessionKeyDerivationMode,
  SessionKeyDerivationValue,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import type { WholeMac } from './block-cipher-mac.ts';
import { deriveEmvKey, openCardKey } from './card-key.ts';

const BLOCK = 8;

/** What each mode derives the session key from. */
const SEEDS: Record<SessionKeyDerivationMode, keyof SessionKeyDerivationValue> = {
  AMEX: 'ApplicationTransactionCounter',
  EMV2000: 'ApplicationTransactionCounter',
  UNION_PAY: 'ApplicationTransactionCounter',
  VISA: 'ApplicationTransactionCounter',
  EMV_COMMON_SESSION_KEY: 'ApplicationCryptogram',
  MASTERCARD_SESSION_KEY: 'ApplicationCryptogram',
};

function seedOf(mode: SessionKeyDerivationMode, value: SessionKeyDerivationValue): Uint8Array {
  const seed = value[SEEDS[mode]];
  if (seed !== undefined) return decodeHex(seed, SEEDS[mode]);
  throw invalid(
    `SessionKeyDerivationValue must have ${SEEDS[mode]} when SessionKeyDerivationMode is ${mode}.`,
  );
}

function derivationOf(mode: SessionKeyDerivationMode, seed: Uint8Array): MessagingKeyDerivation {
  switch (mode) {
    case 'EMV_COMMON_SESSION_KEY':
      return { scheme: 'EMV_COMMON', applicationCryptogram: seed };
    case 'MASTERCARD_SESSION_KEY':
      return { scheme: 'MASTERCARD', applicationCryptogram: seed };
    default:
      return { scheme: mode, applicationTransactionCounter: seed };
  }
}

/**
 * The MAC of an issuer's script (EMV 4.3 Book 2, 9.2): a retail MAC under a session key of the card. Whole blocks are taken as
 * they are, as padded by the caller; anything else is padded with 80 and zeros.
 *
 * @throws AwsException when there is no such key, it may not do this, or the attributes do not fit together
 */
export async function emvMac(
  attributes: MacAlgorithmEmv,
  identifier: string,
  message: Uint8Array,
  context: Context,
): Promise<WholeMac> {
  const mode = attributes.SessionKeyDerivationMode;
  const derivation = derivationOf(mode, seedOf(mode, attributes.SessionKeyDerivationValue));
  using card = await openCardKey(identifier, ['TR31_E2_EMV_MKEY_INTEGRITY'], attributes, context);
  using sessionKey = deriveEmvKey(() => deriveMessagingKey(card.key, derivation));
  const mac = retailMac(sessionKey, message, message.length % BLOCK === 0 ? 1 : 2);
  return { answer: card.answer, mac, usualLength: mac.length };
}
