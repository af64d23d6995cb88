import { conflict, invalid, notFound } from '../api/exceptions.ts';
import { keyArn } from '../operations/key-identifier.ts';
import { DuplicateRecordError } from '../store/errors.ts';
import type { KeySetRecord, ProfileKey, ProfileRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { checkKeySetId, highestNumber } from './key-set.ts';

const BDK = 'TR31_B0_BASE_DERIVATION_KEY';

/** An initial key as somebody asks for it. */
export interface NewProfileKey {
  readonly purpose: ProfileKey['purpose'];
  readonly slot: string;
  /** ARN or alias. */
  readonly bdk: string;
  readonly keySetId: string;
  /** The numbers that may be given, where others were given elsewhere. */
  readonly firstNumber?: number;
  readonly lastNumber?: number;
}

export interface NewProfile {
  readonly name: string;
  readonly device: ProfileRecord['device'];
  readonly keys: readonly NewProfileKey[];
}

/** What is told of a profile. */
export interface ProfileAnswer extends Omit<NewProfile, 'keys'> {
  readonly keys: readonly (Omit<ProfileKey, 'bdkKeyId'> & { readonly bdk: string })[];
}

export function profileAnswer(profile: ProfileRecord, { account, region }: FleetContext): ProfileAnswer {
  const { name, device } = profile;
  const keys = profile.keys.map(({ bdkKeyId, ...key }) => ({
    ...key,
    bdk: keyArn(account, region, bdkKeyId),
  }));
  return { name, device, keys };
}

/** Only initial keys leave for a terminal, so that a profile names nothing but base derivation keys. */
async function readKey(key: NewProfileKey, path: string, context: FleetContext): Promise<ProfileKey> {
  const { Key } = await context.perform('GetKey', { KeyIdentifier: key.bdk });
  const { KeyUsage, KeyAlgorithm } = Key.KeyAttributes;
  if (KeyUsage !== BDK) {
    throw invalid(`${path}.bdk is a key of ${KeyUsage}: only initial keys of a ${BDK} leave for a terminal.`);
  }
  if (!Key.Exportable) {
    throw invalid(`${path}.bdk is not exportable, and neither are its initial keys: use an exportable one.`);
  }
  checkKeySetId(KeyAlgorithm, key.keySetId, `${path}.keySetId`);
  const { purpose, slot, keySetId } = key;
  return { purpose, slot, bdkKeyId: Key.KeyArn.split('/').at(-1)!, algorithm: KeyAlgorithm, keySetId };
}

function keySetOf(asked: NewProfileKey, key: ProfileKey, region: string, path: string): KeySetRecord {
  const highest = highestNumber(key.algorithm);
  const { firstNumber: next = 0, lastNumber: last = highest } = asked;
  if (next > last || last > highest) {
    throw invalid(`${path}.firstNumber must be no more than lastNumber, and that no more than ${highest}.`);
  }
  return { keySetId: key.keySetId, region, bdkKeyId: key.bdkKeyId, next, last };
}

function checkOnce(values: readonly string[], member: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw invalid(`keys have ${member} ${twice} twice: each may be there once.`);
}

/** Makes a profile. The key sets that it names belong to their BDKs from then on, for good. */
export async function createProfile(input: NewProfile, context: FleetContext): Promise<ProfileAnswer> {
  const { region, store } = context;
  const keys: ProfileKey[] = [];
  for (const [i, key] of input.keys.entries()) keys.push(await readKey(key, `keys[${i}]`, context));
  for (const member of ['purpose', 'slot'] as const) {
    checkOnce(
      keys.map((key) => key[member]),
      member,
    );
  }
  const keySets = keys.map((key, i) => keySetOf(input.keys[i]!, key, region, `keys[${i}]`));
  const profile = { region, name: input.name, device: input.device, keys, createdAt: context.now() };
  await insertProfile(profile, keySets, store);
  return profileAnswer(profile, context);
}

async function insertProfile(
  profile: ProfileRecord,
  keySets: readonly KeySetRecord[],
  { fleet }: FleetContext['store'],
): Promise<void> {
  try {
    if (await fleet.insertProfile(profile, keySets)) return;
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(`Profile ${profile.name} is there already; a profile is never changed, make another.`);
  }
  const ids = keySets.map(({ keySetId }) => keySetId).join(', ');
  throw conflict(`A key set among ${ids} belongs to another base derivation key: use one that is free.`);
}

export async function listProfiles(context: FleetContext): Promise<{ profiles: ProfileAnswer[] }> {
  const profiles = await context.store.fleet.listProfiles(context.region);
  return { profiles: profiles.map((profile) => profileAnswer(profile, context)) };
}

/** @throws AwsException ResourceNotFoundException */
export async function findProfile(name: string, { store, region }: FleetContext): Promise<ProfileRecord> {
  const profile = await store.fleet.findProfile(region, name);
  if (profile === undefined) throw notFound(`profile ${name}`);
  return profile;
}
