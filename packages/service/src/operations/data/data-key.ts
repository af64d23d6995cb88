import type { DukptUsage } from '@keywright/crypto';
import type {
  DukptEncryptionAttributes,
  DukptKeyVariant,
  WrappedKey,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { type CipherAttributes, type Direction, MODES } from './data-cipher.ts';
import { openDynamicKey } from './dynamic-key.ts';
import { openEmvDataKey } from './emv-data-key.ts';
import { openDukptKey, openStaticKey, type WorkingKey } from './working-key.ts';

/** How a request names the key for data, and where it says so. */
export interface DataKeyRequest {
  readonly identifier: string;
  readonly attributes: CipherAttributes;
  readonly wrapped: WrappedKey | undefined;
  /** The member of the request that `wrapped` came in, for messages. */
  readonly wrappedField: string;
}

/** X9.24-3 has a data key for each direction and one for both; X9.24-1 has none for both, which the library says. */
const DATA_USAGES: Record<DukptKeyVariant, DukptUsage> = {
  REQUEST: 'data-request',
  RESPONSE: 'data-response',
  BIDIRECTIONAL: 'data-both',
};

function dukptUsage(attributes: DukptEncryptionAttributes): DukptUsage {
  return DATA_USAGES[attributes.DukptKeyVariant ?? 'REQUEST'];
}

/**
 * Opens the key that data are encrypted or decrypted with: D0, stored or come with the request, or one derived from B0, E1 or E6.
 *
 * @throws AwsException when there is no such key, or it may not do this
 */
export function openDataKey(
  direction: Direction,
  { identifier, attributes: { Dukpt, Emv }, wrapped, wrappedField }: DataKeyRequest,
  context: Context,
): Promise<WorkingKey> {
  const purpose = { usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', mode: MODES[direction] } as const;
  if (wrapped !== undefined) {
    if (Dukpt ?? Emv) throw invalid(`${wrappedField} is for Symmetric attributes only: leave it out.`);
    return openDynamicKey({ field: wrappedField, identifier, wrapped }, purpose, context);
  }
  if (Dukpt !== undefined) return openDukptKey(identifier, Dukpt, dukptUsage(Dukpt), context);
  if (Emv !== undefined) return openEmvDataKey(identifier, Emv, context);
  return openStaticKey(identifier, purpose, context);
}
