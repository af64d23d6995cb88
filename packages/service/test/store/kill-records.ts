import { hash } from 'node:crypto';
import { Secret } from '@keywright/crypto';
import type { Tag } from '../../src/api/control-plane.generated.ts';

// What belongs to a key by its id, so that a record can be told to be whole without having seen it before.

export function materialOf(keyId: string): Secret {
  return Secret.copyOf(hash('sha256', keyId, 'buffer'));
}

export function tagsOf(keyId: string): Tag[] {
  return ['a', 'b', 'c'].map((Key) => ({ Key, Value: keyId }));
}
