// What is published of the live service's answers, over the wire, against the service as it is run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callService } from '../bench/service-client.ts';
import { makePublishedCalls } from '../load/published-calls.ts';
import { credentials, emptyProject, ServiceProcess } from './service.ts';

test('published examples of the data plane, each over HTTP', async () => {
  using project = emptyProject();
  await using service = await ServiceProcess.start(project.directory);
  const endpoint = { url: service.url, credentials: credentials(project.directory) };
  const calls = await makePublishedCalls(endpoint);
  assert.ok(calls.length >= 20);
  for (const call of calls) {
    const answer = await callService(endpoint, call);
    for (const [member, value] of Object.entries(call.expected)) {
      assert.deepEqual(answer[member], value, `${call.operation} ${member}`);
    }
  }
});
