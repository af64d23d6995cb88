import cluster from 'node:cluster';
import type { Configuration } from '../configuration.ts';
import { type Core, openCore } from '../core.ts';
import { type RunningService, serve } from '../service.ts';
import { newReceiver, type Receiver } from './hand-over.ts';
import type { CustodyAction, CustodyAnswer, FromWorker, ToWorker } from './messages.ts';
import { FollowingCustody } from './shared-custody.ts';

function send(message: FromWorker): void {
  process.send!(message);
}

interface Joined extends Pick<Core, 'log' | 'meters'> {
  readonly custody: FollowingCustody;
}

/** The primary, as a worker sees it. It may end without a word. */
class Primary {
  readonly #signals = { listen: Promise.withResolvers<void>(), close: Promise.withResolvers<void>() };
  readonly #asked = new Map<number, (answer: CustodyAnswer) => void>();
  readonly #receiver: Receiver = newReceiver();
  #joined: Joined | undefined;
  #last = 0;

  constructor() {
    process.on('message', (message: ToWorker) => this.#hear(message));
    process.on('disconnect', () => this.#signals.close.resolve());
  }

  /** What it says when it is to listen, and when to close. */
  get listen(): Promise<void> {
    return this.#signals.listen.promise;
  }
  get close(): Promise<void> {
    return this.#signals.close.promise;
  }

  /** From now on this custody holds what the primary's does. */
  join(joined: Joined): void {
    this.#joined = joined;
    send({ type: 'prepared', publicKey: this.#receiver.publicKey });
  }

  ask(asked: CustodyAction): Promise<CustodyAnswer> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      send({ type: 'asked', id, asked });
    });
  }

  #hear(message: ToWorker): void {
    if (message.type === 'listen' || message.type === 'close') this.#signals[message.type].resolve();
    else if (message.type === 'answered') {
      this.#asked.get(message.id)?.(message.answer);
      this.#asked.delete(message.id);
    } else void (message.type === 'hold' ? this.#follow(message) : this.#measure(message));
  }

  /** A worker that cannot hold what the others hold is of no use: it ends, and another takes its place. */
  async #follow({ id, held }: Extract<ToWorker, { type: 'hold' }>): Promise<void> {
    const { custody, log } = this.#joined!;
    try {
      await custody.follow(held, this.#receiver.open);
      send({ type: 'settled', id });
    } catch (error) {
      log.failure(error);
      fail(error);
    }
  }

  async #measure({ id }: Extract<ToWorker, { type: 'measure' }>): Promise<void> {
    const figures = (await this.#joined?.meters?.figures) ?? [];
    send({ type: 'measured', id, figures });
  }
}

function fail(error: unknown): void {
  process.exitCode = 1;
  send({ type: 'failed', message: error instanceof Error ? error.message : 'failed' });
  cluster.worker!.disconnect();
}

async function start(configuration: Configuration, primary: Primary): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  const custody = new FollowingCustody(configuration.mainKey.kind, (asked) => primary.ask(asked));
  const core = await openCore(configuration, opened, () => custody);
  primary.join({ custody, ...core });
  await primary.listen;
  const address = await serve(core, configuration, opened);
  const running = opened.move();
  return { ...address, close: () => running.disposeAsync() };
}

/** Serves as one of several processes, until the primary says otherwise or is gone. */
export async function runWorker(configuration: Configuration): Promise<void> {
  // A signal to the process group is the primary's to act on.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  const primary = new Primary();
  try {
    const service = await start(configuration, primary);
    send({ type: 'ready', url: service.url, port: service.port });
    await primary.close;
    await service.close();
    cluster.worker!.disconnect();
  } catch (error) {
    fail(error);
  }
}
