import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsException } from '../../src/api/exceptions.ts';
import { startTestServer } from '../http/fixture.ts';
import { recordsOf } from './temporary-audit.ts';

const KEY = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
const REFUSED = new AwsException('ConflictException', `Key ${KEY} ${'is too long a story '.repeat(200)}`);

/** A server whose GetKey answers, and whose DeleteKey is refused. */
async function serve() {
  return startTestServer(
    {
      GetKey: async (_input, context) => {
        context.noteKey(KEY);
        return { Key: { KeyArn: KEY } } as never;
      },
      DeleteKey: async () => {
        throw REFUSED;
      },
    },
    { findDocument: async () => undefined, listDocuments: async () => [] },
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
type Event = any;

async function eventsAfter(act: (server: Awaited<ReturnType<typeof serve>>) => Promise<unknown>) {
  await using server = await serve();
  await act(server);
  await server.audit.commit();
  return recordsOf(server.auditDirectory).map(({ event, attempt }): Event => event ?? { attempt });
}

test("a signed call is recorded with CloudTrail's members, and nothing of its answer", async () => {
  const [event] = await eventsAfter((server) => server.control('GetKey', { KeyIdentifier: KEY }));
  const { eventTime, userAgent, requestID, eventID, sourceIPAddress, ...rest } = event;
  assert.match(eventTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  for (const id of [requestID, eventID]) assert.match(id, /^[0-9a-f-]{36}$/);
  assert.match(sourceIPAddress, /^(127\.0\.0\.1|::1)$/);
  assert.equal(typeof userAgent, 'string');
  assert.equal(rest.userIdentity.accessKeyId, 'AKIATEST');
  delete rest.userIdentity;
  assert.deepEqual(rest, {
    eventVersion: '1.11',
    eventSource: 'payment-cryptography.amazonaws.com',
    eventName: 'GetKey',
    awsRegion: rest.awsRegion,
    requestParameters: { keyIdentifier: KEY },
    responseElements: null,
    readOnly: true,
    resources: [{ accountId: '111122223333', type: 'AWS::PaymentCryptography::Key', ARN: KEY }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  });
});

test('a change is announced, and its refusal recorded with a message of bounded length', async () => {
  const [announced, event] = await eventsAfter((server) =>
    server.control('DeleteKey', { KeyIdentifier: KEY }),
  );
  assert.equal(announced.attempt.eventName, 'DeleteKey');
  assert.equal(announced.attempt.requestID, event.requestID);
  assert.deepEqual(
    [event.errorCode, event.readOnly, event.errorMessage.length],
    ['ConflictException', false, 1025],
  );
});

test('who did not prove who he is stays unknown, with what he claims', async () => {
  const [unsigned, wrong] = await eventsAfter(async (server) => {
    const headers = {
      'x-amz-target': 'PaymentCryptographyControlPlane.GetKey',
      'user-agent': 'a\u009b31m\tb',
    };
    await fetch(server.url, { method: 'POST', headers, body: '{}' });
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'another' };
    await server.control('GetKey', { KeyIdentifier: KEY }, { credentials });
  });
  assert.deepEqual(unsigned.userIdentity, { type: 'Unknown' });
  assert.deepEqual(
    [unsigned.errorCode, unsigned.awsRegion],
    ['MissingAuthenticationTokenException', 'unknown'],
  );
  assert.equal(unsigned.userAgent, 'a?31m?b');
  assert.deepEqual(wrong.userIdentity, { type: 'Unknown', accessKeyId: 'AKIATEST' });
  assert.deepEqual([wrong.errorCode, wrong.requestParameters], ['InvalidSignatureException', null]);
});

test('what names no operation, and what the model refuses, is recorded without its content', async () => {
  const canary = '4929318274650193';
  const events = await eventsAfter(async (server) => {
    await fetch(`${server.url}/${canary}`, { method: 'POST', body: canary });
    await server.control(canary, {});
    await server.control('GetKey', { KeyIdentifier: canary });
    await server.control('GetKey', canary);
    await server.send(`/keywright/v1/${canary}`, {});
  });
  assert.deepEqual(
    events.map(({ eventName, errorCode }) => `${eventName} ${errorCode}`),
    [
      'UnknownOperation UnknownOperationException',
      'UnknownOperation UnknownOperationException',
      'GetKey ValidationException',
      'GetKey SerializationException',
      'UnknownOperation UnknownOperationException',
    ],
  );
  assert.ok(!JSON.stringify(events).includes(canary));
});
