import type { DatabaseSync } from 'node:sqlite';

/** The table that the tree itself is in. */
export const TREE_TABLE = 'row_tree';

/** A table whose rows are in the tree. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of its primary key. */
  readonly key: readonly string[];
  /** How many rows have the same values in these columns is in the tree too, so that none of them can be missing unseen. */
  readonly counted: readonly (readonly string[])[];
}

/** Of every table all rows are counted. These are read as groups, of which none must be missing. */
const COUNTED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  tags: [['region', 'key_id']],
  transfers: [
    ['region', 'key_id'],
    ['region', 'counterpart'],
  ],
  default_regions: [['region']],
  documents: [['kind'], ['kind', 'group_name']],
  approval_decisions: [['region', 'session_id']],
  ceremony_components: [['region', 'ceremony_id']],
  component_exposures: [['identity', 'custodian']],
  rotation_items: [['region', 'rotation_id']],
};

const TABLES = `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '${TREE_TABLE}' ORDER BY name`;
const COLUMNS = 'SELECT name, pk FROM pragma_table_info(?) ORDER BY cid';

export function tablesOf(connection: DatabaseSync): Table[] {
  const columns = connection.prepare(COLUMNS);
  return connection
    .prepare(TABLES)
    .all()
    .map((row) => {
      const name = String(row.name);
      const all = columns.all(name).map((column) => ({ name: String(column.name), pk: Number(column.pk) }));
      const key = all.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
      const counted = [[], ...(COUNTED[name] ?? [])];
      return {
        name,
        columns: all.map((column) => column.name),
        key: key.map((column) => column.name),
        counted,
      };
    });
}
