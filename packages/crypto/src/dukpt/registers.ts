import type { Secret } from '../bytes/secret.ts';
import { AES } from './aes.ts';
import { DukptError } from './dukpt-error.ts';
import {
  decodeState,
  encodeState,
  fillBelow,
  loadState,
  type RegisterState,
  readRegister,
  register,
} from './register-state.ts';
import { type DukptScheme, oneBits } from './scheme.ts';
import { TDES } from './tdes.ts';

/** The key of one transaction, to derive its working keys from, and the KSN that tells the host which it is. */
export interface TransactionKey {
  readonly ksn: string;
  readonly currentKey: Secret;
}

/**
 * A terminal's key registers, one for each bit of the transaction counter. No key in them tells a key of the past: a register is
 * erased when its key is given out. Dispose of them after use.
 *
 * So that no key is used twice, whatever happens: take `nextKey`, store what `export` gives, and only then use the key.
 */
abstract class DukptRegisters implements Disposable {
  readonly #scheme: DukptScheme;
  readonly #state: RegisterState;

  protected constructor(scheme: DukptScheme, state: RegisterState) {
    this.#scheme = scheme;
    this.#state = state;
  }

  /** True when every counter was used and the terminal needs a new initial key. */
  get exhausted(): boolean {
    return this.#state.counter === 0;
  }

  /**
   * Gives out the next transaction's key and erases its register. Counters with too many one-bits (TDES: more than 10, AES:
   * more than 16) are skipped.
   *
   * @throws DukptError (COUNTER_EXHAUSTED) after the last one
   */
  nextKey(): TransactionKey {
    const scheme = this.#scheme;
    const state = this.#state;
    const { counter, initialKeyId } = state;
    if (counter === 0) {
      const message = 'the transaction counter is exhausted: the terminal needs a new initial key';
      throw new DukptError('COUNTER_EXHAUSTED', message);
    }
    const ones = oneBits(counter);
    const bit = ones.at(-1)!;
    const currentKey = readRegister(state, bit);
    const goesOn = ones.length < scheme.mostOneBits;
    if (goesOn) fillBelow(scheme, state, bit, currentKey, counter);
    register(state, bit, (slot) => slot.fill(0));
    state.counter = (counter + (goesOn ? 1 : 2 ** bit)) % 2 ** scheme.counterBits;
    return { ksn: scheme.formatKsn({ initialKeyId, counter }), currentKey };
  }

  /** The whole state as clear key bytes, for a store that seals them; `restore` takes them back. */
  export(): Secret {
    return encodeState(this.#scheme, this.#state);
  }

  [Symbol.dispose](): void {
    this.#state.registers[Symbol.dispose]();
  }
}

/** The 21 future key registers of TDES DUKPT: ANSI X9.24-1:2009, A.2. They last for 1,048,575 transactions. */
export class TdesDukptRegisters extends DukptRegisters {
  /**
   * Fills the registers from an initial key, which the terminal then erases. Transactions start at counter 1, whatever the
   * counter of `ksn`.
   *
   * @param initialKey 16 bytes
   * @param ksn 20 hexadecimal digits, or 16
   * @throws DukptError
   */
  static load(initialKey: Secret, ksn: string): TdesDukptRegisters {
    return new TdesDukptRegisters(TDES, loadState(TDES, initialKey, ksn));
  }

  /**
   * As `load`, but goes on after the counter of `ksn`: for an initial key that comes with the KSN of a terminal in use. When no
   * counter is left the registers are exhausted.
   *
   * @throws DukptError
   */
  static resume(initialKey: Secret, ksn: string): TdesDukptRegisters {
    const { counter } = TDES.parseKsn(ksn);
    return new TdesDukptRegisters(TDES, loadState(TDES, initialKey, ksn, counter));
  }

  /** @throws DukptError (STATE_INVALID) unless `state` comes from `export` */
  static restore(state: Secret): TdesDukptRegisters {
    return new TdesDukptRegisters(TDES, decodeState(TDES, state));
  }
}

/** The 32 intermediate derivation key registers of AES DUKPT: ANSI X9.24-3:2017, 6.5. */
export class AesDukptRegisters extends DukptRegisters {
  /**
   * Fills the registers from an initial key, which the terminal then erases. Transactions start at counter 1, whatever the
   * counter of `ksn`.
   *
   * @param initialKey 16, 24 or 32 bytes
   * @param ksn 24 hexadecimal digits, or the initial key ID of 16
   * @throws DukptError
   */
  static load(initialKey: Secret, ksn: string): AesDukptRegisters {
    return new AesDukptRegisters(AES, loadState(AES, initialKey, ksn));
  }

  /**
   * As `load`, but goes on after the counter of `ksn`: for an initial key that comes with the KSN of a terminal in use. When no
   * counter is left the registers are exhausted.
   *
   * @throws DukptError
   */
  static resume(initialKey: Secret, ksn: string): AesDukptRegisters {
    const { counter } = AES.parseKsn(ksn);
    return new AesDukptRegisters(AES, loadState(AES, initialKey, ksn, counter));
  }

  /** @throws DukptError (STATE_INVALID) unless `state` comes from `export` */
  static restore(state: Secret): AesDukptRegisters {
    return new AesDukptRegisters(AES, decodeState(AES, state));
  }
}
