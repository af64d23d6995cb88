import { generateKey } from '../operations/generate-key.ts';
import { storeNewKey } from '../operations/new-key.ts';
import type { Context } from '../operations/operation.ts';
import { MOST_TAGS } from '../policy/tags.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { RotationRecord } from '../store/records/rotation.ts';

function regionsOf({ replication }: KeyRecord): string[] {
  return replication === undefined ? [] : Object.keys(replication.regions);
}

/**
 * Makes the successor, with the attributes, tags and regions of the key, unless it is there: its id was stored with the rotation, so that
 * a crash in between leaves neither a second successor nor one that nobody knows of.
 */
export async function ensureSuccessor(rotation: RotationRecord, context: Context): Promise<void> {
  const { region, keyId, successorId } = rotation;
  const { store } = context;
  if ((await store.findKey(region, successorId)) !== undefined) return;
  const record = (await store.findKey(region, keyId))!;
  const { attributes, exportability } = record;
  using clear = generateKey(attributes.KeyAlgorithm);
  const made = { keyId: successorId, attributes, origin: 'AWS_PAYMENT_CRYPTOGRAPHY', exportability } as const;
  const Tags = await store.listTags(region, keyId, { limit: MOST_TAGS });
  const settings = { Tags, ReplicationRegions: regionsOf(record) };
  await storeNewKey(clear, made, settings, { ...context, action: 'CreateKey' });
}
