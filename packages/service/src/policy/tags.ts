import type { Tag } from '../api/control-plane.generated.ts';
import { AwsException, invalid } from '../api/exceptions.ts';

/** Tags that a key may have. */
export const MOST_TAGS = 50;

/** The prefix, in any case of letters, that AWS keeps for itself. */
const RESERVED = /^aws:/i;

export function tooManyTags(): AwsException {
  return new AwsException('ServiceQuotaExceededException', `A key has at most ${MOST_TAGS} tags.`);
}

/** Throws unless the tags of one request can be stored together. */
export function checkTags(tags: readonly Tag[]): void {
  const seen = new Set<string>();
  for (const { Key } of tags) {
    if (RESERVED.test(Key))
      throw invalid(`Tag key ${Key} is reserved: use one that does not start with aws:.`);
    if (seen.has(Key)) throw invalid(`Tag key ${Key} is given more than once: give each key once.`);
    seen.add(Key);
  }
  if (tags.length > MOST_TAGS) throw tooManyTags();
}
