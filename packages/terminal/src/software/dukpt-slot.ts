import {
  AesDukptRegisters,
  type DukptUsage,
  deriveAesWorkingKey,
  deriveTdesWorkingKey,
  encodeHex,
  type Ksn,
  type Secret,
  TdesDukptRegisters,
} from '@keywright/crypto';
import { TerminalError } from '../refusals.ts';
import { formatKsn, parseKsn } from './initial-ksn.ts';
import { refusing } from './library-errors.ts';

type Registers = TdesDukptRegisters | AesDukptRegisters;

/** The registers of either scheme, by the header's algorithm. */
const REGISTERS: Readonly<
  Record<
    string,
    { resume: (initialKey: Secret, ksn: string) => Registers; restore: (state: Secret) => Registers }
  >
> = { A: AesDukptRegisters, T: TdesDukptRegisters };

/**
 * Fills the registers of a DUKPT key set; the first transaction is the one after `ksn`.
 *
 * @returns the state of the registers, which replaces the initial key
 * @throws TerminalError KEY_LENGTH or KSN_COUNTER
 */
export function fillRegisters(algorithm: string, initialKey: Secret, ksn: Ksn): Secret {
  using registers = refusing(() => REGISTERS[algorithm]!.resume(initialKey, formatKsn(algorithm, ksn)));
  if (registers.exhausted) throw new TerminalError('KSN_COUNTER');
  return registers.export();
}

/** One transaction's key, and the registers without it. */
export interface Transaction {
  readonly ksn: string;
  readonly currentKey: Secret;
  /** To be stored before the key is used. */
  readonly registers: Secret;
}

/** @throws TerminalError DUKPT_EXHAUSTED */
export function takeTransaction(algorithm: string, state: Secret): Transaction {
  using registers = REGISTERS[algorithm]!.restore(state);
  const transaction = refusing(() => registers.nextKey());
  return { ...transaction, registers: registers.export() };
}

/** The working key of a transaction: for TDES the variant, for AES a key of the key set's own length. */
export function workingKey(algorithm: string, { ksn, currentKey }: Transaction, usage: DukptUsage): Secret {
  if (algorithm === 'T') return deriveTdesWorkingKey(currentKey, usage);
  const { initialKeyId, counter } = parseKsn(algorithm, ksn);
  const keyType = `AES_${currentKey.length * 8}` as 'AES_128' | 'AES_192' | 'AES_256';
  return deriveAesWorkingKey(currentKey, keyType, usage, encodeHex(initialKeyId), counter);
}
