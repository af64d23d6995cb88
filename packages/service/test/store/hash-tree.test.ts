import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { EMPTY_ROOT, HashTree, type Nodes, type Update } from '../../src/store/hash-tree/hash-tree.ts';
import { PinnedRoot } from '../../src/store/hash-tree/pinned-root.ts';
import { readSelect } from '../../src/store/hash-tree/select.ts';
import { newFolder } from './folder.ts';

const TAMPERED = { name: 'TamperedDatabaseError' };

function newNodes(): Nodes & { readonly stored: Map<number, Uint8Array> } {
  const stored = new Map<number, Uint8Array>();
  return {
    stored,
    read: (node) => stored.get(node),
    write: (node, content) => void (content ? stored.set(node, content) : stored.delete(node)),
  };
}

const set = (name: Buffer, digest: Buffer | undefined): Update => ({ name, next: () => digest });

/** The root by the definition alone: every node of the tree, from its leaves up, by OpenSSL’s SHA-256. */
function rootOf(entries: ReadonlyMap<string, Buffer>): string {
  const sha = (content: Buffer) =>
    content.every((byte) => byte === 0) ? Buffer.alloc(32) : createHash('sha256').update(content).digest();
  const names = [...entries.keys()].sort();
  let level = Array.from({ length: 65_536 }, (_, leaf) => {
    const prefix = leaf.toString(16).padStart(4, '0');
    const its = names.filter((name) => name.startsWith(prefix));
    return sha(Buffer.concat(its.flatMap((name) => [Buffer.from(name, 'hex'), entries.get(name)!])));
  });
  while (level.length > 1)
    level = Array.from({ length: level.length / 16 }, (_, i) =>
      sha(Buffer.concat(level.slice(16 * i, 16 * i + 16))),
    );
  return level[0]!.toString('hex');
}

test('has the root that its definition gives, whatever the way to it', () => {
  const nodes = newNodes();
  const tree = new HashTree(nodes);
  const entries = new Map<string, Buffer>();
  const names = Array.from({ length: 60 }, () => randomBytes(16));
  // Some that share a leaf.
  for (const name of names.slice(0, 20)) names[0]!.copy(name, 0, 0, 2);
  for (let round = 0; round < 40; round += 1) {
    const chosen = new Set(Array.from({ length: randomInt(1, 12) }, () => names[randomInt(names.length)]!));
    const updates = Array.from(chosen, (name) => set(name, randomInt(3) === 0 ? undefined : randomBytes(32)));
    tree.update(updates);
    for (const { name, next } of updates) {
      // Each digest is made anew by nobody but the test: what is there now is what was set.
      const digest = next(undefined);
      if (digest === undefined) entries.delete(name.toString('hex'));
      else entries.set(name.toString('hex'), digest);
    }
    for (const name of names)
      assert.deepEqual(tree.find(name) ?? null, entries.get(name.toString('hex')) ?? null);
    assert.ok(tree.root.equals(tree.storedRoot));
  }
  assert.equal(tree.root.toString('hex'), rootOf(entries));
  tree.update(names.map((name) => set(name, undefined)));
  assert.deepEqual([tree.root, nodes.stored.size], [EMPTY_ROOT, 0]);
});

test('finds every byte of every node that was changed, and every node that is gone', () => {
  const nodes = newNodes();
  const tree = new HashTree(nodes);
  const name = randomBytes(16);
  tree.update([set(name, randomBytes(32)), set(randomBytes(16), randomBytes(32))]);
  const path = [name.readUInt16BE(0) + 65_536];
  while (path[0] !== 1) path.unshift(path[0]! >> 4);
  assert.equal(path.length, 5);
  for (const node of path) {
    const content = nodes.stored.get(node)!;
    for (let at = 0; at < content.length; at += 1) {
      const changed = Uint8Array.from(content);
      changed[at]! ^= 1 << randomInt(8);
      nodes.stored.set(node, changed);
      tree.forget();
      assert.throws(() => tree.find(name), TAMPERED, `byte ${at} of node ${node}`);
    }
    nodes.stored.delete(node);
    tree.forget();
    assert.throws(() => tree.find(name), TAMPERED);
    nodes.stored.set(node, content);
  }
  assert.ok(tree.find(name));
});

test('a pinned root is settled by who intended it, unless another has intended more since', () => {
  const path = join(newFolder(), 'root');
  const roots = Array.from({ length: 4 }, () => randomBytes(32));
  using one = PinnedRoot.make(path, roots[0]!, roots[1]!);
  using other = new PinnedRoot(path);
  assert.deepEqual(one.read(), { sequence: 1, roots: [roots[0], roots[1]] });
  one.settle(1, roots[1]!);
  assert.deepEqual(other.read(), { sequence: 1, roots: [roots[1]] });
  assert.equal(other.read(), other.read());
  const first = one.intend(roots[1]!, roots[2]!);
  const second = other.intend(roots[2]!, roots[3]!);
  one.settle(first, roots[2]!);
  assert.deepEqual(one.read(), { sequence: 3, roots: [roots[2], roots[3]] });
  other.settle(second, roots[3]!);
  one.settle(first, roots[2]!);
  for (const each of [one, other]) assert.deepEqual(each.read(), { sequence: 3, roots: [roots[3]] });
});

test('a query says which rows it gives; one that can’t be read is none', () => {
  const query = (sql: string) => readSelect(sql);
  assert.deepEqual(
    query('SELECT * FROM tags WHERE region = ? AND key_id = ? AND tag_key > ? ORDER BY tag_key LIMIT ?'),
    {
      table: 'tags',
      equal: ['region', 'key_id'],
      others: 'after',
      limited: true,
    },
  );
  assert.deepEqual(
    query("SELECT * FROM keys WHERE state = 'DELETE_PENDING' AND delete_pending_at <= ? ORDER BY region"),
    {
      table: 'keys',
      equal: [],
      others: 'unknown',
      limited: false,
    },
  );
  assert.equal(
    query('SELECT * FROM tokens WHERE region = ? ORDER BY created_at DESC LIMIT 1')?.others,
    'unknown',
  );
  assert.equal(query('SELECT count(*) AS tags FROM tags WHERE region = ?'), undefined);
  assert.throws(() => query('SELECT * FROM keys, tags'), TypeError);
});
