import { type Database, insertInto } from '../database.ts';
import type { FleetStore, IncidentRecord } from './fleet-store.ts';

const LIST = 'SELECT * FROM fleet_incidents WHERE region = ? ORDER BY last_at DESC, kind, serial LIMIT ?';
const COUNT_UP =
  'ON CONFLICT (region, kind, serial) DO UPDATE SET last_at = excluded.last_at, count = fleet_incidents.count + 1, caller = excluded.caller, detail = excluded.detail';

type IncidentRow = ReturnType<typeof incidentRow>;

function incidentRow(incident: IncidentRecord) {
  return {
    region: incident.region,
    kind: incident.kind,
    serial: incident.serial,
    first_at: incident.firstAt,
    last_at: incident.lastAt,
    count: incident.count,
    caller: incident.caller,
    detail: incident.detail,
  };
}

function incidentRecord(row: IncidentRow): IncidentRecord {
  const { first_at: firstAt, last_at: lastAt, ...incident } = row;
  return { ...incident, firstAt, lastAt };
}

export function incidentMethods(database: Database): Pick<FleetStore, 'recordIncident' | 'listIncidents'> {
  return {
    async recordIncident(incident) {
      const row = incidentRow({ ...incident, firstAt: incident.lastAt, count: 1 });
      const { sql, values } = insertInto('fleet_incidents', row);
      await database.atomically([{ sql: `${sql} ${COUNT_UP}`, values }]);
    },
    async listIncidents(region, limit) {
      const rows = await database.query<IncidentRow>({ sql: LIST, values: [region, limit] });
      return rows.map(incidentRecord);
    },
  };
}
