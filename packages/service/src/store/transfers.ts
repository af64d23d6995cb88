import { type Database, insertInto, type Row, type Statement } from './database.ts';
import type { TransferDirection, TransferRecord, TransferWay } from './records/transfer.ts';

interface TransferRow extends Row {
  region: string;
  key_id: string;
  direction: string;
  way: string;
  counterpart: string;
  party: string | null;
  ksn: string;
  first_at: number;
}

const FIND =
  'SELECT * FROM transfers WHERE region = ? AND key_id = ? AND direction = ? AND counterpart = ? AND ksn = ?';
const OF_KEY = 'SELECT * FROM transfers WHERE region = ? AND key_id = ? ORDER BY direction, counterpart, ksn';
const UNDER = 'SELECT * FROM transfers WHERE region = ? AND counterpart = ? ORDER BY direction, key_id, ksn';

function transferRow(transfer: TransferRecord) {
  return {
    region: transfer.region,
    key_id: transfer.keyId,
    direction: transfer.direction,
    way: transfer.way,
    counterpart: transfer.counterpart,
    party: transfer.party ?? null,
    ksn: transfer.ksn ?? '',
    first_at: transfer.firstAt,
  };
}

function transferRecord(row: TransferRow): TransferRecord {
  return {
    region: row.region,
    keyId: row.key_id,
    direction: row.direction as TransferDirection,
    way: row.way as TransferWay,
    counterpart: row.counterpart,
    party: row.party ?? undefined,
    ksn: row.ksn === '' ? undefined : row.ksn,
    firstAt: row.first_at,
  };
}

/** Stores a transfer; one that was there already keeps its time. */
export function insertTransfer(transfer: TransferRecord): Statement {
  const { sql, values } = insertInto('transfers', transferRow(transfer));
  return { sql: `${sql} ON CONFLICT (region, key_id, direction, counterpart, ksn) DO NOTHING`, values };
}

/** What went out and came in under what. */
export interface TransferStore {
  /** Stores that a key went out or came in; a transfer that was there already keeps its time. */
  recordTransfer(transfer: TransferRecord): Promise<void>;
  /** What a key went out and came in under. */
  transfersOf(region: string, keyId: string): Promise<TransferRecord[]>;
  /** What went out and came in under a counterpart. */
  transfersUnder(region: string, counterpart: string): Promise<TransferRecord[]>;
}

export function transferMethods(database: Database): TransferStore {
  const records = async (sql: string, ...values: Statement['values']) =>
    (await database.query<TransferRow>({ sql, values })).map(transferRecord);

  return {
    async recordTransfer(transfer) {
      const { region, keyId, direction, counterpart, ksn = '' } = transfer;
      // A read is much cheaper than a write that waits for the disk, and a key goes out the same way again and again.
      if ((await records(FIND, region, keyId, direction, counterpart, ksn)).length > 0) return;
      await database.atomically([insertTransfer(transfer)]);
    },
    transfersOf(region, keyId) {
      return records(OF_KEY, region, keyId);
    },
    transfersUnder(region, counterpart) {
      return records(UNDER, region, counterpart);
    },
  };
}
