/** The fleet's tables: a step of the schema, never changed once it was released. */
export const FLEET_SCHEMA = `
  CREATE TABLE fleet_key_sets (
    key_set_id TEXT NOT NULL PRIMARY KEY,
    region TEXT NOT NULL,
    bdk_key_id TEXT NOT NULL,
    next_number INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    FOREIGN KEY (region, bdk_key_id) REFERENCES keys (region, key_id)
  ) STRICT;

  CREATE TABLE fleet_profiles (
    region TEXT NOT NULL,
    profile_name TEXT NOT NULL,
    device TEXT NOT NULL,
    keys TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (region, profile_name)
  ) STRICT;

  CREATE TABLE fleet_groups (
    region TEXT NOT NULL,
    group_name TEXT NOT NULL,
    profile_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (region, group_name),
    FOREIGN KEY (region, profile_name) REFERENCES fleet_profiles (region, profile_name)
  ) STRICT;

  CREATE TABLE fleet_terminals (
    region TEXT NOT NULL,
    serial TEXT NOT NULL,
    group_name TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    kek_key_id TEXT,
    kek_check_value TEXT,
    registered_at INTEGER NOT NULL,
    lease_token TEXT,
    lease_agent TEXT,
    lease_until INTEGER,
    PRIMARY KEY (region, serial),
    FOREIGN KEY (region, group_name) REFERENCES fleet_groups (region, group_name),
    FOREIGN KEY (region, kek_key_id) REFERENCES keys (region, key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fleet_terminals_of_group ON fleet_terminals (region, group_name, state, serial);
  CREATE INDEX fleet_terminals_by_lease ON fleet_terminals (lease_token);

  CREATE TABLE fleet_keks (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    serial TEXT NOT NULL,
    PRIMARY KEY (region, key_id),
    FOREIGN KEY (region, serial) REFERENCES fleet_terminals (region, serial)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fleet_import_lines (
    region TEXT NOT NULL,
    import_id TEXT NOT NULL,
    serial TEXT NOT NULL,
    group_name TEXT NOT NULL,
    kek_key_id TEXT,
    kek_check_value TEXT,
    registered_at INTEGER NOT NULL,
    PRIMARY KEY (region, import_id, serial)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fleet_runs (
    region TEXT NOT NULL,
    run_id TEXT NOT NULL,
    group_name TEXT NOT NULL,
    profile_name TEXT NOT NULL,
    key_version TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    interval_ms INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    PRIMARY KEY (region, run_id),
    FOREIGN KEY (region, group_name) REFERENCES fleet_groups (region, group_name)
  ) STRICT;

  CREATE TABLE fleet_injections (
    region TEXT NOT NULL,
    run_id TEXT NOT NULL,
    serial TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    ksn TEXT,
    check_value TEXT,
    block_hash TEXT,
    sends INTEGER NOT NULL,
    detail TEXT,
    receipt TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (region, run_id, serial, purpose),
    FOREIGN KEY (region, run_id) REFERENCES fleet_runs (region, run_id),
    FOREIGN KEY (region, serial) REFERENCES fleet_terminals (region, serial)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fleet_injections_of_terminal ON fleet_injections (region, serial);

  CREATE TABLE fleet_ksns (
    ksn TEXT NOT NULL PRIMARY KEY,
    region TEXT NOT NULL,
    serial TEXT NOT NULL,
    purpose TEXT NOT NULL,
    run_id TEXT NOT NULL,
    given_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fleet_incidents (
    region TEXT NOT NULL,
    kind TEXT NOT NULL,
    serial TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    caller TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (region, kind, serial)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fleet_incidents_by_time ON fleet_incidents (region, last_at);
`;
