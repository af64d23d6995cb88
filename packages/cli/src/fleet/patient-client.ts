import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { FleetClient } from './fleet-client.ts';

/** Milliseconds between attempts, and for how long there are any. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const PATIENCE = 120_000;

/** The service is not there, restarts, or has too much to do; it did not refuse. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Failure)) return error instanceof TypeError;
  return /^(?:Throttling|ServiceUnavailable|InternalServer)Exception/.test(error.message);
}

async function patiently<T>(request: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await request();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (performance.now() + pause > until)
        throw new Failure(`the service does not answer: ${cause(error)}`);
      await wait(pause);
    }
  }
}

/** `fetch` says no more than that it failed; its cause says why. */
function cause(error: unknown): string {
  const reason = error instanceof TypeError ? (error.cause ?? error) : error;
  return reason instanceof Error ? reason.message : String(reason);
}

/**
 * Asks again when the service does not answer. An agent's requests may come twice: a claim's lease ends by itself, a terminal is
 * asked for its key before a block is sent, and a report gives the same receipts.
 */
export function patientClient(fleet: FleetClient): FleetClient {
  return {
    get: (path, query) => patiently(() => fleet.get(path, query)),
    send: (method, path, input) => patiently(() => fleet.send(method, path, input)),
  };
}
