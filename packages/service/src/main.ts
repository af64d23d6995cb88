import { configurationFromEnvironment } from './configuration.ts';
import { bufferedStandardError } from './http/log.ts';
import { type RunningService, startService } from './service.ts';

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

/**
 * Runs the service by the process's environment, until SIGTERM or SIGINT. When it can't start it says why in one line on
 * standard error and sets exit status 1.
 */
export async function runMain(): Promise<void> {
  // Whatever is made in the data directory is its owner's alone.
  process.umask(0o077);
  try {
    const configuration = configurationFromEnvironment(process.env);
    const service = await startService({ ...configuration, log: bufferedStandardError() });
    closeOnSignals(service);
    console.log(`keywright ready on ${service.url}`);
  } catch (error) {
    fail(error);
  }
}
