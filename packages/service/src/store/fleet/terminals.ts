import { type Database, insertInto, type Statement } from '../database.ts';
import type { FleetStore, NewTerminal, TerminalRecord, TerminalState } from './fleet-store.ts';
import { inList } from './serial-list.ts';
import { type TerminalRow, terminalRecord } from './terminal-rows.ts';

// A part has its terminals as JSON, with the names of NewTerminal.
const LINES =
  'FROM fleet_import_parts, json_each(fleet_import_parts.terminals) AS line WHERE region = ? AND import_id = ?';
const COMMIT_TERMINALS = `INSERT INTO fleet_terminals (region, serial, group_name, state, kek_key_id, kek_check_value, registered_at) SELECT region, value ->> 'serial', value ->> 'groupName', 'REGISTERED', value ->> 'kekKeyId', value ->> 'kekCheckValue', value ->> 'registeredAt' ${LINES}`;
const COMMIT_KEKS = `INSERT INTO fleet_keks (region, key_id, serial) SELECT region, value ->> 'kekKeyId', value ->> 'serial' ${LINES} AND value ->> 'kekKeyId' IS NOT NULL`;
// What was read above is verified as these rows go.
const DROP_PARTS = 'DELETE FROM fleet_import_parts WHERE region = ? AND import_id = ?';
const DROP_OLD_PARTS = 'DELETE FROM fleet_import_parts WHERE staged_at < ?';
const COUNT =
  'SELECT group_name, state, count(*) AS terminals FROM fleet_terminals WHERE region = ? GROUP BY group_name, state ORDER BY group_name, state';
const CANCEL =
  "UPDATE fleet_injections SET state = 'CANCELLED', detail = ? WHERE region = ? AND serial = ? AND state IN ('WAITING', 'ALLOCATED', 'EXPORTED', 'REFUSED')";
const TERMINAL_OF_KEK = 'SELECT * FROM fleet_keks WHERE region = ? AND key_id = ?';

/** States that a change may begin in; they are the program's own words, never a caller's. */
function stateList(states: readonly TerminalState[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}

function stagePart(
  region: string,
  importId: string,
  { serial, registeredAt }: NewTerminal,
  terminals: readonly NewTerminal[],
): Statement {
  return insertInto('fleet_import_parts', {
    region,
    import_id: importId,
    first_serial: serial,
    terminals: JSON.stringify(terminals),
    staged_at: registeredAt,
  });
}

type Moved = Pick<TerminalRecord, 'region' | 'serial' | 'state' | 'reason'>;

function move({ region, serial, state, reason }: Moved, from: readonly TerminalState[]): Statement {
  return {
    sql: `UPDATE fleet_terminals SET state = ?, reason = ?, lease_token = NULL, lease_agent = NULL, lease_until = NULL WHERE region = ? AND serial = ? AND state IN (${stateList(from)}) RETURNING serial`,
    values: [state, reason ?? null, region, serial],
    required: true,
  };
}

/** What a terminal that gets no more keys was to get. */
function cancelInjections({ region, serial, reason }: Moved): Statement {
  return { sql: CANCEL, values: [reason ?? null, region, serial] };
}

function giveKek(
  terminal: Pick<TerminalRecord, 'region' | 'serial' | 'state' | 'kekKeyId' | 'kekCheckValue'>,
  from: readonly TerminalState[],
): Statement {
  const { region, serial, state, kekKeyId = null, kekCheckValue = null } = terminal;
  return {
    sql: `UPDATE fleet_terminals SET state = ?, kek_key_id = ?, kek_check_value = ? WHERE region = ? AND serial = ? AND state IN (${stateList(from)}) RETURNING serial`,
    values: [state, kekKeyId, kekCheckValue, region, serial],
    required: true,
  };
}

type Methods =
  | 'stageTerminals'
  | 'commitImport'
  | 'dropImports'
  | 'findTerminals'
  | 'listTerminals'
  | 'countTerminals'
  | 'moveTerminal'
  | 'assignKek'
  | 'findTerminalOfKek';

export function terminalMethods(database: Database): Pick<FleetStore, Methods> {
  const terminals = async (sql: string, ...values: Statement['values']) =>
    (await database.query<TerminalRow>({ sql, values })).map(terminalRecord);

  return {
    async stageTerminals(region, importId, added) {
      const [first] = added;
      if (first) await database.atomically([stagePart(region, importId, first, added)]);
    },
    async commitImport(region, importId) {
      const values = [region, importId];
      await database.atomically([
        { sql: COMMIT_TERMINALS, values },
        { sql: COMMIT_KEKS, values },
        { sql: DROP_PARTS, values },
      ]);
    },
    async dropImports(before) {
      await database.atomically([{ sql: DROP_OLD_PARTS, values: [before] }]);
    },
    findTerminals(region, serials) {
      const { places, values } = inList(serials);
      const sql = `SELECT * FROM fleet_terminals WHERE region = ? AND serial IN (${places}) ORDER BY serial`;
      return terminals(sql, region, ...values);
    },
    listTerminals(region, { groupName, state }, { after = '', limit }) {
      const group = groupName === undefined ? '' : 'AND group_name = ? ';
      const inState = state === undefined ? '' : 'AND state = ? ';
      const sql = `SELECT * FROM fleet_terminals WHERE region = ? ${group}${inState}AND serial > ? ORDER BY serial LIMIT ?`;
      const given = [groupName, state].filter((value) => value !== undefined);
      return terminals(sql, region, ...given, after, limit);
    },
    async countTerminals(region) {
      type Row = { group_name: string; state: TerminalState; terminals: number };
      const rows = await database.query<Row>({ sql: COUNT, values: [region] });
      return rows.map(({ group_name: groupName, ...row }) => ({ groupName, ...row }));
    },
    moveTerminal(terminal, from) {
      const { state } = terminal;
      const leaves = state === 'QUARANTINED' || state === 'DECOMMISSIONED';
      return database.atomically([move(terminal, from), ...(leaves ? [cancelInjections(terminal)] : [])]);
    },
    assignKek(terminal, from) {
      const { region, serial, kekKeyId = '' } = terminal;
      const owner = insertInto('fleet_keks', { region, key_id: kekKeyId, serial });
      return database.atomically([giveKek(terminal, from), owner]);
    },
    async findTerminalOfKek(region, keyId) {
      const values = [region, keyId];
      return (await database.query<{ serial: string }>({ sql: TERMINAL_OF_KEK, values }))[0]?.serial;
    },
  };
}
