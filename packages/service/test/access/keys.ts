import { Secret } from '@keywright/crypto';
import type { AccessKeys, Role } from '../../src/access/access-keys.ts';
import type { Credentials } from './sign.ts';

/** Access keys that hold one, known to the test. */
export function accessKeysOf(
  { accessKeyId, secretAccessKey }: Credentials,
  user = 'administrator',
  role: Role = 'administrator',
): AccessKeys {
  const openSecret = async () => Secret.copyOf(Buffer.from(secretAccessKey));
  return {
    find: async (id) => (id === accessKeyId ? { id, user, role, openSecret } : undefined),
  };
}
