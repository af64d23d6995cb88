// What the service tells of fleets, as far as commands and agents look at it.

export type Purpose = 'PIN' | 'DATA' | 'MAC';

export interface Profile {
  readonly name: string;
  readonly device: { readonly model: string; readonly policy: string; readonly kekSlot: string };
  readonly keys: readonly {
    readonly purpose: Purpose;
    readonly slot: string;
    readonly algorithm: string;
    readonly keySetId: string;
    readonly bdk: string;
  }[];
}

export interface Group {
  readonly name: string;
  readonly profile: string;
  readonly terminals: Readonly<Record<string, number>>;
}

export interface Terminal {
  readonly serial: string;
  readonly group: string;
  readonly state: string;
  readonly reason?: string;
  readonly kek?: string;
  readonly kekCheckValue?: string;
  readonly registeredAt: string;
}

export interface Run {
  readonly runId: string;
  readonly group: string;
  readonly profile: Profile;
  readonly keyVersion: string;
  readonly state: 'OPEN' | 'STOPPED';
  readonly startedBy: string;
  readonly startedAt: string;
  readonly keys: Readonly<Record<string, number>>;
}

export interface Receipt {
  readonly caller: string;
  readonly agent: string;
  readonly at: string;
  readonly slot: string;
  readonly keyVersion: string;
  readonly checkValue: string;
  readonly ksn: string;
  readonly provenAt: string;
  readonly blockHash: string;
}

export interface RunKey {
  readonly runId: string;
  readonly serial: string;
  readonly purpose: Purpose;
  readonly state: string;
  readonly ksn?: string;
  readonly checkValue?: string;
  readonly blockHash?: string;
  readonly sends: number;
  readonly detail?: string;
  readonly receipt?: Receipt;
  readonly updatedAt: string;
}

export interface Incident {
  readonly kind: string;
  readonly serial: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly caller: string;
  readonly detail: string;
}

/** What a terminal is to do with its new key. */
export interface Challenge {
  readonly purpose: Purpose;
  readonly input: string;
  readonly pan?: string;
}

export interface TaskKey {
  readonly serial: string;
  readonly purpose: Purpose;
}

export interface Task extends TaskKey {
  readonly slot: string;
  readonly state: string;
  readonly ksn?: string;
  readonly checkValue?: string;
  readonly challenge?: Challenge;
}

export interface Claimed {
  readonly lease: string;
  readonly leaseTime: number;
  readonly tasks: readonly Task[];
  readonly refused: readonly { readonly serial: string; readonly reason: string; readonly message: string }[];
}

export interface OutgoingBlock extends TaskKey {
  readonly block: string;
  readonly ksn: string;
  readonly checkValue: string;
  readonly challenge: Challenge;
}

export interface TaskRefusal extends TaskKey {
  readonly code: string;
  readonly message: string;
}

export interface Loaded {
  readonly slot: string;
  readonly checkValue?: string;
  readonly proof: { readonly output: string; readonly ksn: string };
}

/** What became of a key. */
export type LoadReport = TaskKey &
  ({ readonly loaded: Loaded } | { readonly refused: { readonly reason: string; readonly message: string } });
