import { type Database, insertInto, type Statement } from '../database.ts';
import type { FleetStore, GroupRecord, KeySetRecord, ProfileRecord } from './fleet-store.ts';

const FIND_PROFILE = 'SELECT * FROM fleet_profiles WHERE region = ? AND profile_name = ?';
const LIST_PROFILES = 'SELECT * FROM fleet_profiles WHERE region = ? ORDER BY profile_name';
const FIND_KEY_SET = 'SELECT * FROM fleet_key_sets WHERE key_set_id = ?';
const KEY_SET_OF_BDK = 'SELECT * FROM fleet_key_sets WHERE key_set_id = ? AND region = ? AND bdk_key_id = ?';
const FIND_GROUP = 'SELECT * FROM fleet_groups WHERE region = ? AND group_name = ?';
const LIST_GROUPS = 'SELECT * FROM fleet_groups WHERE region = ? ORDER BY group_name';

type ProfileRow = ReturnType<typeof profileRow>;
type KeySetRow = ReturnType<typeof keySetRow>;
type GroupRow = ReturnType<typeof groupRow>;

function profileRow({ region, name, device, keys, createdAt }: ProfileRecord) {
  return {
    region,
    profile_name: name,
    device: JSON.stringify(device),
    keys: JSON.stringify(keys),
    created_at: createdAt,
  };
}

function profileRecord(row: ProfileRow): ProfileRecord {
  return {
    region: row.region,
    name: row.profile_name,
    device: JSON.parse(row.device),
    keys: JSON.parse(row.keys),
    createdAt: row.created_at,
  };
}

function keySetRow({ keySetId, region, bdkKeyId, next, last }: KeySetRecord) {
  return { key_set_id: keySetId, region, bdk_key_id: bdkKeyId, next_number: next, last_number: last };
}

function keySetRecord(row: KeySetRow): KeySetRecord {
  return {
    keySetId: row.key_set_id,
    region: row.region,
    bdkKeyId: row.bdk_key_id,
    next: row.next_number,
    last: row.last_number,
  };
}

function groupRow({ region, name, profileName, createdAt }: GroupRecord) {
  return { region, group_name: name, profile_name: profileName, created_at: createdAt };
}

function groupRecord(row: GroupRow): GroupRecord {
  return {
    region: row.region,
    name: row.group_name,
    profileName: row.profile_name,
    createdAt: row.created_at,
  };
}

/** Stores a key set unless it is there; then it must be of the same BDK. */
function keepKeySet(keySet: KeySetRecord): Statement[] {
  const { sql, values } = insertInto('fleet_key_sets', keySetRow(keySet));
  const { keySetId, region, bdkKeyId } = keySet;
  return [
    { sql: `${sql} ON CONFLICT (key_set_id) DO NOTHING`, values },
    { sql: KEY_SET_OF_BDK, values: [keySetId, region, bdkKeyId], required: true },
  ];
}

type Methods =
  | 'insertProfile'
  | 'findProfile'
  | 'listProfiles'
  | 'findKeySet'
  | 'insertGroup'
  | 'findGroup'
  | 'listGroups';

export function profileMethods(database: Database): Pick<FleetStore, Methods> {
  const profiles = async (sql: string, ...values: Statement['values']) =>
    (await database.query<ProfileRow>({ sql, values })).map(profileRecord);
  const groups = async (sql: string, ...values: Statement['values']) =>
    (await database.query<GroupRow>({ sql, values })).map(groupRecord);

  return {
    insertProfile(profile, keySets) {
      return database.atomically([
        ...keySets.flatMap(keepKeySet),
        insertInto('fleet_profiles', profileRow(profile)),
      ]);
    },
    async findProfile(region, name) {
      return (await profiles(FIND_PROFILE, region, name))[0];
    },
    listProfiles(region) {
      return profiles(LIST_PROFILES, region);
    },
    async findKeySet(keySetId) {
      const rows = await database.query<KeySetRow>({ sql: FIND_KEY_SET, values: [keySetId] });
      return rows.map(keySetRecord)[0];
    },
    async insertGroup(group) {
      await database.atomically([insertInto('fleet_groups', groupRow(group))]);
    },
    async findGroup(region, name) {
      return (await groups(FIND_GROUP, region, name))[0];
    },
    listGroups(region) {
      return groups(LIST_GROUPS, region);
    },
  };
}
