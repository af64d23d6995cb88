import {
  type CombinedKey,
  ComponentError,
  combineComponents,
  matchKeyCheckValue,
  type Secret,
} from '@keywright/crypto';
import { conflict, invalid } from '../api/exceptions.ts';
import { prepareNewKey } from '../operations/new-key.ts';
import { replicateKey } from '../operations/replicate-keys.ts';
import { checkImportedKey } from '../policy/imported-attributes.ts';
import type {
  CeremonyOutcome,
  CeremonyRecord,
  CeremonyStatus,
  ComponentRecord,
  ComponentState,
} from '../store/records/ceremony.ts';
import { type CeremonyContext, findOpenCeremony } from './ceremony.ts';
import { exposuresIn } from './exposure.ts';
import { componentAlgorithm } from './open-ceremony.ts';

async function end(
  ceremony: CeremonyRecord,
  status: CeremonyStatus,
  { store, now }: Pick<CeremonyContext, 'store' | 'now'>,
  outcome?: CeremonyOutcome,
): Promise<CeremonyRecord> {
  const ended = { ...ceremony, status, endedAt: now() };
  if (await store.endCeremony(ended, outcome)) return ended;
  throw conflict(`Ceremony ${ceremony.ceremonyId} has been ended by another request.`);
}

async function allIn(
  { region, ceremonyId }: CeremonyRecord,
  state: ComponentState,
  { store }: CeremonyContext,
): Promise<ComponentRecord[]> {
  const components = await store.listComponents(region, ceremonyId);
  const missing = components.filter((component) => component.state !== state);
  if (missing.length === 0) return components;
  const numbers = missing.map(({ number }) => number).join(', ');
  throw conflict(`Ceremony ${ceremonyId} waits for components ${numbers}: each must be ${state}.`);
}

async function combine(
  { attributes }: CeremonyRecord,
  components: readonly ComponentRecord[],
  { vault }: CeremonyContext,
): Promise<CombinedKey> {
  using held = new DisposableStack();
  const opened: Secret[] = [];
  for (const component of components) opened.push(held.use(await vault.openComponent(component)));
  return combineComponents({ algorithm: componentAlgorithm(attributes), components: opened });
}

/** Whatever the components came to, it is not what the sender has: they are destroyed, and the ceremony is over. */
async function mismatch(ceremony: CeremonyRecord, context: CeremonyContext): Promise<never> {
  await end(ceremony, 'MISMATCH', context);
  throw invalid(
    'The components do not make the key that the sender has: all of them were destroyed. Ask the sender for the check ' +
      'values of each component and of the key, find the sheet that differs, and open another ceremony.',
  );
}

async function combineOrEnd(
  ceremony: CeremonyRecord,
  components: readonly ComponentRecord[],
  context: CeremonyContext,
): Promise<CombinedKey> {
  try {
    return await combine(ceremony, components, context);
  } catch (error) {
    if (error instanceof ComponentError) return mismatch(ceremony, context);
    throw error;
  }
}

function transferOf(
  { region, ceremonyId, party }: CeremonyRecord,
  keyId: string,
  direction: 'IN' | 'OUT',
  firstAt: number,
): CeremonyOutcome['transfer'] {
  return {
    region,
    keyId,
    direction,
    way: 'Components',
    counterpart: `ceremony/${ceremonyId}`,
    party,
    firstAt,
  };
}

async function storeKey(
  ceremony: CeremonyRecord,
  key: Secret,
  components: readonly ComponentRecord[],
  context: CeremonyContext,
): Promise<CeremonyRecord> {
  const { attributes, exportable } = ceremony;
  const exportability = exportable ? 'EXPORTABLE' : 'NON_EXPORTABLE';
  checkImportedKey(attributes, key);
  const record = await prepareNewKey(key, { attributes, origin: 'EXTERNAL', exportability }, {}, context);
  const { keyId, checkValue } = record;
  const completed = { ...ceremony, keyId, checkValue };
  const exposures = components.flatMap((component) => exposuresIn(completed, component, component.at!));
  const transfer = transferOf(ceremony, keyId, 'IN', context.now());
  const ended = await end(completed, 'COMPLETED', context, { key: record, transfer, exposures });
  await replicateKey(record, context);
  return ended;
}

/**
 * Completes a ceremony that receives a key: the components are combined and compared with the check value that the sender states,
 * in constant time. On a mismatch all are destroyed.
 *
 * @param request.checkValue of the whole key, as the sender states it: 6 to 16 hexadecimal digits
 */
export async function completeReceive(
  ceremonyId: string,
  { checkValue }: { readonly checkValue: string },
  context: CeremonyContext,
): Promise<CeremonyRecord> {
  const ceremony = await findOpenCeremony(ceremonyId, context);
  if (ceremony.kind !== 'RECEIVE') throw conflict(`Ceremony ${ceremonyId} sends a key.`);
  const components = await allIn(ceremony, 'ENTERED', context);
  const combined = await combineOrEnd(ceremony, components, context);
  using key = combined.key;
  if (matchKeyCheckValue(componentAlgorithm(ceremony.attributes), key, checkValue) === undefined)
    return mismatch(ceremony, context);
  return await storeKey(ceremony, key, components, context);
}

/** Completes a ceremony that sends a key, once every sheet is printed. */
export async function completeSend(ceremonyId: string, context: CeremonyContext): Promise<CeremonyRecord> {
  const ceremony = await findOpenCeremony(ceremonyId, context);
  if (ceremony.kind !== 'SEND') throw conflict(`Ceremony ${ceremonyId} receives a key.`);
  await allIn(ceremony, 'PRINTED', context);
  const transfer = transferOf(ceremony, ceremony.keyId!, 'OUT', context.now());
  return end(ceremony, 'COMPLETED', context, { transfer, exposures: [] });
}

/** Gives a ceremony up; nothing of its components is left here. Sheets that were printed are for their custodians to destroy. */
export async function abortCeremony(ceremonyId: string, context: CeremonyContext): Promise<CeremonyRecord> {
  return end(await findOpenCeremony(ceremonyId, context), 'ABORTED', context);
}

/** Ends the ceremonies, of every region, whose time is over. */
export async function endCeremonies(context: Pick<CeremonyContext, 'store' | 'now'>): Promise<void> {
  for (const ceremony of await context.store.ceremoniesToEnd(context.now())) {
    const ended = { ...ceremony, status: 'EXPIRED', endedAt: context.now() } as const;
    await context.store.endCeremony(ended);
  }
}
