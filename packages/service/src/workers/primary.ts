import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { removeCopies } from '../backup/create-backup.ts';
import type { Configuration } from '../configuration.ts';
import { type Core, openCore, startJobs } from '../core.ts';
import { openDataDirectory } from '../data-directory.ts';
import type { RunningService } from '../service.ts';
import { type FromWorker, siblingsOver, type Told, type ToWorker } from './messages.ts';
import { shareCustody } from './shared-custody.ts';

/** Milliseconds that workers have to close; then they are ended. */
const CLOSING_TIME = 15_000;
/** Milliseconds before a worker that died is started anew. */
const RESTART_DELAY = 1000;

type Address = Pick<RunningService, 'url' | 'port'>;

/** The workers of the service, and what goes between them. */
class Crew {
  readonly #core: Core;
  readonly #hear: (told: Told) => void;
  #listening = false;
  #closing = false;

  constructor(core: Core, hear: (told: Told) => void) {
    this.#core = core;
    this.#hear = hear;
  }

  get #workers(): Worker[] {
    return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  }

  /** Tells all workers but one. */
  pass(told: Told, but?: Worker): void {
    for (const worker of this.#workers) if (worker !== but) send(worker, { type: 'told', told });
  }

  /** Starts as many workers; none listens before all can. @throws Error what the first that failed said */
  async start(count: number): Promise<Address> {
    const workers = Array.from({ length: count }, () => this.#fork());
    await Promise.all(workers.map((worker) => hear(worker, 'prepared')));
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
      if (message.type === 'told') {
        this.#hear(message.told);
        this.pass(message.told, worker);
      } else if (message.type === 'prepared' && this.#listening) send(worker, { type: 'listen' });
    });
    worker.on('exit', (status, signal) => {
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

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
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

async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const exited = once(worker, 'exit');
  const timer = globalThis.setTimeout(() => worker.process.kill('SIGKILL'), CLOSING_TIME).unref();
  send(worker, { type: 'close' });
  await exited;
  clearTimeout(timer);
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
  const siblings = siblingsOver((told) => crew.pass(told));
  const crew = new Crew(core, siblings.receive);
  if (core.service.custody) shareCustody(core.service.custody, siblings, (error) => core.log.failure(error));
  opened.defer(() => crew.close());
  const address = await crew.start(configuration.workers);
  const running = opened.move();
  return { ...address, close: () => running.disposeAsync() };
}
