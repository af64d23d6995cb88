import { Secret } from '@keywright/crypto';
import { type Document, type Documents, documentsOf, type Keeping } from '../custody/documents.ts';
import type { Vault } from '../custody/vault.ts';
import { type IdentityPolicy, readIdentityPolicy } from '../policy/identity-policy.ts';
import type { Store } from '../store/store.ts';

/**
 * `administrator`: the access key in the file, which does everything but approve; `approver`: a member's of approval teams, which does
 * nothing else; `machine`: one that does what its policy allows.
 */
export type Role = 'administrator' | 'approver' | 'machine';

/** What a client signs its requests with, and whose it is. */
export interface AccessKey {
  /** 20 characters; not secret. */
  readonly id: string;
  readonly user: string;
  /** The person who was given the secret, where that is another than the user. */
  readonly owner?: string | undefined;
  readonly role: Role;
  /** What a machine's may do. */
  readonly identity?: IdentityPolicy | undefined;
  /** The ASCII characters of the secret access key; the caller's to dispose of. */
  openSecret(): Promise<Secret>;
}

export interface AccessKeys {
  find(id: string): Promise<AccessKey | undefined>;
}

/** An access key as it is made or read. */
export interface Credentials {
  readonly id: string;
  readonly secret: Secret;
}

export const ADMINISTRATOR = 'administrator';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A new access key in AWS's form: `AKIA` and 16 characters of base32 (80 random bits), and 40 characters of base64
 * (240 random bits).
 */
export function createAccessKey(randomBytes: (length: number) => Uint8Array): Credentials {
  const id = Array.from(randomBytes(16), (byte) => BASE32[byte & 31]).join('');
  return {
    id: `AKIA${id}`,
    secret: Secret.take(Buffer.from(Buffer.from(randomBytes(30)).toString('base64'))),
  };
}

/** How AWS names a user of an account. */
export function userArn(account: string, user: string): string {
  return `arn:aws:iam::${account}:user/${user}`;
}

/** An access key with a policy; the document's id is the access key's, its group the user, its secret the secret access key. */
export interface MachineKey {
  /** The person who was given the secret. */
  readonly owner: string;
  readonly active: boolean;
  /** An identity-based policy: JSON. */
  readonly policy: string;
  readonly createdAt: number;
}

export type MachineKeyDocument = Document<MachineKey>;

const MACHINE_KEY = 'access-key';

export function machineKeysIn(keeping: Keeping): Documents<MachineKey> {
  return documentsOf<MachineKey>(MACHINE_KEY, keeping);
}

interface Kept {
  readonly revision: number;
  readonly key: AccessKey | undefined;
}

/** Access keys whose policies are kept parsed. */
const MOST_KEPT = 1000;

type AccessKeeping = { readonly store: Store; readonly vault: Vault };

/**
 * Finds access keys with policies. What was read is kept as long as the document is at its revision: a key that is switched off, or
 * whose policy changes, in this process or another, changes at once.
 */
function findMachineKeys(keeping: AccessKeeping): AccessKeys['find'] {
  const kept = new Map<string, Kept>();
  const keys = machineKeysIn(keeping);
  const read = async (id: string): Promise<Kept | undefined> => {
    const found = await keys.find(id);
    if (found === undefined) return undefined;
    const { group: user, body, record } = found;
    const { owner, active, policy } = body;
    const openSecret = () => keys.openSecret(found);
    const key = {
      id,
      user,
      owner,
      role: 'machine',
      identity: readIdentityPolicy(policy),
      openSecret,
    } as const;
    return { revision: record.revision, key: active ? key : undefined };
  };
  return async (id) => {
    const revision = await keeping.store.revisionOfDocument(MACHINE_KEY, id);
    if (revision === undefined) return undefined;
    const known = kept.get(id);
    if (known?.revision === revision) return known.key;
    const found = await read(id);
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    if (found) kept.set(id, found);
    return found?.key;
  };
}

/** The administrator's access key, those with policies, and the approvers' in the store. */
export function accessKeysWith(
  { id: administratorId, secret }: Credentials,
  keeping: AccessKeeping,
): AccessKeys {
  const administrator: AccessKey = {
    id: administratorId,
    user: ADMINISTRATOR,
    role: 'administrator',
    openSecret: async () => secret.clone(),
  };
  const findMachineKey = findMachineKeys(keeping);
  const findMember = async (id: string): Promise<AccessKey | undefined> => {
    const record = await keeping.store.findAccessKey(id);
    const openSecret = () => keeping.vault.openAccessKey(record!);
    return record && { id, user: record.user, role: 'approver', openSecret };
  };
  const findOther = async (id: string) => (await findMachineKey(id)) ?? (await findMember(id));
  return {
    find: (id) => (id === administratorId ? Promise.resolve(administrator) : findOther(id)),
  };
}
