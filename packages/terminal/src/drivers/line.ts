import type { Duplex } from 'node:stream';
import type { FrameParser } from './frame-parser.ts';
import { LineError } from './line-error.ts';

export interface LineOptions<Unit> {
  readonly parser: FrameParser<Unit>;
  /** Milliseconds of silence after which an unfinished frame counts as none; 500 unless given. */
  readonly silence?: number;
  /** Sent when an exchange is given up from this side, so that the other end does not wait on. */
  readonly farewell?: Uint8Array;
}

/** What an exchange may do with the line while it has it. */
export interface Exchange<Unit> {
  send(bytes: Uint8Array): Promise<void>;
  /**
   * The next unit.
   *
   * @param timeout in milliseconds
   * @throws LineError NO_ANSWER when it is over
   */
  receive(timeout: number): Promise<Unit>;
}

/** Units that wait to be read; a flood beyond them is dropped. */
const LONGEST_INBOX = 64;

interface Waiting<Unit> {
  deliver(unit: Unit): void;
  fail(error: unknown): void;
}

/**
 * A half-duplex line: one exchange at a time, the others wait in the order in which they came. What arrives between exchanges is
 * late, or nobody's: it is dropped.
 */
export class Line<Unit> implements AsyncDisposable {
  readonly #stream: Duplex;
  readonly #parser: FrameParser<Unit>;
  readonly #options: LineOptions<Unit>;
  #inbox: Unit[] = [];
  #waiting: Waiting<Unit> | undefined;
  #silence: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #broken: LineError | undefined;

  constructor(stream: Duplex, options: LineOptions<Unit>) {
    this.#stream = stream;
    this.#parser = options.parser;
    this.#options = options;
    stream.on('data', (chunk: Uint8Array) => this.#read(chunk));
    stream.on('error', (cause) => this.#break('the line broke', cause));
    stream.on('close', () => this.#break('the line is closed'));
    stream.on('end', () => this.#break('the other end closed the line'));
  }

  /** Whether the line can be used no more. */
  get isClosed(): boolean {
    return this.#broken !== undefined;
  }

  /**
   * Has the line for the time of `talk`, after the exchanges that asked before.
   *
   * @throws LineError; the signal's reason when it is given up
   */
  exchange<T>(talk: (exchange: Exchange<Unit>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => this.#talk(talk, signal));
    this.#last = turn.catch(() => {
      // Its own caller hears of it; the next one has its turn all the same.
    });
    return turn;
  }

  /** Closes the line; what is under way fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#break('the line is closed');
    this.#stream.destroy();
  }

  async #talk<T>(talk: (exchange: Exchange<Unit>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#parser.flush();
    this.#inbox = [];
    const giveUp = () => this.#waiting?.fail(signal!.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await talk({
        send: (bytes) => this.#send(bytes, signal),
        receive: (timeout) => this.#receive(timeout, signal),
      });
    } catch (error) {
      if (signal?.aborted && this.#options.farewell) await this.#send(this.#options.farewell);
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #send(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#broken) throw this.#broken;
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (cause) => {
        if (cause) reject(new LineError('LINE_CLOSED', 'the line took no more', { cause }));
        else resolve();
      });
    });
  }

  async #receive(timeout: number, signal?: AbortSignal): Promise<Unit> {
    signal?.throwIfAborted();
    const next = this.#inbox.shift();
    if (next !== undefined) return next;
    if (this.#broken) throw this.#broken;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Unit>((deliver, fail) => {
        this.#waiting = { deliver, fail };
        timer = setTimeout(() => fail(new LineError('NO_ANSWER', `no answer in ${timeout} ms`)), timeout);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  #read(chunk: Uint8Array): void {
    this.#deliver(this.#parser.push(chunk));
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#deliver(this.#parser.flush()), this.#options.silence ?? 500);
    this.#silence.unref();
  }

  #deliver(units: readonly Unit[]): void {
    for (const unit of units) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting.deliver(unit);
      else if (this.#inbox.length < LONGEST_INBOX) this.#inbox.push(unit);
    }
  }

  #break(message: string, cause?: unknown): void {
    clearTimeout(this.#silence);
    this.#broken ??= new LineError('LINE_CLOSED', message, { cause });
    this.#waiting?.fail(this.#broken);
  }
}
