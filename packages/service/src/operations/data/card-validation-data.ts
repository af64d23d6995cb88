import {
  amexCardSecurityCode,
  CardError,
  cardVerificationValue,
  decodeHex,
  dynamicCardVerificationCode3,
  dynamicCardVerificationValue,
  SERVICE_CODES,
  type Secret,
  type ValueLength,
} from '@keywright/crypto';
import type { KeyUsage } from '../../api/control-plane.generated.ts';
import type { CardVerificationAttributes } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { openCardKey } from './card-key.ts';
import { wholeBytes } from './whole-bytes.ts';
import { type KeyAnswer, openStaticKey, type WorkingKey } from './working-key.ts';

export interface CardValidationRequest {
  readonly KeyIdentifier: string;
  readonly PrimaryAccountNumber: string;
  readonly attributes: CardVerificationAttributes;
}

type Calculate = (key: Secret, length: ValueLength) => string;

/** A value under a key of the card: the usages of the issuer's key, the card's sequence number, and the calculation. */
interface DynamicValue {
  readonly usages: readonly KeyUsage[];
  readonly sequenceNumber: string;
  readonly calculate: Calculate;
}

/** Values of which there is no public definition. */
const UNDEFINED_VALUES = [
  'AmexCardSecurityCodeVersion2',
  'CardHolderVerificationValue',
  'DiscoverDynamicCardVerificationCode',
] as const;

function rejectUndefined(attributes: CardVerificationAttributes): void {
  const name = UNDEFINED_VALUES.find((value) => attributes[value] !== undefined);
  if (name !== undefined) throw invalid(`${name} is not supported: its definition is not public.`);
}

/** Counters and numbers that may be written shorter. */
function decodeNumber(digits: string, length: number, title: string): Uint8Array {
  return decodeHex(digits.padStart(length * 2, '0'), title);
}

/** The values under the issuer's own key. */
function staticValue(pan: string, attributes: CardVerificationAttributes): Calculate | undefined {
  const { CardVerificationValue1, CardVerificationValue2, AmexCardSecurityCodeVersion1 } = attributes;
  if (CardVerificationValue1) {
    const { CardExpiryDate: expiry, ServiceCode: serviceCode } = CardVerificationValue1;
    return (key, length) => cardVerificationValue({ key, pan, expiry, serviceCode, length });
  }
  if (CardVerificationValue2) {
    const { CardExpiryDate: expiry } = CardVerificationValue2;
    return (key, length) =>
      cardVerificationValue({ key, pan, expiry, serviceCode: SERVICE_CODES.CVV2, length });
  }
  if (AmexCardSecurityCodeVersion1) {
    const { CardExpiryDate: expiry } = AmexCardSecurityCodeVersion1;
    return (key, length) => amexCardSecurityCode({ key, pan, expiry, length });
  }
  return undefined;
}

function dynamicValue(pan: string, attributes: CardVerificationAttributes): DynamicValue {
  const { DynamicCardVerificationValue: dcvv, DynamicCardVerificationCode: dcvc3 } = attributes;
  // A union: when it is not the one, it is the other.
  const { ApplicationTransactionCounter, PanSequenceNumber: sequenceNumber } = (dcvv ?? dcvc3)!;
  const applicationTransactionCounter = decodeNumber(
    ApplicationTransactionCounter,
    2,
    'ApplicationTransactionCounter',
  );
  if (dcvv) {
    const card = { pan, expiry: dcvv.CardExpiryDate, serviceCode: dcvv.ServiceCode };
    return {
      usages: ['TR31_E6_EMV_MKEY_OTHER', 'TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS'],
      sequenceNumber,
      calculate: (key, length) =>
        dynamicCardVerificationValue({ ...card, key, applicationTransactionCounter, length }),
    };
  }
  const { UnpredictableNumber, TrackData } = dcvc3!;
  const track = {
    trackData: wholeBytes(TrackData, 'TrackData'),
    unpredictableNumber: decodeNumber(UnpredictableNumber, 4, 'UnpredictableNumber'),
    applicationTransactionCounter,
  };
  return {
    usages: ['TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS'],
    sequenceNumber,
    calculate: (key, length) => dynamicCardVerificationCode3({ ...track, key, length }),
  };
}

function calculated(calculate: Calculate, { key }: WorkingKey, length: ValueLength): string {
  try {
    return calculate(key, length);
  } catch (error) {
    if (error instanceof CardError)
      throw invalid(`The validation data can't be calculated: ${error.message}.`);
    throw error;
  }
}

/**
 * Calculates a card's validation data, as both operations do; kind and key come from the request.
 *
 * @throws AwsException when there is no such key, it may not do this, or the card's data do not fit the kind
 */
export async function cardValidationData(
  mode: 'Generate' | 'Verify',
  { KeyIdentifier, PrimaryAccountNumber: pan, attributes }: CardValidationRequest,
  length: ValueLength,
  context: Context,
): Promise<{ answer: KeyAnswer; value: string }> {
  rejectUndefined(attributes);
  const calculate = staticValue(pan, attributes);
  if (calculate !== undefined) {
    const purpose = { usage: 'TR31_C0_CARD_VERIFICATION_KEY', mode } as const;
    using working = await openStaticKey(KeyIdentifier, purpose, context, ['TDES_2KEY']);
    return { answer: working.answer, value: calculated(calculate, working, length) };
  }
  const dynamic = dynamicValue(pan, attributes);
  const card = {
    MajorKeyDerivationMode: 'EMV_OPTION_A',
    PrimaryAccountNumber: pan,
    PanSequenceNumber: dynamic.sequenceNumber,
  } as const;
  using working = await openCardKey(KeyIdentifier, dynamic.usages, card, context);
  return { answer: working.answer, value: calculated(dynamic.calculate, working, length) };
}
