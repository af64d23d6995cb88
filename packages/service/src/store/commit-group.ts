/** A transaction that somebody waits for; true when it is kept. */
interface Waiting {
  /** Runs its statements; false when they are not to be kept. */
  readonly run: () => boolean;
  readonly resolve: (kept: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** What a group needs of a connection. */
export interface Transactions {
  /** Begins a transaction that nobody else writes beside. */
  begin(): void;
  /** Returns when it is on the disk. */
  commit(): void;
  /** Ends the transaction, if it is still open: some failures, a full disk among them, end it. */
  rollback(): void;
  exec(sql: string): void;
}

/**
 * Transactions that are asked for at the same time reach the disk together: waiting for the disk is most of what a commit costs. Each
 * is still whole or not there at all, and none is told to be kept before all of them are on the disk.
 */
export class CommitGroup {
  readonly #connection: Transactions;
  #waiting: Waiting[] = [];

  constructor(connection: Transactions) {
    this.#connection = connection;
  }

  /** Runs a transaction with those that others ask for now. */
  run(run: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Runs what waits, now. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 1 && this.#together(waiting)) return;
    for (const each of waiting) this.#alone(each);
  }

  /** False, and nothing kept, when any of them failed: then each is to be tried by itself. */
  #together(waiting: readonly Waiting[]): boolean {
    const kept: boolean[] = [];
    try {
      this.#connection.begin();
      for (const { run } of waiting) kept.push(this.#inSavepoint(run));
      this.#connection.commit();
    } catch {
      this.#connection.rollback();
      return false;
    }
    for (const [i, { resolve }] of waiting.entries()) resolve(kept[i]!);
    return true;
  }

  #inSavepoint(run: () => boolean): boolean {
    this.#connection.exec('SAVEPOINT member');
    const kept = run();
    this.#connection.exec(kept ? 'RELEASE member' : 'ROLLBACK TO member; RELEASE member');
    return kept;
  }

  #alone({ run, resolve, reject }: Waiting): void {
    try {
      this.#connection.begin();
      const kept = run();
      if (kept) this.#connection.commit();
      else this.#connection.rollback();
      resolve(kept);
    } catch (error) {
      this.#connection.rollback();
      reject(error);
    }
  }
}
