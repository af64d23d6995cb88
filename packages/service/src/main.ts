import cluster from 'node:cluster';
import { type Configuration, configurationFromEnvironment } from './configuration.ts';
import { bufferedStandardError } from './http/log.ts';
import { type RunningService, startService } from './service.ts';
import { startWorkers } from './workers/primary.ts';
import { runWorker } from './workers/worker.ts';

function closeOnSignals(service: RunningService): void {
  let closing = false;
  // A signal to the whole process group may come twice, by the launcher too; the second must not end the first's work.
  const close = () => {
    if (closing) return;
    closing = true;
    service.close().catch(fail);
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}

function fail(error: unknown): void {
  console.error(`keywright: ${error instanceof Error ? error.message : 'failed'}`);
  process.exitCode = 1;
}

function readConfiguration(): Configuration {
  return { ...configurationFromEnvironment(process.env), log: bufferedStandardError() };
}

/**
 * Runs the service by the process's environment, until SIGTERM or SIGINT. When it can't start it says why in one line on
 * standard error and sets exit status 1.
 */
export async function runMain(): Promise<void> {
  // Whatever is made in the data directory is its owner's alone.
  process.umask(0o077);
  try {
    const configuration = readConfiguration();
    const start = configuration.workers === 1 ? startService : startWorkers;
    const service = await start(configuration, import.meta.filename);
    closeOnSignals(service);
    console.log(`keywright ready on ${service.url}`);
  } catch (error) {
    fail(error);
  }
}

/** As a worker, this file is the program. */
if (cluster.isWorker) {
  process.umask(0o077);
  await runWorker(readConfiguration());
}
