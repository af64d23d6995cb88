import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  openSoftwareTerminal,
  type PolicyName,
  type ProfileName,
  type SoftwareTerminal,
} from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Profile } from './fleet-api.ts';
import type { Rack } from './rack.ts';

/** A software terminal that is opened for an agent; nobody else types PINs into it. */
function options({ device }: Pick<Profile, 'device'>) {
  const { model, policy } = device;
  return { profile: model as ProfileName, policy: policy as PolicyName, pinRate: 'unlimited' as const };
}

/** Milliseconds between attempts to open a terminal that another agent has open, and for how long there are any. */
const PAUSE = 100;
const PATIENCE = 15_000;

/** A terminal has one at its line at a time; agents that share it take turns. */
async function openInTurn(directory: string, profile: Pick<Profile, 'device'>): Promise<SoftwareTerminal> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      return openSoftwareTerminal({ directory, ...options(profile) });
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError || performance.now() > until) throw error;
      await wait(PAUSE);
    }
  }
}

/** The software terminals of a directory: each of its directories is one. */
export async function directoryRack(directory: string, profile: Pick<Profile, 'device'>): Promise<Rack> {
  const places = new Map<string, string>();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const place = join(directory, entry.name);
    await using terminal = await openInTurn(place, profile);
    places.set((await terminal.info()).serial, place);
  }
  if (places.size === 0) throw new Failure(`${directory} has no directory with a software terminal in it`);
  return {
    serials: async () => [...places.keys()],
    open: (serial) => openInTurn(places.get(serial)!, profile),
  };
}
