import type { Database } from '../database.ts';
import type { FleetStore } from './fleet-store.ts';
import { incidentMethods } from './incidents.ts';
import { injectionMethods } from './injections.ts';
import { leaseMethods } from './leases.ts';
import { profileMethods } from './profiles.ts';
import { runMethods } from './runs.ts';
import { terminalMethods } from './terminals.ts';

/** The fleet's part of a store. */
export function fleetStore(database: Database): FleetStore {
  return {
    ...profileMethods(database),
    ...terminalMethods(database),
    ...leaseMethods(database),
    ...runMethods(database),
    ...injectionMethods(database),
    ...incidentMethods(database),
  };
}
