import { xor } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { assertBytes, assertCounter, assertKey } from './fields.ts';
import { oddParityKey } from './odd-parity-key.ts';

/** Keys below each key of the tree. */
export type BranchFactor = 2 | 4;

/** Levels of the tree, so that it has one key for each of the 65,536 counters (A1.3.2). */
const HEIGHT: Record<BranchFactor, 16 | 8> = { 2: 16, 4: 8 };

/** What makes the halves of a key differ. */
const RIGHT_HALF = 0xf0;

/** The child of a number (A1.3.1): the grandparent, with the number added to each half, encrypted under the parent. */
function deriveChild(parent: Secret, grandparent: Secret, child: number): Secret {
  const number = new Uint8Array(16);
  number[7] = child;
  number[15] = child ^ RIGHT_HALF;
  const tdes = cipherOf('TDES', parent);
  using input = Secret.take(grandparent.expose((bytes) => xor(bytes, number)));
  return Secret.take(input.expose((bytes) => tdes.encryptEcb(bytes)));
}

/** The numbers of the children on the way down to a counter: its digits to the base of the branch factor. */
function path(applicationTransactionCounter: Uint8Array, branchFactor: BranchFactor): number[] {
  const counter = (applicationTransactionCounter[0]! << 8) | applicationTransactionCounter[1]!;
  const height = HEIGHT[branchFactor];
  return Array.from({ length: height }, (_, level) => {
    return Math.floor(counter / branchFactor ** (height - 1 - level)) % branchFactor;
  });
}

/** Walks down the tree. The key at the end has its grandparent added, so that it does not give its parent away. */
function walk(parent: Secret, grandparent: Secret, [child, ...below]: readonly number[]): Secret {
  using key = deriveChild(parent, grandparent, child!);
  if (below.length > 0) return walk(key, parent, below);
  return oddParityKey(key.expose((bytes) => grandparent.expose((other) => xor(bytes, other))));
}

/**
 * A session key of the tree of EMV 2000: EMV 4.1 Book 2, A1.3. The common session key took its place in 2005.
 *
 * @param o.iccMasterKey 16 bytes
 * @param o.applicationTransactionCounter 2 bytes
 * @param o.branchFactor 4, as the standard recommends, for a tree 8 high; or 2, for one 16 high
 * @param o.iv 16 bytes; zeros, as the standard recommends, when it is left out
 * @returns 16 bytes of odd parity
 * @throws EmvError
 */
export function deriveTreeSessionKey(o: {
  iccMasterKey: Secret;
  applicationTransactionCounter: Uint8Array;
  branchFactor?: BranchFactor;
  iv?: Uint8Array;
}): Secret {
  const { branchFactor = 4, iv = new Uint8Array(16) } = o;
  assertKey(o.iccMasterKey, 'ICC master key');
  assertCounter(o.applicationTransactionCounter);
  assertBytes(iv, 16, 'TREE_INVALID', 'initialization vector of the tree');
  if (!Object.hasOwn(HEIGHT, branchFactor)) throw new RangeError('branch factor must be 2 or 4');
  using root = Secret.copyOf(iv);
  return walk(o.iccMasterKey, root, path(o.applicationTransactionCounter, branchFactor));
}
