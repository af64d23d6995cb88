import { type CryptogramKeyDerivation, decodeHex, deriveCryptogramKey } from '@keywright/crypto';
import type { MajorKeyDerivationMode, SessionKeyDerivation } from '../../api/data-plane.generated.ts';
import type { Context } from '../operation.ts';
import { deriveEmvKey, openCardKey } from './card-key.ts';
import { counterOf } from './transaction.ts';
import { type WorkingKey, workingKey } from './working-key.ts';

/** How requests name the key of a card's cryptogram. */
export interface CryptogramKeyRequest {
  readonly KeyIdentifier: string;
  readonly MajorKeyDerivationMode: MajorKeyDerivationMode;
  readonly SessionKeyDerivationAttributes: SessionKeyDerivation;
}

type Attributes = Required<SessionKeyDerivation>;

/** The schemes by their names in requests, with what each derives the key from. */
const DERIVATIONS: { [Name in keyof Attributes]: (from: Attributes[Name]) => CryptogramKeyDerivation } = {
  Amex: () => ({ scheme: 'AMEX' }),
  Emv2000: (from) => ({ scheme: 'EMV2000', ...counterOf(from) }),
  EmvCommon: (from) => ({ scheme: 'EMV_COMMON', ...counterOf(from) }),
  Mastercard: (from) => ({
    scheme: 'MASTERCARD',
    ...counterOf(from),
    unpredictableNumber: decodeHex(from.UnpredictableNumber, 'UnpredictableNumber'),
  }),
  UnionPay: (from) => ({ scheme: 'UNION_PAY', ...counterOf(from) }),
  Visa: () => ({ scheme: 'VISA' }),
};

function derivationOf<Name extends keyof Attributes>(
  name: Name,
  attributes: Attributes,
): CryptogramKeyDerivation {
  return DERIVATIONS[name](attributes[name]);
}

/**
 * Derives the key of a card's application cryptogram from the issuer's E0 key.
 *
 * @throws AwsException when there is no such key, it may not do this, or the PAN does not fit the derivation
 */
export async function openCryptogramKey(
  { KeyIdentifier, MajorKeyDerivationMode, SessionKeyDerivationAttributes }: CryptogramKeyRequest,
  context: Context,
): Promise<WorkingKey> {
  // A union, which the model's validation has seen to have one member.
  const attributes = SessionKeyDerivationAttributes as Attributes;
  const [scheme] = Object.keys(attributes) as [keyof Attributes];
  const card = { MajorKeyDerivationMode, ...attributes[scheme] };
  using cardKey = await openCardKey(KeyIdentifier, ['TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS'], card, context);
  const key = deriveEmvKey(() => deriveCryptogramKey(cardKey.key, derivationOf(scheme, attributes)));
  return workingKey(cardKey.answer, 'TDES_2KEY', key);
}
