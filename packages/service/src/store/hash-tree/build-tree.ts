import type { DatabaseSync } from 'node:sqlite';
import type { Row } from '../database.ts';
import { HashTree } from './hash-tree.ts';
import { nodesIn } from './nodes-in.ts';
import { RowChanges } from './row-changes.ts';
import { tablesOf } from './tables.ts';

/** Rows that are put into a new tree at once. */
const BATCH = 5000;

/** Makes the tree of a database that has none, within a transaction. @returns its root */
export function buildTree(connection: DatabaseSync): Buffer {
  const tree = new HashTree(nodesIn(connection));
  let changes = new RowChanges();
  const flush = () => {
    tree.update(changes.updates);
    changes = new RowChanges();
  };
  for (const table of tablesOf(connection)) {
    let rows = 0;
    for (const row of connection.prepare(`SELECT * FROM ${table.name}`).iterate()) {
      changes.add(table, row as Row);
      rows += 1;
      if (rows % BATCH === 0) flush();
    }
  }
  flush();
  return tree.root;
}
