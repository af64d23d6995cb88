import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../src/http/log.ts';
import { Meters } from '../../src/metrics/meters.ts';

const REQUEST = { requestId: 'r', operation: 'GetKey', code: undefined, status: 200, milliseconds: 3 };

function newLog(): { log: Log; told: string[] } {
  const told: string[] = [];
  const tell = (event: string) => () => void told.push(event);
  const log: Log = {
    request: ({ requestId }) => void told.push(requestId),
    cipherEngine: tell('engine'),
    failure: tell('failure'),
    workerEnded: tell('ended'),
  };
  return { log, told };
}

function lineOf(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

const DURATION = 'keywright_request_duration_seconds';

test('what is counted still goes into the log', async () => {
  const { log, told } = newLog();
  const meters = new Meters();
  const counting = meters.counting(log);
  counting.cipherEngine('fast');
  counting.request(REQUEST);
  counting.request({ ...REQUEST, requestId: 's', code: 'ResourceNotFoundException', milliseconds: 2000 });
  counting.request({ ...REQUEST, requestId: 't', operation: undefined, code: 'UnknownOperationException' });
  counting.failure(new Error('no'));
  counting.workerEnded({ pid: 1, status: 1, signal: null });
  assert.deepEqual(told, ['engine', 'r', 's', 't', 'failure', 'ended']);
  const text = await meters.text();
  const expected: Record<string, number> = {
    'keywright_requests_total{operation="GetKey",outcome="ok"}': 1,
    'keywright_requests_total{operation="GetKey",outcome="ResourceNotFoundException"}': 1,
    'keywright_requests_total{operation="none",outcome="UnknownOperationException"}': 1,
    [`${DURATION}_bucket{le="0.0025",operation="GetKey"}`]: 0,
    [`${DURATION}_bucket{le="0.005",operation="GetKey"}`]: 1,
    [`${DURATION}_bucket{le="2.5",operation="GetKey"}`]: 2,
    [`${DURATION}_count{operation="GetKey"}`]: 2,
    [`${DURATION}_sum{operation="GetKey"}`]: 2.003,
    keywright_failures_total: 1,
    keywright_workers_ended_total: 1,
  };
  const found = Object.keys(expected).map((name) => [name, lineOf(text, name)]);
  assert.deepEqual(Object.fromEntries(found), expected);
});

test('of several processes requests are summed up; one that is sealed or has no audit shows', async () => {
  const states = [
    { keyring: { isSealed: false }, audit: { available: true } },
    { keyring: { isSealed: true }, audit: { available: false } },
  ];
  const processes = states.map((watched) => {
    const meters = new Meters();
    meters.watch(watched);
    meters.counting(newLog().log).request(REQUEST);
    return meters;
  });
  const [first, second] = processes as [Meters, Meters];
  const text = await first.text([await second.figures]);
  assert.equal(lineOf(text, 'keywright_requests_total{operation="GetKey",outcome="ok"}'), 2);
  assert.equal(lineOf(text, `${DURATION}_count{operation="GetKey"}`), 2);
  assert.equal(lineOf(text, 'keywright_sealed'), 1);
  assert.equal(lineOf(text, 'keywright_audit_available'), 0);
  states[1]!.keyring.isSealed = false;
  states[1]!.audit.available = true;
  const later = await first.text([await second.figures]);
  assert.deepEqual([lineOf(later, 'keywright_sealed'), lineOf(later, 'keywright_audit_available')], [0, 1]);
});
