import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { OwnRefusal } from '../people/own-client.ts';
import type { FleetClient } from './fleet-client.ts';

/** Milliseconds between attempts, and for how long there are any. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const PATIENCE = 120_000;

/** Codes of answers that may be others a moment later; the others are refusals. */
const PASSING = /^(?:Throttling|ServiceUnavailable|InternalServer)Exception$|^HTTP status 5/;

/** Whether the service was not there, or had too much to do. */
function mayPass(error: unknown): boolean {
  return error instanceof OwnRefusal ? PASSING.test(error.code) : error instanceof Failure;
}

async function patiently<T>(request: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await request();
    } catch (error) {
      if (!mayPass(error) || performance.now() + pause > until) throw error;
      await wait(pause);
    }
  }
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
