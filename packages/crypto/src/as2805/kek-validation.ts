import { assertLength } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { expandKey } from '../cipher/block-cipher.ts';
import type { OwnCipher } from '../cipher/engine.ts';
import { adjustOddParity } from '../des-parity.ts';
import { kekVariant } from './kek-variant.ts';

/** Masks of the variants that a random key goes out under and comes back under, in the two forms that nodes use. */
const MASKS = {
  '82': { send: [0x82, 0x82], receive: [0x84, 0x84] },
  '82C0': { send: [0x82, 0xc0], receive: [0x84, 0xc0] },
} as const;

export type KekValidationMask = keyof typeof MASKS;

/** What the nodes exchange to prove to each other that they hold the same KEK. As long as the random key. */
export interface KekValidation {
  /** KRs: the random key as the one node sends it. */
  readonly send: Uint8Array;
  /** KRr: what the other node must answer. */
  readonly receive: Uint8Array;
}

const ZERO_IV = new Uint8Array(8);

function expandVariant(kek: Secret, mask: readonly [number, number]): OwnCipher {
  using key = kekVariant(kek, mask);
  return expandKey('TDES', key);
}

/** The random key with every bit turned over, but for the parity, which is odd again. */
function invert(randomKey: Secret): Secret {
  using inverted = Secret.take(randomKey.expose((bytes) => bytes.map((byte) => ~byte)));
  return adjustOddParity(inverted);
}

function receiveValue(kek: Secret, mask: KekValidationMask, randomKey: Secret): Uint8Array {
  using cipher = expandVariant(kek, MASKS[mask].receive);
  using inverted = invert(randomKey);
  return inverted.expose((bytes) => cipher.encryptCbc(ZERO_IV, bytes));
}

/**
 * The request of the node that begins (AS 2805.6.3): the random key under one variant of the KEK, and, under another, the answer
 * that only a node with the same KEK can give.
 *
 * @param o.kek 16 or 24 bytes
 * @param o.randomKey 8, 16 or 24 bytes
 * @throws RangeError when a length is another
 */
export function requestKekValidation(o: {
  kek: Secret;
  mask: KekValidationMask;
  randomKey: Secret;
}): KekValidation {
  using cipher = expandVariant(o.kek, MASKS[o.mask].send);
  const send = o.randomKey.expose((bytes) => cipher.encryptCbc(ZERO_IV, bytes));
  return { send, receive: receiveValue(o.kek, o.mask, o.randomKey) };
}

/**
 * The answer of the other node: KRr of the KRs that came. Nothing in KRs tells whether the KEK is the right one; the node that
 * began sees it in the answer.
 *
 * @param o.kek 16 or 24 bytes
 * @param o.send KRs: 8, 16 or 24 bytes
 * @returns KRr
 * @throws RangeError when a length is another
 */
export function answerKekValidation(o: {
  kek: Secret;
  mask: KekValidationMask;
  send: Uint8Array;
}): Uint8Array {
  assertLength(o.send, [8, 16, 24], 'KRs');
  using cipher = expandVariant(o.kek, MASKS[o.mask].send);
  using randomKey = Secret.take(cipher.decryptCbc(ZERO_IV, o.send));
  return receiveValue(o.kek, o.mask, randomKey);
}
