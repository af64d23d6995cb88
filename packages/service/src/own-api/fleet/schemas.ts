import { INCIDENT_KINDS, INJECTION_STATES, TERMINAL_STATES } from '../../store/fleet/fleet-store.ts';
import type { Schema } from '../route.ts';
import { listOf, objectOf, TEXT, TIME } from '../schemas.ts';

function described(description: string, schema: Schema): Schema {
  return { ...schema, description };
}

/** At least one, each of which is told apart by more than a schema can. */
export function manyOf(items: Schema, most: number): Schema {
  return { type: 'array', items, minItems: 1, maxItems: most };
}

export const SERIAL: Schema = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
  description: 'The serial number of a terminal: letters, digits, dots, underscores, colons and dashes',
};
export const GROUP: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };
export const ID: Schema = { type: 'string', pattern: '^[a-z2-7]{16}$' };
export const KEY: Schema = described('ARN or alias of a key', { type: 'string', maxLength: 322 });
const SLOT: Schema = { type: 'string', pattern: '^[A-Za-z0-9-]{1,32}$' };
export const PURPOSE: Schema = { enum: ['PIN', 'DATA', 'MAC'] };
export const KEY_VERSION: Schema = described('Of the key blocks', {
  type: 'string',
  pattern: '^[0-9]{2}$',
});
export const CHECK_VALUE: Schema = { type: 'string', pattern: '^([0-9A-Fa-f]{2}){2,8}$' };
const KSN: Schema = { type: 'string', pattern: '^[0-9A-Fa-f]{20}([0-9A-Fa-f]{4})?$' };
export const TERMINAL_STATE: Schema = { enum: TERMINAL_STATES };
export const KEY_STATE: Schema = { enum: INJECTION_STATES };
/** Of a query, where everything is text. */
export const MAX_RESULTS: Schema = { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' };
export const NEXT_TOKEN: Schema = { type: 'string', maxLength: 2048 };
const COUNT: Schema = { type: 'integer', minimum: 0 };
export const NUMBER_IN_SET: Schema = { type: 'integer', minimum: 0, maximum: 0xffffffff };
export const RATE: Schema = described('Terminals a second', {
  type: 'number',
  exclusiveMinimum: 0,
  maximum: 1000,
});
export const AGENT: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$' };
export const REASON: Schema = { type: 'string', minLength: 1, maxLength: 256 };

export const DEVICE: Schema = objectOf({
  model: described('The slot profile', { type: 'string', pattern: '^[a-z0-9-]{1,32}$' }),
  policy: { type: 'string', pattern: '^[a-z0-9:-]{1,32}$' },
  kekSlot: SLOT,
});
const KEY_SET_ID = described('KSI of a TDES BDK (10 hexadecimal digits), or BDK ID of an AES one (8)', TEXT);
export const PROFILE_KEY: Schema = objectOf(
  {
    purpose: PURPOSE,
    slot: SLOT,
    bdk: KEY,
    keySetId: KEY_SET_ID,
    firstNumber: NUMBER_IN_SET,
    lastNumber: NUMBER_IN_SET,
  },
  ['firstNumber', 'lastNumber'],
);
export const PROFILE: Schema = objectOf({
  name: GROUP,
  device: DEVICE,
  keys: listOf(objectOf({ purpose: PURPOSE, slot: SLOT, algorithm: TEXT, keySetId: KEY_SET_ID, bdk: KEY })),
});

function counts(states: readonly string[]): Schema {
  return objectOf(Object.fromEntries(states.map((state) => [state, COUNT])), states);
}

export const GROUP_ANSWER: Schema = objectOf({
  name: GROUP,
  profile: GROUP,
  terminals: counts(TERMINAL_STATES),
});

const TERMINAL_MEMBERS = {
  serial: SERIAL,
  group: GROUP,
  state: TERMINAL_STATE,
  reason: TEXT,
  kek: KEY,
  kekCheckValue: CHECK_VALUE,
  registeredAt: TIME,
};
const SOMETIMES = ['reason', 'kek', 'kekCheckValue'];
export const TERMINAL: Schema = objectOf(TERMINAL_MEMBERS, SOMETIMES);

const HASH = described('SHA-256 of the key block', TEXT);
export const RECEIPT: Schema = objectOf({
  caller: TEXT,
  agent: AGENT,
  at: TIME,
  slot: SLOT,
  keyVersion: KEY_VERSION,
  checkValue: CHECK_VALUE,
  ksn: KSN,
  provenAt: KSN,
  blockHash: HASH,
});
export const RUN_KEY: Schema = objectOf(
  {
    runId: ID,
    serial: SERIAL,
    purpose: PURPOSE,
    state: KEY_STATE,
    ksn: KSN,
    checkValue: CHECK_VALUE,
    blockHash: HASH,
    sends: COUNT,
    detail: TEXT,
    receipt: RECEIPT,
    updatedAt: TIME,
  },
  ['ksn', 'checkValue', 'blockHash', 'detail', 'receipt'],
);
export const TERMINAL_WITH_KEYS: Schema = objectOf({ ...TERMINAL_MEMBERS, keys: listOf(RUN_KEY) }, SOMETIMES);

export const RUN: Schema = objectOf({
  runId: ID,
  group: GROUP,
  profile: PROFILE,
  keyVersion: KEY_VERSION,
  state: { enum: ['OPEN', 'STOPPED'] },
  startedBy: TEXT,
  startedAt: TIME,
  keys: counts(INJECTION_STATES),
});

export const INCIDENT: Schema = objectOf({
  kind: { enum: INCIDENT_KINDS },
  serial: TEXT,
  firstAt: TIME,
  lastAt: TIME,
  count: COUNT,
  caller: TEXT,
  detail: TEXT,
});

const HEX: Schema = { type: 'string', pattern: '^([0-9A-Fa-f]{2}){4,64}$' };
const CHALLENGE = objectOf({ purpose: PURPOSE, input: TEXT, pan: TEXT }, ['pan']);
const PROOF = objectOf({ output: HEX, ksn: KSN });

export const TASK_KEY = { serial: SERIAL, purpose: PURPOSE };
export const TASK: Schema = objectOf(
  {
    ...TASK_KEY,
    slot: SLOT,
    state: KEY_STATE,
    ksn: KSN,
    checkValue: CHECK_VALUE,
    challenge: CHALLENGE,
  },
  ['ksn', 'checkValue', 'challenge'],
);
export const OUTGOING_BLOCK: Schema = objectOf({
  ...TASK_KEY,
  block: TEXT,
  ksn: KSN,
  checkValue: CHECK_VALUE,
  challenge: CHALLENGE,
});
export const TASK_REFUSAL: Schema = objectOf({ ...TASK_KEY, code: TEXT, message: TEXT });
const LOADED = objectOf({ slot: SLOT, checkValue: CHECK_VALUE, proof: PROOF }, ['checkValue']);
const REFUSED = objectOf({
  reason: { type: 'string', pattern: '^[A-Z_]{1,40}$' },
  message: { type: 'string', maxLength: 500 },
});
export const LOAD_REPORT: Schema = {
  oneOf: [objectOf({ ...TASK_KEY, loaded: LOADED }), objectOf({ ...TASK_KEY, refused: REFUSED })],
};
