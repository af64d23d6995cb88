import type { KeyUsage } from '../api/control-plane.generated.ts';
import { keyCounterpart } from '../operations/counterpart.ts';
import type { Context } from '../operations/operation.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { RotationItemRecord } from '../store/records/rotation.ts';
import type { TransferRecord } from '../store/records/transfer.ts';

const WRAPPING: readonly KeyUsage[] = ['TR31_K0_KEY_ENCRYPTION_KEY', 'TR31_K1_KEY_BLOCK_PROTECTION_KEY'];

/** Whether other keys go out under this one. */
export function isWrappingKey({ attributes }: Pick<KeyRecord, 'attributes'>): boolean {
  return WRAPPING.includes(attributes.KeyUsage);
}

type Planned = Pick<RotationItemRecord, 'keyId' | 'way' | 'counterpart' | 'party' | 'ksn'>;

/** Only ways under a key of ours can be gone again without the partner's certificate, and a fresh nonce of his. */
function stateOf({ counterpart, way, party }: Planned): Pick<RotationItemRecord, 'state' | 'message'> {
  if (counterpart.startsWith('key/')) return { state: 'WAITING' };
  const to = party ?? counterpart;
  return { state: 'BY_HAND', message: `export it to ${to} by ${way}, with that partner's certificate` };
}

function wraps({ attributes: { KeyModesOfUse } }: KeyRecord): boolean {
  return KeyModesOfUse.Wrap === true || KeyModesOfUse.NoRestrictions === true;
}

/** The new KEK under the old one, for a partner who has no other way to it. */
function underPredecessor(record: KeyRecord, successorId: string, own: readonly Planned[]): Planned[] {
  if (!isWrappingKey(record) || !wraps(record) || own.some(({ ksn }) => ksn === undefined)) return [];
  return [{ keyId: successorId, way: 'Tr31KeyBlock', counterpart: keyCounterpart(record.keyId) }];
}

/** Whatever was destroyed goes out no more. */
async function present(transfers: readonly TransferRecord[], { store }: Context): Promise<TransferRecord[]> {
  const kept: TransferRecord[] = [];
  for (const transfer of transfers) {
    const record = await store.findKey(transfer.region, transfer.keyId);
    if (record?.state === 'CREATE_COMPLETE') kept.push(transfer);
  }
  return kept;
}

/** What went out in blocks. Whoever got a key on paper has it, and gets the new one under it. */
function wentOut(transfers: readonly TransferRecord[]): TransferRecord[] {
  return transfers.filter(({ direction, way }) => direction === 'OUT' && way !== 'Components');
}

/**
 * What goes out anew when a successor takes a key's place: the successor, to everybody whom the key went to; then, for a KEK, every
 * key that went out under it. A KEK that went out in no block (a ceremony, say) goes to its partner under the old one.
 */
export async function planItems(
  record: KeyRecord,
  successorId: string,
  context: Context,
): Promise<RotationItemRecord[]> {
  const { region, keyId } = record;
  const { store } = context;
  const own = wentOut(await store.transfersOf(region, keyId)).map((sent) => ({
    ...sent,
    keyId: successorId,
  }));
  const under = await present(wentOut(await store.transfersUnder(region, keyCounterpart(keyId))), context);
  const beneath = under.map((sent) => ({ ...sent, counterpart: keyCounterpart(successorId) }));
  const planned: Planned[] = [...underPredecessor(record, successorId, own), ...own, ...beneath];
  return planned.map(({ keyId: exported, way, counterpart, party, ksn }, i) => {
    const item = { keyId: exported, way, counterpart, party, ksn };
    return { position: i + 1, ...item, ...stateOf(item) };
  });
}
