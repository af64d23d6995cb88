import type { KeyAlgorithm } from '../../api/control-plane.generated.ts';
import type { Page } from '../page.ts';

// What the fleet keeps: terminals and what goes into them. Times are milliseconds since 1970.

/** REGISTERED: known; BOOTSTRAPPED: its KEK is in it; LOADED: so are its keys; the last two get no keys. */
export const TERMINAL_STATES = [
  'REGISTERED',
  'BOOTSTRAPPED',
  'LOADED',
  'QUARANTINED',
  'DECOMMISSIONED',
] as const;

export type TerminalState = (typeof TERMINAL_STATES)[number];

/** The numbers that initial keys of one BDK get: ANSI X9.24-1 (KSI and TRSM ID), X9.24-3 (BDK ID and derivation ID). */
export interface KeySetRecord {
  /** Hexadecimal: a KSI of 10 digits (TDES), or a BDK ID of 8 (AES). It belongs to one BDK of one region, for good. */
  readonly keySetId: string;
  readonly region: string;
  readonly bdkKeyId: string;
  /** The number that comes next; it only goes up. */
  readonly next: number;
  readonly last: number;
}

/** An initial key that every terminal of a profile gets. */
export interface ProfileKey {
  readonly purpose: 'PIN' | 'DATA' | 'MAC';
  /** The terminal's name for the place, such as DUKPT-0. */
  readonly slot: string;
  readonly bdkKeyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly keySetId: string;
}

/** What the terminals of a group are and which keys they get. A profile is never changed. */
export interface ProfileRecord {
  readonly region: string;
  readonly name: string;
  /** Slot profile and policy of the terminal, by their names in the terminal package. */
  readonly device: { readonly model: string; readonly policy: string; readonly kekSlot: string };
  readonly keys: readonly ProfileKey[];
  readonly createdAt: number;
}

export interface GroupRecord {
  readonly region: string;
  readonly name: string;
  readonly profileName: string;
  readonly createdAt: number;
}

/** An agent's right to serve a terminal for a while; nobody else has it meanwhile. */
export interface Lease {
  readonly token: string;
  readonly agent: string;
  readonly until: number;
}

export interface TerminalRecord {
  readonly region: string;
  readonly serial: string;
  readonly groupName: string;
  readonly state: TerminalState;
  /** Why it is in quarantine, or was decommissioned. */
  readonly reason?: string | undefined;
  /** The key that its key blocks are wrapped under, and that key's check value. */
  readonly kekKeyId?: string | undefined;
  readonly kekCheckValue?: string | undefined;
  readonly registeredAt: number;
  readonly lease?: Lease | undefined;
}

/** A terminal as it comes in an import. */
export type NewTerminal = Omit<TerminalRecord, 'region' | 'state' | 'reason' | 'lease'>;

export interface RunRecord {
  readonly region: string;
  readonly runId: string;
  readonly groupName: string;
  readonly profileName: string;
  /** Of the key blocks: two characters. */
  readonly keyVersion: string;
  /** The ARN of who started it. */
  readonly startedBy: string;
  readonly startedAt: number;
  readonly state: 'OPEN' | 'STOPPED';
  /** Milliseconds between two terminals; 0 for no limit. */
  readonly interval: number;
  /** When the next terminal may be given to an agent. */
  readonly nextAt: number;
}

/**
 * WAITING for a KSN; ALLOCATED: it has one, no block has left; EXPORTED: a block has left, the terminal may have it; DONE;
 * REFUSED by the terminal; CANCELLED: the terminal went into quarantine or out of service.
 */
export const INJECTION_STATES = ['WAITING', 'ALLOCATED', 'EXPORTED', 'DONE', 'REFUSED', 'CANCELLED'] as const;

export type InjectionState = (typeof INJECTION_STATES)[number];

/** One key of one terminal in a run. */
export interface InjectionRecord {
  readonly region: string;
  readonly runId: string;
  readonly serial: string;
  readonly purpose: ProfileKey['purpose'];
  readonly state: InjectionState;
  /** With counter zero. */
  readonly ksn?: string | undefined;
  /** Of the initial key, as the export told it. */
  readonly checkValue?: string | undefined;
  /** SHA-256 of the key block, in hexadecimal. */
  readonly blockHash?: string | undefined;
  /** How many blocks have left. */
  readonly sends: number;
  /** Why it came to nothing, or is delayed. */
  readonly detail?: string | undefined;
  readonly receipt?: Receipt | undefined;
  readonly updatedAt: number;
}

/** What is kept of a key that is in its terminal and proven in use. No key material. */
export interface Receipt {
  /** The ARN of who ran the agent, and the agent's name. */
  readonly caller: string;
  readonly agent: string;
  readonly lease: string;
  readonly at: number;
  readonly slot: string;
  readonly keyVersion: string;
  readonly checkValue: string;
  readonly ksn: string;
  /** The KSN of the transaction that proved the key. */
  readonly provenAt: string;
  readonly blockHash: string;
}

export const INCIDENT_KINDS = [
  'UNKNOWN_SERIAL',
  'KEK_MISMATCH',
  'KEY_MISMATCH',
  'PROOF_FAILED',
  'STALE_LEASE',
] as const;

/** Something that should not happen, counted for each terminal. */
export interface IncidentRecord {
  readonly region: string;
  readonly kind: (typeof INCIDENT_KINDS)[number];
  readonly serial: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  /** Of the latest. */
  readonly caller: string;
  readonly detail: string;
}

export type InjectionKey = Pick<InjectionRecord, 'serial' | 'purpose'>;

/** A new state of an injection. It is stored only if the injection still is as it was. */
export interface InjectionChange {
  readonly from: InjectionRecord;
  readonly to: InjectionRecord;
}

export interface TerminalFilter {
  readonly groupName?: string | undefined;
  readonly state?: TerminalState | undefined;
}

/** Where the fleet's records are kept. As of `Store`: every method is atomic, and what it stored survives a crash. */
export interface FleetStore {
  /** Stores a profile with the key sets that are not there yet; false, and nothing stored, when one is of another BDK. @throws DuplicateRecordError */
  insertProfile(profile: ProfileRecord, keySets: readonly KeySetRecord[]): Promise<boolean>;
  findProfile(region: string, name: string): Promise<ProfileRecord | undefined>;
  listProfiles(region: string): Promise<ProfileRecord[]>;
  findKeySet(keySetId: string): Promise<KeySetRecord | undefined>;

  /** @throws DuplicateRecordError */
  insertGroup(group: GroupRecord): Promise<void>;
  findGroup(region: string, name: string): Promise<GroupRecord | undefined>;
  listGroups(region: string): Promise<GroupRecord[]>;

  /** Puts a part of an import aside; `commitImport` finds what does not fit. @throws DuplicateRecordError when the first serial begins a part already */
  stageTerminals(region: string, importId: string, terminals: readonly NewTerminal[]): Promise<void>;
  /** Makes terminals of all parts of an import. @throws DuplicateRecordError when one, or the owner of a KEK, is there already or in it twice */
  commitImport(region: string, importId: string): Promise<void>;
  /** Drops the parts of imports that were put aside before. */
  dropImports(before: number): Promise<void>;

  findTerminals(region: string, serials: readonly string[]): Promise<TerminalRecord[]>;
  /** In order of serial; `after` is a serial. */
  listTerminals(region: string, filter: TerminalFilter, page: Page): Promise<TerminalRecord[]>;
  countTerminals(region: string): Promise<{ groupName: string; state: TerminalState; terminals: number }[]>;
  /**
   * Moves a terminal to a state, if it is in one of `from`; its lease ends, and so do its injections if it is to get no more
   * keys. False when it was in none of them.
   */
  moveTerminal(
    terminal: Pick<TerminalRecord, 'region' | 'serial' | 'state' | 'reason'>,
    from: readonly TerminalState[],
  ): Promise<boolean>;
  /** Gives a terminal its KEK; false when its state is not one of `from`. @throws DuplicateRecordError when the key is a terminal's already */
  assignKek(
    terminal: Pick<TerminalRecord, 'region' | 'serial' | 'state' | 'kekKeyId' | 'kekCheckValue'>,
    from: readonly TerminalState[],
  ): Promise<boolean>;
  /** The serial of the terminal whose KEK a key is or was. */
  findTerminalOfKek(region: string, keyId: string): Promise<string | undefined>;

  /** The serial of the terminal that a KSN, with counter zero, was given to. */
  findTerminalOfKsn(ksn: string): Promise<string | undefined>;

  /** Leases those terminals that may get keys and that nobody has a lease of at `now`. */
  leaseTerminals(
    region: string,
    serials: readonly string[],
    lease: Lease,
    now: number,
  ): Promise<TerminalRecord[]>;
  /** Prolongs a lease that has not expired; answers how many terminals it is of. */
  renewLease(region: string, token: string, until: number, now: number): Promise<number>;
  releaseTerminals(region: string, serials: readonly string[], token: string): Promise<void>;

  /** Stores a run with an injection for every key of the profile and every terminal of the group that may get keys. */
  insertRun(run: RunRecord, profile: ProfileRecord, serials?: readonly string[]): Promise<void>;
  findRun(region: string, runId: string): Promise<RunRecord | undefined>;
  listRuns(region: string): Promise<RunRecord[]>;
  /** Opens or stops a run; opening it lets injections wait again that came to nothing. False when there is no such run. */
  setRunState(region: string, runId: string, state: RunRecord['state'], now: number): Promise<boolean>;
  /** Moves `nextAt`; false when somebody else has moved it. */
  moveNextAt(run: RunRecord, nextAt: number): Promise<boolean>;

  findInjections(region: string, runId: string, serials: readonly string[]): Promise<InjectionRecord[]>;
  /** In order of serial and purpose; `after` is both, with a blank in between. */
  listInjections(
    region: string,
    runId: string,
    state: InjectionState | undefined,
    page: Page,
  ): Promise<InjectionRecord[]>;
  /** Receipts and all of a terminal, newest first. */
  injectionsOf(region: string, serial: string, limit: number): Promise<InjectionRecord[]>;
  countInjections(
    region: string,
    runId: string,
  ): Promise<{ state: InjectionState; purpose: string; injections: number }[]>;
  /** Takes numbers of a key set, which nobody gets again; answers the first, or undefined when there are not so many left. */
  takeNumbers(keySetId: string, count: number): Promise<number | undefined>;
  /**
   * As `changeInjections`, for injections that get their KSN, each of which is given once.
   *
   * @throws DuplicateRecordError when a KSN was given before
   */
  giveKsns(changes: readonly InjectionChange[], token: string): Promise<boolean>;
  /** False, and nothing stored, when anything has changed in between, or a terminal is no longer leased under the token. */
  changeInjections(changes: readonly InjectionChange[], token: string): Promise<boolean>;

  /** As `changeInjections`; terminals that then have nothing open are released, and LOADED when they have every key of the run. */
  finishInjections(changes: readonly InjectionChange[], token: string): Promise<boolean>;

  recordIncident(incident: Omit<IncidentRecord, 'firstAt' | 'count'>): Promise<void>;
  /** The latest first. */
  listIncidents(region: string, limit: number): Promise<IncidentRecord[]>;
}
