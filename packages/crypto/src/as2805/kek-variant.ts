import { assertLength } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';

/**
 * A variant of a TDES key encryption key (AS 2805.6.1): the two bytes of the mask, again and again, added to it bit by bit.
 * The KEK itself is never used for what a variant is for, so that a key of one use can't be passed off as one of another.
 *
 * @param kek 16 or 24 bytes; stays as it is
 * @param mask two bytes
 */
export function kekVariant(kek: Secret, mask: readonly [number, number]): Secret {
  assertLength(kek, [16, 24], 'KEK');
  return Secret.take(kek.expose((bytes) => bytes.map((byte, i) => byte ^ mask[i % 2]!)));
}
