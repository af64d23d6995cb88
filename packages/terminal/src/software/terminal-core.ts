import type { TerminalEvents } from '../events.ts';
import { assertPolicy, type PolicyName } from '../policy.ts';
import { findProfile, type ProfileName } from '../profiles/index.ts';
import type { SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { refusedBy } from '../refused.ts';
import type { LoadResult, Refused } from '../results.ts';
import type { TerminalStore } from '../store/terminal-store.ts';
import type { Loading, LoadRules } from './accept-key.ts';
import { findKey } from './find-key.ts';
import { TerminalMemory } from './terminal-memory.ts';
import type { StoredKey, TerminalState } from './terminal-state.ts';

/** By what a software terminal decides. */
export interface TerminalRules {
  /** Which slots there are: `generic-ped` unless given. */
  profile?: ProfileName;
  /** `strict` unless given. */
  policy?: PolicyName;
  /** Keys that it takes until it is zeroized; 10,000 unless given. */
  loadLimit?: number;
  /** Milliseconds since 1970; the computer's clock unless given. */
  clock?: () => number;
}

/** What the parts of a software terminal have in common: its rules, its state, and how it answers. */
export class TerminalCore implements Disposable {
  readonly rules: LoadRules;
  readonly memory: TerminalMemory;
  readonly clock: () => number;
  readonly events: TerminalEvents;

  /** @throws TypeError when there is no such policy or slot profile; otherwise as the store does */
  constructor(store: TerminalStore, rules: TerminalRules, events: TerminalEvents) {
    const { policy = 'strict', profile = 'generic-ped', loadLimit = 10_000, clock = Date.now } = rules;
    assertPolicy(policy);
    this.rules = { profile: findProfile(profile), policy, loadLimit };
    this.clock = clock;
    this.events = events;
    this.memory = new TerminalMemory(store);
  }

  /** @throws TerminalError TAMPERED */
  get state(): TerminalState {
    return this.memory.state;
  }

  /** @throws TerminalError TAMPERED */
  assertReady(): void {
    if (this.memory.tampered) throw new TerminalError('TAMPERED');
  }

  get now(): Date {
    return new Date(this.clock());
  }

  /** @throws TerminalError SLOT_EMPTY; RangeError when there is no such slot */
  find(slot: SlotName): StoredKey {
    return findKey(this.state, this.rules.profile, slot);
  }

  /** Runs `action`; a refusal in it becomes a result, and an event. */
  answer<T>(operation: string, action: () => T): T | Refused {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      this.events.emit({ type: 'refused', operation, status: error.code });
      return refusedBy(error);
    }
  }

  load(operation: string, load: (state: TerminalState) => Loading): LoadResult {
    return this.answer(operation, () => this.keep(load(this.state)));
  }

  /** Stores what a load has changed, and tells of it. */
  keep({ state, loaded }: Loading): Loading['loaded'] {
    this.memory.commit(state);
    const { slot, usage, kcv, relaxations } = loaded;
    this.events.emit({ type: 'key-loaded', slot, usage, kcv });
    for (const relaxation of relaxations) this.events.emit({ type: 'relaxed', slot, relaxation });
    return loaded;
  }

  [Symbol.dispose](): void {
    this.memory[Symbol.dispose]();
  }
}
