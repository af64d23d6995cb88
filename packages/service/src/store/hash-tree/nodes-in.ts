import type { DatabaseSync } from 'node:sqlite';
import type { Nodes } from './hash-tree.ts';
import { TREE_TABLE } from './tables.ts';

/** The nodes of a database's tree. */
export function nodesIn(connection: DatabaseSync): Nodes {
  const read = connection.prepare(`SELECT content FROM ${TREE_TABLE} WHERE node = ?`);
  const write = connection.prepare(
    `INSERT INTO ${TREE_TABLE} (node, content) VALUES (?, ?) ON CONFLICT (node) DO UPDATE SET content = excluded.content`,
  );
  const remove = connection.prepare(`DELETE FROM ${TREE_TABLE} WHERE node = ?`);
  return {
    read: (node) => read.get(node)?.content as Uint8Array | undefined,
    write: (node, content) => void (content === undefined ? remove.run(node) : write.run(node, content)),
  };
}
