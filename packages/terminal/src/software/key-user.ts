import type { BlockCipherName, Secret } from '@keywright/crypto';
import type { DataRequest, MacRequest, PinRequest } from '../pos-terminal.ts';
import type { SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { takeTransaction, workingKey } from './dukpt-slot.ts';
import { DATA, findKeyFor, MAC, type Operation, PIN } from './find-key.ts';
import {
  cbcUnder,
  checkData,
  checkFormat,
  checkMacLength,
  cipherOf,
  macUnder,
  pinBlockUnder,
  takePin,
} from './key-use.ts';
import { PIN_RATE, type PinRate, takeToken } from './pin-rate.ts';
import type { TerminalCore } from './terminal-core.ts';
import { type StoredKey, type TerminalState, withKey } from './terminal-state.ts';

/** Uses a terminal's keys, each for what it is for. What a use changes is stored before the key is used. */
export class KeyUser {
  readonly #core: TerminalCore;
  readonly #pinRate: PinRate | 'unlimited';

  constructor(core: TerminalCore, pinRate: PinRate | 'unlimited' = PIN_RATE) {
    this.#core = core;
    this.#pinRate = pinRate;
  }

  encryptPin(request: PinRequest): { pinBlock: string; ksn?: string } {
    const key = this.#keyFor(PIN, request.slot);
    checkFormat(request.format, cipherOf(key));
    takePin(request);
    return this.#use(PIN, request.slot, this.#afterPin(this.#core.state), (secret, cipher) => ({
      pinBlock: pinBlockUnder(secret, cipher, request),
    }));
  }

  encryptData(request: DataRequest): { ciphertext: string; ksn?: string } {
    const key = this.#keyFor(DATA, request.slot);
    checkData(request, cipherOf(key));
    return this.#use(DATA, request.slot, this.#core.state, (secret, cipher) => ({
      ciphertext: cbcUnder(secret, cipher, request),
    }));
  }

  generateMac(request: MacRequest): { mac: string; ksn?: string } {
    const key = this.#keyFor(MAC, request.slot);
    checkMacLength(request);
    return this.#use(MAC, request.slot, this.#core.state, (secret) => ({
      mac: macUnder(secret, key, request),
    }));
  }

  #keyFor(operation: Operation, slot: SlotName): StoredKey {
    return findKeyFor(operation, this.#core.state, slot, this.#core.rules);
  }

  /** With one token less for PINs. @throws TerminalError PIN_RATE */
  #afterPin(state: TerminalState): TerminalState {
    if (this.#pinRate === 'unlimited') return state;
    const { bucket: pins, wait } = takeToken(state.pins, this.#pinRate, this.#core.clock());
    if (wait === 0) return { ...state, pins };
    if (pins.at !== state.pins?.at) this.#core.memory.commit({ ...state, pins });
    throw new TerminalError('PIN_RATE', `too many PINs in a row: the next one in ${wait} seconds`);
  }

  #use<T extends object>(
    { usage }: Operation,
    slot: SlotName,
    state: TerminalState,
    use: (secret: Secret, cipher: BlockCipherName) => T,
  ): T & { ksn?: string } {
    const { memory } = this.#core;
    const key = state.keys.get(slot)!;
    if (key.dukpt === undefined) {
      if (state !== memory.state) memory.commit(state);
      return use(key.material, cipherOf(key));
    }
    const { algorithm } = key.attributes;
    const transaction = takeTransaction(algorithm, key.material);
    using _current = transaction.currentKey;
    const { ksn, registers } = transaction;
    memory.commit(withKey(state, slot, { ...key, material: registers, dukpt: { ...key.dukpt, ksn } }));
    using working = workingKey(algorithm, transaction, usage);
    return { ...use(working, cipherOf(key)), ksn };
  }
}
