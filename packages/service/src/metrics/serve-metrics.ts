import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '../http/log.ts';

/** Where metrics are asked for. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

export interface MetricsSource {
  readonly contentType: string;
  /** Makes the figures in Prometheus's text format. */
  readonly read: () => Promise<string>;
  readonly log: Pick<Log, 'failure'>;
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { contentType, read, log }: MetricsSource,
): Promise<void> {
  if (method !== 'GET' || url !== '/metrics') return void response.writeHead(404).end('GET /metrics\n');
  try {
    const text = await read();
    response.writeHead(200, { 'content-type': contentType }).end(text);
  } catch (error) {
    log.failure(error);
    response.writeHead(500).end();
  }
}

/**
 * Answers `GET /metrics`. It has an address of its own since who collects metrics signs nothing: who may ask is for the network to say.
 *
 * @throws Error when the address is in use
 */
export async function serveMetrics(
  { host, port }: MetricsAddress,
  source: MetricsSource,
): Promise<AsyncDisposable> {
  const server = createServer((request, response) => void answer(request, response, source));
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    throw new Error(`metrics cannot be served on ${host} port ${port}: set KEYWRIGHT_METRICS to another`, {
      cause,
    });
  }
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
