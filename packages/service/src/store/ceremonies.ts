import { type Database, insertInto, type Row, type Statement } from './database.ts';
import type {
  CeremonyKind,
  CeremonyOutcome,
  CeremonyRecord,
  CeremonyStatus,
  ComponentRecord,
  ComponentState,
  ExposureRecord,
} from './records/ceremony.ts';
import { keyRow } from './rows.ts';
import { putTag } from './tags.ts';
import { insertTransfer } from './transfers.ts';

type CeremonyRow = ReturnType<typeof ceremonyRow> & Row;
export type ComponentRow = ReturnType<typeof componentRow> & Row;
type ExposureRow = ReturnType<typeof exposureRow> & Row;

const FIND = 'SELECT * FROM ceremonies WHERE region = ? AND ceremony_id = ?';
const LIST = 'SELECT * FROM ceremonies WHERE region = ? ORDER BY opened_at DESC, ceremony_id';
// The status stands in the text, not among the values, so that the index over the open ones alone serves it.
const TO_END =
  "SELECT * FROM ceremonies WHERE status = 'OPEN' AND expires_at <= ? ORDER BY expires_at, region, ceremony_id";
const COMPONENTS = 'SELECT * FROM ceremony_components WHERE region = ? AND ceremony_id = ? ORDER BY number';
const EXPOSURES = 'SELECT * FROM component_exposures WHERE identity = ? AND custodian = ?';
const REPLACE_COMPONENT =
  'UPDATE ceremony_components SET state = ?, check_value = ?, bag_serial = ?, happened_at = ?, sealed = ? WHERE region = ? AND ceremony_id = ? AND number = ? AND state = ? RETURNING number';
/** A component of a ceremony that has ended changes no more. */
const STILL_OPEN = "SELECT * FROM ceremonies WHERE region = ? AND ceremony_id = ? AND status = 'OPEN'";
const END =
  "UPDATE ceremonies SET status = ?, key_id = ?, check_value = ?, ended_at = ? WHERE region = ? AND ceremony_id = ? AND status = 'OPEN' RETURNING ceremony_id";
const DESTROY_COMPONENTS =
  "UPDATE ceremony_components SET sealed = NULL, state = CASE state WHEN 'PRINTED' THEN state ELSE 'DESTROYED' END WHERE region = ? AND ceremony_id = ?";

function ceremonyRow(ceremony: CeremonyRecord) {
  return {
    region: ceremony.region,
    ceremony_id: ceremony.ceremonyId,
    kind: ceremony.kind as string,
    key_name: ceremony.keyName,
    party: ceremony.party,
    key_id: ceremony.keyId ?? null,
    attributes: JSON.stringify(ceremony.attributes),
    exportable: ceremony.exportable ? 1 : 0,
    check_value: ceremony.checkValue ?? null,
    status: ceremony.status as string,
    requester: ceremony.requester,
    opened_at: ceremony.openedAt,
    expires_at: ceremony.expiresAt,
    ended_at: ceremony.endedAt ?? null,
  };
}

function ceremonyRecord(row: CeremonyRow): CeremonyRecord {
  return {
    region: row.region,
    ceremonyId: row.ceremony_id,
    kind: row.kind as CeremonyKind,
    keyName: row.key_name,
    party: row.party,
    keyId: row.key_id ?? undefined,
    attributes: JSON.parse(row.attributes),
    exportable: row.exportable === 1,
    checkValue: row.check_value ?? undefined,
    status: row.status as CeremonyStatus,
    requester: row.requester,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
  };
}

function componentRow(component: ComponentRecord) {
  return {
    region: component.region,
    ceremony_id: component.ceremonyId,
    number: component.number,
    custodian: component.custodian,
    state: component.state as string,
    check_value: component.checkValue ?? null,
    bag_serial: component.bagSerial ?? null,
    happened_at: component.at ?? null,
    sealed: component.sealed ?? null,
  };
}

export function componentRecord(row: ComponentRow): ComponentRecord {
  return {
    region: row.region,
    ceremonyId: row.ceremony_id,
    number: row.number,
    custodian: row.custodian,
    state: row.state as ComponentState,
    checkValue: row.check_value ?? undefined,
    bagSerial: row.bag_serial ?? undefined,
    at: row.happened_at ?? undefined,
    sealed: row.sealed ?? undefined,
  };
}

function exposureRow(exposure: ExposureRecord) {
  return {
    identity: exposure.identity,
    custodian: exposure.custodian,
    ceremony_id: exposure.ceremonyId,
    number: exposure.number,
    happened_at: exposure.at,
  };
}

function exposureRecord(row: ExposureRow): ExposureRecord {
  const { identity, custodian, ceremony_id: ceremonyId, number, happened_at: at } = row;
  return { identity, custodian, ceremonyId, number, at };
}

function insertExposure(exposure: ExposureRecord): Statement {
  const { sql, values } = insertInto('component_exposures', exposureRow(exposure));
  return { sql: `${sql} ON CONFLICT (identity, custodian, ceremony_id, number) DO NOTHING`, values };
}

function outcomeStatements({ key, tags = [], transfer, exposures }: CeremonyOutcome): Statement[] {
  return [
    ...(key === undefined ? [] : [insertInto('keys', keyRow(key))]),
    ...(key === undefined ? [] : tags.map((tag) => putTag(key.region, key.keyId, tag))),
    insertTransfer(transfer),
    ...exposures.map(insertExposure),
  ];
}

/** Ceremonies, their components, and who has seen which. */
export interface CeremonyStore {
  /** Stores a new ceremony with its components. */
  insertCeremony(ceremony: CeremonyRecord, components: readonly ComponentRecord[]): Promise<void>;
  findCeremony(region: string, ceremonyId: string): Promise<CeremonyRecord | undefined>;
  /** The newest first. */
  listCeremonies(region: string): Promise<CeremonyRecord[]>;
  /** Of every region, that are OPEN and whose time is over by `now`. */
  ceremoniesToEnd(now: number): Promise<CeremonyRecord[]>;
  /** In order of number. */
  listComponents(region: string, ceremonyId: string): Promise<ComponentRecord[]>;
  /** Stores a changed component, if it is still in the state given, and the exposures that come with it. False when it is not. */
  replaceComponent(
    component: ComponentRecord,
    was: ComponentState,
    exposures: readonly ExposureRecord[],
  ): Promise<boolean>;
  /** The components that somebody has seen of a key. */
  exposuresOf(identity: string, custodian: string): Promise<ExposureRecord[]>;
  /**
   * Ends a ceremony that is OPEN and destroys what is here of its components; with it, in the same step, the key that came of it,
   * or the transfer of the one that went out. False, and nothing stored, when it has ended.
   */
  endCeremony(ceremony: CeremonyRecord, outcome?: CeremonyOutcome): Promise<boolean>;
}

export function ceremonyMethods(database: Database): CeremonyStore {
  const ceremonies = async (sql: string, ...values: Statement['values']) =>
    (await database.query<CeremonyRow>({ sql, values })).map(ceremonyRecord);

  return {
    async insertCeremony(ceremony, components) {
      await database.atomically([
        insertInto('ceremonies', ceremonyRow(ceremony)),
        ...components.map((component) => insertInto('ceremony_components', componentRow(component))),
      ]);
    },
    async findCeremony(region, ceremonyId) {
      return (await ceremonies(FIND, region, ceremonyId))[0];
    },
    listCeremonies(region) {
      return ceremonies(LIST, region);
    },
    ceremoniesToEnd(now) {
      return ceremonies(TO_END, now);
    },
    async listComponents(region, ceremonyId) {
      const values = [region, ceremonyId];
      return (await database.query<ComponentRow>({ sql: COMPONENTS, values })).map(componentRecord);
    },
    replaceComponent(component, was, exposures) {
      const { region, ceremony_id, number, custodian, ...changed } = componentRow(component);
      const values = [...Object.values(changed), region, ceremony_id, number, was];
      return database.atomically([
        { sql: STILL_OPEN, values: [region, ceremony_id], required: true },
        { sql: REPLACE_COMPONENT, values, required: true },
        ...exposures.map(insertExposure),
      ]);
    },
    async exposuresOf(identity, custodian) {
      const values = [identity, custodian];
      return (await database.query<ExposureRow>({ sql: EXPOSURES, values })).map(exposureRecord);
    },
    endCeremony({ region, ceremonyId, status, keyId = null, checkValue = null, endedAt = null }, outcome) {
      const values = [status, keyId, checkValue, endedAt, region, ceremonyId];
      return database.atomically([
        { sql: END, values, required: true },
        { sql: DESTROY_COMPONENTS, values: [region, ceremonyId] },
        ...(outcome === undefined ? [] : outcomeStatements(outcome)),
      ]);
    },
  };
}
