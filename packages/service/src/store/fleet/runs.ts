import { type Database, insertInto, type Statement } from '../database.ts';
import type { FleetStore, ProfileKey, RunRecord } from './fleet-store.ts';

const FIND = 'SELECT * FROM fleet_runs WHERE region = ? AND run_id = ?';
const LIST = 'SELECT * FROM fleet_runs WHERE region = ? ORDER BY started_at DESC, run_id';
const SET_STATE = 'UPDATE fleet_runs SET state = ? WHERE region = ? AND run_id = ? RETURNING run_id';
const WAIT_AGAIN =
  "UPDATE fleet_injections SET state = 'WAITING', detail = NULL, updated_at = ? WHERE region = ? AND run_id = ? AND state IN ('REFUSED', 'CANCELLED') AND serial IN (SELECT serial FROM fleet_terminals WHERE region = ? AND state IN ('REGISTERED', 'BOOTSTRAPPED', 'LOADED'))";
const MOVE =
  'UPDATE fleet_runs SET next_at = ? WHERE region = ? AND run_id = ? AND next_at = ? RETURNING run_id';
// Terminals that have left for good, or wait to be looked at, get no injection.
const WAIT =
  "INSERT INTO fleet_injections (region, run_id, serial, purpose, state, sends, updated_at) SELECT region, ?, serial, ?, 'WAITING', 0, ? FROM fleet_terminals WHERE region = ? AND group_name = ? AND state IN ('REGISTERED', 'BOOTSTRAPPED', 'LOADED')";

type RunRow = ReturnType<typeof runRow>;

function runRow(run: RunRecord) {
  return {
    region: run.region,
    run_id: run.runId,
    group_name: run.groupName,
    profile_name: run.profileName,
    key_version: run.keyVersion,
    started_by: run.startedBy,
    started_at: run.startedAt,
    state: run.state,
    interval_ms: run.interval,
    next_at: run.nextAt,
  };
}

function runRecord(row: RunRow): RunRecord {
  return {
    region: row.region,
    runId: row.run_id,
    groupName: row.group_name,
    profileName: row.profile_name,
    keyVersion: row.key_version,
    startedBy: row.started_by,
    startedAt: row.started_at,
    state: row.state,
    interval: row.interval_ms,
    nextAt: row.next_at,
  };
}

/** One key of the profile, for all terminals of the run's group or for those that are named. */
function wait({ region, runId, groupName, startedAt }: RunRecord, { purpose }: ProfileKey): Statement {
  return { sql: WAIT, values: [runId, purpose, startedAt, region, groupName] };
}

function waitOne(run: RunRecord, key: ProfileKey, serial: string): Statement {
  const { sql, values } = wait(run, key);
  return { sql: `${sql} AND serial = ?`, values: [...values, serial] };
}

export function runMethods(
  database: Database,
): Pick<FleetStore, 'insertRun' | 'findRun' | 'listRuns' | 'setRunState' | 'moveNextAt'> {
  const runs = async (sql: string, ...values: Statement['values']) =>
    (await database.query<RunRow>({ sql, values })).map(runRecord);

  return {
    async insertRun(run, { keys }, serials) {
      await database.atomically([
        insertInto('fleet_runs', runRow(run)),
        ...keys.flatMap((key) => serials?.map((serial) => waitOne(run, key, serial)) ?? [wait(run, key)]),
      ]);
    },
    async findRun(region, runId) {
      return (await runs(FIND, region, runId))[0];
    },
    listRuns(region) {
      return runs(LIST, region);
    },
    setRunState(region, runId, state, now) {
      return database.atomically([
        { sql: SET_STATE, values: [state, region, runId], required: true },
        ...(state === 'OPEN' ? [{ sql: WAIT_AGAIN, values: [now, region, runId, region] }] : []),
      ]);
    },
    moveNextAt({ region, runId, nextAt: from }, nextAt) {
      return database.atomically([{ sql: MOVE, values: [nextAt, region, runId, from], required: true }]);
    },
  };
}
