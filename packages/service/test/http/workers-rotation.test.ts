// The main key is replaced while several processes answer requests: none seals under one that another does not know.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { makeShares } from '../../src/index.ts';
import { newSoftToken } from '../custody/soft-token.ts';
import { attributes } from '../operations/service.ts';
import { newFolder } from '../store/folder.ts';
import { freePort } from './free-port.ts';
import { type Answer, ROUNDS, WorkerService } from './worker-service.ts';

async function start(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<WorkerService> {
  return await new WorkerService(t, { KEYWRIGHT_PORT: `${await freePort()}`, ...env }).ready();
}

function assertDone({ status, body }: Answer): void {
  assert.equal(status, 200, JSON.stringify(body));
}

async function createKey(service: WorkerService): Promise<string> {
  const KeyAttributes = attributes('TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C');
  const answer = await service.control('CreateKey', { KeyAttributes, Exportable: true });
  assertDone(answer);
  return answer.body.Key.KeyArn;
}

function useKey(service: WorkerService, KeyIdentifier: string): Promise<Answer> {
  const input = { KeyIdentifier, MessageData: '00', GenerationAttributes: { Algorithm: 'CMAC' } };
  return service.send('/mac/generate', input);
}

async function useEverywhere(service: WorkerService, keys: readonly string[]): Promise<void> {
  for (const key of keys) for (let i = 0; i < ROUNDS; i += 1) assertDone(await useKey(service, key));
}

/** Makes and uses keys until `over`; each is used at once by whichever worker has the turn. */
async function work(service: WorkerService, over: AbortSignal): Promise<string[]> {
  const keys: string[] = [];
  while (!over.aborted) {
    const key = await createKey(service);
    assertDone(await useKey(service, key));
    keys.push(key);
  }
  return keys;
}

/** Replaces the main key while keys are made and used. @returns the keys */
async function rotate(service: WorkerService, request: object): Promise<string[]> {
  const before = await createKey(service);
  const over = new AbortController();
  const working = [work(service, over.signal), work(service, over.signal)];
  const answer = await service.send('/keywright/v1/main-key/rotate', request);
  assertDone(answer);
  assert.equal(answer.body.rotating, true);
  const after = await createKey(service);
  over.abort();
  const keys = [before, after, ...(await Promise.all(working)).flat()];
  const again = await service.send('/keywright/v1/main-key/rotate', request);
  assert.deepEqual([again.status, /being replaced already/.test(again.body.message)], [400, true]);
  return keys;
}

test('by a token, while all processes make and use keys; workers that come later know it as well', async (t) => {
  const { uri } = newSoftToken(newFolder(), 'workers');
  const service = await start(t, { KEYWRIGHT_PKCS11_URI: uri });
  const keys = await rotate(service, { kind: 'pkcs11' });
  await useEverywhere(service, keys.slice(0, 4));
  await service.replaceAll();
  await useEverywhere(service, keys.slice(0, 4));
  await createKey(service);
  assert.ok(!service.log.includes('"level":"error"'), service.log);
});

test('by shares, which all processes are sealed and unsealed with from then on', async (t) => {
  const service = await start(t);
  using made = makeShares({ shares: 3, threshold: 2 });
  const shares = [made.text(1), made.text(2)];
  const keys = await rotate(service, { kind: 'shares', set: made.set, shares });
  await service.replaceAll();
  await useEverywhere(service, keys.slice(0, 2));
  assert.equal((await service.send('/keywright/v1/seal', {})).body.sealed, true);
  for (let i = 0; i < ROUNDS; i += 1) assert.equal((await useKey(service, keys[0]!)).status, 503);
  for (const index of [3, 1])
    assertDone(await service.send('/keywright/v1/unseal', { share: made.text(index) }));
  await useEverywhere(service, keys);
  for (const share of shares) assert.ok(!service.log.includes(share.slice(5, 30)));
});
