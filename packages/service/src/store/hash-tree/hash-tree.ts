import { TamperedDatabaseError } from '../errors.ts';
import { DIGEST_LENGTH, NAME_LENGTH, sha256 } from './digest.ts';

// A hash tree (Merkle tree) of fixed shape. Nodes are numbered as in a heap of 16 children each: the root is 1, the children of n are
// 16 n to 16 n + 15, and the 65,536 leaves begin at 16^4. A leaf has the entries whose names begin with its two bytes, in order of
// name; an inner node has the digests of its children. A node of nothing has no row, and zeros for its digest.
const CHILDREN = 16;
const FIRST_LEAF = CHILDREN ** 4;
const ENTRY_LENGTH = NAME_LENGTH + DIGEST_LENGTH;
const NOTHING = Buffer.alloc(CHILDREN * DIGEST_LENGTH);
const EMPTY_LEAF = Buffer.alloc(0);
/** Leaves that are remembered: with a million records, six megabytes. Of inner nodes there are fewer. */
const MOST_REMEMBERED = 8192;

/** The root of a tree that has no entry. */
export const EMPTY_ROOT: Buffer = Buffer.alloc(DIGEST_LENGTH);

/** Where the nodes are kept. Nobody need be trusted with them. */
export interface Nodes {
  read(node: number): Uint8Array | undefined;
  /** Without content the node is removed. */
  write(node: number, content: Uint8Array | undefined): void;
}

/** What is to stand under a name: a digest, or nothing. */
export interface Update {
  readonly name: Buffer;
  /** @param current what stands there @throws TamperedDatabaseError when that can't be */
  next(current: Buffer | undefined): Buffer | undefined;
}

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array) => Buffer.from(buffer, byteOffset, length);
const isNothing = (content: Buffer) => content.length === 0 || content.equals(NOTHING);
const nodeDigest = (content: Buffer) => (isNothing(content) ? EMPTY_ROOT : sha256(content));
const leafOf = (name: Buffer) => FIRST_LEAF + name.readUInt16BE(0);

function childDigest(content: Buffer, node: number): Buffer {
  const at = (node % CHILDREN) * DIGEST_LENGTH;
  return content.subarray(at, at + DIGEST_LENGTH);
}

/** Where the entry of a name is in a leaf, or would be. */
function placeOf(leaf: Buffer, name: Buffer): { at: number; found: boolean } {
  let [low, high] = [0, leaf.length / ENTRY_LENGTH];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * ENTRY_LENGTH;
    const order = name.compare(leaf, at, at + NAME_LENGTH);
    if (order === 0) return { at, found: true };
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return { at: low * ENTRY_LENGTH, found: false };
}

const digestAt = (leaf: Buffer, at: number) => leaf.subarray(at + NAME_LENGTH, at + ENTRY_LENGTH);

function updated(leaf: Buffer, update: Update): Buffer {
  const { at, found } = placeOf(leaf, update.name);
  const digest = update.next(found ? digestAt(leaf, at) : undefined);
  const entry = digest === undefined ? [] : [update.name, digest];
  return Buffer.concat([leaf.subarray(0, at), ...entry, leaf.subarray(found ? at + ENTRY_LENGTH : at)]);
}

function remember(known: Map<number, Buffer>, node: number, content: Buffer): void {
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(node, content);
}

/** Digests by name, under one root that says whether any of them, or any name, is another than it was. */
export class HashTree {
  readonly #nodes: Nodes;
  #root = EMPTY_ROOT;
  /** Nodes that were found to be the root's: the inner ones, and some leaves. */
  readonly #inner = new Map<number, Buffer>();
  readonly #leaves = new Map<number, Buffer>();

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  get root(): Buffer {
    return this.#root;
  }

  /** The root that the nodes have, whether or not it may be trusted. */
  get storedRoot(): Buffer {
    return nodeDigest(this.#read(1, NOTHING));
  }

  /** From now on, what is not under this root is an error. */
  trust(root: Buffer): void {
    if (!this.#root.equals(root)) this.forget();
    this.#root = root;
  }

  /** Looks at every node again before it relies on it. */
  forget(): void {
    this.#inner.clear();
    this.#leaves.clear();
  }

  /** @throws TamperedDatabaseError when the nodes on the way are not the root's */
  find(name: Buffer): Buffer | undefined {
    const leaf = this.#leaf(leafOf(name));
    const { at, found } = placeOf(leaf, name);
    return found ? digestAt(leaf, at) : undefined;
  }

  /** Makes changes, one for each name at most, and gives the tree its new root. @throws TamperedDatabaseError */
  update(updates: readonly Update[]): void {
    if (updates.length === 0) return;
    const byLeaf = Map.groupBy(updates, ({ name }) => leafOf(name));
    let digests = new Map<number, Buffer>();
    // In the order in which the database has them: many changes then meet each of its pages once.
    for (const [node, its] of [...byLeaf].sort(([one], [other]) => one - other)) {
      const leaf = its.reduce(updated, this.#leaf(node));
      remember(this.#leaves, node, leaf);
      digests.set(node, this.#write(node, leaf));
    }
    while (!digests.has(1)) digests = this.#updateParents(digests);
    this.#root = digests.get(1)!;
  }

  #updateParents(digests: ReadonlyMap<number, Buffer>): Map<number, Buffer> {
    const parents = new Map<number, Buffer>();
    for (const [node, digest] of digests) {
      const parent = Math.floor(node / CHILDREN);
      const content = parents.get(parent) ?? Buffer.from(this.#innerNode(parent));
      digest.copy(childDigest(content, node));
      parents.set(parent, content);
    }
    return new Map(
      Array.from(parents, ([parent, content]) => {
        remember(this.#inner, parent, content);
        return [parent, this.#write(parent, content)];
      }),
    );
  }

  #write(node: number, content: Buffer): Buffer {
    this.#nodes.write(node, isNothing(content) ? undefined : content);
    return nodeDigest(content);
  }

  #read(node: number, otherwise: Buffer): Buffer {
    const content = this.#nodes.read(node);
    return content === undefined ? otherwise : bufferOf(content);
  }

  #leaf(node: number): Buffer {
    return this.#remembered(node, this.#leaves, EMPTY_LEAF);
  }

  #innerNode(node: number): Buffer {
    return this.#remembered(node, this.#inner, NOTHING);
  }

  #remembered(node: number, known: Map<number, Buffer>, otherwise: Buffer): Buffer {
    const found = known.get(node);
    if (found !== undefined) return found;
    const content = this.#verified(node, otherwise);
    remember(known, node, content);
    return content;
  }

  #verified(node: number, otherwise: Buffer): Buffer {
    const content = this.#read(node, otherwise);
    const parent = Math.floor(node / CHILDREN);
    const expected = node === 1 ? this.#root : childDigest(this.#innerNode(parent), node);
    if (nodeDigest(content).equals(expected)) return content;
    throw new TamperedDatabaseError('the digests in the database are not the ones that this service wrote');
  }
}
