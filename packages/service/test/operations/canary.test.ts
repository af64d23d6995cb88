import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { encodeHex, encryptOaep, Secret } from '@keywright/crypto';
import { controlOperations } from '../../src/operations/control/index.ts';
import { attributes, Service } from './service.ts';

const KEK = 'A1B2C3D4E5F60718293A4B5C6D7E8F90A0B1C2D3E4F50617283940516273849F';
const BDK = '5D1C7E9A3B4F60827395A4C6B8D0E1F2';
const SINGLE = 'C8E9DA6BFC7D0E1FC8E9DA6BFC7D0E1F';
const INITIAL_KSN = 'FFFF9876543210E00001';

/** How a key may show itself: hexadecimal, base64 and base64url at each of its three offsets, a list of numbers. */
function disguises(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex');
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(3)]).toString('base64');
    return text.slice(4, 4 + Math.floor(((bytes.length - 3) * 4) / 3) - 1);
  });
  const urls = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    hex.toUpperCase(),
    hex.toLowerCase(),
    bytes.toString('latin1'),
    bytes.join(','),
    ...base64,
    ...urls,
  ];
}

async function approvalTeam({ context }: Service): Promise<void> {
  const { region, store } = context;
  await store.insertApprovalTeam({
    region,
    teamName: 'roots',
    members: ['alice'],
    threshold: 1,
    createdAt: 0,
  });
}

test('no answer and no refusal of any operation shows a key', async (t) => {
  const service = new Service(t);
  const call: Service['call'] = (...request) => service.call(...request);
  const kek = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_256',
    mode: 'B',
    hex: KEK,
  });
  const Tr31KeyBlock = { WrappingKeyIdentifier: kek };

  const token = await call('GetParametersForImport', {
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_2048',
  });
  const publicKey = createPublicKey(Buffer.from(token.WrappingKeyCertificate, 'base64'));
  const cryptogram = (hex: string) => {
    using key = Secret.fromHex(hex);
    return {
      KeyAttributes: attributes('TR31_B0_BASE_DERIVATION_KEY', 'TDES_2KEY', 'X'),
      Exportable: true,
      WrappedKeyCryptogram: encodeHex(encryptOaep(publicKey, 'SHA256', key)),
      ImportToken: token.ImportToken,
    };
  };
  const { Key } = await call('ImportKey', { KeyMaterial: { KeyCryptogram: cryptogram(BDK) } });
  await service.refusal('ImportKey', { KeyMaterial: { KeyCryptogram: cryptogram(SINGLE) } });
  await service.refusal('ImportKey', { KeyMaterial: { KeyCryptogram: cryptogram(KEK) } });

  await call('GetParametersForExport', {
    KeyMaterialType: 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: 'RSA_2048',
  });
  const KeyIdentifier = Key.KeyArn;
  const { WrappedKey } = await call('ExportKey', {
    KeyMaterial: { Tr31KeyBlock },
    ExportKeyIdentifier: KeyIdentifier,
  });
  await call('ExportKey', {
    KeyMaterial: { Tr31KeyBlock },
    ExportKeyIdentifier: KeyIdentifier,
    ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: INITIAL_KSN } },
  });
  await service.refusal('ExportKey', {
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: KeyIdentifier } },
    ExportKeyIdentifier: kek,
  });
  const block = WrappedKey!.KeyMaterial;
  for (const WrappedKeyBlock of [
    block,
    `${block.slice(0, -1)}${block.endsWith('0') ? 1 : 0}`,
    block.slice(1),
  ]) {
    const request = { KeyMaterial: { Tr31KeyBlock: { ...Tr31KeyBlock, WrappedKeyBlock } } };
    await (WrappedKeyBlock === block ? call('ImportKey', request) : service.refusal('ImportKey', request));
  }

  await call('CreateKey', {
    KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', 'B'),
    Exportable: true,
  });
  const pair = await call('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
      KeyClass: 'ASYMMETRIC_KEY_PAIR',
      KeyAlgorithm: 'ECC_NIST_P256',
      KeyModesOfUse: { DeriveKey: true },
    },
    DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
    Exportable: true,
  });
  await call('GetPublicKeyCertificate', { KeyIdentifier: pair.Key.KeyArn });
  await call('GetCertificateSigningRequest', {
    KeyIdentifier: pair.Key.KeyArn,
    SigningAlgorithm: 'SHA256',
    CertificateSubject: { CommonName: 'x' },
  });
  await service.refusal('GetPublicKeyCertificate', { KeyIdentifier });
  await call('CreateAlias', { AliasName: 'alias/bdk', KeyArn: KeyIdentifier });
  await call('GetAlias', { AliasName: 'alias/bdk' });
  await call('ListAliases', {});
  await call('UpdateAlias', { AliasName: 'alias/bdk' });
  await call('DeleteAlias', { AliasName: 'alias/bdk' });
  await call('TagResource', { ResourceArn: KeyIdentifier, Tags: [{ Key: 'a', Value: 'b' }] });
  await call('ListTagsForResource', { ResourceArn: KeyIdentifier });
  await call('UntagResource', { ResourceArn: KeyIdentifier, TagKeys: ['a'] });
  await call('GetKey', { KeyIdentifier });
  await call('ListKeys', {});
  await call('StopKeyUsage', { KeyIdentifier });
  await call('StartKeyUsage', { KeyIdentifier });
  await call('DeleteKey', { KeyIdentifier });
  await service.refusal('DeleteKey', { KeyIdentifier });
  await call('RestoreKey', { KeyIdentifier });
  const regions = { ReplicationRegions: ['us-west-2'] };
  await call('AddKeyReplicationRegions', { KeyIdentifier, ...regions });
  await service.refusal('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [KEK] });
  await call('RemoveKeyReplicationRegions', { KeyIdentifier, ...regions });
  await call('EnableDefaultKeyReplicationRegions', regions);
  await call('GetDefaultKeyReplicationRegions', {});
  await call('DisableDefaultKeyReplicationRegions', regions);
  const Deny = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: Deny });
  await call('PutResourcePolicy', { ResourceArn: KeyIdentifier, Policy });
  await service.refusal('PutResourcePolicy', { ResourceArn: KeyIdentifier, Policy: `{"${KEK}":1}` });
  await call('GetResourcePolicy', { ResourceArn: KeyIdentifier });
  await call('DeleteResourcePolicy', { ResourceArn: KeyIdentifier });
  await approvalTeam(service);
  const Action = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';
  const MpaTeamArn = 'arn:aws:mpa:us-east-2:111122223333:approval-team/roots';
  await call('AssociateMpaTeam', { Action, MpaTeamArn });
  await call('GetMpaTeamAssociation', { Action });
  await call('DisassociateMpaTeam', { Action });
  assert.deepEqual([...service.called].sort(), Object.keys(controlOperations).sort());

  const sent = service.sent.join('\n');
  for (const key of [KEK, BDK, SINGLE]) {
    for (const disguise of disguises(key)) assert.ok(!sent.includes(disguise), disguise);
  }
});

test('the search would find a key that was sent', () => {
  const bytes = Buffer.from(BDK, 'hex');
  const showing = [
    BDK,
    JSON.stringify([...bytes]),
    `x${bytes.toString('base64')}`,
    bytes.toString('base64url'),
  ];
  for (const offset of [1, 2]) showing.push(Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64'));
  for (const text of showing)
    assert.ok(
      disguises(BDK).some((disguise) => text.includes(disguise)),
      text,
    );
});
