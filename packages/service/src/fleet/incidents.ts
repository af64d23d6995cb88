import type { IncidentRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';

/** Records something that should not happen. */
export async function recordIncident(
  kind: IncidentRecord['kind'],
  serial: string,
  detail: string,
  { store, region, caller, now }: FleetContext,
): Promise<void> {
  await store.fleet.recordIncident({ region, kind, serial, detail, caller, lastAt: now() });
}

/** Records it and takes the terminal out of use until somebody has looked at it. */
export async function quarantine(
  kind: IncidentRecord['kind'],
  serial: string,
  detail: string,
  context: FleetContext,
): Promise<void> {
  await recordIncident(kind, serial, detail, context);
  const { store, region } = context;
  const away = { region, serial, state: 'QUARANTINED', reason: detail } as const;
  await store.fleet.moveTerminal(away, ['REGISTERED', 'BOOTSTRAPPED', 'LOADED']);
}

export async function listIncidents(
  { maxResults = 100 }: { maxResults?: number },
  { store, region }: FleetContext,
): Promise<{ incidents: object[] }> {
  const incidents = await store.fleet.listIncidents(region, maxResults);
  return {
    incidents: incidents.map(({ region: _, firstAt, lastAt, ...incident }) => ({
      ...incident,
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    })),
  };
}
