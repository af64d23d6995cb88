import type { KeyObject } from 'node:crypto';
import { CHECKPOINT_RECORDS } from './chain.ts';
import { isSigned } from './checkpoint.ts';
import { type AuditRecord, BEGINNING, type Head, hashLine } from './record.ts';

/** Records after a break that are looked at to tell what it is. */
const LOOK_AHEAD = 10_000;

/** What is wrong with a chain: the first thing, by the number of the record. */
export interface Fault {
  readonly chain: string;
  readonly seq: number;
  readonly kind:
    | 'changed'
    | 'cut out'
    | 'inserted'
    | 'out of order'
    | 'cut off'
    | 'not signed'
    | 'malformed'
    | 'no beginning';
  readonly message: string;
}

/** What a chain has to show. */
export interface ChainReport {
  readonly chain: string;
  /** Numbers and times of its first and last record. */
  readonly first: number;
  readonly last: number;
  readonly from: string;
  readonly to: string;
  /** The last record that is signed: nothing up to there can be changed, nor cut off. */
  readonly signedTo: number;
  readonly fault?: Fault;
}

function numbers(from: number, to: number): string {
  return from === to ? `record ${from}` : `records ${from} to ${to}`;
}

interface Seen {
  readonly record: AuditRecord;
  readonly hash: string;
}

export interface ChainRules {
  readonly publicKeys: readonly KeyObject[];
  /** Of this chain, kept beside it or elsewhere. */
  readonly checkpoints: readonly AuditRecord[];
  /** May it begin with a checkpoint, the records before being elsewhere? */
  readonly partial: boolean;
}

/** Follows one chain, record by record. */
export class ChainVerifier {
  readonly chain: string;
  /** What each checkpoint of the chain vouches for. */
  readonly signed = new Map<number, string>();
  readonly #rules: ChainRules;
  /** What records at these numbers must have as the hash of the one before. */
  readonly #known: ReadonlyMap<number, string>;
  #first: AuditRecord | undefined;
  #last: AuditRecord | undefined;
  #head: Head = { seq: 0, hash: BEGINNING };
  #signedTo = 0;
  #fault: Fault | undefined;
  #break: { readonly at: Seen; readonly after: Seen[] } | undefined;

  constructor(chain: string, rules: ChainRules) {
    this.chain = chain;
    this.#rules = rules;
    const genuine = rules.checkpoints.filter((record) => isSigned(record, rules.publicKeys));
    this.#known = new Map(genuine.map(({ seq, previous }) => [seq, previous]));
  }

  add(record: AuditRecord, line: Uint8Array): void {
    const seen = { record, hash: hashLine(line) };
    this.#last = record;
    if (this.#break) {
      if (this.#break.after.length < LOOK_AHEAD) this.#break.after.push(seen);
      return;
    }
    if (this.#fault) return;
    const begins = this.#first === undefined;
    this.#first ??= record;
    const { seq, previous } = record;
    if (begins ? !this.#mayBegin(record) : seq !== this.#head.seq + 1 || previous !== this.#head.hash) {
      if (!this.#fault) this.#break = { at: seen, after: [] };
      return;
    }
    this.#checkSigned(record);
    this.#head = { seq, hash: seen.hash };
  }

  /** A line that is no record. */
  addMalformed(): void {
    if (this.#break) return;
    this.#fail(this.#head.seq + 1, 'malformed', `what stands after record ${this.#head.seq} is no record`);
  }

  /** Once every record was added. */
  report(): ChainReport {
    if (this.#break) this.#explain(this.#break.at, this.#break.after);
    this.#checkEnd();
    const { chain } = this;
    return {
      chain,
      first: this.#first?.seq ?? 0,
      last: this.#head.seq,
      from: this.#first?.at ?? '',
      to: this.#last?.at ?? '',
      signedTo: this.#signedTo,
      ...(this.#fault && { fault: this.#fault }),
    };
  }

  #fail(seq: number, kind: Fault['kind'], message: string): void {
    this.#fault ??= { chain: this.chain, seq, kind, message };
  }

  #mayBegin(record: AuditRecord): boolean {
    const { seq, previous, checkpoint } = record;
    if (seq === 1 && previous === BEGINNING) return true;
    if (!this.#rules.partial) {
      this.#fail(1, 'no beginning', `records 1 to ${seq - 1} are missing: it begins with record ${seq}`);
    } else if (!checkpoint || !isSigned(record, this.#rules.publicKeys)) {
      this.#fail(
        seq,
        'no beginning',
        `it begins with record ${seq}, which is no checkpoint that is signed by the key`,
      );
    }
    return this.#fault === undefined;
  }

  #checkSigned(record: AuditRecord): void {
    const { seq, previous, checkpoint } = record;
    const known = this.#known.get(seq);
    const vouched = checkpoint === undefined || isSigned(record, this.#rules.publicKeys);
    const kept = known === undefined || (known === previous && checkpoint !== undefined);
    if (!vouched || !kept) {
      const since = this.#signedTo + 1;
      const what = vouched ? 'is not the checkpoint that was kept' : 'is not signed by the key';
      this.#fail(
        seq,
        'changed',
        `record ${seq} ${what}: it, or one of the records ${since} to ${seq - 1}, was changed and those after were made anew`,
      );
    }
    if (checkpoint === undefined || this.#fault) return;
    this.#signedTo = seq;
    this.signed.set(seq, previous);
  }

  /** What a break in the chain is. The record after a changed one has the hash that it had. */
  #explain({ record, hash }: Seen, after: readonly Seen[]): void {
    const { seq, previous } = record;
    const expected = this.#head.seq + 1;
    if (seq < expected) {
      this.#fail(
        seq,
        'inserted',
        `there is another record ${seq} after record ${expected - 1}: one of the two was inserted`,
      );
    } else if (seq > expected && after.some((later) => later.record.seq === expected)) {
      this.#fail(expected, 'out of order', `record ${seq} stands before record ${expected}`);
    } else if (seq > expected) {
      this.#fail(
        expected,
        'cut out',
        `${numbers(expected, seq - 1)} ${expected === seq - 1 ? 'is' : 'are'} missing before record ${seq}`,
      );
    } else if (after[0]?.record.seq === seq && after[0].record.previous === this.#head.hash) {
      this.#fail(seq, 'inserted', `a record ${seq} was inserted after record ${expected - 1}`);
    } else if (after[0]?.record.seq === seq + 1 && after[0].record.previous !== hash) {
      this.#fail(seq, 'changed', `record ${seq} was changed`);
    } else {
      this.#fail(
        expected - 1,
        'changed',
        `record ${expected - 1} was changed: record ${seq} has another hash of it (${previous.slice(0, 16)}…)`,
      );
    }
  }

  #checkEnd(): void {
    const { seq } = this.#head;
    const furthest = Math.max(0, ...this.#known.keys());
    if (furthest > seq) {
      this.#fail(seq + 1, 'cut off', `it ends with record ${seq}: ${numbers(seq + 1, furthest)} cut off`);
    }
    if (seq - this.#signedTo > CHECKPOINT_RECORDS) {
      this.#fail(
        this.#signedTo + 1,
        'not signed',
        `records ${this.#signedTo + 1} to ${seq} are not signed; there is a checkpoint every ${CHECKPOINT_RECORDS} records`,
      );
    }
  }
}
