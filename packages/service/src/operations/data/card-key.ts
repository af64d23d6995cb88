import { deriveIccMasterKey, EmvError, type MasterKeyDerivation, type Secret } from '@keywright/crypto';
import type { MajorKeyDerivationMode } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { AllowedKeys } from '../../policy/key-use.ts';
import type { Context } from '../operation.ts';
import { findUsableKey } from '../usable-key.ts';
import { storedKeyAnswer, type WorkingKey, workingKey } from './working-key.ts';

/** How requests name a card, and how its keys come from the issuer's. */
export interface CardRequest {
  readonly MajorKeyDerivationMode: MajorKeyDerivationMode;
  readonly PrimaryAccountNumber: string;
  readonly PanSequenceNumber: string;
}

const OPTIONS: Record<MajorKeyDerivationMode, MasterKeyDerivation> = { EMV_OPTION_A: 'A', EMV_OPTION_B: 'B' };

/** Option B is for PANs that option A does not take in whole. */
function checkPanLength({ MajorKeyDerivationMode: mode, PrimaryAccountNumber: pan }: CardRequest): void {
  if (mode === 'EMV_OPTION_A' || pan.length > 16) return;
  throw invalid(
    `PAN length is invalid for EMV major key derivation mode ${mode}. It has ${pan.length} digits; use EMV_OPTION_A.`,
  );
}

/** Calls the library, whose refusals name fields and lengths only. */
export function deriveEmvKey(derive: () => Secret): Secret {
  try {
    return derive();
  } catch (error) {
    if (error instanceof EmvError) throw invalid(`The EMV key can't be derived: ${error.message}.`);
    throw error;
  }
}

/**
 * Derives a card's master key from the issuer's, of one of the usages (EMV 4.3 Book 2, A1.4).
 *
 * @throws AwsException when there is no such key, it may not do this, or the PAN does not fit the derivation
 */
export async function openCardKey(
  identifier: string,
  usages: AllowedKeys['usages'],
  card: CardRequest,
  context: Context,
): Promise<WorkingKey> {
  checkPanLength(card);
  const allowed = { usages, algorithms: ['TDES_2KEY'], modes: ['DeriveKey'] } as const;
  const record = await findUsableKey(identifier, allowed, context);
  using issuerKey = await context.vault.openKey(record);
  const { PrimaryAccountNumber: pan, PanSequenceNumber: psn } = card;
  const option = OPTIONS[card.MajorKeyDerivationMode];
  const cardKey = deriveEmvKey(() => deriveIccMasterKey(issuerKey, pan, psn, option));
  return workingKey(storedKeyAnswer(record, context), 'TDES_2KEY', cardKey);
}
