import { conflict } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { initialKsn } from './dukpt-initial-key.ts';
import type { OutgoingKey } from './outgoing-key.ts';

/** Why a key must not go to that terminal of the fleet, if so. */
async function complaint(
  { exported, keyId, ksn }: OutgoingKey,
  serial: string,
  { store: { fleet }, region }: Context,
): Promise<string | undefined> {
  if (exported.usage === 'B0') {
    return 'a base derivation key never leaves for a terminal: export the initial key of its KSN (ExportDukptInitialKey)';
  }
  const kekOf = keyId && (await fleet.findTerminalOfKek(region, keyId));
  if (kekOf && kekOf !== serial) return `the key is the KEK of terminal ${kekOf}`;
  const ksnOf = ksn && (await fleet.findTerminalOfKsn(initialKsn(ksn)));
  return ksnOf && ksnOf !== serial ? `KSN ${ksn} is of terminal ${ksnOf}` : undefined;
}

/**
 * Keeps from a terminal of the fleet what is not for it: base derivation keys, other terminals' KEKs and initial keys.
 *
 * @throws AwsException ConflictException, when the wrapping key is a terminal's KEK
 */
export async function checkTerminalExport(
  outgoing: OutgoingKey,
  wrappingKeyArn: string,
  context: Context,
): Promise<void> {
  const kekKeyId = wrappingKeyArn.split('/').at(-1)!;
  const serial = await context.store.fleet.findTerminalOfKek(context.region, kekKeyId);
  const reason = serial === undefined ? undefined : await complaint(outgoing, serial, context);
  if (reason === undefined) return;
  throw conflict(
    `Key ${wrappingKeyArn} is the KEK of terminal ${serial}, and nothing goes out under it: ${reason}.`,
  );
}
