import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlPlane } from '../../src/api/control-plane.generated.ts';
import { MODELS } from '../../src/api/model.ts';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { neverOccurring } from './never-occurring.ts';
import { newKey, WEST } from './regions.ts';
import { attributes, DAY, Service } from './service.ts';
import { addTeam, MPA } from './team.ts';

// Each error that the model lists for an operation, and that not every operation has (http/every-error.test.ts), is provoked
// here, or stands in the table of docs/aws-divergences.md with those that never occur.

type Name = keyof ControlPlane;
type Scenario = (service: Service) => Promise<string>;

const CREATE = { KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B'), Exportable: true };
const MANY = Array.from({ length: 51 }, (_, i) => `ab-region-${i}`);
const TAGS = Array.from({ length: 51 }, (_, i) => ({ Key: `tag${i}`, Value: 'value' }));
const DENY = { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: '*', Resource: '*' };
const ALLOW_ALL = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

async function keyArn(service: Service, regions?: string[]): Promise<string> {
  return (await newKey(service, regions)).KeyArn;
}

async function pendingKey(service: Service): Promise<string> {
  const KeyIdentifier = await keyArn(service);
  await service.call('DeleteKey', { KeyIdentifier, DeleteKeyInDays: 3 });
  return KeyIdentifier;
}

async function deletedKey(service: Service): Promise<string> {
  const arn = await pendingKey(service);
  service.time += 3 * DAY;
  await destroyDueKeys(service.context);
  return arn;
}

/** A K0 key that wraps, and a block of another key under it. */
async function wrapped(service: Service): Promise<{ kek: string; block: string }> {
  const kek = await service.call('CreateKey', {
    ...CREATE,
    KeyAttributes: attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B'),
  });
  const WrappingKeyIdentifier = kek.Key.KeyArn;
  const { WrappedKey } = await service.call('ExportKey', {
    ExportKeyIdentifier: await keyArn(service),
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier } },
  });
  return { kek: WrappingKeyIdentifier, block: WrappedKey!.KeyMaterial };
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const codeOf = async (refusal: ReturnType<Service['refusal']>) => (await refusal).code;

const onPendingKey =
  (name: 'StartKeyUsage' | 'StopKeyUsage' | 'DeleteKey'): Scenario =>
  async (service) =>
    codeOf(service.refusal(name, { KeyIdentifier: await pendingKey(service) }));

const onReplica =
  (name: 'AddKeyReplicationRegions' | 'RemoveKeyReplicationRegions'): Scenario =>
  async (service) => {
    const replica = (await keyArn(service, [WEST])).replace('us-east-2', WEST);
    const request = { KeyIdentifier: replica, ReplicationRegions: ['eu-central-1'] };
    return codeOf(service.refusal(name, request, { region: WEST }));
  };

const PROVOKED: Readonly<Record<string, Partial<Record<Name, Scenario>>>> = {
  ConflictException: {
    AddKeyReplicationRegions: onReplica('AddKeyReplicationRegions'),
    RemoveKeyReplicationRegions: onReplica('RemoveKeyReplicationRegions'),
    StartKeyUsage: onPendingKey('StartKeyUsage'),
    StopKeyUsage: onPendingKey('StopKeyUsage'),
    DeleteKey: onPendingKey('DeleteKey'),
    RestoreKey: async (service) =>
      codeOf(service.refusal('RestoreKey', { KeyIdentifier: await keyArn(service) })),
    TagResource: async (service) =>
      codeOf(service.refusal('TagResource', { ResourceArn: await pendingKey(service), Tags: [TAGS[0]!] })),
    UntagResource: async (service) =>
      codeOf(service.refusal('UntagResource', { ResourceArn: await pendingKey(service), TagKeys: ['tag0'] })),
    PutResourcePolicy: async (service) =>
      codeOf(
        service.refusal('PutResourcePolicy', {
          ResourceArn: await pendingKey(service),
          Policy: policy(DENY),
        }),
      ),
    CreateAlias: async (service) => {
      await service.call('CreateAlias', { AliasName: 'alias/taken' });
      return codeOf(service.refusal('CreateAlias', { AliasName: 'alias/taken' }));
    },
    UpdateAlias: async (service) => {
      await service.call('CreateAlias', { AliasName: 'alias/sample' });
      const KeyArn = await deletedKey(service);
      return codeOf(service.refusal('UpdateAlias', { AliasName: 'alias/sample', KeyArn }));
    },
    ExportKey: async (service) => {
      const { kek } = await wrapped(service);
      const ExportKeyIdentifier = await keyArn(service);
      await service.call('StopKeyUsage', { KeyIdentifier: ExportKeyIdentifier });
      const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek } };
      return codeOf(service.refusal('ExportKey', { ExportKeyIdentifier, KeyMaterial }));
    },
    ImportKey: async (service) => {
      const { kek, block } = await wrapped(service);
      await service.call('StopKeyUsage', { KeyIdentifier: kek });
      const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek, WrappedKeyBlock: block } };
      return codeOf(service.refusal('ImportKey', { KeyMaterial }));
    },
    AssociateMpaTeam: async (service) => {
      await addTeam(service);
      await service.call('AssociateMpaTeam', MPA);
      return codeOf(service.refusal('AssociateMpaTeam', MPA));
    },
    DisassociateMpaTeam: async (service) => {
      const { Action, RequesterComment } = MPA;
      await addTeam(service);
      await service.call('AssociateMpaTeam', MPA);
      await service.call('DisassociateMpaTeam', { Action, RequesterComment });
      return codeOf(service.refusal('DisassociateMpaTeam', { Action, RequesterComment }));
    },
  },
  ServiceQuotaExceededException: {
    AddKeyReplicationRegions: async (service) => {
      const KeyIdentifier = await keyArn(service);
      return codeOf(service.refusal('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: MANY }));
    },
    EnableDefaultKeyReplicationRegions: (service) =>
      codeOf(service.refusal('EnableDefaultKeyReplicationRegions', { ReplicationRegions: MANY })),
    TagResource: async (service) =>
      codeOf(service.refusal('TagResource', { ResourceArn: await keyArn(service), Tags: TAGS })),
    CreateKey: async (service) => {
      await keyArn(service);
      return codeOf(service.refusal('CreateKey', CREATE, { quotas: { keys: 1 } }));
    },
    ImportKey: async (service) => {
      const { kek, block } = await wrapped(service);
      const KeyMaterial = { Tr31KeyBlock: { WrappingKeyIdentifier: kek, WrappedKeyBlock: block } };
      return codeOf(service.refusal('ImportKey', { KeyMaterial }, { quotas: { keys: 2 } }));
    },
    CreateAlias: async (service) => {
      await service.call('CreateAlias', { AliasName: 'alias/one' });
      return codeOf(service.refusal('CreateAlias', { AliasName: 'alias/two' }, { quotas: { aliases: 1 } }));
    },
  },
  PublicPolicyException: {
    PutResourcePolicy: async (service) =>
      codeOf(
        service.refusal('PutResourcePolicy', {
          ResourceArn: await keyArn(service),
          Policy: policy(ALLOW_ALL),
        }),
      ),
  },
};

function listing(exception: string): string[] {
  const operations = Object.entries(MODELS.control.operations);
  return operations
    .filter(([, { errors }]) => errors.some(({ shape }) => shape === exception))
    .map(([name]) => name);
}

for (const [exception, scenarios] of Object.entries(PROVOKED)) {
  for (const [name, provoke] of Object.entries(scenarios)) {
    test(`${name}: ${exception}`, async (t) => {
      assert.equal(await provoke(new Service(t)), exception);
    });
  }

  test(`${exception}: every operation that lists it is provoked, or stands among those where it never occurs`, () => {
    const known = [...Object.keys(scenarios), ...neverOccurring(exception)];
    assert.deepEqual(known.sort(), listing(exception).sort());
  });
}
