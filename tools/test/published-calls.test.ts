// What is published of the live service's answers, over the wire, against the service as it is run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataOperations } from '../../packages/service/src/operations/data/index.ts';
import { callService } from '../bench/service-client.ts';
import { faultOf } from '../load/published/published-call.ts';
import { makePublishedCalls } from '../load/published-calls.ts';
import { credentials, emptyProject, ServiceProcess } from './service.ts';

test('published examples of every operation of the data plane, each over HTTP', async () => {
  using project = emptyProject();
  await using service = await ServiceProcess.start(project.directory);
  const endpoint = { url: service.url, credentials: credentials(project.directory) };
  const { repeatable, once } = await makePublishedCalls(endpoint);
  const calls = [...repeatable, ...once];
  assert.ok(calls.length >= 80);
  for (const call of calls) {
    assert.equal(faultOf(call, await callService(endpoint, call)), undefined, call.operation);
  }
  const shown = new Set(repeatable.map(({ operation }) => operation));
  assert.deepEqual([...shown].sort(), Object.keys(dataOperations).sort());
});
