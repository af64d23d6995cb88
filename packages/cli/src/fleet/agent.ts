import { setTimeout as wait } from 'node:timers/promises';
import { type BatchContext, type Outcome, serveBatch } from './batch.ts';

export interface AgentOptions extends BatchContext {
  /** How many terminals are served at once. */
  readonly parallel: number;
}

/** What an agent tells while it works. */
export interface AgentListener {
  /** A terminal has come to its end. */
  settled(serial: string, outcome: Outcome): void;
}

/** What became of the agent's terminals. */
export interface AgentSummary {
  readonly done: number;
  readonly failed: ReadonlyMap<string, string>;
}

/** Batches at a time; their size follows from how many terminals are served at once. */
const BATCHES = 8;
const MOST_IN_BATCH = 500;
const ATTEMPTS = 3;
/** Milliseconds before terminals are tried again that others serve, or that the rate did not allow. */
const PAUSE = 500;

/** The terminals that are still to be served. */
class Queue {
  readonly #serials: string[];
  readonly #attempts = new Map<string, number>();
  readonly failed = new Map<string, string>();
  done = 0;

  constructor(serials: readonly string[]) {
    this.#serials = [...serials];
  }

  take(count: number): string[] {
    return this.#serials.splice(0, count);
  }

  /** Notes what became of a terminal. True when it has come to its end. */
  settle(serial: string, outcome: Outcome): boolean {
    if (outcome.kind === 'LATER' || (outcome.kind === 'UNREACHABLE' && this.#mayRetry(serial))) {
      this.#serials.push(serial);
      return false;
    }
    if (outcome.kind === 'DONE') this.done += 1;
    else this.failed.set(serial, outcome.message);
    return true;
  }

  #mayRetry(serial: string): boolean {
    const attempts = (this.#attempts.get(serial) ?? 0) + 1;
    this.#attempts.set(serial, attempts);
    return attempts < ATTEMPTS;
  }
}

async function work(queue: Queue, size: number, options: AgentOptions, listener: AgentListener) {
  for (;;) {
    const serials = queue.take(size);
    if (serials.length === 0) return;
    const outcomes = await serveBatch(serials, options);
    let settled = 0;
    for (const serial of serials) {
      const outcome = outcomes.get(serial) ?? { kind: 'UNREACHABLE', message: 'it came to no end' };
      if (!queue.settle(serial, outcome)) continue;
      settled += 1;
      listener.settled(serial, outcome);
    }
    if (settled === 0) await wait(PAUSE);
  }
}

/**
 * Serves a run with the terminals of a rack, several at once, until each has come to its end.
 *
 * @throws Failure when the service refuses the agent altogether
 */
export async function serveRun(
  serials: readonly string[],
  options: AgentOptions,
  listener: AgentListener,
): Promise<AgentSummary> {
  const queue = new Queue(serials);
  const batches = Math.min(BATCHES, options.parallel);
  const size = Math.min(MOST_IN_BATCH, Math.ceil(options.parallel / batches));
  await Promise.all(Array.from({ length: batches }, () => work(queue, size, options, listener)));
  return { done: queue.done, failed: queue.failed };
}
