import type { Secret } from '@keywright/crypto';
import type {
  Key,
  KeyAttributes,
  KeyCheckValueAlgorithm,
  KeyExportability,
  KeyOrigin,
  Tags,
} from '../api/control-plane.generated.ts';
import type { UnsealedKeyRecord } from '../custody/vault.ts';
import { checkValueOf } from '../policy/check-value.ts';
import { completeModes } from '../policy/modes-of-use.ts';
import { checkTags } from '../policy/tags.ts';
import { keyAnswer } from './key-answer.ts';
import type { Context } from './operation.ts';
import { randomId } from './random-id.ts';

/** What is known of a key that is about to be stored. */
export interface NewKey {
  readonly attributes: KeyAttributes;
  readonly origin: KeyOrigin;
  readonly exportability: KeyExportability;
}

/** What a caller may ask for with a new key, created or imported. */
export interface NewKeySettings {
  readonly KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
  readonly Enabled?: boolean;
  readonly Tags?: Tags;
}

function newKeyRecord(
  clear: Secret,
  { attributes, origin, exportability }: NewKey,
  { KeyCheckValueAlgorithm, Enabled = true }: NewKeySettings,
  { region, now }: Pick<Context, 'region' | 'now'>,
): UnsealedKeyRecord {
  const createdAt = now();
  return {
    region,
    keyId: randomId(),
    attributes: { ...attributes, KeyModesOfUse: completeModes(attributes.KeyModesOfUse) },
    ...checkValueOf(clear, attributes.KeyAlgorithm, KeyCheckValueAlgorithm),
    origin,
    exportable: exportability !== 'NON_EXPORTABLE',
    exportability,
    enabled: Enabled,
    state: 'CREATE_COMPLETE',
    createdAt,
    usageStartedAt: Enabled ? createdAt : undefined,
    revision: 0,
  };
}

/** Seals and stores a key that has passed every rule; `clear` stays the caller's to dispose of. */
export async function storeNewKey(
  clear: Secret,
  key: NewKey,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const tags = settings.Tags ?? [];
  checkTags(tags);
  const record = await context.vault.sealKey(newKeyRecord(clear, key, settings, context), clear);
  await context.store.insertKey(record, tags);
  return keyAnswer(record, context);
}
