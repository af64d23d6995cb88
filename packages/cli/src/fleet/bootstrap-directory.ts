import { Failure } from '../failure.ts';
import { bootstrapTerminal } from './bootstrap.ts';
import { directoryRack } from './directory-rack.ts';
import type { FleetClient } from './fleet-client.ts';

export interface BootstrapOptions {
  readonly authority: string;
  readonly directory: string;
  readonly model: string;
  readonly policy: string;
  readonly kekSlot: string;
}

/**
 * Gives the software terminals of a directory their KEKs by TR-34, one after the other.
 *
 * @throws Failure when some of them did not get theirs
 */
export async function bootstrapDirectory(fleet: FleetClient, options: BootstrapOptions): Promise<void> {
  const { model, policy, kekSlot, authority } = options;
  const rack = await directoryRack(options.directory, { device: { model, policy, kekSlot } });
  const failed: string[] = [];
  for (const serial of await rack.serials()) {
    try {
      await using terminal = await rack.open(serial);
      const { checkValue } = await bootstrapTerminal(fleet, terminal, { authority, kekSlot });
      console.log(`${serial} has its KEK, check value ${checkValue}`);
    } catch (error) {
      failed.push(`\n  ${serial}: ${(error as Error).message}`);
    }
  }
  if (failed.length > 0) throw new Failure(`${failed.length} terminals have no KEK:${failed.join('')}`);
}
