import type { Duplex } from 'node:stream';
import { TerminalError } from '../refusals.ts';
import type { FrameParser } from './frame-parser.ts';

export interface LineOptions<Unit> {
  readonly parser: FrameParser<Unit>;
  /** Milliseconds of silence after which an unfinished frame counts as none; 500 unless given. */
  readonly silence?: number;
  /** Sent when an exchange is given up from this side, so that the other end does not wait on. */
  readonly farewell?: Uint8Array;
  /** Called once, when the line can be used no more. */
  readonly onClose?: () => void;
}

/** What an exchange may do with the line while it has it. */
export interface Exchange<Unit> {
  send(bytes: Uint8Array): Promise<void>;
  /**
   * The next unit.
   *
   * @param timeout in milliseconds; as long as it takes unless given
   * @throws TerminalError NO_ANSWER when it is over, or the line broke
   */
  receive(timeout?: number): Promise<Unit>;
  /** Drops what has arrived and was not read. */
  drain(): void;
}

/** Units that wait to be read; a flood beyond them is dropped. */
const LONGEST_INBOX = 64;

interface Waiting<Value> {
  deliver(value: Value): void;
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
  /** Writing waits too: for a line that takes nothing. */
  #writing: Waiting<void> | undefined;
  #silence: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #broken: TerminalError | undefined;

  constructor(stream: Duplex, options: LineOptions<Unit>) {
    this.#stream = stream;
    this.#parser = options.parser;
    this.#options = options;
    stream.on('data', (chunk: Uint8Array) => this.#read(chunk));
    stream.on('error', ({ message }: Error) => this.#break(`the line broke: ${message}`));
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
   * @throws TerminalError NO_ANSWER when the line broke; the signal's reason when it is given up
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
    const giveUp = () => this.#fail(signal!.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await talk({
        send: (bytes) => this.#send(bytes, signal),
        receive: (timeout) => this.#receive(timeout, signal),
        drain: () => {
          this.#inbox = [];
        },
      });
    } catch (error) {
      if (signal?.aborted && this.#options.farewell) await this.#send(this.#options.farewell);
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  async #send(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#broken) throw this.#broken;
    try {
      await new Promise<void>((deliver, fail) => {
        this.#writing = { deliver, fail };
        this.#stream.write(bytes, (error) => {
          if (error) fail(this.#broken ?? new TerminalError('NO_ANSWER', 'the line took no more'));
          else deliver();
        });
      });
    } finally {
      this.#writing = undefined;
    }
  }

  async #receive(timeout: number | undefined, signal?: AbortSignal): Promise<Unit> {
    signal?.throwIfAborted();
    const next = this.#inbox.shift();
    if (next !== undefined) return next;
    if (this.#broken) throw this.#broken;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Unit>((deliver, fail) => {
        this.#waiting = { deliver, fail };
        if (timeout === undefined) return;
        timer = setTimeout(() => fail(new TerminalError('NO_ANSWER', `no answer in ${timeout} ms`)), timeout);
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

  #break(message: string): void {
    if (this.#broken) return;
    clearTimeout(this.#silence);
    this.#broken = new TerminalError('NO_ANSWER', message);
    this.#fail(this.#broken);
    this.#options.onClose?.();
  }

  #fail(error: unknown): void {
    this.#waiting?.fail(error);
    this.#writing?.fail(error);
  }
}
