import { Secret } from '@keywright/crypto';
import type { Vault } from '../custody/vault.ts';
import type { Store } from '../store/store.ts';

/** The administrator does everything but approve; an approver does nothing else. */
export type Role = 'administrator' | 'approver';

/** What a client signs its requests with, and whose it is. */
export interface AccessKey {
  /** 20 characters; not secret. */
  readonly id: string;
  readonly user: string;
  readonly role: Role;
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

/** The administrator's access key, and the approvers' in the store. */
export function accessKeysWith(
  { id: administratorId, secret }: Credentials,
  { store, vault }: { readonly store: Store; readonly vault: Vault },
): AccessKeys {
  const administrator: AccessKey = {
    id: administratorId,
    user: ADMINISTRATOR,
    role: 'administrator',
    openSecret: async () => secret.clone(),
  };
  return {
    async find(id) {
      if (id === administratorId) return administrator;
      const record = await store.findAccessKey(id);
      return (
        record && { id, user: record.user, role: 'approver', openSecret: () => vault.openAccessKey(record) }
      );
    },
  };
}
