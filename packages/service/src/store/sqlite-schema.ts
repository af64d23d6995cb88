import { DatabaseSync } from 'node:sqlite';
import { TamperedDatabaseError } from './errors.ts';
import { FLEET_SCHEMA } from './fleet/schema.ts';

/**
 * The steps from an empty database to the present schema; a database's `user_version` counts the ones taken.
 * A step that was released is never changed: a change is a further step.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE keys (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    attributes TEXT NOT NULL,
    derive_key_usage TEXT,
    check_value TEXT NOT NULL,
    check_value_algorithm TEXT NOT NULL,
    origin TEXT NOT NULL,
    exportable INTEGER NOT NULL,
    exportability TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    usage_started_at INTEGER,
    usage_stopped_at INTEGER,
    delete_pending_at INTEGER,
    deleted_at INTEGER,
    certificate TEXT,
    authority_key_id TEXT,
    replication TEXT,
    replicating INTEGER NOT NULL,
    approval TEXT,
    sealed BLOB,
    revision INTEGER NOT NULL,
    PRIMARY KEY (region, key_id)
  ) STRICT;
  CREATE INDEX keys_by_state ON keys (region, state, key_id);
  CREATE INDEX keys_to_destroy ON keys (delete_pending_at, region, key_id) WHERE state = 'DELETE_PENDING';
  CREATE INDEX keys_to_replicate ON keys (replicating, region, key_id) WHERE replicating = 1;

  CREATE TABLE default_regions (
    region TEXT NOT NULL,
    replication_region TEXT NOT NULL,
    PRIMARY KEY (region, replication_region)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE aliases (
    region TEXT NOT NULL,
    alias_name TEXT NOT NULL,
    key_id TEXT,
    PRIMARY KEY (region, alias_name),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_of_key ON aliases (region, key_id, alias_name);

  CREATE TABLE tags (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    tag_key TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (region, key_id, tag_key),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tokens (
    region TEXT NOT NULL,
    token_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    material_type TEXT NOT NULL,
    key_algorithm TEXT NOT NULL,
    certificate TEXT NOT NULL,
    certificate_chain TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (region, token_id)
  ) STRICT;
  CREATE INDEX tokens_by_kind
    ON tokens (region, purpose, material_type, key_algorithm, created_at, token_id);
  CREATE INDEX tokens_by_end ON tokens (valid_until);

  CREATE TABLE authorities (
    region TEXT NOT NULL,
    generation INTEGER NOT NULL,
    certificate TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (region, generation)
  ) STRICT;

  CREATE TABLE resource_policies (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    policy TEXT NOT NULL,
    PRIMARY KEY (region, key_id),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT;

  CREATE TABLE access_keys (
    user_name TEXT NOT NULL PRIMARY KEY,
    access_key_id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;

  CREATE TABLE approval_teams (
    region TEXT NOT NULL,
    team_name TEXT NOT NULL,
    members TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (region, team_name)
  ) STRICT;

  CREATE TABLE approval_sessions (
    region TEXT NOT NULL,
    session_id TEXT NOT NULL,
    team_name TEXT NOT NULL,
    operation TEXT NOT NULL,
    key_id TEXT,
    requester TEXT NOT NULL,
    comment TEXT,
    status TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (region, session_id),
    FOREIGN KEY (region, team_name) REFERENCES approval_teams (region, team_name),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT;
  CREATE INDEX approval_sessions_pending
    ON approval_sessions (requested_at, region, session_id) WHERE status = 'PENDING';

  CREATE TABLE approval_decisions (
    region TEXT NOT NULL,
    session_id TEXT NOT NULL,
    member TEXT NOT NULL,
    approves INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (region, session_id, member),
    FOREIGN KEY (region, session_id) REFERENCES approval_sessions (region, session_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE team_associations (
    region TEXT NOT NULL,
    action TEXT NOT NULL,
    team_name TEXT NOT NULL,
    session_id TEXT,
    PRIMARY KEY (region, action),
    FOREIGN KEY (region, team_name) REFERENCES approval_teams (region, team_name),
    FOREIGN KEY (region, session_id) REFERENCES approval_sessions (region, session_id)
  ) STRICT;
  `,
  `
  CREATE TABLE transfers (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    direction TEXT NOT NULL,
    way TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    party TEXT,
    ksn TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (region, key_id, direction, counterpart, ksn),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX transfers_under ON transfers (region, counterpart, direction, key_id, ksn);
  `,
  `
  CREATE TABLE rotations (
    region TEXT NOT NULL,
    rotation_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    successor_id TEXT NOT NULL,
    made_here INTEGER NOT NULL,
    key_version TEXT NOT NULL,
    status TEXT NOT NULL,
    requester TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (region, key_id, ended_at),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id)
  ) STRICT;
  CREATE UNIQUE INDEX rotations_by_id ON rotations (region, rotation_id);
  CREATE INDEX rotations_of_successor ON rotations (region, successor_id, ended_at);

  CREATE TABLE rotation_items (
    region TEXT NOT NULL,
    rotation_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    way TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    party TEXT,
    ksn TEXT NOT NULL,
    state TEXT NOT NULL,
    block TEXT,
    check_value TEXT,
    message TEXT,
    PRIMARY KEY (region, rotation_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rotation_items_waiting ON rotation_items (region, rotation_id, state, position);
  `,
  `
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    group_name TEXT NOT NULL,
    body TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
  CREATE INDEX documents_of_group ON documents (kind, group_name, id);
  CREATE INDEX documents_by_end ON documents (expires_at);
  `,
  `
  CREATE TABLE ceremonies (
    region TEXT NOT NULL,
    ceremony_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key_name TEXT NOT NULL,
    party TEXT NOT NULL,
    key_id TEXT,
    attributes TEXT NOT NULL,
    exportable INTEGER NOT NULL,
    check_value TEXT,
    status TEXT NOT NULL,
    requester TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (region, ceremony_id)
  ) STRICT;
  CREATE INDEX ceremonies_open ON ceremonies (expires_at, region, ceremony_id) WHERE status = 'OPEN';

  CREATE TABLE ceremony_components (
    region TEXT NOT NULL,
    ceremony_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    custodian TEXT NOT NULL,
    state TEXT NOT NULL,
    check_value TEXT,
    bag_serial TEXT,
    happened_at INTEGER,
    sealed BLOB,
    PRIMARY KEY (region, ceremony_id, number),
    FOREIGN KEY (region, ceremony_id) REFERENCES ceremonies (region, ceremony_id)
  ) STRICT;

  CREATE TABLE component_exposures (
    identity TEXT NOT NULL,
    custodian TEXT NOT NULL,
    ceremony_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    PRIMARY KEY (identity, custodian, ceremony_id, number)
  ) STRICT, WITHOUT ROWID;
  `,
  FLEET_SCHEMA,
  `
  -- One row: how often records that caches keep were changed (changes.ts).
  CREATE TABLE changes (
    id INTEGER NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
  ) STRICT;
  INSERT INTO changes (id, revision) VALUES (1, 0);
  `,
  // Databases that have records from before environments had names are of the default one.
  `
  CREATE TABLE settings (
    setting_name TEXT NOT NULL PRIMARY KEY,
    setting_value TEXT NOT NULL
  ) STRICT;
  INSERT INTO settings (setting_name, setting_value)
    SELECT 'environment', 'development' WHERE
      EXISTS (SELECT 1 FROM keys) OR EXISTS (SELECT 1 FROM tokens) OR
      EXISTS (SELECT 1 FROM authorities) OR EXISTS (SELECT 1 FROM access_keys) OR
      EXISTS (SELECT 1 FROM documents) OR EXISTS (SELECT 1 FROM ceremony_components);

  CREATE TABLE retiring_main_keys (
    main_key_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    wrapped BLOB,
    parameters TEXT
  ) STRICT;
  `,
  // The digests of all rows (hash-tree/).
  `
  CREATE TABLE row_tree (
    node INTEGER NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
  ) STRICT;
  `,
  // Lines of imports, many to a row; those that were being imported are to be imported again. Their digests stay, of a table that nobody asks for.
  `
  DROP TABLE fleet_import_lines;
  CREATE TABLE fleet_import_parts (
    region TEXT NOT NULL,
    import_id TEXT NOT NULL,
    first_serial TEXT NOT NULL,
    terminals TEXT NOT NULL,
    staged_at INTEGER NOT NULL,
    PRIMARY KEY (region, import_id, first_serial)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** From this version on there is a tree. A later step may add columns that are null; one that changes rows has to change the tree as well. */
export const TREE_VERSION = 9;

/** The steps that were taken. */
export function schemaVersion(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()!.user_version);
}

const SQLITE_ERROR = 1;

/** A step that does not fit meets a database of another version than it says. */
function take(step: string, connection: DatabaseSync, version: number): void {
  try {
    connection.exec(step);
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_ERROR)) throw error;
    const message = `the schema of the database is not the one of the version that it says it is, ${version}: ${error.message}`;
    throw new TamperedDatabaseError(message);
  }
}

/**
 * Brings a database up to the present schema, within a transaction.
 *
 * @throws Error when a later release has taken steps that this one does not know
 */
export function migrate(connection: DatabaseSync): void {
  const version = schemaVersion(connection);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the database has schema version ${version}, and this release knows up to ${MIGRATIONS.length}: it needs the release that wrote it, or a later one`,
    );
  }
  for (const step of MIGRATIONS.slice(version)) take(step, connection, version);
  connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

/** A number that is another after every change of the schema. */
export function schemaCookie(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA schema_version').get()!.schema_version);
}

// Indexes of primary keys have no text, and statistics are tables that ANALYZE makes.
const SCHEMA =
  "SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND NOT (type = 'table' AND name LIKE 'sqlite_stat%') ORDER BY type, name";

const schemaOf = (connection: DatabaseSync) => JSON.stringify(connection.prepare(SCHEMA).all());

/** A trigger or a view that somebody puts into the database would do as if it were the service. @throws TamperedDatabaseError */
export function assertSchema(connection: DatabaseSync): void {
  using expected = new DatabaseSync(':memory:');
  migrate(expected);
  if (schemaOf(connection) === schemaOf(expected)) return;
  throw new TamperedDatabaseError('the schema of the database is not the one that this service made');
}
