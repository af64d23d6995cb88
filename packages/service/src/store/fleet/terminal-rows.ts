import type { Lease, TerminalRecord } from './fleet-store.ts';

export interface TerminalRow extends Record<string, string | number | null> {
  region: string;
  serial: string;
  group_name: string;
  state: TerminalRecord['state'];
  reason: string | null;
  kek_key_id: string | null;
  kek_check_value: string | null;
  registered_at: number;
  lease_token: string | null;
  lease_agent: string | null;
  lease_until: number | null;
}

function leaseOf({ lease_token: token, lease_agent: agent, lease_until: until }: TerminalRow) {
  const lease: Lease | undefined =
    token === null || agent === null || until === null ? undefined : { token, agent, until };
  return lease;
}

export function terminalRecord(row: TerminalRow): TerminalRecord {
  return {
    region: row.region,
    serial: row.serial,
    groupName: row.group_name,
    state: row.state,
    reason: row.reason ?? undefined,
    kekKeyId: row.kek_key_id ?? undefined,
    kekCheckValue: row.kek_check_value ?? undefined,
    registeredAt: row.registered_at,
    lease: leaseOf(row),
  };
}
