import type { Secret } from '@keywright/crypto';
import type { ExportAttributes } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { type CheckValue, checkValueOf } from '../../policy/check-value.ts';
import { type Exported, exportModes } from '../../policy/export-header.ts';
import { usageCode } from '../../policy/key-block-codes.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import { asInitialKey, checkBaseDerivationKey, deriveInitialKey } from './dukpt-initial-key.ts';

/** A key on its way out: what it is, its check value, and how to come by its clear form once everything is checked. */
export interface OutgoingKey {
  readonly exported: Exported;
  /** The stored key that it is or is derived from; none of a key that only passes through. */
  readonly keyId?: string;
  /** Of an initial key. */
  readonly ksn?: string;
  open(): Promise<Secret>;
  checkValue(clear: Secret): CheckValue;
}

/** The key as it is stored. */
function storedKey(record: KeyRecord, { vault }: Context): OutgoingKey {
  const { attributes, exportability, checkValue, checkValueAlgorithm } = record;
  const usage = usageCode(attributes.KeyUsage);
  return {
    keyId: record.keyId,
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
    keyId: record.keyId,
    ksn,
    exported: asInitialKey(record),
    open: async () => {
      using bdk = await context.vault.openKey(record);
      return deriveInitialKey(bdk, KeyAlgorithm, ksn);
    },
    checkValue: (key) => checkValueOf(key, KeyAlgorithm, attributes.KeyCheckValueAlgorithm),
  };
}

/** The key that a request exports: the stored one, or an initial key derived from it. */
export function outgoingKey(record: KeyRecord, attributes: ExportAttributes, context: Context): OutgoingKey {
  const ksn = attributes.ExportDukptInitialKey?.KeySerialNumber;
  if (ksn !== undefined) return initialKey(record, ksn, attributes, context);
  if (attributes.KeyCheckValueAlgorithm === undefined) return storedKey(record, context);
  throw invalid('ExportAttributes.KeyCheckValueAlgorithm is for ExportDukptInitialKey only: leave it out.');
}
