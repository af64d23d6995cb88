import {
  DukptError,
  type DukptKeyType,
  type DukptUsage,
  deriveDukptKey,
  type Secret,
} from '@keywright/crypto';
import type { KeyAlgorithm, KeyUsage } from '../../api/control-plane.generated.ts';
import type { DukptDerivationType } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { ModeName } from '../../policy/modes-of-use.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import { findUsableKey } from '../usable-key.ts';

/** How a request names the transaction whose DUKPT key is meant. */
export interface DukptRequest {
  readonly KeySerialNumber: string;
  readonly DukptKeyDerivationType?: DukptDerivationType;
}

/** What a key is wanted for. */
export interface KeyPurpose {
  readonly usage: KeyUsage;
  readonly mode: ModeName;
}

/** How answers name the key that was used. */
export interface KeyAnswer {
  readonly KeyArn: string;
  readonly KeyCheckValue: string;
}

/** A key ready for one piece of work. */
export interface WorkingKey extends Disposable {
  readonly answer: KeyAnswer;
  readonly cipher: 'TDES' | 'AES';
  readonly key: Secret;
}

export const CIPHER_ALGORITHMS = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const;
const BDKS = ['TDES_2KEY', 'AES_128', 'AES_192', 'AES_256'] as const;

function cipherOf(algorithm: KeyAlgorithm): 'TDES' | 'AES' {
  return algorithm.startsWith('TDES') ? 'TDES' : 'AES';
}

/** @param key disposed of with the result */
export function workingKey(answer: KeyAnswer, algorithm: KeyAlgorithm, key: Secret): WorkingKey {
  return { answer, cipher: cipherOf(algorithm), key, [Symbol.dispose]: () => key[Symbol.dispose]() };
}

/** The stored key itself, and the one that others are derived from, stand in the answer with their own check value. */
export function storedKeyAnswer(record: KeyRecord, context: Context): KeyAnswer {
  return { KeyArn: arnOf(record, context), KeyCheckValue: record.checkValue };
}

/**
 * Opens a key that is used as it is.
 *
 * @throws AwsException when there is no such key, or it may not do this
 */
export async function openStaticKey(
  identifier: string,
  { usage, mode }: KeyPurpose,
  context: Context,
  algorithms: readonly KeyAlgorithm[] = CIPHER_ALGORITHMS,
): Promise<WorkingKey> {
  const record = await findUsableKey(identifier, { usages: [usage], algorithms, modes: [mode] }, context);
  const { KeyAlgorithm } = record.attributes;
  return workingKey(storedKeyAnswer(record, context), KeyAlgorithm, await context.vault.openKey(record));
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
  const allowed = {
    usages: ['TR31_B0_BASE_DERIVATION_KEY'],
    algorithms: BDKS,
    modes: ['DeriveKey'],
  } as const;
  const record = await findUsableKey(identifier, allowed, context);
  const algorithm = record.attributes.KeyAlgorithm;
  const keyType = request.DukptKeyDerivationType ?? (algorithm as DukptKeyType);
  using bdk = await context.vault.openKey(record);
  return workingKey(
    storedKeyAnswer(record, context),
    keyType,
    derive(bdk, algorithm, request, usage, keyType),
  );
}
