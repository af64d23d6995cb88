import type { Duplex } from 'node:stream';
import { TerminalError } from '../refusals.ts';
import { RefusingTerminal } from '../refusing-terminal.ts';
import { type Exchange, Line, type LineOptions } from './line.ts';

export interface DriverOptions {
  /** Gives up everything, now and from then on. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970, for events; the computer's clock unless given. */
  readonly clock?: () => number;
}

/** What the drivers of half-duplex protocols have in common. */
export abstract class LineTerminal<Unit> extends RefusingTerminal {
  protected readonly line: Line<Unit>;
  readonly #signal: AbortSignal | undefined;
  #cancelling = new AbortController();

  constructor(stream: Duplex, options: LineOptions<Unit>, { signal, clock }: DriverOptions) {
    super(clock);
    this.#signal = signal;
    this.line = new Line(stream, { ...options, onClose: () => this.events.emit({ type: 'disconnected' }) });
    this.events.emit({ type: 'connected' });
  }

  /** Gives up what is under way and what waits behind it; the device is told where its protocol has a word for it. */
  cancel(): void {
    this.#cancelling.abort(new TerminalError('CANCELLED', 'given up from this side'));
    this.#cancelling = new AbortController();
  }

  protected exchange<T>(talk: (exchange: Exchange<Unit>) => Promise<T>): Promise<T> {
    const signals = [this.#cancelling.signal, ...(this.#signal ? [this.#signal] : [])];
    return this.line.exchange(talk, AbortSignal.any(signals));
  }

  /** Closes the line. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await this.line[Symbol.asyncDispose]();
  }
}
