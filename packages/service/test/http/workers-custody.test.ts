// A main key in shares, in a service of several processes: whichever of them custodians speak with, all do the same.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { newShares } from '../../src/index.ts';
import { attributes } from '../operations/service.ts';
import { freePort } from './free-port.ts';
import { ROUNDS, WorkerService } from './worker-service.ts';

async function start(t: TestContext): Promise<{ service: WorkerService; shares: string[] }> {
  const env = { KEYWRIGHT_MAIN_KEY: 'shares', KEYWRIGHT_PORT: `${await freePort()}` };
  const service = new WorkerService(t, env, (directory) => {
    using made = newShares(directory, { shares: 3, threshold: 2 });
    made.keep();
    return [1, 2, 3].map((index) => made.text(index));
  });
  await service.ready();
  return { service, shares: service.prepared };
}

async function everywhere(service: WorkerService): Promise<object[]> {
  const answers = await Promise.all(
    Array.from({ length: ROUNDS }, () => service.get('/keywright/v1/unseal')),
  );
  return answers.map(({ body }) => ({ sealed: body.sealed, given: body.given }));
}

async function assertEverywhere(service: WorkerService, status: object): Promise<void> {
  assert.deepEqual(
    await everywhere(service),
    Array.from({ length: ROUNDS }, () => status),
  );
}

const give = (service: WorkerService, share: string) => service.send('/keywright/v1/unseal', { share });

async function createEverywhere(service: WorkerService): Promise<number[]> {
  const KeyAttributes = attributes('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'AES_128', 'B');
  const statuses: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    statuses.push((await service.control('CreateKey', { KeyAttributes, Exportable: true })).status);
  }
  return [...new Set(statuses)];
}

test('custodians unseal, seal and break off all processes, through any of them', async (t) => {
  const { service, shares } = await start(t);
  const [first, second, third] = shares as [string, string, string];
  await assertEverywhere(service, { sealed: true, given: 0 });
  assert.deepEqual(await createEverywhere(service), [500]);
  assert.deepEqual((await give(service, first)).body.given, 1);
  await assertEverywhere(service, { sealed: true, given: 1 });
  const again = await give(service, first);
  assert.deepEqual([again.status, again.body.code], [400, 'ValidationException']);
  assert.match(again.body.message, /given already/);
  assert.equal((await service.send('/keywright/v1/unseal/abort', {})).body.given, 0);
  await assertEverywhere(service, { sealed: true, given: 0 });
  // At once, at two of them.
  await Promise.all([give(service, second), give(service, third)]);
  await assertEverywhere(service, { sealed: false, given: 0 });
  assert.deepEqual(await createEverywhere(service), [200]);
  assert.equal((await service.send('/keywright/v1/seal', {})).body.sealed, true);
  await assertEverywhere(service, { sealed: true, given: 0 });
  assert.deepEqual(await createEverywhere(service), [500]);
  assert.equal((await service.send('/keywright/v1/seal', {})).body.code, 'ServiceUnavailableException');
  for (const share of shares) assert.ok(!service.log.includes(share.slice(5, 30)));
});

test('a worker that takes the place of another holds what the others do', async (t) => {
  const { service, shares } = await start(t);
  await give(service, shares[0]!);
  await service.replaceAll();
  await assertEverywhere(service, { sealed: true, given: 1 });
  await give(service, shares[1]!);
  await service.replaceAll();
  await assertEverywhere(service, { sealed: false, given: 0 });
  assert.deepEqual(await createEverywhere(service), [200]);
  await service.send('/keywright/v1/seal', {});
  await service.replaceAll();
  await assertEverywhere(service, { sealed: true, given: 0 });
  assert.deepEqual(await createEverywhere(service), [500]);
});

test('a worker that hangs does not keep the main key from being wiped: it is ended', async (t) => {
  const { service, shares } = await start(t);
  for (const share of shares.slice(0, 2)) await give(service, share);
  const [hung] = service.workers;
  process.kill(hung!, 'SIGSTOP');
  // One of them may be handed to the worker that hangs, and is never answered then.
  const { body } = await Promise.any([1, 2].map(() => service.send('/keywright/v1/seal', {})));
  assert.deepEqual([body.sealed, service.workers.includes(hung!)], [true, false]);
  await service.replaced([hung!]);
  await assertEverywhere(service, { sealed: true, given: 0 });
});
