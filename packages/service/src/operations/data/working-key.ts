import {
  DukptError,
  type DukptKeyType,
  type DukptUsage,
  deriveDukptKey,
  type Secret,
} from '@keywright/crypto';
import type { KeyAlgorithm, KeyModesOfUse, KeyUsage } from '../../api/control-plane.generated.ts';
import type { DukptDerivationType } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkKeyUse } from '../../policy/key-use.ts';
import type { KeyRecord } from '../../store/store.ts';
import { keyArn, resolveKey } from '../key-identifier.ts';
import type { Context } from '../operation.ts';

/** How a request names the transaction whose DUKPT key is meant. */
export interface DukptRequest {
  readonly KeySerialNumber: string;
  readonly DukptKeyDerivationType?: DukptDerivationType;
}

/** A key ready for one piece of work, and the record that it came from. */
export interface WorkingKey extends Disposable {
  readonly record: KeyRecord;
  readonly cipher: 'TDES' | 'AES';
  readonly key: Secret;
}

const ALL_CIPHER_KEYS = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const;
const BDKS = ['TDES_2KEY', 'AES_128', 'AES_192', 'AES_256'] as const;

function cipherOf(algorithm: KeyAlgorithm | DukptKeyType): 'TDES' | 'AES' {
  return algorithm.startsWith('TDES') ? 'TDES' : 'AES';
}

function workingKey(record: KeyRecord, algorithm: KeyAlgorithm | DukptKeyType, key: Secret): WorkingKey {
  return { record, cipher: cipherOf(algorithm), key, [Symbol.dispose]: () => key[Symbol.dispose]() };
}

/**
 * Opens a key that is used as it is.
 *
 * @throws AwsException when there is no such key, or it may not do this
 */
export async function openStaticKey(
  identifier: string,
  use: { readonly usage: KeyUsage; readonly mode: keyof KeyModesOfUse },
  context: Context,
): Promise<WorkingKey> {
  const record = await resolveKey(identifier, context);
  const allowed = { usages: [use.usage], algorithms: ALL_CIPHER_KEYS, modes: [use.mode] };
  checkKeyUse(record, keyArn(context.account, record.region, record.keyId), allowed);
  return workingKey(record, record.attributes.KeyAlgorithm, await context.vault.openKey(record));
}

function derive(
  bdk: Secret,
  algorithm: KeyAlgorithm,
  request: DukptRequest,
  usage: DukptUsage,
  keyType: DukptKeyType,
): Secret {
  try {
    return deriveDukptKey({ bdk, scheme: cipherOf(algorithm), ksn: request.KeySerialNumber, usage, keyType });
  } catch (error) {
    if (error instanceof DukptError) throw invalid(`The DUKPT key can't be derived: ${error.message}.`);
    throw error;
  }
}

/**
 * Derives the working key of one transaction from a base derivation key (ANSI X9.24-1 for TDES, X9.24-3 for AES).
 *
 * @throws AwsException when there is no such key, it may not do this, or KSN and derivation type do not fit it
 */
export async function openDukptKey(
  identifier: string,
  request: DukptRequest,
  usage: DukptUsage,
  context: Context,
): Promise<WorkingKey> {
  const record = await resolveKey(identifier, context);
  const allowed = {
    usages: ['TR31_B0_BASE_DERIVATION_KEY'],
    algorithms: BDKS,
    modes: ['DeriveKey'],
  } as const;
  checkKeyUse(record, keyArn(context.account, record.region, record.keyId), allowed);
  const algorithm = record.attributes.KeyAlgorithm;
  const keyType = request.DukptKeyDerivationType ?? (algorithm as DukptKeyType);
  using bdk = await context.vault.openKey(record);
  return workingKey(record, keyType, derive(bdk, algorithm, request, usage, keyType));
}
