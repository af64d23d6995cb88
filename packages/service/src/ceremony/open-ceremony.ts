import { type ComponentAlgorithm, ComponentError, splitKey } from '@keywright/crypto';
import { peopleIn } from '../access/person.ts';
import type { KeyAlgorithm, KeyAttributes, KeyUsage } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { arnOf, resolveKey } from '../operations/key-identifier.ts';
import { randomId } from '../operations/random-id.ts';
import { checkAttributes } from '../policy/attribute-matrix.ts';
import { checkUsable } from '../policy/key-use.ts';
import { type ModeLetter, modesOfLetter } from '../policy/modes-of-use.ts';
import { symmetricRules } from '../policy/symmetric-algorithm.ts';
import type { CeremonyRecord, ComponentRecord } from '../store/records/ceremony.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { CEREMONY_TIME, type CeremonyContext } from './ceremony.ts';
import { checkExposure } from './exposure.ts';

/** The keys that travel on paper, and what each may be used for once it is here. */
export const RECEIVED_MODES = {
  TR31_K0_KEY_ENCRYPTION_KEY: 'B',
  TR31_K1_KEY_BLOCK_PROTECTION_KEY: 'B',
  TR31_B0_BASE_DERIVATION_KEY: 'X',
} as const satisfies Partial<Record<KeyUsage, ModeLetter>>;

export type ComponentUsage = keyof typeof RECEIVED_MODES;

interface OpenCeremony {
  /** What both parties call the key. */
  readonly keyName: string;
  /** The other party. */
  readonly party: string;
  /** Users, in the order of the components: 2 to 9, each once. */
  readonly custodians: readonly string[];
}

export interface ReceiveCeremony extends OpenCeremony {
  readonly usage: ComponentUsage;
  readonly algorithm: KeyAlgorithm;
  readonly exportable?: boolean;
}

export interface SendCeremony extends OpenCeremony {
  /** ARN or alias of the key that goes out. */
  readonly keyIdentifier: string;
}

const LEAST = 2;
const MOST = 9;

async function checkCustodians(custodians: readonly string[], context: CeremonyContext): Promise<void> {
  const { length } = custodians;
  if (length < LEAST || length > MOST) {
    throw invalid(`custodians has ${length} names: a key has ${LEAST} to ${MOST} components.`);
  }
  if (new Set(custodians).size < length) throw invalid('custodians must name everybody once.');
  if (custodians.includes(context.user)) {
    throw invalid('custodians must not name who opens the ceremony: he would lead it and hold a component.');
  }
  for (const name of custodians) {
    const { body } = (await peopleIn(context).find(name)) ?? {};
    if (body?.status === 'active' && body.roles.includes('custodian')) continue;
    throw invalid(`custodians names ${name}, who is not an active person with the role custodian.`);
  }
}

/** Component keys are for TDES and AES; HMAC keys have no components. */
export function componentAlgorithm({ KeyAlgorithm }: KeyAttributes): ComponentAlgorithm {
  const rules = symmetricRules(KeyAlgorithm);
  if (rules.family === 'HMAC') throw invalid(`A key of ${KeyAlgorithm} has no components: use TDES or AES.`);
  return rules.family;
}

function newCeremony(
  input: OpenCeremony,
  kind: CeremonyRecord['kind'],
  key: Pick<CeremonyRecord, 'attributes' | 'exportable' | 'keyId' | 'checkValue'>,
  { region, caller, now }: CeremonyContext,
): CeremonyRecord {
  const openedAt = now();
  return {
    region,
    ceremonyId: randomId(),
    kind,
    keyName: input.keyName,
    party: input.party,
    ...key,
    status: 'OPEN',
    requester: caller,
    openedAt,
    expiresAt: openedAt + CEREMONY_TIME,
  };
}

async function waitingComponents(
  ceremony: CeremonyRecord,
  custodians: readonly string[],
  { store }: CeremonyContext,
): Promise<ComponentRecord[]> {
  const { region, ceremonyId } = ceremony;
  for (const [i, custodian] of custodians.entries()) await checkExposure(ceremony, custodian, i + 1, store);
  return custodians.map((custodian, i) => ({
    region,
    ceremonyId,
    number: i + 1,
    custodian,
    state: 'WAITING',
  }));
}

/**
 * Opens a ceremony that receives a key on paper. Each custodian then enters his component.
 *
 * @throws AwsException when the attributes can't be, or a custodian has seen another component of the key
 */
export async function openReceive(input: ReceiveCeremony, context: CeremonyContext): Promise<CeremonyRecord> {
  const { usage, algorithm, exportable = false } = input;
  const attributes: KeyAttributes = {
    KeyUsage: usage,
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: algorithm,
    KeyModesOfUse: modesOfLetter(RECEIVED_MODES[usage]),
  };
  await checkCustodians(input.custodians, context);
  checkAttributes(attributes);
  componentAlgorithm(attributes);
  const ceremony = newCeremony(input, 'RECEIVE', { attributes, exportable }, context);
  await context.store.insertCeremony(ceremony, await waitingComponents(ceremony, input.custodians, context));
  return ceremony;
}

function split(key: Parameters<typeof splitKey>[0]) {
  try {
    return splitKey(key);
  } catch (error) {
    if (error instanceof ComponentError) throw invalid(`The key can't be split: ${error.message}.`);
    throw error;
  }
}

async function sealComponents(
  record: KeyRecord,
  waiting: readonly ComponentRecord[],
  { vault }: CeremonyContext,
): Promise<ComponentRecord[]> {
  using key = await vault.openKey(record);
  using held = new DisposableStack();
  const algorithm = componentAlgorithm(record.attributes);
  const { components } = split({ algorithm, key, count: waiting.length });
  for (const { component } of components) held.use(component);
  return Promise.all(
    waiting.map((row, i) => {
      const { component, kcv: checkValue } = components[i]!;
      return vault.sealComponent({ ...row, checkValue }, component);
    }),
  );
}

/**
 * Opens a ceremony that sends a key on paper: the key is split, and each custodian can then print his sheet, once.
 *
 * @throws AwsException when there is no such key, it can't go out, or a custodian has seen another component of it
 */
export async function openSend(input: SendCeremony, context: CeremonyContext): Promise<CeremonyRecord> {
  await checkCustodians(input.custodians, context);
  const record = await resolveKey(input.keyIdentifier, context);
  const arn = arnOf(record, context);
  checkUsable(record, arn, 'ConflictException');
  if (!record.exportable) throw invalid(`Key ${arn} is not exportable: use a key that is.`);
  const { attributes, exportable, keyId, checkValue } = record;
  const ceremony = newCeremony(input, 'SEND', { attributes, exportable, keyId, checkValue }, context);
  const waiting = await waitingComponents(ceremony, input.custodians, context);
  await context.store.insertCeremony(ceremony, await sealComponents(record, waiting, context));
  return ceremony;
}
