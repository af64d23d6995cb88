import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { removeCopies } from './backup/create-backup.ts';
import type { Configuration } from './configuration.ts';
import { type Core, openCore, startJobs } from './core.ts';
import { openDataDirectory } from './data-directory.ts';
import { createServer } from './http/server.ts';
import type { Figures } from './metrics/meters.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';

/** A service that answers requests. */
export interface RunningService {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, finishes the ones it has, and closes everything. */
  close(): Promise<void>;
}

/** Milliseconds that requests have to finish when the service closes. */
const CLOSING_TIME = 10_000;

/** What the system says of a host that is not this machine's, or that there is not. */
const WRONG_HOST: readonly unknown[] = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL'];

async function listen(server: FastifyInstance, { host, port }: Configuration): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (WRONG_HOST.includes(code))
      throw new Error(`KEYWRIGHT_HOST ${host} is no address of this machine`, { cause: error });
    if (code !== 'EADDRINUSE') throw error;
    const advice = 'set KEYWRIGHT_PORT to another, or to 0 for a free one';
    throw new Error(`port ${port} of ${host} is in use; ${advice}`, { cause: error });
  }
}

async function closeServer(server: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), CLOSING_TIME).unref();
  await server.close();
  clearTimeout(timer);
}

/** Answers requests. @param opened takes what is to be closed @returns the address */
export async function serve(
  { service, log }: Core,
  configuration: Configuration,
  opened: AsyncDisposableStack,
): Promise<Pick<RunningService, 'url' | 'port'>> {
  const { host } = configuration;
  const server = createServer(service, log);
  opened.defer(() => closeServer(server));
  await listen(server, configuration);
  const { port } = server.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port };
}

/** Serves metrics where they are asked for. @param othersOf the figures of other processes, to be put together with this one's */
export async function openMetrics(
  { meters, log }: Core,
  { metrics }: Configuration,
  opened: AsyncDisposableStack,
  othersOf: () => Promise<Figures[]> = async () => [],
): Promise<void> {
  if (!metrics || !meters) return;
  const read = async () => meters.text(await othersOf());
  opened.use(await serveMetrics(metrics, { contentType: meters.contentType, read, log }));
}

/**
 * Starts the service in this process: holds the data directory, opens what is in it, does the jobs, listens.
 *
 * @throws Error saying in one line why it can't start; everything opened so far is closed again
 */
export async function startService(configuration: Configuration): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  opened.use(openDataDirectory(configuration.dataDirectory));
  removeCopies(configuration.dataDirectory);
  const core = await openCore(configuration, opened);
  await startJobs(core, opened);
  await openMetrics(core, configuration, opened);
  const address = await serve(core, configuration, opened);
  const running = opened.move();
  return { ...address, close: () => running.disposeAsync() };
}
