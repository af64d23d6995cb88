import type { As2805KeyVariant, ExportKeyMaterial } from '../api/control-plane.generated.ts';
import { AwsException, conflict, notFound } from '../api/exceptions.ts';
import { exportKey } from '../operations/control/export-key.ts';
import { keyArn } from '../operations/key-identifier.ts';
import type { Context } from '../operations/operation.ts';
import { AS2805_VARIANTS } from '../policy/as2805-variant.ts';
import type { RotationItemRecord, RotationRecord } from '../store/records/rotation.ts';
import { ensureSuccessor } from './successor.ts';

/** Items that one request exports unless it says otherwise. */
const BATCH = 50;

/** @throws AwsException when there is no such rotation */
export async function findRotation(rotationId: string, { store, region }: Context): Promise<RotationRecord> {
  const rotation = await store.findRotation(region, rotationId);
  if (rotation === undefined) throw notFound(rotationId);
  return rotation;
}

/** @throws AwsException when there is no such rotation, or it has ended */
export async function findGoingRotation(rotationId: string, context: Context): Promise<RotationRecord> {
  const rotation = await findRotation(rotationId, context);
  if (rotation.status === 'STARTED') return rotation;
  throw conflict(`Rotation ${rotationId} has ended: it is ${rotation.status}.`);
}

async function variantOf(keyId: string, { store, region }: Context): Promise<As2805KeyVariant> {
  const usage = (await store.findKey(region, keyId))?.attributes.KeyUsage;
  const found = Object.entries(AS2805_VARIANTS).find(([, rules]) => rules.usage === usage);
  if (found === undefined) throw new TypeError(`a key of ${usage} went out by AS 2805`);
  return found[0] as As2805KeyVariant;
}

/** The same way again, with the version number by which a terminal tells the new key from the old. */
async function materialOf(
  { way, counterpart, keyId }: RotationItemRecord,
  { keyVersion, successorId }: RotationRecord,
  context: Context,
): Promise<ExportKeyMaterial> {
  const WrappingKeyIdentifier = keyArn(context.account, context.region, counterpart.slice('key/'.length));
  if (way === 'As2805KeyCryptogram') {
    return {
      As2805KeyCryptogram: { WrappingKeyIdentifier, As2805KeyVariant: await variantOf(keyId, context) },
    };
  }
  const KeyBlockHeaders = keyId === successorId ? { KeyVersion: keyVersion } : undefined;
  return { Tr31KeyBlock: { WrappingKeyIdentifier, ...(KeyBlockHeaders && { KeyBlockHeaders }) } };
}

async function exportItem(
  rotation: RotationRecord,
  item: RotationItemRecord,
  context: Context,
): Promise<RotationItemRecord> {
  const { keyId, ksn } = item;
  try {
    const { WrappedKey } = await exportKey(
      {
        ExportKeyIdentifier: keyArn(context.account, context.region, keyId),
        KeyMaterial: await materialOf(item, rotation, context),
        ...(ksn && { ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: ksn } } }),
      },
      { ...context, action: 'ExportKey' },
    );
    const { KeyMaterial: block, KeyCheckValue: checkValue } = WrappedKey!;
    return { ...item, state: 'DONE', block, checkValue, message: undefined };
  } catch (error) {
    if (!(error instanceof AwsException)) throw error;
    return { ...item, state: 'FAILED', message: error.message };
  }
}

/**
 * Exports the next items of a rotation that wait or have failed. An item that is done keeps its block: repeating this after a crash or
 * for those that failed is safe.
 *
 * @param request.after position of the item to go on behind; from the first one without it
 * @returns the items as they are now
 */
export async function exportItems(
  rotationId: string,
  { after = 0, limit = BATCH }: { readonly after?: number; readonly limit?: number },
  context: Context,
): Promise<RotationItemRecord[]> {
  const rotation = await findGoingRotation(rotationId, context);
  await ensureSuccessor(rotation, context);
  const waiting = await context.store.waitingItems(rotation, { after: String(after), limit });
  const exported: RotationItemRecord[] = [];
  for (const item of waiting) {
    const outcome = await exportItem(rotation, item, context);
    await context.store.finishRotationItem(rotation, outcome);
    exported.push(outcome);
  }
  return exported;
}
