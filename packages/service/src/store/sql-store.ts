import { accessKeyMethods } from './access-keys.ts';
import { aliasMethods } from './aliases.ts';
import { approvalMethods } from './approvals.ts';
import { authorityMethods } from './authorities.ts';
import { ceremonyMethods } from './ceremonies.ts';
import { countChanges } from './changes.ts';
import type { Database } from './database.ts';
import { defaultRegionMethods } from './default-regions.ts';
import { documentMethods } from './documents.ts';
import { fleetStore } from './fleet/index.ts';
import { keyMethods } from './keys.ts';
import { mainKeyMethods } from './main-keys.ts';
import { replicaMethods } from './replicas.ts';
import { resourcePolicyMethods } from './resource-policies.ts';
import { rotationMethods } from './rotations.ts';
import { sealedMethods } from './sealed-tables.ts';
import { settingMethods } from './settings.ts';
import type { Store } from './store.ts';
import { tagMethods } from './tags.ts';
import { teamAssociationMethods } from './team-associations.ts';
import { tokenMethods } from './tokens.ts';
import { transferMethods } from './transfers.ts';

// Reads a table, so that it tells of a database that is there but cannot be read.
const PING = 'SELECT revision FROM keys LIMIT 1';

/** The store of records in a relational database; its statements are the same for every kind. */
export function sqlStore(plain: Database): Store {
  const [database, changes] = countChanges(plain);
  return {
    ...changes,
    ...keyMethods(database),
    ...aliasMethods(database),
    ...replicaMethods(database),
    ...defaultRegionMethods(database),
    ...tagMethods(database),
    ...rotationMethods(database),
    ...ceremonyMethods(database),
    ...tokenMethods(database),
    ...transferMethods(database),
    ...authorityMethods(database),
    ...resourcePolicyMethods(database),
    ...accessKeyMethods(database),
    ...approvalMethods(database),
    ...teamAssociationMethods(database),
    ...documentMethods(database),
    fleet: fleetStore(database),
    custody: {
      ...settingMethods(database),
      ...sealedMethods(database),
      ...mainKeyMethods(database),
    },
    async ping() {
      await database.query({ sql: PING, values: [] });
    },
    check: (signal) => database.check(signal),
    close: () => database.close(),
  };
}
