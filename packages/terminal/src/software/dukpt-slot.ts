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
    { load: (initialKey: Secret, ksn: string) => Registers; restore: (state: Secret) => Registers }
  >
> = { A: AesDukptRegisters, T: TdesDukptRegisters };

/** A counter that is taken is walked to, transaction by transaction; what is published stays far below. */
const HIGHEST_TAKEN_COUNTER = 4096;

/** Gives the keys up to a counter away: they may have been used elsewhere. */
function skipTo(registers: Registers, algorithm: string, counter: number): void {
  for (let reached = 0; reached < counter; ) {
    const { ksn, currentKey } = registers.nextKey();
    currentKey[Symbol.dispose]();
    reached = parseKsn(algorithm, ksn).counter;
  }
}

/**
 * Fills the registers of a DUKPT key set; the first transaction is the one after `ksn`.
 *
 * @returns the state of the registers, which replaces the initial key
 * @throws TerminalError KEY_LENGTH or KSN_COUNTER
 */
export function fillRegisters(algorithm: string, initialKey: Secret, ksn: Ksn): Secret {
  if (ksn.counter > HIGHEST_TAKEN_COUNTER) {
    const message = `the KSN's counter is ${ksn.counter}; up to ${HIGHEST_TAKEN_COUNTER} can be taken`;
    throw new TerminalError('KSN_COUNTER', message);
  }
  const first = formatKsn(algorithm, { ...ksn, counter: 0 });
  using registers = refusing(() => REGISTERS[algorithm]!.load(initialKey, first));
  skipTo(registers, algorithm, ksn.counter);
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
