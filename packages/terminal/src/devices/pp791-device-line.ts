import type { Duplex } from 'node:stream';
import { type Exchange, Line } from '../drivers/line.ts';
import {
  CONTROL_BYTES,
  encodeMessage,
  type Message,
  Pp791Parser,
  type Unit,
} from '../drivers/pp791/frame.ts';
import { TerminalError } from '../refusals.ts';

/** A message is asked for again, and sent again, this often; then EOT. */
const ATTEMPTS = 3;

/** How the host took an answer. `next`: it has gone on to another message. */
type Acknowledged = 'ACK' | 'EOT' | { readonly next: Message };

/** What an answer is, and what happens once the host has it. */
export interface Answer {
  readonly text: string;
  /** What follows the host's ACK: another text instead of EOT, if it went wrong. */
  readonly onTaken?: () => Promise<string | undefined>;
  /** Whether EOT ends it, as with all messages of administration. */
  readonly ends?: boolean;
}

/** The device's side of acknowledgements, repeats and the end of each exchange. */
export abstract class Pp791DeviceLine implements AsyncDisposable {
  readonly #line: Line<Unit>;
  readonly #patience: number;
  /** Ends when the line does. */
  readonly ended: Promise<void>;

  /** @param patience milliseconds for the host's ACK */
  constructor(stream: Duplex, patience: number) {
    this.#line = new Line(stream, { parser: new Pp791Parser() });
    this.#patience = patience;
    this.ended = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line[Symbol.asyncDispose]();
    await this.ended;
  }

  /** What the device answers; nothing but ACK when it has no answer. */
  protected abstract answerTo(message: Message): Promise<Answer | 'EOT' | undefined>;

  async #serve(): Promise<void> {
    try {
      await this.#line.exchange((exchange) => this.#listen(exchange));
    } catch (error) {
      if (!this.#line.isClosed) throw error;
    }
  }

  async #listen(exchange: Exchange<Unit>): Promise<never> {
    let damaged = 0;
    for (;;) {
      let unit = await exchange.receive();
      if (unit.kind === 'control') continue;
      damaged = unit.kind === 'damaged' ? damaged + 1 : 0;
      if (damaged > 0) await exchange.send(CONTROL_BYTES[damaged % ATTEMPTS === 0 ? 'EOT' : 'NAK']);
      while (unit.kind === 'message') {
        await exchange.send(CONTROL_BYTES.ACK);
        const next: Message | undefined = await this.#respond(exchange, unit);
        if (next === undefined) break;
        unit = next;
      }
    }
  }

  /** @returns the message that the host has gone on to, if it has */
  async #respond(exchange: Exchange<Unit>, message: Message): Promise<Message | undefined> {
    const answer = await this.answerTo(message);
    if (answer === undefined) return undefined;
    if (answer === 'EOT') {
      await exchange.send(CONTROL_BYTES.EOT);
      return undefined;
    }
    let taken = await this.#send(exchange, message, answer.text);
    if (taken === 'ACK' && answer.onTaken) {
      const refused = await answer.onTaken();
      if (refused !== undefined) taken = await this.#send(exchange, message, refused);
    }
    if (typeof taken === 'object') return taken.next;
    if (answer.ends && taken === 'ACK') await exchange.send(CONTROL_BYTES.EOT);
    return undefined;
  }

  async #send(exchange: Exchange<Unit>, { envelope }: Message, text: string): Promise<Acknowledged> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      await exchange.send(encodeMessage(envelope, text));
      const taken = await this.#acknowledged(exchange);
      if (taken !== 'NAK') return taken;
    }
    await exchange.send(CONTROL_BYTES.EOT);
    return 'EOT';
  }

  async #acknowledged(exchange: Exchange<Unit>): Promise<Acknowledged | 'NAK'> {
    try {
      const unit = await exchange.receive(this.#patience);
      if (unit.kind === 'message') return { next: unit };
      return unit.kind === 'control' ? unit.control : 'NAK';
    } catch (error) {
      if (this.#line.isClosed || !(error instanceof TerminalError)) throw error;
      return 'EOT';
    }
  }
}
