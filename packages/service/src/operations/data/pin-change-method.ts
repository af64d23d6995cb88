import type { CommandDataLayout, PinChangeMethod, Secret } from '@keywright/crypto';
import type {
  DerivationMethodAttributes,
  EmvCommonAttributes,
  PinBlockLengthPosition,
  PinBlockPaddingType,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { CardRequest } from './card-key.ts';
import { counterOf, cryptogramOf } from './transaction.ts';

const LAYOUTS: Record<PinBlockPaddingType, Partial<Record<PinBlockLengthPosition, CommandDataLayout>>> = {
  // A PIN block and its length are 9 bytes, which no cipher block ends with.
  NO_PADDING: { NONE: 'PADDED_IF_NEEDED' },
  ISO_IEC_7816_4: { NONE: 'PADDED', FRONT_OF_PIN_BLOCK: 'LENGTH_AND_PADDED' },
};

function layoutOf({ PinBlockPaddingType, PinBlockLengthPosition }: EmvCommonAttributes): CommandDataLayout {
  const layout = LAYOUTS[PinBlockPaddingType][PinBlockLengthPosition];
  if (layout !== undefined) return layout;
  throw invalid(
    `PinBlockLengthPosition ${PinBlockLengthPosition} needs PinBlockPaddingType ISO_IEC_7816_4, not ${PinBlockPaddingType}: a PIN block with its length is not whole cipher blocks.`,
  );
}

/** The card whose PIN is changed, as every method names it. */
export function cardOf(attributes: DerivationMethodAttributes): CardRequest {
  const { Amex, Emv2000, EmvCommon, Mastercard, Visa } = attributes;
  // A union, which the model's validation has seen to have one member.
  return (Amex ?? Emv2000 ?? EmvCommon ?? Mastercard ?? Visa)!;
}

/**
 * How the card takes the new PIN.
 *
 * @param cryptogramMasterKey the card's, which Visa and American Express need
 * @param currentPin what these may have besides
 * @throws AwsException (ValidationException) when the padding does not fit
 */
export function methodOf(
  { Amex, Emv2000, EmvCommon, Mastercard, Visa }: DerivationMethodAttributes,
  cryptogramMasterKey: Secret | undefined,
  currentPin: Secret | undefined,
): PinChangeMethod {
  if (Emv2000) return { scheme: 'EMV2000', ...counterOf(Emv2000) };
  if (Mastercard) return { scheme: 'MASTERCARD', ...cryptogramOf(Mastercard) };
  if (EmvCommon) {
    return {
      scheme: 'EMV_COMMON',
      ...cryptogramOf(EmvCommon),
      layout: layoutOf(EmvCommon),
      mode: EmvCommon.Mode,
    };
  }
  const scheme = Visa ? 'VISA' : 'AMEX';
  const terms = { scheme, ...counterOf((Visa ?? Amex)!), cryptogramMasterKey: cryptogramMasterKey! } as const;
  return currentPin ? { ...terms, currentPin } : terms;
}
