import type { Database } from '../database.ts';
import type { FleetStore } from './fleet-store.ts';
import { inList } from './serial-list.ts';
import { type TerminalRow, terminalRecord } from './terminal-rows.ts';

const SERVED = "('BOOTSTRAPPED', 'LOADED')";
const RENEW =
  'UPDATE fleet_terminals SET lease_until = ? WHERE lease_token = ? AND region = ? AND lease_until > ? RETURNING serial';

export function leaseMethods(
  database: Database,
): Pick<FleetStore, 'leaseTerminals' | 'renewLease' | 'releaseTerminals'> {
  return {
    async leaseTerminals(region, serials, { token, agent, until }, now) {
      const { places, values } = inList(serials);
      const rows = await database.query<TerminalRow>({
        sql: `UPDATE fleet_terminals SET lease_token = ?, lease_agent = ?, lease_until = ? WHERE region = ? AND serial IN (${places}) AND state IN ${SERVED} AND (lease_until IS NULL OR lease_until <= ?) RETURNING *`,
        values: [token, agent, until, region, ...values, now],
      });
      return rows.map(terminalRecord);
    },
    async renewLease(region, token, until, now) {
      return (await database.query({ sql: RENEW, values: [until, token, region, now] })).length;
    },
    async releaseTerminals(region, serials, token) {
      const { places, values } = inList(serials);
      await database.query({
        sql: `UPDATE fleet_terminals SET lease_token = NULL, lease_agent = NULL, lease_until = NULL WHERE region = ? AND serial IN (${places}) AND lease_token = ? RETURNING serial`,
        values: [region, ...values, token],
      });
    },
  };
}
