import { type Database, insertInto, type Row, type Statement } from './database.ts';
import type { Page } from './page.ts';
import type {
  RotationItemRecord,
  RotationItemState,
  RotationRecord,
  RotationStatus,
} from './records/rotation.ts';
import type { TransferWay } from './records/transfer.ts';

interface RotationRow extends Row {
  region: string;
  rotation_id: string;
  key_id: string;
  successor_id: string;
  made_here: number;
  key_version: string;
  status: string;
  requester: string;
  started_at: number;
  ended_at: number;
}

interface ItemRow extends Row {
  region: string;
  rotation_id: string;
  position: number;
  key_id: string;
  way: string;
  counterpart: string;
  party: string | null;
  ksn: string;
  state: string;
  block: string | null;
  check_value: string | null;
  message: string | null;
}

/** The end of a rotation that goes on: part of a unique index, so that a key has one rotation at a time. */
const NOT_ENDED = 0;

const FIND = 'SELECT * FROM rotations WHERE region = ? AND rotation_id = ?';
const LIST = 'SELECT * FROM rotations WHERE region = ? ORDER BY started_at DESC, rotation_id';
const OF_SUCCESSOR =
  "SELECT * FROM rotations WHERE region = ? AND successor_id = ? AND status = 'COMPLETED' ORDER BY ended_at DESC LIMIT 1";
const END =
  "UPDATE rotations SET status = ?, ended_at = ? WHERE region = ? AND rotation_id = ? AND status = 'STARTED' RETURNING rotation_id";
const MOVE_ALIASES = 'UPDATE aliases SET key_id = ? WHERE region = ? AND key_id = ?';
const NEXT =
  "SELECT * FROM rotation_items WHERE region = ? AND rotation_id = ? AND state IN ('WAITING', 'FAILED') AND position > ? ORDER BY position LIMIT ?";
const ITEMS =
  'SELECT * FROM rotation_items WHERE region = ? AND rotation_id = ? AND position > ? ORDER BY position LIMIT ?';
const COUNT =
  'SELECT state, count(*) AS items FROM rotation_items WHERE region = ? AND rotation_id = ? GROUP BY state';
const FINISH =
  'UPDATE rotation_items SET state = ?, block = ?, check_value = ?, message = ? WHERE region = ? AND rotation_id = ? AND position = ?';

function rotationRow(rotation: RotationRecord) {
  return {
    region: rotation.region,
    rotation_id: rotation.rotationId,
    key_id: rotation.keyId,
    successor_id: rotation.successorId,
    made_here: rotation.madeHere ? 1 : 0,
    key_version: rotation.keyVersion,
    status: rotation.status,
    requester: rotation.requester,
    started_at: rotation.startedAt,
    ended_at: rotation.endedAt ?? NOT_ENDED,
  };
}

function rotationRecord(row: RotationRow): RotationRecord {
  return {
    region: row.region,
    rotationId: row.rotation_id,
    keyId: row.key_id,
    successorId: row.successor_id,
    madeHere: row.made_here === 1,
    keyVersion: row.key_version,
    status: row.status as RotationStatus,
    requester: row.requester,
    startedAt: row.started_at,
    endedAt: row.ended_at === NOT_ENDED ? undefined : row.ended_at,
  };
}

function itemRow({ region, rotationId }: RotationRecord, item: RotationItemRecord) {
  return {
    region,
    rotation_id: rotationId,
    position: item.position,
    key_id: item.keyId,
    way: item.way,
    counterpart: item.counterpart,
    party: item.party ?? null,
    ksn: item.ksn ?? '',
    state: item.state,
    block: item.block ?? null,
    check_value: item.checkValue ?? null,
    message: item.message ?? null,
  };
}

function itemRecord(row: ItemRow): RotationItemRecord {
  return {
    position: row.position,
    keyId: row.key_id,
    way: row.way as TransferWay,
    counterpart: row.counterpart,
    party: row.party ?? undefined,
    ksn: row.ksn === '' ? undefined : row.ksn,
    state: row.state as RotationItemState,
    block: row.block ?? undefined,
    checkValue: row.check_value ?? undefined,
    message: row.message ?? undefined,
  };
}

/** Rotations of keys. */
export interface RotationStore {
  /** Stores a new rotation with its items. @throws DuplicateRecordError when the key has one that goes on */
  insertRotation(rotation: RotationRecord, items: readonly RotationItemRecord[]): Promise<void>;
  findRotation(region: string, rotationId: string): Promise<RotationRecord | undefined>;
  /** The newest first. */
  listRotations(region: string): Promise<RotationRecord[]>;
  /** The completed rotation that a key came out of, if any. */
  rotationOfSuccessor(region: string, successorId: string): Promise<RotationRecord | undefined>;
  /** Ends a rotation; COMPLETED moves every alias of the key to its successor in the same step. False when it has ended. */
  endRotation(rotation: RotationRecord, status: RotationStatus, endedAt: number): Promise<boolean>;
  /** Items that are WAITING or FAILED, in order of position; `after` is a position. */
  waitingItems(rotation: RotationRecord, page: Page): Promise<RotationItemRecord[]>;
  /** In order of position; `after` is a position. */
  listRotationItems(rotation: RotationRecord, page: Page): Promise<RotationItemRecord[]>;
  countRotationItems(rotation: RotationRecord): Promise<Readonly<Record<RotationItemState, number>>>;
  finishRotationItem(rotation: RotationRecord, item: RotationItemRecord): Promise<void>;
}

export function rotationMethods(database: Database): RotationStore {
  const rotations = async (sql: string, ...values: Statement['values']) =>
    (await database.query<RotationRow>({ sql, values })).map(rotationRecord);
  const items = async (sql: string, ...values: Statement['values']) =>
    (await database.query<ItemRow>({ sql, values })).map(itemRecord);

  return {
    async insertRotation(rotation, planned) {
      await database.atomically([
        insertInto('rotations', rotationRow(rotation)),
        ...planned.map((item) => insertInto('rotation_items', itemRow(rotation, item))),
      ]);
    },
    async findRotation(region, rotationId) {
      return (await rotations(FIND, region, rotationId))[0];
    },
    listRotations(region) {
      return rotations(LIST, region);
    },
    async rotationOfSuccessor(region, successorId) {
      return (await rotations(OF_SUCCESSOR, region, successorId))[0];
    },
    endRotation({ region, rotationId, keyId, successorId }, status, endedAt) {
      const end = { sql: END, values: [status, endedAt, region, rotationId], required: true as const };
      const move = { sql: MOVE_ALIASES, values: [successorId, region, keyId] };
      return database.atomically(status === 'COMPLETED' ? [end, move] : [end]);
    },
    waitingItems({ region, rotationId }, { after = '0', limit }: Page) {
      return items(NEXT, region, rotationId, Number(after), limit);
    },
    listRotationItems({ region, rotationId }, { after = '0', limit }: Page) {
      return items(ITEMS, region, rotationId, Number(after), limit);
    },
    async countRotationItems({ region, rotationId }) {
      const values = [region, rotationId];
      const rows = await database.query<Row & { state: string; items: number }>({ sql: COUNT, values });
      const counted = Object.fromEntries(rows.map(({ state, items: count }) => [state, Number(count)]));
      return { WAITING: 0, DONE: 0, FAILED: 0, BY_HAND: 0, ...counted };
    },
    async finishRotationItem({ region, rotationId }, { position, state, block, checkValue, message }) {
      const outcome = [state, block ?? null, checkValue ?? null, message ?? null];
      await database.atomically([{ sql: FINISH, values: [...outcome, region, rotationId, position] }]);
    },
  };
}
