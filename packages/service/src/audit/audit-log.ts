import { randomUUID } from 'node:crypto';
import { Chain } from './chain.ts';
import type { CheckpointSigner } from './checkpoint.ts';
import { exportPublicKey } from './public-key.ts';
import { type Draft, timeText } from './record.ts';
import { type ServiceEvent, serviceAttemptBody, serviceBody } from './service-event.ts';
import { signedHeads } from './tail.ts';

/** Milliseconds that a record waits for others that are written together with it. */
const GROUP_TIME = 20;
/** Records that may wait while the disk is slow; beyond, calls that change nothing wait as well. */
export const MOST_WAITING = 1000;
/** Records that are kept while nothing can be written; later ones are counted only. */
const MOST_KEPT = 10_000;
const RETRY_TIME = 1000;
const CHECKPOINT_TIME = 10_000;
/** A clock that is behind by more milliseconds was set back. */
const CLOCK_TOLERANCE = 1000;

/** What was to be recorded cannot be put on the disk now. */
export class AuditUnavailableError extends Error {
  override readonly name = 'AuditUnavailableError';
  /** Was what was to be recorded done already? */
  readonly done: boolean;

  constructor(done: boolean, options?: ErrorOptions) {
    super('the audit cannot be written', options);
    this.done = done;
  }
}

export interface AuditSettings {
  /** Of the chains. */
  readonly directory: string;
  readonly account: string;
  /** Is told once that the audit cannot be written, and why. */
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => number;
  /** Bytes. */
  readonly segmentSize?: number;
}

/** What the service does by itself is told here. */
export interface EventRecorder {
  /**
   * Puts on the disk that something is about to change.
   *
   * @returns what `record` is to be given with how it ended
   * @throws AuditUnavailableError, and then it must not be done
   */
  announce(event: ServiceEvent): Promise<string>;
  record(event: ServiceEvent, announced?: string): void;
  /** Waits until everything recorded so far is on the disk. @throws AuditUnavailableError */
  commit(): Promise<void>;
}

/**
 * The audit of this process: records are put in order at once, and written to its chain in groups. When they cannot be written they are
 * kept, as many as there is room for, until they can.
 */
export class AuditLog implements EventRecorder, AsyncDisposable {
  readonly #settings: AuditSettings;
  readonly #now: () => number;
  readonly #checkpoints: NodeJS.Timeout;
  #chain: Chain | undefined;
  #signer: CheckpointSigner | undefined;
  #waiting: Draft[] = [];
  /** How many of the records are being written. */
  #writing = 0;
  #current: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sealNext = false;
  #exported = false;
  #lastAt = 0;
  #outage: { readonly since: number; readonly code: string; dropped: number } | undefined;

  constructor(settings: AuditSettings) {
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
    this.#checkpoints = setInterval(() => this.#seal(), CHECKPOINT_TIME).unref();
  }

  /**
   * Records that the service starts. When nothing can be written, that waits like every other record: a service without its audit still
   * answers what changes nothing.
   */
  async start(): Promise<void> {
    this.record({ eventName: 'StartService', details: linksTo(this.#settings.directory) });
    await this.commit().catch(reported);
  }

  /** False from a failure to write until it was made good. */
  get available(): boolean {
    return this.#outage === undefined;
  }

  /** Signs checkpoints from now on, the first of them soon. */
  signWith(signer: CheckpointSigner): void {
    this.#signer = signer;
    this.#exported = false;
    if (this.#chain) this.#chain.signer = signer;
    this.#sealNext = true;
    this.#schedule();
  }

  /**
   * Puts a record in order; it is written soon. While nothing can be written and many wait, one that is not of a change is only counted.
   */
  append(body: string, ofChange = false): void {
    const at = this.#now();
    if (at < this.#lastAt - CLOCK_TOLERANCE) {
      const details = { from: timeText(this.#lastAt), to: timeText(at) };
      this.#push(at, serviceBody({ eventName: 'SetClockBack', details }, this.#settings.account, at));
    }
    this.#lastAt = at;
    this.#push(at, body, ofChange);
  }

  record(event: ServiceEvent, announced?: string): void {
    this.append(serviceBody(event, this.#settings.account, this.#now(), announced), true);
  }

  async announce(event: ServiceEvent): Promise<string> {
    const id = randomUUID();
    this.append(serviceAttemptBody(event, this.#settings.account, this.#now(), id), true);
    await this.commit();
    return id;
  }

  commit(): Promise<void> {
    if (this.#current === undefined) return this.#begin();
    this.#following ??= this.#after(this.#current);
    return this.#following;
  }

  /** Resolves when there is room for more records: at once, but for a disk that can't keep up. */
  settle(): Promise<void> {
    if (this.#waiting.length + this.#writing < MOST_WAITING || !this.available) return Promise.resolve();
    return this.commit().catch(reported);
  }

  /** Records that the service stops, signs what is there, puts it on the disk, and closes. @throws AuditUnavailableError */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#checkpoints);
    this.record({ eventName: 'StopService', details: linksTo(this.#settings.directory) });
    this.#sealNext = true;
    try {
      await this.commit();
    } finally {
      clearTimeout(this.#timer);
      await this.#chain?.close();
    }
  }

  #push(at: number, body: string, ofChange = true): void {
    if (!ofChange && this.#outage && this.#waiting.length >= MOST_KEPT) this.#outage.dropped += 1;
    else this.#waiting.push({ at, body });
    this.#schedule();
  }

  #schedule(): void {
    const wait = this.#outage ? RETRY_TIME : GROUP_TIME;
    this.#timer ??= setTimeout(() => this.commit().catch(reported), wait).unref();
  }

  /** A checkpoint, when there is something new to sign. */
  #seal(): void {
    if (this.#signer === undefined || this.#chain?.isSealed) return;
    this.#sealNext = true;
    this.commit().catch(reported);
  }

  async #after(current: Promise<void>): Promise<void> {
    await current.catch(reported);
    this.#following = undefined;
    await this.#begin();
  }

  #begin(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#current = this.#write().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  async #write(): Promise<void> {
    const [group, sealed] = [this.#waiting, this.#sealNext];
    this.#waiting = [];
    this.#sealNext = false;
    this.#writing = group.length;
    try {
      const chain = this.#openChain(group);
      const seal = sealed && (group.length > 0 || !chain.isSealed);
      await chain.write([...group, ...this.#gap()], this.#now(), seal);
      group.length = 0;
      this.#outage = undefined;
      await chain.copyCheckpoints();
      this.#exportPublicKey();
    } catch (cause) {
      this.#waiting = [...group, ...this.#waiting];
      this.#sealNext ||= sealed;
      this.#fail(cause);
      throw new AuditUnavailableError(false, { cause });
    } finally {
      this.#writing = 0;
    }
  }

  #exportPublicKey(): void {
    if (this.#exported || this.#signer === undefined) return;
    exportPublicKey(this.#settings.directory, this.#signer);
    this.#exported = true;
  }

  /** What was found wrong with the chain is its next record. */
  #openChain(group: Draft[]): Chain {
    if (this.#chain) return this.#chain;
    const { directory, segmentSize, account } = this.#settings;
    const chain = new Chain(directory, segmentSize);
    chain.signer = this.#signer;
    const at = this.#now();
    if (Object.keys(chain.findings).length > 0) {
      const details = { chain: chain.id, ...chain.findings };
      group.unshift({ at, body: serviceBody({ eventName: 'RecoverAudit', details }, account, at) });
    }
    this.#chain = chain;
    return chain;
  }

  #gap(): Draft[] {
    if (this.#outage === undefined) return [];
    const { since, code, dropped } = this.#outage;
    const at = this.#now();
    const details = { since: timeText(since), code, recordsLost: dropped };
    return [{ at, body: serviceBody({ eventName: 'RestoreAudit', details }, this.#settings.account, at) }];
  }

  #fail(cause: unknown): void {
    if (this.#outage === undefined) {
      const { code = 'UNKNOWN' } = cause as NodeJS.ErrnoException;
      this.#outage = { since: this.#now(), code, dropped: 0 };
      this.#settings.onFailure(cause);
    }
    this.#schedule();
  }
}

/** How far each chain is signed, as far as that can be read: cutting one off, or away, shows in the others. */
function linksTo(directory: string): Readonly<Record<string, unknown>> {
  try {
    return { chains: signedHeads(directory) };
  } catch (error) {
    // There is no directory before the first record; one that can't be read is told when it can't be written.
    return { chains: [], notRead: (error as NodeJS.ErrnoException).code };
  }
}

/** A failure to write is told where it happened, in `#fail`; who only waited for it need not tell it again. */
function reported(error: unknown): void {
  if (!(error instanceof AuditUnavailableError)) throw error;
}
