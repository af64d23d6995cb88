import { decodeHex, deriveCommonSessionKey } from '@keywright/crypto';
import type { EmvEncryptionAttributes } from '../../api/data-plane.generated.ts';
import type { Context } from '../operation.ts';
import { deriveEmvKey, openCardKey } from './card-key.ts';
import { type WorkingKey, workingKey } from './working-key.ts';

const ISSUER_MASTER_KEYS = ['TR31_E1_EMV_MKEY_CONFIDENTIALITY', 'TR31_E6_EMV_MKEY_OTHER'] as const;

/**
 * Derives the session key of a card for confidential data (EMV 4.3 Book 2, A1.3 and A1.4).
 *
 * @throws AwsException when there is no such key, it may not do this, or the PAN does not fit the derivation
 */
export async function openEmvDataKey(
  identifier: string,
  attributes: EmvEncryptionAttributes,
  context: Context,
): Promise<WorkingKey> {
  const diversification = decodeHex(attributes.SessionDerivationData, 'SessionDerivationData');
  using card = await openCardKey(identifier, ISSUER_MASTER_KEYS, attributes, context);
  const key = deriveEmvKey(() => deriveCommonSessionKey(card.key, diversification));
  return workingKey(card.answer, 'TDES_2KEY', key);
}
