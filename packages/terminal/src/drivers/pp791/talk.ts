import { TerminalError } from '../../refusals.ts';
import type { Exchange } from '../line.ts';
import { CONTROL_BYTES, type Control, encodeMessage, type Unit } from './frame.ts';
import type { Text } from './messages.ts';

/** In milliseconds. */
export interface Timings {
  /** For ACK, NAK or EOT; 2,000 unless given. */
  readonly acknowledge: number;
  /** For an answer; 10,000 unless given. */
  readonly answer: number;
  /** For a PIN; 300,000 unless given: the device's own limit is 270 seconds. */
  readonly pinEntry: number;
}

export const TIMINGS: Timings = { acknowledge: 2_000, answer: 10_000, pinEntry: 300_000 };

/** A message is sent this often, and a damaged answer asked for again this often; then EOT. */
const ATTEMPTS = 3;

/** What the other end did with a message: took it, ended the exchange, or answered at once (its ACK was lost). */
export type Taken = { readonly control: 'ACK' | 'EOT' } | { readonly text: string };

/** The host's side of one exchange of messages: acknowledgements and repeats. */
export class Talk {
  readonly #exchange: Exchange<Unit>;
  readonly #timings: Timings;

  constructor(exchange: Exchange<Unit>, timings: Timings) {
    this.#exchange = exchange;
    this.#timings = timings;
  }

  control(control: Control): Promise<void> {
    return this.#exchange.send(CONTROL_BYTES[control]);
  }

  /** Sends a message until the device took it. @throws TerminalError NO_ANSWER */
  async send({ envelope, text, once }: Text): Promise<Taken> {
    const bytes = encodeMessage(envelope, text);
    this.#exchange.drain();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      await this.#exchange.send(bytes);
      const taken = await this.#taken(once === true || attempt === ATTEMPTS);
      // The device says EOT in place of its last NAK.
      const gaveUp =
        attempt === ATTEMPTS && taken !== undefined && 'control' in taken && taken.control === 'EOT';
      if (taken !== undefined && !gaveUp) return taken;
    }
    await this.control('EOT');
    throw new TerminalError(
      'NO_ANSWER',
      `the device took message ${text.slice(0, 2)} none of ${ATTEMPTS} times`,
    );
  }

  /** Waits for a message, asking again for damaged ones; `EOT` when the device ends the exchange. @throws TerminalError NO_ANSWER */
  async answer(timeout = this.#timings.answer): Promise<string | 'EOT'> {
    for (let attempt = 1; attempt <= ATTEMPTS; ) {
      const unit = await this.#exchange.receive(timeout);
      if (unit.kind === 'message') return unit.text;
      if (unit.kind === 'control' && unit.control === 'EOT') return 'EOT';
      if (unit.kind !== 'damaged') continue;
      attempt += 1;
      await this.control(attempt > ATTEMPTS ? 'EOT' : 'NAK');
    }
    throw new TerminalError('NO_ANSWER', `the answer came damaged ${ATTEMPTS} times`);
  }

  /** Asks and is answered. @throws TerminalError NO_ANSWER, or BAD_ANSWER when the device ends the exchange without an answer */
  async ask(message: Text, timeout?: number): Promise<string> {
    const taken = await this.send(message);
    const answer =
      'text' in taken ? taken.text : taken.control === 'EOT' ? 'EOT' : await this.answer(timeout);
    if (answer === 'EOT') {
      throw new TerminalError(
        'BAD_ANSWER',
        `the device ended message ${message.text.slice(0, 2)} without an answer`,
      );
    }
    await this.control('ACK');
    return answer;
  }

  /** Waits for the EOT at the end. It says nothing new: when it is lost, that is all. */
  async ended(): Promise<void> {
    try {
      while ((await this.answer(this.#timings.acknowledge)) !== 'EOT');
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
    }
  }

  /** Undefined when the device did not take it. An EOT may be a late one: it counts when nothing follows it. */
  async #taken(isLast: boolean): Promise<Taken | undefined> {
    let ended = false;
    try {
      for (;;) {
        const unit = await this.#exchange.receive(this.#timings.acknowledge);
        ended = unit.kind === 'control' && unit.control === 'EOT';
        if (!ended) return await this.#reaction(unit);
      }
    } catch (error) {
      if (ended && isNoAnswer(error)) return { control: 'EOT' };
      if (isLast || !isNoAnswer(error)) throw error;
      return undefined;
    }
  }

  async #reaction(unit: Unit): Promise<Taken | undefined> {
    if (unit.kind === 'message') return { text: unit.text };
    if (unit.kind === 'control') return unit.control === 'NAK' ? undefined : { control: 'ACK' };
    // The ACK was lost, and what came in its place was damaged.
    await this.control('NAK');
    return { control: 'ACK' };
  }
}

export function isNoAnswer(error: unknown): boolean {
  return error instanceof TerminalError && error.code === 'NO_ANSWER';
}
