import type { DatabaseSync } from 'node:sqlite';

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
    replication TEXT,
    approval TEXT,
    sealed BLOB,
    revision INTEGER NOT NULL,
    PRIMARY KEY (region, key_id)
  ) STRICT;
  CREATE INDEX keys_by_state ON keys (region, state, key_id);
  CREATE INDEX keys_to_destroy ON keys (delete_pending_at, region, key_id) WHERE state = 'DELETE_PENDING';

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

  CREATE TABLE import_tokens (
    region TEXT NOT NULL,
    token_id TEXT NOT NULL,
    material_type TEXT NOT NULL,
    wrapping_key_algorithm TEXT NOT NULL,
    certificate TEXT NOT NULL,
    certificate_chain TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (region, token_id)
  ) STRICT;
  CREATE INDEX import_tokens_by_kind
    ON import_tokens (region, material_type, wrapping_key_algorithm, created_at, token_id);
  `,
];

function schemaVersion(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()!.user_version);
}

/**
 * Brings a database up to the present schema, in one transaction.
 *
 * @throws Error when a later release has taken steps that this one does not know
 */
export function migrate(connection: DatabaseSync): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(connection);
    if (version > MIGRATIONS.length) {
      throw new Error(
        `the database has schema version ${version}, and this release knows up to ${MIGRATIONS.length}: it needs the release that wrote it, or a later one`,
      );
    }
    for (const step of MIGRATIONS.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
