import { type Database, insertInto, type Statement } from '../database.ts';
import type { FleetStore, InjectionChange, InjectionRecord } from './fleet-store.ts';
import { inList } from './serial-list.ts';

const LIST =
  'SELECT * FROM fleet_injections WHERE region = ? AND run_id = ? AND (serial > ? OR (serial = ? AND purpose > ?))';
const ORDER = 'ORDER BY serial, purpose';
const OF_TERMINAL =
  'SELECT * FROM fleet_injections WHERE region = ? AND serial = ? ORDER BY updated_at DESC, run_id, purpose LIMIT ?';
const COUNT =
  'SELECT state, purpose, count(*) AS injections FROM fleet_injections WHERE region = ? AND run_id = ? GROUP BY state, purpose ORDER BY state, purpose';
const OF_KSN = 'SELECT * FROM fleet_ksns WHERE ksn = ?';
const TAKE_NUMBERS =
  'UPDATE fleet_key_sets SET next_number = next_number + ? WHERE key_set_id = ? AND next_number + ? <= last_number + 1 RETURNING next_number';
const LEASED = 'SELECT * FROM fleet_terminals WHERE region = ? AND serial = ? AND lease_token = ?';
// The KSN tells an injection that has moved on and come back from one that has not.
const CHANGE =
  "UPDATE fleet_injections SET state = ?, ksn = ?, check_value = ?, block_hash = ?, sends = ?, detail = ?, receipt = ?, updated_at = ? WHERE region = ? AND run_id = ? AND serial = ? AND purpose = ? AND state = ? AND coalesce(ksn, '') = ? RETURNING serial";

const NONE_BUT = (states: string) =>
  `NOT EXISTS (SELECT 1 FROM fleet_injections WHERE region = ? AND run_id = ? AND serial = ? AND state NOT IN (${states}))`;
const LOADED = `UPDATE fleet_terminals SET state = 'LOADED' WHERE region = ? AND serial = ? AND state = 'BOOTSTRAPPED' AND ${NONE_BUT("'DONE'")}`;
const RELEASE = `UPDATE fleet_terminals SET lease_token = NULL, lease_agent = NULL, lease_until = NULL WHERE region = ? AND serial = ? AND ${NONE_BUT("'DONE', 'REFUSED'")}`;

type InjectionRow = ReturnType<typeof injectionRow>;

function injectionRow(injection: InjectionRecord) {
  return {
    region: injection.region,
    run_id: injection.runId,
    serial: injection.serial,
    purpose: injection.purpose,
    state: injection.state,
    ksn: injection.ksn ?? null,
    check_value: injection.checkValue ?? null,
    block_hash: injection.blockHash ?? null,
    sends: injection.sends,
    detail: injection.detail ?? null,
    receipt: injection.receipt === undefined ? null : JSON.stringify(injection.receipt),
    updated_at: injection.updatedAt,
  };
}

function injectionRecord(row: InjectionRow): InjectionRecord {
  return {
    region: row.region,
    runId: row.run_id,
    serial: row.serial,
    purpose: row.purpose,
    state: row.state,
    ksn: row.ksn ?? undefined,
    checkValue: row.check_value ?? undefined,
    blockHash: row.block_hash ?? undefined,
    sends: row.sends,
    detail: row.detail ?? undefined,
    receipt: row.receipt === null ? undefined : JSON.parse(row.receipt),
    updatedAt: row.updated_at,
  };
}

function change({ from, to }: InjectionChange): Statement {
  const { region, run_id, serial, purpose, ...changed } = injectionRow(to);
  return {
    sql: CHANGE,
    values: [...Object.values(changed), region, run_id, serial, purpose, from.state, from.ksn ?? ''],
    required: true,
  };
}

/** What follows for the terminals of injections that have come to their end. */
function finishTerminals(changes: readonly InjectionChange[]): Statement[] {
  const terminals = new Map(changes.map(({ to }) => [to.serial, to]));
  return [...terminals.values()].flatMap(({ region, runId, serial }) => {
    const values = [region, serial, region, runId, serial];
    return [
      { sql: LOADED, values },
      { sql: RELEASE, values },
    ];
  });
}

/** Nothing is kept unless each terminal is still leased under the token. */
function changeLeased(changes: readonly InjectionChange[], token: string): Statement[] {
  const terminals = new Map(changes.map(({ from: { region, serial } }) => [serial, region]));
  const leased = [...terminals].map(([serial, region]) => ({
    sql: LEASED,
    values: [region, serial, token],
    required: true as const,
  }));
  return [...leased, ...changes.map(change)];
}

/** The KSN's primary key holds whatever anybody may get wrong: no KSN is given twice. */
function giveKsn({ to }: InjectionChange): Statement {
  const { region, runId: run_id, serial, purpose, ksn = null, updatedAt: given_at } = to;
  return insertInto('fleet_ksns', { ksn, region, serial, purpose, run_id, given_at });
}

type Methods =
  | 'findInjections'
  | 'listInjections'
  | 'injectionsOf'
  | 'countInjections'
  | 'takeNumbers'
  | 'giveKsns'
  | 'changeInjections'
  | 'finishInjections'
  | 'findTerminalOfKsn';

export function injectionMethods(database: Database): Pick<FleetStore, Methods> {
  const injections = async (sql: string, ...values: Statement['values']) =>
    (await database.query<InjectionRow>({ sql, values })).map(injectionRecord);

  return {
    findInjections(region, runId, serials) {
      const { places, values } = inList(serials);
      const sql = `SELECT * FROM fleet_injections WHERE region = ? AND run_id = ? AND serial IN (${places}) ${ORDER}`;
      return injections(sql, region, runId, ...values);
    },
    listInjections(region, runId, state, { after = ' ', limit }) {
      const [serial = '', purpose = ''] = after.split(' ');
      const values = [region, runId, serial, serial, purpose];
      return state === undefined
        ? injections(`${LIST} ${ORDER} LIMIT ?`, ...values, limit)
        : injections(`${LIST} AND state = ? ${ORDER} LIMIT ?`, ...values, state, limit);
    },
    injectionsOf(region, serial, limit) {
      return injections(OF_TERMINAL, region, serial, limit);
    },
    async countInjections(region, runId) {
      type Row = { state: InjectionRecord['state']; purpose: string; injections: number };
      const rows = await database.query<Row>({ sql: COUNT, values: [region, runId] });
      return rows.map((row) => ({ ...row }));
    },
    async findTerminalOfKsn(ksn) {
      const rows = await database.query<{ serial: string }>({ sql: OF_KSN, values: [ksn] });
      return rows[0]?.serial;
    },
    async takeNumbers(keySetId, count) {
      const values = [count, keySetId, count];
      const rows = await database.query<{ next_number: number }>({ sql: TAKE_NUMBERS, values });
      return rows[0] && rows[0].next_number - count;
    },
    giveKsns(changes, token) {
      return database.atomically([...changes.map(giveKsn), ...changeLeased(changes, token)]);
    },
    changeInjections(changes, token) {
      return database.atomically(changeLeased(changes, token));
    },
    finishInjections(changes, token) {
      return database.atomically([...changeLeased(changes, token), ...finishTerminals(changes)]);
    },
  };
}
