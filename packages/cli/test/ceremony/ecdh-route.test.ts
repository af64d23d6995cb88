import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Ceremony, receiveKek } from '../../src/ceremony/ceremony.ts';
import { newKek } from '../../src/ceremony/new-kek.ts';
import { Aborted } from '../../src/ceremony/prompts.ts';
import { selfSignedCertificate } from '../../src/ceremony/self-signed-certificate.ts';
import type { KeyService } from '../../src/ceremony/service-client.ts';
import { Failure } from '../../src/failure.ts';
import { ABORT, type Line, ScriptedPrompts } from './scripted-prompts.ts';
import { freshService } from './service.ts';

/** Arbitrary components; the KCVs were computed with OpenSSL. An AES-192 key takes the first 48 digits of each. */
const COMPONENTS = [
  'AAAABBBBCCCCDDDD11112222333344445555666677778888AAAABBBBCCCCDDDD',
  '1111222233334444AAAABBBBCCCCDDDD0F1E2D3C4B5A69788796A5B4C3D2E1F0',
  'FFFF0000FFFF00000000FFFF0000FFFF102030405060708090A0B0C0D0E0F001',
];
const KEYS = {
  AES_256: { digits: 64, components: ['1BE9B8', 'F8DF9B', '8A7510'], key: '87AA24' },
  AES_192: { digits: 48, components: ['7868F9', '2C0579', '977AEA'], key: '47175E' },
} as const;

type LongAlgorithm = keyof typeof KEYS;

const TEMPORARY = [
  'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
  'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
];

let fresh: Awaited<ReturnType<typeof freshService>>;
before(async () => {
  fresh = await freshService();
});
after(() => fresh.close());

function script(algorithm: LongAlgorithm, usage = 'K1'): Line[] {
  const { digits, components, key } = KEYS[algorithm];
  const sheets = COMPONENTS.flatMap((component, i) => [component.slice(0, digits), components[i]!]);
  return [algorithm, usage, '', '3', ...sheets, key, true];
}

function ceremony(lines: readonly Line[], changes: Partial<Pick<Ceremony, 'service' | 'exportable'>> = {}) {
  const prompts = new ScriptedPrompts(lines);
  return { prompts, service: fresh.client, now: Date.now, exportable: false, ...changes } as const;
}

async function listKeys() {
  return (await fresh.client.listKeys({})).Keys ?? [];
}

/** Runs a ceremony; what it made besides the KEK must be scheduled for deletion. @returns the new keys that stay */
async function leftBy(run: () => Promise<unknown>) {
  const known = new Set((await listKeys()).map(({ KeyArn }) => KeyArn));
  await run();
  const made = (await listKeys()).filter(({ KeyArn }) => !known.has(KeyArn));
  const gone = made.filter(({ KeyState }) => KeyState === 'DELETE_PENDING');
  const stays = made.filter(({ KeyState }) => KeyState !== 'DELETE_PENDING');
  return { gone: gone.map(({ KeyAttributes }) => KeyAttributes!.KeyUsage!).sort(), stays };
}

/** The service, with one of its operations in other hands. */
function withOperation<Name extends keyof KeyService>(name: Name, operation: KeyService[Name]): KeyService {
  const { client } = fresh;
  return {
    getParametersForImport: (input) => client.getParametersForImport(input),
    createKey: (input) => client.createKey(input),
    getPublicKeyCertificate: (input) => client.getPublicKeyCertificate(input),
    importKey: (input) => client.importKey(input),
    createAlias: (input) => client.createAlias(input),
    deleteKey: (input) => client.deleteKey(input),
    [name]: operation,
  };
}

const noRoute = () => Promise.reject(new Error('no route'));

function assertNoComponent(text: string): void {
  for (const component of COMPONENTS) assert.ok(!text.includes(component.slice(8, 20)));
}

for (const algorithm of Object.keys(KEYS) as LongAlgorithm[]) {
  for (const [usage, exportable] of [
    ['TR31_K0_KEY_ENCRYPTION_KEY', true],
    ['TR31_K1_KEY_BLOCK_PROTECTION_KEY', false],
  ] as const) {
    test(`an ${algorithm} KEK for ${usage} reaches the service, and nothing else of the ceremony stays there`, async () => {
      const held = ceremony(script(algorithm, usage.slice(5, 7)), { exportable });
      const { gone, stays } = await leftBy(() => receiveKek(held));
      assert.deepEqual(held.prompts.unused, []);
      assert.deepEqual(gone, TEMPORARY);
      assert.equal(stays.length, 1);
      const { Key } = await fresh.client.getKey({ KeyIdentifier: stays[0]!.KeyArn! });
      const { KeyUsage, KeyAlgorithm, KeyModesOfUse } = Key!.KeyAttributes!;
      assert.deepEqual([KeyUsage, KeyAlgorithm, Key!.KeyCheckValue], [usage, algorithm, KEYS[algorithm].key]);
      assert.deepEqual(
        [Key!.Exportable, Key!.KeyOrigin, Key!.KeyState],
        [exportable, 'EXTERNAL', 'CREATE_COMPLETE'],
      );
      const { Encrypt, Decrypt, Wrap, Unwrap } = KeyModesOfUse!;
      assert.deepEqual([Encrypt, Decrypt, Wrap, Unwrap], [true, true, true, true]);
      assertNoComponent(held.prompts.screen.join('\n'));
    });
  }
}

test('a new AES-256 KEK has the same KCV on its sheets and in the service', async () => {
  const yes = (count: number) => Array<boolean>(count).fill(true);
  const held = ceremony(['AES_256', 'K1', '', 'Partner KEK', '2', ...yes(5)]);
  const { gone, stays } = await leftBy(() => newKek(held, { import: true }));
  assert.deepEqual([held.prompts.unused, gone, stays.length], [[], TEMPORARY, 1]);
  for (const sheet of held.prompts.sheets) assert.ok(sheet.includes(stays[0]!.KeyCheckValue!));
});

test('whoever breaks off, at whichever question, leaves nothing that stays', async () => {
  const lines = script('AES_256');
  for (const at of [1, 2, 3, 5, lines.length - 1]) {
    const held = ceremony([...lines.slice(0, at), ABORT]);
    const { gone, stays } = await leftBy(() => assert.rejects(receiveKek(held), Aborted));
    assert.deepEqual([gone, stays], [TEMPORARY, []], `question ${at}`);
  }
});

test('a service that fails half-way leaves nothing that stays', async () => {
  const failing = ['createKey', 'getPublicKeyCertificate', 'importKey'] as const;
  const expected = [[], TEMPORARY.slice(0, 1), TEMPORARY.slice(0, 1)];
  for (const [i, name] of failing.entries()) {
    const held = ceremony(['AES_256'], { service: withOperation(name, noRoute) });
    const { gone, stays } = await leftBy(() =>
      assert.rejects(receiveKek(held), {
        name: 'Failure',
        message: new RegExp(`${name} failed: Error: no route`, 'i'),
      }),
    );
    assert.deepEqual([gone, stays], [expected[i], []], name);
  }
});

test('a temporary key that cannot be deleted is named, and stops nothing', async () => {
  const held = ceremony(script('AES_256'), { service: withOperation('deleteKey', noRoute) });
  const { stays } = await leftBy(() => receiveKek(held));
  assert.equal(stays.length, 3);
  const warnings = held.prompts.screen.filter((line) => line.startsWith('warning: The temporary'));
  assert.equal(warnings.length, 2);
  for (const { KeyArn, KeyAttributes } of stays) {
    if (KeyAttributes!.KeyClass === 'SYMMETRIC_KEY') continue;
    assert.ok(
      warnings.some((line) => line.includes(`${KeyArn!} is still there: DeleteKey failed: Error: no route`)),
    );
    const { Tags } = await fresh.client.listTagsForResource({ ResourceArn: KeyArn! });
    assert.deepEqual(Tags, [{ Key: 'Purpose', Value: 'keywright ceremony, temporary' }]);
  }
});

test("a certificate of somebody else in the place of the service's is not agreed with", async () => {
  const own = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  const pem = selfSignedCertificate({ ...own, common: 'somebody', now: Date.now() });
  const service = withOperation('getPublicKeyCertificate', async (input) => ({
    ...(await fresh.client.getPublicKeyCertificate(input)),
    KeyCertificate: Buffer.from(pem).toString('base64'),
  }));
  const { stays } = await leftBy(() =>
    assert.rejects(receiveKek(ceremony(['AES_256'], { service })), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /was not issued by the certificates that came with it/);
      return true;
    }),
  );
  assert.deepEqual(stays, []);
});

test('the certificate of the ceremony is a root for itself, a day to either side', () => {
  const now = Date.UTC(2026, 6, 1);
  const own = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  const options = { ...own, common: 'keywright ceremony', now };
  const certificate = new X509Certificate(selfSignedCertificate(options));
  assert.ok(certificate.ca && certificate.checkIssued(certificate) && certificate.verify(own.publicKey));
  assert.ok(certificate.publicKey.equals(own.publicKey));
  assert.equal(certificate.subject, 'CN=keywright ceremony');
  assert.equal(certificate.validFromDate.toISOString(), '2026-06-30T00:00:00.000Z');
  assert.equal(certificate.validToDate.toISOString(), '2026-07-02T00:00:00.000Z');
  assert.notEqual(new X509Certificate(selfSignedCertificate(options)).serialNumber, certificate.serialNumber);
});
