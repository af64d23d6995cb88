// Metrics as Prometheus asks for them, of the service as it is run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveMetrics } from '../../src/metrics/serve-metrics.ts';
import { freePort } from '../http/free-port.ts';
import { ROUNDS, WorkerService } from '../http/worker-service.ts';

async function figuresOf(port: number): Promise<Map<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type')],
    [200, 'text/plain; version=0.0.4; charset=utf-8'],
  );
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end))];
    }),
  );
}

for (const workers of [1, 2]) {
  test(`of a service in ${workers} processes`, async (t) => {
    const port = await freePort();
    const service = new WorkerService(t, {
      KEYWRIGHT_METRICS: `127.0.0.1:${port}`,
      KEYWRIGHT_WORKERS: `${workers}`,
    });
    await service.ready();
    for (let i = 0; i < ROUNDS; i += 1) await service.control('ListKeys', {});
    const { status } = await service.control('GetKey', { KeyIdentifier: 'alias/not-there' });
    assert.equal(status, 400);
    const figures = await figuresOf(port);
    const requests = [...figures].filter(([name]) => name.startsWith('keywright_requests_total'));
    assert.deepEqual(Object.fromEntries(requests), {
      'keywright_requests_total{operation="ListKeys",outcome="ok"}': ROUNDS,
      'keywright_requests_total{operation="GetKey",outcome="ResourceNotFoundException"}': 1,
    });
    assert.equal(figures.get('keywright_sealed'), 0);
    assert.equal(figures.get('keywright_audit_available'), 1);
    assert.ok(figures.get('process_resident_memory_bytes')! > 0);
  });
}

test('there is nothing but GET /metrics; what fails is logged, and goes on', async () => {
  const port = await freePort();
  const failures: unknown[] = [];
  const figures = ['a 1\n'];
  const read = async () => figures.pop() ?? Promise.reject(new Error('no figures'));
  const log = { failure: (error: unknown) => void failures.push(error) };
  const source = { contentType: 'text/plain', read, log };
  await using _served = await serveMetrics({ host: '127.0.0.1', port }, source);
  const url = `http://127.0.0.1:${port}`;
  assert.equal((await fetch(`${url}/health`)).status, 404);
  assert.equal((await fetch(`${url}/metrics`, { method: 'POST' })).status, 404);
  assert.equal(await (await fetch(`${url}/metrics`)).text(), 'a 1\n');
  assert.equal((await fetch(`${url}/metrics`)).status, 500);
  assert.deepEqual(failures, [new Error('no figures')]);
  await assert.rejects(
    serveMetrics({ host: '127.0.0.1', port }, source),
    /^Error: metrics cannot be served on 127\.0\.0\.1 port \d+: set KEYWRIGHT_METRICS to another$/,
  );
});
