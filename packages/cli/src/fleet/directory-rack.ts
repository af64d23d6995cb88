import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSoftwareTerminal, type PolicyName, type ProfileName } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Profile } from './fleet-api.ts';
import type { Rack } from './rack.ts';

/** A software terminal that is opened for an agent; nobody else types PINs into it. */
function options({ device }: Profile) {
  const { model, policy } = device;
  return { profile: model as ProfileName, policy: policy as PolicyName, pinRate: 'unlimited' as const };
}

/** The software terminals of a directory: each of its directories is one. */
export async function directoryRack(directory: string, profile: Profile): Promise<Rack> {
  const places = new Map<string, string>();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const place = join(directory, entry.name);
    await using terminal = openSoftwareTerminal({ directory: place, ...options(profile) });
    places.set((await terminal.info()).serial, place);
  }
  if (places.size === 0) throw new Failure(`${directory} has no directory with a software terminal in it`);
  return {
    serials: async () => [...places.keys()],
    open: async (serial) => openSoftwareTerminal({ directory: places.get(serial)!, ...options(profile) }),
  };
}
