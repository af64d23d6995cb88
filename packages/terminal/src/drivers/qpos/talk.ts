import { concat } from '@keywright/crypto';
import { TerminalError } from '../../refusals.ts';
import type { Damaged } from '../frame-parser.ts';
import type { Exchange } from '../line.ts';
import { COMMAND_IDS, type Command, refusalFor } from './commands.ts';
import { encodeQposFrame, LONGEST_DATA, type QposFrame } from './frame.ts';

export type Unit = QposFrame | Damaged;

/** A frame is sent this often. */
const ATTEMPTS = 3;

function control(commandId: number, subcommand: number, seconds: number): Uint8Array {
  return encodeQposFrame({
    commandId,
    command: 0,
    subcommand,
    timeoutOrResult: seconds,
    data: new Uint8Array(),
  });
}

/** Ends what is under way. */
export const CANCEL = control(COMMAND_IDS.cancel, 0, 5);
const QUERY = control(COMMAND_IDS.query, 0, 5);
const NEXT_PART = control(COMMAND_IDS.part, 0, 5);

/** In milliseconds. */
export interface Timings {
  readonly timeout: number;
  readonly pinTimeout: number;
  readonly poll: number;
}

/** The host's side of one exchange: commands, and what becomes of them. */
export class QposTalk {
  readonly #exchange: Exchange<Unit>;
  readonly #timings: Timings;
  readonly #isClosed: () => boolean;

  constructor(exchange: Exchange<Unit>, timings: Timings, isClosed: () => boolean) {
    this.#exchange = exchange;
    this.#timings = timings;
    this.#isClosed = isClosed;
  }

  /**
   * Runs a command to its end. When the answer is lost, the device is asked for the result of its latest command; the command is sent
   * again only when that is another one, or when the device said that it came damaged.
   *
   * @returns the data of the answer
   * @throws TerminalError with the device's reason, NO_ANSWER when its word is not to be had
   */
  async run(command: Command): Promise<Uint8Array> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const answer = await this.#ask(command);
      if (answer !== undefined) return this.#complete(command, answer);
    }
    throw new TerminalError('NO_ANSWER', `the device took the command none of ${ATTEMPTS} times`);
  }

  /** Undefined when the device has not run the command. */
  async #ask(command: Command): Promise<QposFrame | undefined> {
    const { seconds, ...rest } = command;
    const request = { commandId: COMMAND_IDS.request, timeoutOrResult: seconds, ...rest };
    let frame = await this.#once(encodeQposFrame(request));
    const questions = ATTEMPTS + Math.ceil(this.#patience(command) / this.#timings.poll);
    for (let question = 0; question < questions; question += 1) {
      if (frame?.commandId === COMMAND_IDS.crcError) return undefined;
      if (frame !== undefined && frame.commandId !== COMMAND_IDS.waiting) {
        const isOurs = frame.command === command.command && frame.subcommand === command.subcommand;
        return isOurs ? frame : undefined;
      }
      if (frame?.commandId === COMMAND_IDS.waiting) await this.#pause();
      frame = await this.#once(QUERY);
    }
    throw new TerminalError('NO_ANSWER', 'the device does not tell what became of its latest command');
  }

  #patience({ command, subcommand }: Command): number {
    const { timeout, pinTimeout } = this.#timings;
    return command === 0x10 && subcommand === 0x71 ? pinTimeout : timeout;
  }

  /** Nothing comes while it waits, or what comes is late. */
  async #pause(): Promise<void> {
    try {
      await this.#exchange.receive(this.#timings.poll);
    } catch (error) {
      if (!this.#isSilence(error)) throw error;
    }
  }

  async #complete(command: Command, first: QposFrame): Promise<Uint8Array> {
    let data = first.data;
    let frame = first;
    while (frame.commandId === COMMAND_IDS.part && data.length <= LONGEST_DATA) {
      const next = await this.#once(NEXT_PART);
      if (next === undefined) throw new TerminalError('NO_ANSWER', 'a part of the answer was lost');
      frame = next;
      data = concat(data, frame.data);
    }
    if (frame.commandId !== COMMAND_IDS.completed) throw refusalFor(frame.commandId);
    if (frame.command !== command.command || frame.subcommand !== command.subcommand) {
      throw new TerminalError('BAD_ANSWER', 'the answer is one to another command');
    }
    if (frame.timeoutOrResult === 0) return data;
    const code = frame.timeoutOrResult.toString(16).toUpperCase().padStart(2, '0');
    throw new TerminalError('REFUSED', 'the device refused: what its result means is not published', code);
  }

  /** Undefined when no whole frame came back. */
  async #once(frame: Uint8Array): Promise<QposFrame | undefined> {
    this.#exchange.drain();
    await this.#exchange.send(frame);
    try {
      for (let patience = this.#timings.timeout; ; patience = Math.min(patience, 100)) {
        const unit = await this.#exchange.receive(patience);
        if (unit.kind === 'frame') return unit;
      }
    } catch (error) {
      if (!this.#isSilence(error)) throw error;
      return undefined;
    }
  }

  #isSilence(error: unknown): boolean {
    return error instanceof TerminalError && error.code === 'NO_ANSWER' && !this.#isClosed();
  }
}
