import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { passphraseKeyOf } from '../../src/custody/passphrase-main-key.ts';
import { OwnService } from '../own-api/own-service.ts';

test('a backup is what two people decide on, and its passphrase stays with who types it', async (t) => {
  const service = await OwnService.start(t);
  const people = [
    await service.person('alice', 'administrator'),
    await service.person('bob', 'administrator'),
    await service.person('carol', 'approver'),
  ];
  const refused = await service.own('POST', '/backups', {}, service.operator);
  assert.deepEqual([refused.status, refused.code], [400, 'ValidationException']);
  assert.match(refused.body.message, /under a passphrase only/);
  const [alice, bob, carol] = (await Promise.all(people.map((one) => one.signIn()))) as [
    string,
    string,
    string,
  ];
  await service.done('POST', '/dual-control/enable', {}, service.operator);
  using passphrase = Secret.copyOf(Buffer.from('correct horse battery staple'));
  const protection = passphraseKeyOf(passphrase);
  const make = (by: Parameters<OwnService['own']>[3]) => service.own('POST', '/backups', { protection }, by);
  assert.equal((await make(service.operator)).code, 'AccessDeniedException');
  assert.equal((await make(carol)).code, 'AccessDeniedException');
  // What would be refused anyway asks nobody.
  assert.equal((await service.own('POST', '/backups', {}, alice)).code, 'ValidationException');
  const asked = await make(alice);
  assert.equal(asked.code, 'ApprovalRequiredException');
  const id = asked.body.approvalRequest;
  assert.notEqual((await service.own('POST', `/requests/${id}/approve`, {}, alice)).status, 200);
  assert.notEqual((await service.own('POST', `/requests/${id}/approve`, {}, bob)).status, 200);
  const shown = await service.done('GET', `/requests/${id}`, undefined, carol);
  assert.ok(!JSON.stringify(shown).includes(protection.key));
  await service.done('POST', `/requests/${id}/approve`, {}, carol);
  // Another passphrase is another request.
  const other = await service.own('POST', '/backups', { protection: passphraseKeyOf(passphrase) }, alice);
  assert.equal(other.code, 'ApprovalRequiredException');
  const response = await fetch(`${service.url}/keywright/v1/backups`, {
    method: 'POST',
    headers: { authorization: `Bearer ${alice}`, 'content-type': 'application/json' },
    body: JSON.stringify({ protection }),
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/octet-stream');
  assert.match(Buffer.from(await response.arrayBuffer()).toString('latin1'), /^keywright backup 1\n/);
  assert.equal((await make(alice)).code, 'ApprovalRequiredException');
  assert.ok(service.log.every((line) => !line.includes(protection.key)));
});
