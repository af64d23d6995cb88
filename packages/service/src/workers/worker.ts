import cluster from 'node:cluster';
import type { Configuration } from '../configuration.ts';
import { openCore } from '../core.ts';
import { type RunningService, serve } from '../service.ts';
import { type FromWorker, type HearingSiblings, siblingsOver, type ToWorker } from './messages.ts';
import { shareCustody } from './shared-custody.ts';

function send(message: FromWorker): void {
  process.send!(message);
}

/** The primary, which may end without a word, says when to listen and when to close. */
function listenToPrimary(siblings: HearingSiblings): Record<'listen' | 'close', Promise<void>> {
  const [listen, close] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  process.on('message', (message: ToWorker) => {
    if (message.type === 'listen') listen.resolve();
    else if (message.type === 'close') close.resolve();
    else siblings.receive(message.told);
  });
  process.on('disconnect', () => close.resolve());
  return { listen: listen.promise, close: close.promise };
}

async function start(
  configuration: Configuration,
  toldToListen: Promise<void>,
  siblings: HearingSiblings,
): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  const { log, service } = await openCore(configuration, opened);
  const custody = service.custody && shareCustody(service.custody, siblings, (error) => log.failure(error));
  send({ type: 'prepared' });
  await toldToListen;
  const address = await serve({ log, service: { ...service, custody } }, configuration, opened);
  const running = opened.move();
  return { ...address, close: () => running.disposeAsync() };
}

/** Serves as one of several processes, until the primary says otherwise or is gone. */
export async function runWorker(configuration: Configuration): Promise<void> {
  // A signal to the process group is the primary's to act on.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  const siblings = siblingsOver((told) => send({ type: 'told', told }));
  const told = listenToPrimary(siblings);
  try {
    const service = await start(configuration, told.listen, siblings);
    send({ type: 'ready', url: service.url, port: service.port });
    await told.close;
    await service.close();
    cluster.worker!.disconnect();
  } catch (error) {
    process.exitCode = 1;
    send({ type: 'failed', message: error instanceof Error ? error.message : 'failed' });
    cluster.worker!.disconnect();
  }
}
