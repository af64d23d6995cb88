import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { before, type TestContext, test } from 'node:test';
import { Secret } from '@keywright/crypto';
import type {
  DeriveKeyUsage,
  ImportDiffieHellmanTr31KeyBlock,
  KeyAlgorithm,
  SymmetricKeyAlgorithm,
} from '../../src/api/control-plane.generated.ts';
import { openPrivateKey } from '../../src/operations/asymmetric-key.ts';
import { AUTHORITY, issuedBy, keyFile, selfSigned } from '../pki/openssl.ts';
import {
  CURVES,
  type Curve,
  DERIVATION,
  DERIVED_LENGTHS,
  type Derivation,
  deriveKbpk,
  makePartner,
  makeSelfCertifiedPartner,
  type Partner,
  termsOf,
  unwrapFrom,
  wrapFor,
} from './ecdh-partner.ts';
import { DAY, type KnownKey, Service } from './service.ts';

const MINUTE = 60_000;
const KEY = '404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F';

let partners: Record<Curve, Partner>;
before(() => {
  const entries = (Object.keys(CURVES) as Curve[]).map((curve) => [curve, makePartner(curve)]);
  partners = Object.fromEntries(entries) as Record<Curve, Partner>;
});

interface OurPair {
  readonly arn: string;
  readonly publicKey: KeyObject;
}

async function createPair(
  service: Service,
  curve: Curve,
  DeriveKeyUsage: DeriveKeyUsage = 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
): Promise<OurPair> {
  const { Key } = await service.call('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
      KeyClass: 'ASYMMETRIC_KEY_PAIR',
      KeyAlgorithm: curve,
      KeyModesOfUse: { DeriveKey: true },
    },
    DeriveKeyUsage,
    Exportable: false,
  });
  const record = await service.context.store.findKey('us-east-2', Key.KeyArn.slice(-16));
  return { arn: Key.KeyArn, publicKey: createPublicKey(await openPrivateKey(record!, service.context)) };
}

async function importRoot(service: Service, PublicKeyCertificate: string, KeyAlgorithm: KeyAlgorithm) {
  const { Key } = await service.call('ImportKey', {
    KeyMaterial: {
      RootCertificatePublicKey: {
        KeyAttributes: {
          KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
          KeyClass: 'PUBLIC_KEY',
          KeyAlgorithm,
          KeyModesOfUse: { Verify: true },
        },
        PublicKeyCertificate,
      },
    },
  });
  return Key.KeyArn;
}

/** A service that has a key pair of its own on the curve and trusts the partner's authority. */
async function meet(t: TestContext, curve: Curve = 'ECC_NIST_P521', partner = partners[curve]) {
  const service = new Service(t);
  // Certificates begin at the moment that openssl makes them.
  service.time = Date.now() + MINUTE;
  const ours = await createPair(service, curve);
  const authority = await importRoot(service, partner.authority.base64, curve);
  return { service, partner, ours, authority };
}

type Meeting = Awaited<ReturnType<typeof meet>>;
type Terms = Omit<ImportDiffieHellmanTr31KeyBlock, 'WrappedKeyBlock'>;

function material(
  { partner, ours, authority }: Meeting,
  derivation: Derivation = DERIVATION,
  hex = KEY,
): ImportDiffieHellmanTr31KeyBlock {
  using kbpk = deriveKbpk(partner, ours.publicKey, derivation);
  const terms = termsOf(partner, { ours: ours.arn, authority }, derivation);
  return { ...terms, WrappedKeyBlock: wrapFor(kbpk, hex) };
}

/** Imports and exports with the same changed terms, which must both be refused in the same words. */
async function refusedBothWays(meeting: Meeting, changes: Partial<Terms>) {
  const { service } = meeting;
  const stored = await service.putKey(symmetric('TDES_2KEY'));
  const count = await service.count();
  const { WrappedKeyBlock, ...terms } = { ...material(meeting), ...changes };
  const incoming = await service.refusal('ImportKey', {
    KeyMaterial: { DiffieHellmanTr31KeyBlock: { ...terms, WrappedKeyBlock } },
  });
  const outgoing = await service.refusal('ExportKey', {
    ExportKeyIdentifier: stored,
    KeyMaterial: { DiffieHellmanTr31KeyBlock: terms },
  });
  assert.deepEqual(incoming, outgoing);
  assert.equal(await service.count(), count, 'nothing is stored');
  return incoming;
}

const LENGTHS: Partial<Record<KeyAlgorithm, number>> = {
  ...DERIVED_LENGTHS,
  HMAC_SHA224: 28,
  HMAC_SHA256: 32,
  HMAC_SHA384: 48,
  HMAC_SHA512: 64,
};

function symmetric(algorithm: KeyAlgorithm): KnownKey {
  const hex = (KEY + KEY).slice(0, 2 * LENGTHS[algorithm]!);
  if (algorithm.startsWith('HMAC')) return { usage: 'TR31_M7_HMAC_KEY', algorithm, mode: 'C', hex };
  return { usage: 'TR31_P0_PIN_ENCRYPTION_KEY', algorithm, mode: 'B', hex };
}

const DERIVED = Object.keys(DERIVED_LENGTHS) as (keyof typeof DERIVED_LENGTHS)[];

/** The user guide's tables, one line a curve: what may be agreed on there, and what may travel under it. */
const AGREED: Record<Curve, string> = {
  ECC_NIST_P256: '+++--',
  ECC_NIST_P384: '++++-',
  ECC_NIST_P521: '+++++',
};
const TRAVELS: Record<keyof typeof DERIVED_LENGTHS, string> = {
  TDES_2KEY: '+---- ----',
  TDES_3KEY: '++--- ----',
  AES_128: '+++-- ++++',
  AES_192: '++++- ++++',
  AES_256: '+++++ ++++',
};

for (const curve of Object.keys(CURVES) as Curve[]) {
  test(`${curve}: exactly the keys of the strength table go out and come in again`, async (t) => {
    const { service, partner, ours, authority } = await meet(t, curve);
    const keys = new Map<KeyAlgorithm, string>();
    for (const key of Object.keys(LENGTHS) as KeyAlgorithm[]) {
      keys.set(key, await service.putKey(symmetric(key)));
    }
    for (const [i, algorithm] of DERIVED.entries()) {
      const derivation = { ...DERIVATION, algorithm };
      const terms = termsOf(partner, { ours: ours.arn, authority }, derivation);
      using kbpk = deriveKbpk(partner, ours.publicKey, derivation);
      for (const [j, [key, ExportKeyIdentifier]] of [...keys].entries()) {
        const request = { ExportKeyIdentifier, KeyMaterial: { DiffieHellmanTr31KeyBlock: terms } };
        const agreed = AGREED[curve][i] === '+';
        if (!agreed || TRAVELS[algorithm].replace(' ', '')[j] !== '+') {
          const { code, message } = await service.refusal('ExportKey', request);
          assert.equal(code, 'ValidationException');
          const weak = agreed ? `${algorithm} cannot protect ${key}` : `${curve} cannot protect ${algorithm}`;
          assert.ok(message.startsWith(weak), `${message} is not ${weak}`);
          continue;
        }
        const { WrappedKey } = await service.call('ExportKey', request);
        const { hex, header } = unwrapFrom(kbpk, WrappedKey!.KeyMaterial);
        assert.deepEqual(
          [hex, header.version],
          [symmetric(key).hex, algorithm.startsWith('AES') ? 'D' : 'B'],
        );
        const back = { ...terms, WrappedKeyBlock: WrappedKey!.KeyMaterial };
        const { Key } = await service.call('ImportKey', { KeyMaterial: { DiffieHellmanTr31KeyBlock: back } });
        assert.deepEqual(
          [Key.KeyCheckValue, Key.KeyAttributes.KeyAlgorithm],
          [WrappedKey!.KeyCheckValue, key],
        );
      }
    }
  });
}

test('a block whose key is stronger than the agreed key is refused on import', async (t) => {
  const meeting = await meet(t, 'ECC_NIST_P521');
  const derivation = { ...DERIVATION, algorithm: 'AES_128' } as const;
  const DiffieHellmanTr31KeyBlock = material(meeting, derivation);
  const { message } = await meeting.service.refusal('ImportKey', {
    KeyMaterial: { DiffieHellmanTr31KeyBlock },
  });
  assert.equal(message, 'AES_128 cannot protect AES_256: use an AES_256 wrapping key.');
});

test('a certificate that certifies itself may be authority and leaf in one', async (t) => {
  const meeting = await meet(t, 'ECC_NIST_P521', makeSelfCertifiedPartner('ECC_NIST_P521'));
  const { Key } = await meeting.service.call('ImportKey', {
    KeyMaterial: { DiffieHellmanTr31KeyBlock: material(meeting) },
  });
  assert.equal(Key.KeyAttributes.KeyAlgorithm, 'AES_256');
});

test('headers may be narrowed, and initial keys go out, as under a stored key', async (t) => {
  const { service, partner, ours, authority } = await meet(t);
  const terms = termsOf(partner, { ours: ours.arn, authority });
  using kbpk = deriveKbpk(partner, ours.publicKey);
  const ExportKeyIdentifier = await service.putKey({
    usage: 'TR31_B0_BASE_DERIVATION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'X',
    // ANSI X9.24-1: the key of its examples, and the initial key that they have.
    hex: '0123456789ABCDEFFEDCBA9876543210',
  });
  const { WrappedKey } = await service.call('ExportKey', {
    ExportKeyIdentifier,
    KeyMaterial: {
      DiffieHellmanTr31KeyBlock: {
        ...terms,
        KeyBlockHeaders: { KeyVersion: '07', KeyExportability: 'NON_EXPORTABLE' },
      },
    },
    ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: 'FFFF9876543210E00001' } },
  });
  const { hex, header } = unwrapFrom(kbpk, WrappedKey!.KeyMaterial);
  assert.equal(hex, '6AC292FAA1315B4D858AB3A3D7D5933A');
  assert.deepEqual([header.keyUsage, header.keyVersion, header.exportability], ['B1', '07', 'N']);
});

test('a tampered block, or one under other terms, is refused without a reason', async (t) => {
  const meeting = await meet(t);
  const right = material(meeting);
  const last = right.WrappedKeyBlock.at(-1) === '0' ? '1' : '0';
  const changes: Partial<ImportDiffieHellmanTr31KeyBlock>[] = [
    { WrappedKeyBlock: right.WrappedKeyBlock.slice(0, -1) + last },
    { WrappedKeyBlock: right.WrappedKeyBlock.replace('K0AB', 'K1AB') },
    { DerivationData: { SharedInformation: 'C0FFEE' } },
    { KeyDerivationFunction: 'ANSI_X963' },
    { KeyDerivationHashAlgorithm: 'SHA_256' },
    { PublicKeyCertificate: makePartner('ECC_NIST_P521', {}, meeting.partner.authority).leaf.base64 },
    { PrivateKeyIdentifier: (await createPair(meeting.service, 'ECC_NIST_P521')).arn },
  ];
  for (const change of changes) {
    const { code, message } = await meeting.service.refusal('ImportKey', {
      KeyMaterial: { DiffieHellmanTr31KeyBlock: { ...right, ...change } },
    });
    assert.equal(code, 'ValidationException');
    assert.equal(
      message,
      'WrappedKeyBlock is not valid: key block verification failed: the block was changed, or was made under ' +
        'another key block protection key. To mend it, compare the certificates, ' +
        'the key derivation and the SharedInformation of both sides, and send the key block as it was made.',
    );
  }
  const { Key } = await meeting.service.call('ImportKey', {
    KeyMaterial: { DiffieHellmanTr31KeyBlock: right },
  });
  assert.equal(Key.KeyAttributes.KeyAlgorithm, 'AES_256');
});

test('refused: a partner on another curve, or with no EC key', async (t) => {
  const meeting = await meet(t);
  const { authority } = meeting.partner;
  const other = (algorithm: 'ECC_NIST_P256' | 'ECC_NIST_P384', key?: string) =>
    issuedBy(authority, { name: 'partner', algorithm, ...(key === undefined ? {} : { key }) }).base64;
  for (const algorithm of ['ECC_NIST_P256', 'ECC_NIST_P384'] as const) {
    const { message } = await refusedBothWays(meeting, { PublicKeyCertificate: other(algorithm) });
    assert.equal(
      message,
      `PublicKeyCertificate has a key of ${algorithm}, where ours is of ECC_NIST_P521: ` +
        'send a certificate of a key on the same curve.',
    );
  }
});

test('refused: certificates that do not lead to the authority named, or are not valid now', async (t) => {
  const meeting = await meet(t);
  const { service, partner } = meeting;
  const algorithm = 'ECC_NIST_P521';
  const stranger = makePartner(algorithm, {}, selfSigned({ name: 'stranger', algorithm }));
  const strangers = await refusedBothWays(meeting, { PublicKeyCertificate: stranger.leaf.base64 });
  assert.match(strangers.message, /^The certificate was not issued by/);
  const namesake = selfSigned({ name: 'ECC_NIST_P521 authority', key: keyFile(algorithm, 'namesake') });
  const forged = makePartner(
    algorithm,
    { extensions: ['basicConstraints=CA:FALSE', 'authorityKeyIdentifier=none'] },
    namesake,
  );
  const forgery = await refusedBothWays(meeting, { PublicKeyCertificate: forged.leaf.base64 });
  assert.match(forgery.message, /^The certificate (?:was not issued by|has a signature that is not)/);
  const elsewhere = await importRoot(service, stranger.authority.base64, algorithm);
  const wrong = await refusedBothWays(meeting, { CertificateAuthorityPublicKeyIdentifier: elsewhere });
  assert.match(wrong.message, /^The certificate was not issued by/);
  const brief = makePartner(algorithm, { days: 1 }, partner.authority);
  service.time += 2 * DAY;
  const expired = await refusedBothWays(meeting, { PublicKeyCertificate: brief.leaf.base64 });
  assert.match(expired.message, /^The certificate has expired: it was valid until /);
  service.time -= 30 * DAY;
  assert.match((await refusedBothWays(meeting, {})).message, /is not yet valid/);
  service.time += 28 * DAY;
  await service.call('ImportKey', { KeyMaterial: { DiffieHellmanTr31KeyBlock: material(meeting) } });
});

test('refused: an authority that is weaker than the partner, or is no authority', async (t) => {
  const weak = selfSigned({ name: 'weak', algorithm: 'ECC_NIST_P256', extensions: AUTHORITY });
  const meeting = await meet(t);
  const CertificateAuthorityPublicKeyIdentifier = await importRoot(
    meeting.service,
    weak.base64,
    'ECC_NIST_P256',
  );
  const key = keyFile('ECC_NIST_P521', 'partner');
  const PublicKeyCertificate = issuedBy(weak, { name: 'partner', key }).base64;
  const changes = { CertificateAuthorityPublicKeyIdentifier, PublicKeyCertificate };
  assert.match((await refusedBothWays(meeting, changes)).message, /weaker key \(ECC_NIST_P256\)/);
  const kek = await meeting.service.putKey({ ...symmetric('AES_128'), usage: 'TR31_K0_KEY_ENCRYPTION_KEY' });
  const none = await refusedBothWays(meeting, { CertificateAuthorityPublicKeyIdentifier: kek });
  assert.match(none.message, /^KeyUsage of the input key/);
  const unknown = await refusedBothWays(meeting, { CertificateAuthorityPublicKeyIdentifier: 'alias/none' });
  assert.deepEqual(
    [unknown.code, unknown.members],
    ['ResourceNotFoundException', { ResourceId: 'alias/none' }],
  );
});

test('refused: what is no certificate', async (t) => {
  const meeting = await meet(t);
  for (const PublicKeyCertificate of ['x', 'AAAA', meeting.partner.leaf.base64.slice(0, 400)]) {
    assert.match(
      (await refusedBothWays(meeting, { PublicKeyCertificate })).message,
      /^PublicKeyCertificate /,
    );
  }
});

test('refused: a private key that is not for this', async (t) => {
  const meeting = await meet(t);
  const { service } = meeting;
  const message = async (PrivateKeyIdentifier: string) =>
    (await refusedBothWays(meeting, { PrivateKeyIdentifier })).message.replace(PrivateKeyIdentifier, 'ARN');
  assert.equal(
    await message((await createPair(service, 'ECC_NIST_P521', 'TR31_P0_PIN_ENCRYPTION_KEY')).arn),
    'DeriveKeyUsage of the input key ARN is invalid for the operation. It is TR31_P0_PIN_ENCRYPTION_KEY; ' +
      'use a key with TR31_K0_KEY_ENCRYPTION_KEY or TR31_K1_KEY_BLOCK_PROTECTION_KEY.',
  );
  assert.match(await message(meeting.authority), /^KeyUsage of the input key ARN/);
  const disabled = await createPair(service, 'ECC_NIST_P521');
  await service.call('StopKeyUsage', { KeyIdentifier: disabled.arn });
  const refusal = await refusedBothWays(meeting, { PrivateKeyIdentifier: disabled.arn });
  assert.equal(refusal.code, 'ConflictException');
  assert.equal(
    (await refusedBothWays(meeting, { PrivateKeyIdentifier: 'alias/none' })).code,
    'ResourceNotFoundException',
  );
});

test('a key pair for K0 serves as well as one for K1', async (t) => {
  const meeting = await meet(t);
  const ours = await createPair(meeting.service, 'ECC_NIST_P521', 'TR31_K0_KEY_ENCRYPTION_KEY');
  await meeting.service.call('ImportKey', {
    KeyMaterial: { DiffieHellmanTr31KeyBlock: material({ ...meeting, ours }) },
  });
});

test('refused: derivations that there are not, and no SharedInformation', async (t) => {
  const meeting = await meet(t);
  for (const DeriveKeyAlgorithm of ['HMAC_SHA256', 'HMAC_SHA512'] as SymmetricKeyAlgorithm[]) {
    assert.equal(
      (await refusedBothWays(meeting, { DeriveKeyAlgorithm })).message,
      `DeriveKeyAlgorithm ${DeriveKeyAlgorithm} is not valid here: use TDES_2KEY, TDES_3KEY, AES_128, AES_192 or AES_256.`,
    );
  }
  assert.match((await refusedBothWays(meeting, { DerivationData: {} })).message, /sharedInformation/);
  for (const SharedInformation of ['', 'A', 'ABC', 'XY', 'AB'.repeat(1025)]) {
    const { message } = await refusedBothWays(meeting, { DerivationData: { SharedInformation } });
    assert.match(message, /[sS]haredInformation/, SharedInformation);
  }
});

test('neither the agreed key nor the exchanged one shows in answers and refusals', async (t) => {
  const meeting = await meet(t);
  const right = material(meeting);
  await meeting.service.call('ImportKey', { KeyMaterial: { DiffieHellmanTr31KeyBlock: right } });
  await refusedBothWays(meeting, { PublicKeyCertificate: 'x' });
  using kbpk = deriveKbpk(meeting.partner, meeting.ours.publicKey);
  using key = Secret.fromHex(KEY);
  const sent = meeting.service.sent.join('\n').toLowerCase();
  for (const secret of [kbpk, key]) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const text = secret.expose((bytes) => Buffer.from(bytes).toString(encoding)).slice(0, 20);
      assert.ok(!sent.includes(text.toLowerCase()), encoding);
    }
  }
});
