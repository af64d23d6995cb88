import { existsSync } from 'node:fs';
import { openRack, openSoftwareTerminal, type PolicyName, type ProfileName } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Profile } from './fleet-api.ts';
import type { Rack } from './rack.ts';

/** The simulated terminals of a rack file. */
export function fileRack(path: string, { device }: Profile): Rack & Disposable {
  if (!existsSync(path)) throw new Failure(`${path} is not there`);
  const rack = openRack(path);
  const options = {
    profile: device.model as ProfileName,
    policy: device.policy as PolicyName,
    pinRate: 'unlimited',
  } as const;
  return {
    serials: async () => rack.serials(),
    open: async (serial) => openSoftwareTerminal({ store: rack.store(serial), ...options }),
    [Symbol.dispose]: () => rack[Symbol.dispose](),
  };
}
