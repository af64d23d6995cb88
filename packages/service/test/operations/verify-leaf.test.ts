import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AwsException } from '../../src/api/exceptions.ts';
import { SealError } from '../../src/custody/main-key.ts';
import { verifyLeaf } from '../../src/operations/certificates/trust.ts';
import { AUTHORITY, issuedBy, type Party, selfSigned } from '../pki/openssl.ts';
import { importRoot, trusted } from './asymmetric.ts';
import { DAY, Service } from './service.ts';

const root = selfSigned({ name: 'root', days: 300 });
const middle = issuedBy(root, { name: 'middle', extensions: AUTHORITY, days: 200 });
const leaf = issuedBy(middle, { name: 'leaf', days: 100 });
const direct = issuedBy(root, { name: 'direct', days: 100 });

async function trusting(t: TestContext) {
  const service = new Service(t);
  // Every certificate is valid then that the tests make.
  service.time = Date.now() + 60_000;
  const rootArn = await importRoot(service, root);
  const middleArn = (await service.call('ImportKey', trusted(middle, rootArn))).Key.KeyArn;
  const verify = ({ certificate }: Party, arn: string, field?: string) =>
    verifyLeaf(certificate, arn, service.context, field);
  const reason = async (party: Party, arn: string) => {
    const error = await verify(party, arn).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AwsException && error.code === 'ValidationException', String(error));
    return error.message;
  };
  return { service, rootArn, middleArn, verify, reason };
}

test('a leaf gives its public key when its chain is valid up to the root', async (t) => {
  const { rootArn, middleArn, verify } = await trusting(t);
  assert.ok((await verify(leaf, middleArn)).equals(leaf.certificate.publicKey));
  assert.ok((await verify(direct, rootArn)).equals(direct.certificate.publicKey));
});

test('the root itself is a leaf too, where the other side has one key for all', async (t) => {
  const { rootArn, middleArn, verify, reason } = await trusting(t);
  assert.ok((await verify(root, rootArn)).equals(root.certificate.publicKey));
  const twin = selfSigned({ name: 'root', key: root.key, days: 299 });
  assert.ok((await verify(twin, rootArn)).equals(root.certificate.publicKey));
  assert.match(await reason(root, middleArn), /was not issued by/);
});

test('a leaf is refused by its reason', async (t) => {
  const { service, rootArn, middleArn, verify, reason } = await trusting(t);
  assert.match(await reason(leaf, rootArn), /^The certificate was not issued by The certificate of key arn:/);
  const named = verify(leaf, rootArn, 'SigningKeyCertificate');
  await assert.rejects(named, /^ValidationException: SigningKeyCertificate was not issued by/);
  service.time += 101 * DAY;
  assert.match(await reason(leaf, middleArn), /^The certificate has expired: it was valid until /);
  service.time -= 102 * DAY;
  assert.match(await reason(leaf, middleArn), /^The certificate is not yet valid: it is from /);
});

test('an authority that has expired, or whose own authority has, vouches for nobody', async (t) => {
  const { service, rootArn, middleArn, reason } = await trusting(t);
  const lasting = issuedBy(middle, { name: 'lasting', days: 1000 });
  const past = (arn: string) => new RegExp(`^The certificate of key ${arn} has expired`);
  service.time += 201 * DAY;
  assert.match(await reason(lasting, middleArn), past(middleArn));
  service.time += 100 * DAY;
  assert.match(await reason(issuedBy(root, { name: 'x', days: 1000 }), rootArn), past(rootArn));
});

test('what is trusted no more at the top is trusted nowhere below', async (t) => {
  const { service, rootArn, middleArn, verify, reason } = await trusting(t);
  await service.call('StopKeyUsage', { KeyIdentifier: rootArn });
  assert.match(await reason(leaf, middleArn), new RegExp(`^Key ${rootArn} is not usable: it is disabled`));
  await service.call('StartKeyUsage', { KeyIdentifier: rootArn });
  await verify(leaf, middleArn);
  await service.call('DeleteKey', { KeyIdentifier: rootArn });
  assert.match(
    await reason(leaf, middleArn),
    new RegExp(`^Key ${rootArn} is not usable: it is in state DELETE_PENDING`),
  );
});

test('a policy on the root keeps nobody from an authority below it', async (t) => {
  const { service, rootArn, middleArn, verify } = await trusting(t);
  const Statement = {
    Effect: 'Deny',
    Principal: { AWS: service.context.caller },
    Action: '*',
    Resource: '*',
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await service.call('PutResourcePolicy', { ResourceArn: rootArn, Policy });
  await verify(leaf, middleArn);
  await assert.rejects(verify(direct, rootArn), { name: 'AccessDeniedException' });
});

test('a certificate, or an authority, that was changed in the database is not trusted', async (t) => {
  const { service, rootArn, middleArn, verify } = await trusting(t);
  const { store } = service.context;
  const evil = selfSigned({ name: 'evil', days: 300 });
  const record = (await store.findKey('us-east-2', rootArn.slice(-16)))!;
  await store.replaceKey({ ...record, certificate: evil.pem });
  await assert.rejects(verify(issuedBy(evil, { name: 'x' }), rootArn), SealError);
  const below = (await store.findKey('us-east-2', middleArn.slice(-16)))!;
  await store.replaceKey({ ...below, authorityKeyId: undefined });
  await assert.rejects(verify(leaf, middleArn), SealError);
});
