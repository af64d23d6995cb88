import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import type { Role } from '../../src/access/access-keys.ts';
import { signatureVerifier } from '../../src/access/verify-signature.ts';
import type { ControlPlane } from '../../src/api/control-plane.generated.ts';
import { MODELS } from '../../src/api/model.ts';
import type { Custody } from '../../src/custody/custody.ts';
import type { MainKeyRotation } from '../../src/custody/main-key-rotation.ts';
import type { ServiceContext } from '../../src/http/dispatch.ts';
import { createLog } from '../../src/http/log.ts';
import { type Rates, rateLimiter } from '../../src/http/rate-limit.ts';
import { createServer } from '../../src/http/server.ts';
import { controlOperations } from '../../src/operations/control/index.ts';
import { modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { StoreUnavailableError } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { accessKeysOf } from '../access/keys.ts';
import { signRequest } from '../access/sign.ts';
import { temporaryAudit } from '../audit/temporary-audit.ts';
import { NO_DUAL_CONTROL } from '../dual-control/none.ts';
import { neverOccurring } from '../operations/never-occurring.ts';
import { credentials } from './fixture.ts';

type Name = keyof ControlPlane;

const KeyIdentifier = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
const ResourceArn = KeyIdentifier;
const AliasName = 'alias/sample';
const MpaTeamArn = 'arn:aws:mpa:us-east-2:111122223333:approval-team/sample';
const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';
const KeyAttributes = {
  KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
  KeyClass: 'SYMMETRIC_KEY',
  KeyAlgorithm: 'AES_128',
  KeyModesOfUse: modesOfLetter('B'),
} as const;

/** A request of each operation that nothing is wrong with. */
const REQUESTS: { [Operation in Name]: ControlPlane[Operation]['input'] } = {
  AddKeyReplicationRegions: { KeyIdentifier, ReplicationRegions: ['us-west-2'] },
  AssociateMpaTeam: { Action, MpaTeamArn, RequesterComment: 'please' },
  CreateAlias: { AliasName, KeyArn: KeyIdentifier },
  CreateKey: { KeyAttributes, Exportable: true },
  DeleteAlias: { AliasName },
  DeleteKey: { KeyIdentifier },
  DeleteResourcePolicy: { ResourceArn },
  DisableDefaultKeyReplicationRegions: { ReplicationRegions: ['us-west-2'] },
  DisassociateMpaTeam: { Action, RequesterComment: 'please' },
  EnableDefaultKeyReplicationRegions: { ReplicationRegions: ['us-west-2'] },
  ExportKey: {
    ExportKeyIdentifier: KeyIdentifier,
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: KeyIdentifier } },
  },
  GetAlias: { AliasName },
  GetCertificateSigningRequest: {
    KeyIdentifier,
    SigningAlgorithm: 'SHA256',
    CertificateSubject: { CommonName: 'sample' },
  },
  GetDefaultKeyReplicationRegions: {},
  GetKey: { KeyIdentifier },
  GetMpaTeamAssociation: { Action },
  GetParametersForExport: { KeyMaterialType: 'TR34_KEY_BLOCK', SigningKeyAlgorithm: 'RSA_2048' },
  GetParametersForImport: { KeyMaterialType: 'KEY_CRYPTOGRAM', WrappingKeyAlgorithm: 'RSA_2048' },
  GetPublicKeyCertificate: { KeyIdentifier },
  GetResourcePolicy: { ResourceArn },
  ImportKey: {
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: KeyIdentifier, WrappedKeyBlock: 'D'.repeat(112) } },
  },
  ListAliases: { KeyArn: KeyIdentifier },
  ListKeys: {},
  ListTagsForResource: { ResourceArn },
  PutResourcePolicy: {
    ResourceArn,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: '*', Resource: '*' }],
    }),
  },
  RemoveKeyReplicationRegions: { KeyIdentifier, ReplicationRegions: ['us-west-2'] },
  RestoreKey: { KeyIdentifier },
  StartKeyUsage: { KeyIdentifier },
  StopKeyUsage: { KeyIdentifier },
  TagResource: { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] },
  UntagResource: { ResourceArn, TagKeys: ['a'] },
  UpdateAlias: { AliasName, KeyArn: KeyIdentifier },
};
const NAMES = Object.keys(REQUESTS) as Name[];

/** A store of which every method does the same. */
function storeThat(answer: (method: string) => unknown): Store {
  return new Proxy({} as Store, { get: (_, method) => async () => answer(String(method)) });
}

const EMPTY = storeThat((method) => (method.startsWith('list') ? [] : undefined));

interface Setting {
  readonly store: Store;
  readonly role?: Role;
  readonly rates?: Rates;
}

/** Serves every operation in a setting; gives the exception that a request comes to, or undefined. */
async function serve(t: TestContext, { store, role = 'administrator', rates = {} }: Setting) {
  const temporary = temporaryAudit();
  const { audit } = temporary;
  const context = {
    account: '111122223333',
    store,
    vault: {},
    dualControl: NO_DUAL_CONTROL,
    quotas: {},
    audit,
    now: Date.now,
  } as ServiceContext;
  const verifySignature = signatureVerifier(accessKeysOf(credentials, role, role));
  const refresh = async () => undefined;
  const service = {
    operations: controlOperations,
    context,
    refresh,
    verifySignature,
    limitRate: rateLimiter(rates),
    custody: {} as Custody,
    mainKeyRotation: {} as MainKeyRotation,
    createBackup: () => assert.fail(),
  };
  const server = createServer(service, createLog({ write: () => undefined }));
  await server.listen({ port: 0 });
  t.after(async () => {
    await server.close();
    await temporary[Symbol.asyncDispose]();
  });
  const host = `localhost:${(server.server.address() as AddressInfo).port}`;
  return async (name: Name, input: unknown): Promise<string | undefined> => {
    const headers = { 'x-amz-target': `PaymentCryptographyControlPlane.${name}` };
    const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
    const signed = await signRequest(host, credentials, request);
    const answer = await fetch(`http://${host}/`, {
      method: 'POST',
      headers: signed.headers,
      body: signed.body,
    });
    return ((await answer.json()) as { __type?: string }).__type;
  };
}

const has = (name: Name, exception: string): boolean =>
  MODELS.control.operations[name]!.errors.some(({ shape }) => shape === exception);

suite('what every operation answers when something is wrong', () => {
  const settings: [string, Setting][] = [
    ['AccessDeniedException', { store: EMPTY, role: 'approver' }],
    ['ThrottlingException', { store: EMPTY, rates: { control: 0 } }],
    [
      'InternalServerException',
      {
        store: storeThat(() => {
          throw new Error('a secret that must not be told');
        }),
      },
    ],
    [
      'ServiceUnavailableException',
      {
        store: storeThat(() => {
          throw new StoreUnavailableError('busy');
        }),
      },
    ],
  ];
  for (const [exception, setting] of settings) {
    test(exception, async (t) => {
      const call = await serve(t, setting);
      for (const name of NAMES) assert.equal(await call(name, REQUESTS[name]), exception, name);
    });
  }

  test('ResourceNotFoundException, of what a request names', async (t) => {
    const call = await serve(t, { store: EMPTY });
    const namesNothing = neverOccurring('ResourceNotFoundException');
    for (const name of NAMES.filter((one) => !namesNothing.includes(one))) {
      assert.equal(await call(name, REQUESTS[name]), 'ResourceNotFoundException', name);
    }
  });

  test('ValidationException, of every member that a request must have, and of limits', async (t) => {
    const call = await serve(t, { store: EMPTY });
    for (const name of NAMES) {
      const { required = [] } = MODELS.control.shapes[MODELS.control.operations[name]!.input.shape]!;
      for (const member of required) {
        const input = { ...REQUESTS[name], [member]: undefined };
        assert.equal(await call(name, input), 'ValidationException', `${name} without ${member}`);
      }
    }
    for (const name of ['ListKeys', 'ListAliases', 'ListTagsForResource'] as const) {
      assert.equal(await call(name, { ...REQUESTS[name], MaxResults: 0 }), 'ValidationException');
    }
  });

  test('the model lists what is answered here', () => {
    for (const [exception] of settings.slice(0, 3)) {
      assert.deepEqual(
        NAMES.filter((name) => !has(name, exception)),
        [],
      );
    }
  });
});
