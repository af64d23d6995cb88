import { randomBytes } from '@keywright/crypto';
import { ADMINISTRATOR, createAccessKey } from '../../access/access-keys.ts';
import { conflict, invalid } from '../../api/exceptions.ts';
import { DuplicateRecordError } from '../../store/errors.ts';
import { checkMembers, type Fields, readName } from './fields.ts';
import type { ApprovalContext } from './sessions.ts';

/**
 * Makes an approver's access key, which may approve and deny, and nothing else. Its secret is in this answer and nowhere else in
 * the clear.
 */
export async function addMember(fields: Fields, { store, vault, now }: ApprovalContext): Promise<object> {
  checkMembers(fields, ['name']);
  const user = readName(fields.name, 'name');
  if (user === ADMINISTRATOR)
    throw invalid(`name must not be ${ADMINISTRATOR}: nobody approves his own requests.`);
  const { id, secret } = createAccessKey(randomBytes);
  using clear = secret;
  try {
    await store.insertAccessKey(
      await vault.sealAccessKey({ user, accessKeyId: id, createdAt: now() }, clear),
    );
  } catch (error) {
    if (error instanceof DuplicateRecordError) throw conflict(`${user} has an access key already.`);
    throw error;
  }
  const secretAccessKey = clear.expose((bytes) => Buffer.from(bytes).toString('ascii'));
  return { name: user, accessKeyId: id, secretAccessKey };
}
