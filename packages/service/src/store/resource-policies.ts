import type { Database, Row } from './database.ts';

const FIND = 'SELECT * FROM resource_policies WHERE region = ? AND key_id = ?';
const PUT =
  'INSERT INTO resource_policies (region, key_id, policy) VALUES (?, ?, ?) ON CONFLICT (region, key_id) DO UPDATE SET policy = excluded.policy';
const REMOVE = 'DELETE FROM resource_policies WHERE region = ? AND key_id = ?';

/** Policies of keys. */
export interface ResourcePolicyStore {
  /** Attaches a policy to a key, in the place of the one that it had. */
  putResourcePolicy(region: string, keyId: string, policy: string): Promise<void>;
  findResourcePolicy(region: string, keyId: string): Promise<string | undefined>;
  removeResourcePolicy(region: string, keyId: string): Promise<void>;
}

export function resourcePolicyMethods(database: Database): ResourcePolicyStore {
  return {
    async putResourcePolicy(region, keyId, policy) {
      await database.atomically([{ sql: PUT, values: [region, keyId, policy] }]);
    },
    async findResourcePolicy(region, keyId) {
      const values = [region, keyId];
      return (await database.query<Row & { policy: string }>({ sql: FIND, values }))[0]?.policy;
    },
    async removeResourcePolicy(region, keyId) {
      await database.atomically([{ sql: REMOVE, values: [region, keyId] }]);
    },
  };
}
