import type { ExportKeyInput, ExportKeyMaterial, WrappedKey } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkUsable } from '../../policy/key-use.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { counterpartOf } from '../counterpart.ts';
import { exportAs2805KeyCryptogram } from '../export/as2805-key-cryptogram.ts';
import { exportDiffieHellmanTr31KeyBlock } from '../export/diffie-hellman-tr31-key-block.ts';
import { initialKsn } from '../export/dukpt-initial-key.ts';
import { exportKeyCryptogram } from '../export/key-cryptogram.ts';
import { type OutgoingKey, outgoingKey } from '../export/outgoing-key.ts';
import { exportTr31KeyBlock } from '../export/tr31-key-block.ts';
import { exportTr34KeyBlock } from '../export/tr34-key-block.ts';
import { arnOf, resolveKey } from '../key-identifier.ts';
import { onlyMember } from '../only-member.ts';
import type { Context, Operation } from '../operation.ts';

type MaterialName = keyof ExportKeyMaterial;
type Material<Member extends MaterialName> = NonNullable<ExportKeyMaterial[Member]>;
type Export<Member extends MaterialName> = (
  material: Material<Member>,
  outgoing: OutgoingKey,
  context: Context,
) => Promise<WrappedKey>;

/** The ways for a key to go out. */
const EXPORTS: { readonly [Member in MaterialName]: Export<Member> } = {
  Tr31KeyBlock: exportTr31KeyBlock,
  Tr34KeyBlock: exportTr34KeyBlock,
  KeyCryptogram: exportKeyCryptogram,
  DiffieHellmanTr31KeyBlock: exportDiffieHellmanTr31KeyBlock,
  As2805KeyCryptogram: exportAs2805KeyCryptogram,
};

function exportMember<Member extends MaterialName>(
  member: Member,
  material: ExportKeyMaterial,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  return EXPORTS[member](material[member]!, outgoing, context);
}

/** Keeps that the key went out, so that a rotation or a compromise finds whoever has it. Nothing leaves that is not on record. */
async function recordExport(
  { region, keyId }: KeyRecord,
  { KeyMaterial, ExportAttributes }: ExportKeyInput,
  context: Context,
): Promise<void> {
  const member = onlyMember('KeyMaterial', KeyMaterial);
  const counterpart = await counterpartOf('OUT', member, KeyMaterial[member]!, context);
  const ksn = ExportAttributes?.ExportDukptInitialKey?.KeySerialNumber;
  await context.store.recordTransfer({
    region,
    keyId,
    direction: 'OUT',
    ...counterpart!,
    ksn: ksn && initialKsn(ksn),
    firstAt: context.now(),
  });
}

export const exportKey: Operation<'ExportKey'> = async (input, context) => {
  const { KeyMaterial, ExportKeyIdentifier, ExportAttributes = {} } = input;
  const member = onlyMember('KeyMaterial', KeyMaterial);
  const record = await resolveKey(ExportKeyIdentifier, context);
  const arn = arnOf(record, context);
  checkUsable(record, arn, 'ConflictException');
  if (!record.exportable) {
    throw invalid(`Key ${arn} is not exportable: use a key that was created or imported as exportable.`);
  }
  const outgoing = outgoingKey(record, ExportAttributes, context);
  const WrappedKey = await exportMember(member, KeyMaterial, outgoing, context);
  await recordExport(record, input, context);
  return { WrappedKey };
};
