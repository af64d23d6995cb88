import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { removeCopies } from '../backup/create-backup.ts';
import type { Configuration } from '../configuration.ts';
import { type Core, openCore, startJobs } from '../core.ts';
import { openDataDirectory } from '../data-directory.ts';
import type { Figures } from '../metrics/meters.ts';
import { openMetrics, type RunningService } from '../service.ts';
import { askWorker, send } from './ask-worker.ts';
import { handOver } from './hand-over.ts';
import type { CustodyAction, FromWorker } from './messages.ts';
import { answerCustodian } from './shared-custody.ts';

/** Milliseconds that a worker has to close, or to take over a main key; then it is ended. */
const PATIENCE = 15_000;
/** Milliseconds before a worker that died is started anew. */
const RESTART_DELAY = 1000;

type Address = Pick<RunningService, 'url' | 'port'>;

/** The workers of the service, and what goes between them. */
class Crew {
  readonly #core: Core;
  /** What the workers can be handed the main key under. */
  readonly #publicKeys = new Map<Worker, Uint8Array>();
  /** What is done with the main key is done one after the other; so is what follows of it. */
  #turn: Promise<unknown> = Promise.resolve();
  #shared: Promise<void> = Promise.resolve();
  #listening = false;
  #closing = false;

  constructor(core: Core) {
    this.#core = core;
    core.service.custody.keyring.onChange(() => this.#share());
  }

  get #workers(): Worker[] {
    return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  }

  /** Resolves when these workers, or all, hold the main keys that this process does; they take them one after the other. */
  #share(workers: Iterable<Worker> = this.#publicKeys.keys()): Promise<void> {
    const share = async () => {
      await this.#core.service.custody.keyring.opened;
      // A token's library may find no token while another process is just logging in to it, as SoftHSM's does.
      for (const worker of [...workers]) await this.#hand(worker);
    };
    this.#shared = this.#shared.then(share).catch((error) => this.#core.log.failure(error));
    return this.#shared;
  }

  async #hand(worker: Worker): Promise<void> {
    const { kind, keyring } = this.#core.service.custody;
    const publicKey = this.#publicKeys.get(worker);
    if (publicKey === undefined) return;
    const keys = await Promise.all(keyring.held.map((mainKey) => handOver(mainKey, publicKey)));
    using _patience = endAfterPatience(worker);
    await askWorker(worker, { type: 'hold', held: { kind, keys } });
  }

  /** The figures of all workers. */
  async measure(): Promise<Figures[]> {
    const told = await Promise.all(this.#workers.map((worker) => askWorker(worker, { type: 'measure' })));
    return told.flatMap((each) => (each?.type === 'measured' ? [each.figures] : []));
  }

  #inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const run = this.#turn.then(act);
    this.#turn = run.catch((error) => this.#core.log.failure(error));
    return run;
  }

  async #answer(worker: Worker, id: number, asked: CustodyAction): Promise<void> {
    const answer = await this.#inTurn(() => answerCustodian(this.#core.service, asked));
    send(worker, { type: 'answered', id, answer });
  }

  /** A worker holds what the others do before it listens. */
  async #admit(worker: Worker, publicKey: Uint8Array): Promise<void> {
    this.#publicKeys.set(worker, publicKey);
    await this.#share([worker]);
    if (this.#listening) send(worker, { type: 'listen' });
  }

  /** Starts as many workers; none listens before all can. @throws Error what the first that failed said */
  async start(count: number): Promise<Address> {
    const workers = Array.from({ length: count }, () => this.#fork());
    await Promise.all(workers.map((worker) => hear(worker, 'prepared')));
    await this.#shared;
    this.#listening = true;
    const ready = workers.map((worker) => hear(worker, 'ready'));
    for (const worker of workers) send(worker, { type: 'listen' });
    const [first] = await Promise.all(ready);
    return { url: first!.url, port: first!.port };
  }

  #fork(): Worker {
    const worker = cluster.fork();
    const { pid } = worker.process;
    worker.on('message', (message: FromWorker) => {
      const onFailure = (error: unknown) => this.#core.log.failure(error);
      if (message.type === 'asked') this.#answer(worker, message.id, message.asked).catch(onFailure);
      else if (message.type === 'prepared') this.#admit(worker, message.publicKey).catch(onFailure);
    });
    worker.on('exit', (status, signal) => {
      this.#publicKeys.delete(worker);
      if (this.#closing || !this.#listening) return;
      this.#core.log.workerEnded({ pid, status, signal });
      void this.#replace();
    });
    return worker;
  }

  async #replace(): Promise<void> {
    await setTimeout(RESTART_DELAY);
    if (!this.#closing) this.#fork();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#workers.map(end));
  }
}

/** Waits for a message of a worker. @throws Error when it says that it failed, or ends */
function hear<T extends FromWorker['type']>(
  worker: Worker,
  type: T,
): Promise<Extract<FromWorker, { type: T }>> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === type) resolve(message as Extract<FromWorker, { type: T }>);
      else if (message.type === 'failed') reject(new Error(message.message));
    });
    worker.on('exit', () => reject(new Error('a worker ended before it was ready')));
  });
}

/** Ends a worker that hangs; disposed of, it does not. */
function endAfterPatience(worker: Worker): Disposable {
  const timer = globalThis.setTimeout(() => worker.process.kill('SIGKILL'), PATIENCE).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const exited = once(worker, 'exit');
  using _patience = endAfterPatience(worker);
  send(worker, { type: 'close' });
  await exited;
}

/**
 * Starts the service in several processes: this one holds the data directory and does the jobs, the workers answer requests on one port.
 *
 * @param program what a worker runs
 * @throws Error saying in one line why it can't start; everything opened so far is closed again
 */
export async function startWorkers(configuration: Configuration, program: string): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  opened.use(openDataDirectory(configuration.dataDirectory));
  removeCopies(configuration.dataDirectory);
  const core = await openCore(configuration, opened);
  await startJobs(core, opened);
  cluster.setupPrimary({ exec: program, args: [], execArgv: [], serialization: 'advanced' });
  const crew = new Crew(core);
  opened.defer(() => crew.close());
  const address = await crew.start(configuration.workers);
  await openMetrics(core, configuration, opened, () => crew.measure());
  const running = opened.move();
  return { ...address, close: () => running.disposeAsync() };
}
