import type { ExportAttributes, ExportKeyMaterial } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkValueOf } from '../../policy/check-value.ts';
import { exportModes } from '../../policy/export-header.ts';
import { usageCode } from '../../policy/key-block-codes.ts';
import { checkUsable } from '../../policy/key-use.ts';
import { comesLater } from '../../policy/later.ts';
import type { KeyRecord } from '../../store/store.ts';
import { asInitialKey, checkBaseDerivationKey, deriveInitialKey } from '../export/dukpt-initial-key.ts';
import { exportTr31KeyBlock, type OutgoingKey } from '../export/tr31-key-block.ts';
import { arnOf, resolveKey } from '../key-identifier.ts';
import { onlyMember } from '../only-member.ts';
import type { Context, Operation } from '../operation.ts';

type LaterMaterial = Exclude<keyof ExportKeyMaterial, 'Tr31KeyBlock'>;

const LATER: Readonly<Record<LaterMaterial, string>> = {
  Tr34KeyBlock: 'TR-34 comes',
  KeyCryptogram: 'export under RSA comes',
  DiffieHellmanTr31KeyBlock: 'ECDH comes',
  As2805KeyCryptogram: 'AS 2805 comes',
};

/** The key as it is stored. */
function storedKey(record: KeyRecord, { vault }: Context): OutgoingKey {
  const { attributes, exportability, checkValue, checkValueAlgorithm } = record;
  const usage = usageCode(attributes.KeyUsage);
  return {
    exported: { usage, algorithm: attributes.KeyAlgorithm, ...exportModes(attributes), exportability },
    open: () => vault.openKey(record),
    checkValue: () => ({ checkValue, checkValueAlgorithm }),
  };
}

/** The initial key of the terminal with that KSN. */
function initialKey(
  record: KeyRecord,
  ksn: string,
  attributes: ExportAttributes,
  context: Context,
): OutgoingKey {
  checkBaseDerivationKey(record, arnOf(record, context), ksn);
  const { KeyAlgorithm } = record.attributes;
  return {
    exported: asInitialKey(record),
    open: async () => {
      using bdk = await context.vault.openKey(record);
      return deriveInitialKey(bdk, KeyAlgorithm, ksn);
    },
    checkValue: (key) => checkValueOf(key, KeyAlgorithm, attributes.KeyCheckValueAlgorithm),
  };
}

function outgoingKey(record: KeyRecord, attributes: ExportAttributes, context: Context): OutgoingKey {
  const ksn = attributes.ExportDukptInitialKey?.KeySerialNumber;
  if (ksn !== undefined) return initialKey(record, ksn, attributes, context);
  if (attributes.KeyCheckValueAlgorithm === undefined) return storedKey(record, context);
  throw invalid('ExportAttributes.KeyCheckValueAlgorithm is for ExportDukptInitialKey only: leave it out.');
}

export const exportKey: Operation<'ExportKey'> = async (input, context) => {
  const { KeyMaterial, ExportKeyIdentifier, ExportAttributes = {} } = input;
  const member = onlyMember('KeyMaterial', KeyMaterial);
  const { Tr31KeyBlock } = KeyMaterial;
  if (!Tr31KeyBlock) throw comesLater(`KeyMaterial.${member}`, LATER[member as LaterMaterial]);
  const record = await resolveKey(ExportKeyIdentifier, context);
  const arn = arnOf(record, context);
  checkUsable(record, arn, 'ConflictException');
  if (!record.exportable) {
    throw invalid(`Key ${arn} is not exportable: use a key that was created or imported as exportable.`);
  }
  const outgoing = outgoingKey(record, ExportAttributes, context);
  return { WrappedKey: await exportTr31KeyBlock(Tr31KeyBlock, outgoing, context) };
};
