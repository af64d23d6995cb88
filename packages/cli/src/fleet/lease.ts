import type { Claimed, Run } from './fleet-api.ts';
import type { FleetClient } from './fleet-client.ts';
import { TerminalUnreachable } from './terminal-steps.ts';

/** A lease that is prolonged for as long as it is held. */
export interface HeldLease extends AsyncDisposable {
  readonly lease: string;
  /** Nothing is sent to a terminal that may be another agent's by now. @throws TerminalUnreachable */
  assertHeld(): void;
}

/** Of the lease's time: when it is prolonged, and how long nothing is sent any more before it ends. */
const RENEW_AFTER = 1 / 3;
const SAFE_UNTIL = 0.8;

/** Prolongs a lease until it is disposed of. */
export function holdLease(
  { lease, leaseTime }: Claimed,
  { fleet, run }: { readonly fleet: FleetClient; readonly run: Run },
): HeldLease {
  let askedAt = performance.now();
  let failure: unknown;
  const renew = async () => {
    const before = performance.now();
    await fleet.send('POST', `/runs/${run.runId}/lease`, { lease, leaseTime });
    askedAt = before;
  };
  let running: Promise<void> = Promise.resolve();
  // A lease that could not be prolonged ends by itself; assertHeld knows when, and says why.
  const timer = setInterval(() => {
    running = renew().catch((error) => {
      failure = error;
    });
  }, leaseTime * RENEW_AFTER);
  return {
    lease,
    assertHeld() {
      if (performance.now() - askedAt < leaseTime * SAFE_UNTIL) return;
      const why = failure instanceof Error ? ` (${failure.message})` : '';
      throw new TerminalUnreachable(`the lease ends${why}: another agent may serve the terminal`);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}
