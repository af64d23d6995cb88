import { TerminalError } from '../../refusals.ts';
import type { Damaged } from '../frame-parser.ts';
import type { Exchange } from '../line.ts';
import { ACK, LOAD_FUNCTIONS, type LoadFunction, NAK, readKeyStatus } from './commands.ts';
import { encodeL100Frame, type L100Frame } from './frame.ts';

export type Unit = L100Frame | Damaged;

/** Questions are asked this often; a load is repeated as often, when it is certain that the one before did nothing. */
export const ATTEMPTS = 3;

/** The task of the answer to a load (manual, pages 69 and 71). */
const ANSWERING_TASKS = [0x56, 0x57, 0x67];
/** Milliseconds in which what was hidden behind damage comes out; then the question is asked again. */
const AFTER_DAMAGE = 100;

/** Whether a body with ACK can be the answer to a question. */
export type IsAnswer = (body: Uint8Array) => boolean;

export const isText: IsAnswer = (body) =>
  body[0] === ACK && /^[\x20-\x7E]{0,80}$/.test(Buffer.from(body.subarray(1)).toString('latin1'));
export const isPin: IsAnswer = (body) => body[0] === ACK && [1, 37].includes(body.length);

export const isKeyStatus: IsAnswer = (body) => {
  try {
    return body[0] === ACK && readKeyStatus(body.subarray(1)).length >= 0;
  } catch (error) {
    if (error instanceof TerminalError) return false;
    throw error;
  }
};

export function isLoadAnswer(fn: LoadFunction): IsAnswer {
  const beginnings = ANSWERING_TASKS.map((task) => [ACK, task, 0x46, LOAD_FUNCTIONS[fn]]);
  return (body) => beginnings.some((beginning) => beginning.every((byte, i) => body[i] === byte));
}

/** The host's side of one exchange of questions and answers. */
export class L100Talk {
  readonly #exchange: Exchange<Unit>;
  readonly #timeout: number;
  readonly #isClosed: () => boolean;

  /** @param timeout milliseconds for an answer */
  constructor(exchange: Exchange<Unit>, timeout: number, isClosed: () => boolean) {
    this.#exchange = exchange;
    this.#timeout = timeout;
    this.#isClosed = isClosed;
  }

  /** Asks until there is an answer. @throws TerminalError NO_ANSWER */
  async ask(body: Uint8Array, isAnswer: IsAnswer): Promise<Uint8Array> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      const answer = await this.onceIfAny(body, isAnswer);
      if (answer !== undefined) return answer;
    }
    return this.once(body, isAnswer);
  }

  /** Asks once; undefined when nothing whole came back. */
  async onceIfAny(body: Uint8Array, isAnswer: IsAnswer): Promise<Uint8Array | undefined> {
    try {
      return await this.once(body, isAnswer);
    } catch (error) {
      if (error instanceof TerminalError && error.code === 'NO_ANSWER' && !this.#isClosed()) return undefined;
      throw error;
    }
  }

  /** Asks once. @throws TerminalError NO_ANSWER */
  async once(body: Uint8Array, isAnswer: IsAnswer, timeout?: number): Promise<Uint8Array> {
    this.#exchange.drain();
    await this.#exchange.send(encodeL100Frame(body));
    return this.receive(isAnswer, timeout);
  }

  /** The protocol has no number that ties an answer to its question: what can not be the answer is a late or a double one. */
  async receive(isAnswer: IsAnswer, timeout = this.#timeout): Promise<Uint8Array> {
    for (let patience = timeout; ; ) {
      const unit = await this.#exchange.receive(patience);
      if (unit.kind === 'damaged') patience = Math.min(patience, AFTER_DAMAGE);
      else if (unit.body[0] === NAK || isAnswer(unit.body)) return unit.body;
    }
  }
}
