import type { DataPlane } from '../../api/data-plane.generated.ts';
import type { Context } from '../operation.ts';
import { openCardKey } from './card-key.ts';
import { cardOf } from './pin-change-method.ts';
import { openStaticKey, type WorkingKey } from './working-key.ts';

type Input = DataPlane['GenerateMacEmvPinChange']['input'];
type Output = DataPlane['GenerateMacEmvPinChange']['output'];

/** The keys of a PIN change: of the PINs as they come, and the card's own. */
export interface PinChangeKeys extends Disposable {
  readonly newPek: WorkingKey;
  readonly integrity: WorkingKey;
  readonly confidentiality: WorkingKey;
  /** Of the application cryptogram, for Visa and American Express. */
  readonly cryptogram: WorkingKey | undefined;
  readonly currentPek: WorkingKey | undefined;
}

/** The formats that the request can name are those of TDES. */
function openPek(identifier: string, context: Context): Promise<WorkingKey> {
  const purpose = { usage: 'TR31_P0_PIN_ENCRYPTION_KEY', mode: 'Decrypt' } as const;
  return openStaticKey(identifier, purpose, context, ['TDES_2KEY', 'TDES_3KEY']);
}

/** @throws AwsException when there is no such key, it may not do this, or the PAN does not fit the derivation */
export async function openPinChangeKeys(input: Input, context: Context): Promise<PinChangeKeys> {
  const { DerivationMethodAttributes: attributes } = input;
  const card = cardOf(attributes);
  const issuer = attributes.Visa ?? attributes.Amex;
  const current = issuer?.CurrentPinAttributes;
  const { SecureMessagingIntegrityKeyIdentifier: smi, SecureMessagingConfidentialityKeyIdentifier: smc } =
    input;
  using opened = new DisposableStack();
  const keys = {
    newPek: opened.use(await openPek(input.NewPinPekIdentifier, context)),
    integrity: opened.use(await openCardKey(smi, ['TR31_E2_EMV_MKEY_INTEGRITY'], card, context)),
    confidentiality: opened.use(await openCardKey(smc, ['TR31_E1_EMV_MKEY_CONFIDENTIALITY'], card, context)),
    cryptogram:
      issuer &&
      opened.use(
        await openCardKey(
          issuer.AuthorizationRequestKeyIdentifier,
          ['TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS'],
          card,
          context,
        ),
      ),
    currentPek: current && opened.use(await openPek(current.CurrentPinPekIdentifier, context)),
  };
  const kept = opened.move();
  return { ...keys, [Symbol.dispose]: () => kept.dispose() };
}

/** How the answer names the keys. */
export function keyNames({ newPek, integrity, confidentiality, cryptogram, currentPek }: PinChangeKeys) {
  return {
    NewPinPekArn: newPek.answer.KeyArn,
    NewPinPekKeyCheckValue: newPek.answer.KeyCheckValue,
    SecureMessagingIntegrityKeyArn: integrity.answer.KeyArn,
    SecureMessagingIntegrityKeyCheckValue: integrity.answer.KeyCheckValue,
    SecureMessagingConfidentialityKeyArn: confidentiality.answer.KeyArn,
    SecureMessagingConfidentialityKeyCheckValue: confidentiality.answer.KeyCheckValue,
    ...(cryptogram && {
      VisaAmexDerivationOutputs: {
        AuthorizationRequestKeyArn: cryptogram.answer.KeyArn,
        AuthorizationRequestKeyCheckValue: cryptogram.answer.KeyCheckValue,
        ...(currentPek && {
          CurrentPinPekArn: currentPek.answer.KeyArn,
          CurrentPinPekKeyCheckValue: currentPek.answer.KeyCheckValue,
        }),
      },
    }),
  } satisfies Partial<Output>;
}
