import { deriveSessionPinKey } from '@keywright/crypto';
import type {
  As2805PekDerivationAttributes,
  DukptDerivationAttributes,
  WrappedKey,
} from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { openDynamicKey } from './dynamic-key.ts';
import { openDukptKey, openStaticKey, type WorkingKey, workingKey } from './working-key.ts';

/** How a request names the key of a PIN block: P0 as it is stored, unless one of the members says otherwise. */
export interface PinKeyRequest {
  readonly identifier: string;
  readonly dukpt?: DukptDerivationAttributes | undefined;
  readonly as2805?: As2805PekDerivationAttributes | undefined;
  readonly wrapped?: WrappedKey | undefined;
  /** The member of the request that `wrapped` comes in, for messages. */
  readonly wrappedField: string;
}

const PIN_KEY = 'TR31_P0_PIN_ENCRYPTION_KEY';

function checkOneWay({ dukpt, as2805, wrapped, wrappedField }: PinKeyRequest): void {
  if ([dukpt, as2805, wrapped].filter((way) => way !== undefined).length <= 1) return;
  throw invalid(
    `DUKPT attributes, AS 2805 attributes and ${wrappedField} exclude each other: give one of them at most.`,
  );
}

/** The key of one transaction in AS 2805, from the KPP. */
async function openSessionKey(
  identifier: string,
  { SystemTraceAuditNumber: stan, TransactionAmount: amount }: As2805PekDerivationAttributes,
  context: Context,
): Promise<WorkingKey> {
  const purpose = { usage: PIN_KEY, mode: 'Decrypt' } as const;
  using kpp = await openStaticKey(identifier, purpose, context, ['TDES_2KEY']);
  return workingKey(kpp.answer, 'TDES_2KEY', deriveSessionPinKey({ kpp: kpp.key, stan, amount }));
}

/**
 * Opens the key of a PIN block: P0, stored or come with the request, or one derived from B0 or, in AS 2805, from P0.
 *
 * @throws AwsException when there is no such key, or it may not do this
 */
export function openPinKey(
  request: PinKeyRequest,
  mode: 'Encrypt' | 'Decrypt',
  context: Context,
): Promise<WorkingKey> {
  checkOneWay(request);
  const { identifier, dukpt, as2805, wrapped, wrappedField: field } = request;
  if (dukpt !== undefined) return openDukptKey(identifier, dukpt, 'pin', context);
  if (as2805 !== undefined) return openSessionKey(identifier, as2805, context);
  const purpose = { usage: PIN_KEY, mode } as const;
  if (wrapped !== undefined) return openDynamicKey({ field, identifier, wrapped }, purpose, context);
  return openStaticKey(identifier, purpose, context);
}
