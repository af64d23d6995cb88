import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { AwsException, conflict, invalid, notFound } from '../../src/api/exceptions.ts';
import { SealError } from '../../src/custody/main-key.ts';
import { DuplicateRecordError, StaleRecordError } from '../../src/store/errors.ts';
import { credentials, startTestServer, type TestServer } from './fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const MAC = { KeyIdentifier: 'alias/abc', MessageData: '00', GenerationAttributes: { Algorithm: 'CMAC' } };

/** A server whose ListKeys and GenerateMac throw what is given. */
function throwing(error: unknown): Promise<TestServer> {
  const fail = async () => {
    throw error;
  };
  return startTestServer({ ListKeys: fail, GenerateMac: fail });
}

interface Told {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

async function told(response: Response): Promise<Told> {
  assert.match(response.headers.get('x-amzn-requestid')!, UUID);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body };
}

test('exceptions of the control plane: code in the body, 400', async () => {
  const cases: [AwsException, number, object][] = [
    [invalid('Wrong.'), 400, { Message: 'Wrong.' }],
    [conflict('Pending.'), 400, { Message: 'Pending.' }],
    [notFound('alias/x'), 400, { Message: 'alias/x was not found.', ResourceId: 'alias/x' }],
    [new AwsException('ThrottlingException', 'Slow.'), 400, { Message: 'Slow.' }],
    [new AwsException('ServiceUnavailableException', 'Off.'), 500, { Message: 'Off.' }],
  ];
  for (const [error, status, members] of cases) {
    await using server = await throwing(error);
    const response = await server.control('ListKeys', {});
    assert.equal(response.headers.get('content-type'), 'application/x-amz-json-1.0');
    assert.deepEqual(await told(response), { status, type: null, body: { __type: error.code, ...members } });
  }
});

test('exceptions of the data plane: code in a header, a status of their own', async () => {
  const fieldList = [{ path: 'a', message: 'b' }];
  const failed = new AwsException('VerificationFailedException', 'No.', { Reason: 'INVALID_MAC' });
  const cases: [AwsException, number, object][] = [
    [invalid('Wrong.'), 400, { message: 'Wrong.' }],
    [invalid('Wrong.', fieldList), 400, { message: 'Wrong.', fieldList }],
    [notFound('alias/x'), 404, { Message: 'alias/x was not found.', ResourceId: 'alias/x' }],
    [failed, 400, { Message: 'No.', Reason: 'INVALID_MAC' }],
    [new AwsException('AccessDeniedException', 'No.'), 403, { Message: 'No.' }],
    [new AwsException('ThrottlingException', 'Slow.'), 429, { Message: 'Slow.' }],
  ];
  for (const [error, status, body] of cases) {
    await using server = await throwing(error);
    const response = await server.send('/mac/generate', MAC);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.deepEqual(await told(response), { status, type: error.code, body });
  }
});

test('errors of the store are conflicts', async () => {
  for (const error of [new StaleRecordError('x'), new DuplicateRecordError('x')]) {
    await using server = await throwing(error);
    const { body } = await told(await server.control('ListKeys', {}));
    assert.equal(body.__type, 'ConflictException');
    assert.ok(server.log.every((line) => JSON.parse(line).event === 'request'));
  }
});

test('anything else is an internal error that says its request id, and the log says where', async () => {
  const message = 'key 0123456789ABCDEF\n    at 0123456789ABCDEF';
  const error = Object.assign(new TypeError(message), { code: 'ERR_SQLITE_ERROR' });
  await using server = await throwing(error);
  const response = await server.control('ListKeys', {});
  const id = response.headers.get('x-amzn-requestid');
  const { status, body } = await told(response);
  assert.equal(status, 500);
  assert.deepEqual(body, { __type: 'InternalServerException', Message: `Internal error. Request id ${id}.` });

  const failure = server.log.map((line) => JSON.parse(line)).find(({ event }) => event === 'failure');
  assert.equal(failure.requestId, id);
  assert.equal(failure.error.name, 'TypeError');
  assert.equal(failure.error.code, 'ERR_SQLITE_ERROR');
  assert.match(failure.error.stack.join('\n'), /errors\.test\.ts/);
  assert.ok(!server.log.join().includes('0123456789ABCDEF'));
});

test('what is thrown without being an error, and key material that does not open', async () => {
  for (const thrown of ['0123456789ABCDEF', undefined, new SealError()]) {
    await using server = await throwing(thrown);
    const { status, body } = await told(await server.control('ListKeys', {}));
    assert.equal(status, 500);
    assert.equal(body.__type, 'InternalServerException');
    assert.ok(!server.log.join().includes('0123456789ABCDEF'));
    assert.equal(server.log.filter((line) => JSON.parse(line).event === 'failure').length, 1);
  }
});

test('an operation of the models that is not there yet, and one that is in no model', async () => {
  await using server = await startTestServer({});
  const unbuilt = await told(await server.control('ListKeys', {}));
  assert.equal(unbuilt.status, 501);
  assert.equal(
    unbuilt.body.Message,
    'Keywright does not have the operation ListKeys yet; docs/conformance.md lists what it has.',
  );
  const unbuiltData = await told(await server.send('/mac/generate', MAC));
  assert.deepEqual([unbuiltData.status, unbuiltData.type], [501, 'NotImplementedException']);

  for (const unknown of ['Nothing', 'GenerateMac', 'toString', '']) {
    const { status, body } = await told(await server.control(unknown, {}));
    assert.deepEqual([status, body.__type], [400, 'UnknownOperationException']);
  }
  for (const path of ['/nothing', '/mac', '/mac/generate/', '/keys/a/b/c', '/%zz', '/health/%zz']) {
    const { status, type } = await told(await server.send(path, {}));
    assert.deepEqual([status, type], [404, 'UnknownOperationException']);
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    const { status } = await told(await fetch(`${server.url}/mac/generate`, { method }));
    assert.equal(status, 404);
  }
});

test('signature errors: 400 on the control plane, 403 on the data plane', async () => {
  await using server = await throwing(new Error('not reached'));
  const wrong = { credentials: { ...credentials, secretAccessKey: 'other' } };
  const control = await told(await server.control('ListKeys', {}, wrong));
  assert.deepEqual([control.status, control.body.__type], [400, 'InvalidSignatureException']);
  const data = await told(await server.send('/mac/generate', MAC, wrong));
  assert.deepEqual([data.status, data.type], [403, 'InvalidSignatureException']);
  const bare = await told(await fetch(`${server.url}/mac/generate`, { method: 'POST', body: '{"a":' }));
  assert.deepEqual(
    [bare.status, bare.type, bare.body.Message],
    [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  );
});

test('a body that is no JSON object', async () => {
  await using server = await throwing(new Error('not reached'));
  for (const body of ['{', '[]', 'null', '"x"', '{"KeyIdentifier":"0123456789ABCDEF" x}', '{}{}']) {
    const { status, body: answer } = await told(await server.control('ListKeys', body));
    assert.deepEqual([status, answer.__type], [400, 'SerializationException']);
    assert.ok(!JSON.stringify(answer).includes('0123456789ABCDEF'));
  }
});

test('a label that is not well escaped', async () => {
  const never = async () => assert.fail('reached');
  await using server = await startTestServer({ EncryptData: never });
  const { status, type } = await told(await server.send('/keys/%zz/encrypt', {}));
  assert.deepEqual([status, type], [400, 'SerializationException']);
});

test('a body nested as deep as a megabyte allows', async () => {
  await using server = await startTestServer({ ListKeys: async () => ({ Keys: [] }) });
  const deep = '['.repeat(500_000) + ']'.repeat(500_000);
  assert.equal((await server.control('ListKeys', `{"Other":${deep}}`)).status, 200);
  const { body } = await told(await server.control('ListKeys', `{"KeyState":${deep}}`));
  assert.equal(body.__type, 'SerializationException');
});

test('a body over a megabyte', async () => {
  await using server = await throwing(new Error('not reached'));
  const { status, body } = await told(
    await server.control('ListKeys', JSON.stringify('x'.repeat(1024 * 1024))),
  );
  assert.deepEqual([status, body.__type], [413, 'RequestEntityTooLargeException']);
});

/** What comes back for bytes that no HTTP client would send. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, 'localhost', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

test('what is no HTTP gets an answer and is cut off', async () => {
  await using server = await startTestServer({});
  const port = Number(new URL(server.url).port);
  for (const bytes of ['nonsense\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n']) {
    const answer = await raw(port, bytes);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\nx-amzn-RequestId: [0-9a-f-]{36}\r\n/);
  }
});

test('the health checks', async () => {
  let works = true;
  await using server = await startTestServer(
    {},
    {
      ping: async () => {
        if (!works) throw new Error('database is gone');
      },
    },
  );
  const status = async (name: string) => (await fetch(`${server.url}/health/${name}`)).status;
  assert.deepEqual([await status('live'), await status('ready')], [200, 200]);
  works = false;
  assert.deepEqual([await status('live'), await status('ready')], [200, 503]);
});

test('the log has what it may have of a request, and nothing else', async () => {
  await using server = await startTestServer({
    GenerateMac: async () => ({ KeyArn: '', KeyCheckValue: '', Mac: 'F00D' }),
  });
  await server.send('/mac/generate', { ...MAC, MessageData: '0123456789ABCDEF' });
  await server.send('/mac/generate', { ...MAC, MessageData: '0123456789ABCDEF!' });
  await server.send('/secret/0123456789ABCDEF', {});
  const events = server.log.map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ event, operation, code, status }) => [event, operation, code, status]),
    [
      ['request', 'GenerateMac', undefined, 200],
      ['request', 'GenerateMac', 'ValidationException', 400],
      ['request', undefined, 'UnknownOperationException', 404],
    ],
  );
  const allowed = ['level', 'time', 'event', 'requestId', 'operation', 'code', 'status', 'milliseconds'];
  for (const event of events)
    assert.deepEqual(
      Object.keys(event).filter((name) => !allowed.includes(name)),
      [],
    );
});

test('closing finishes the requests that are under way', async () => {
  const begun = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const ListKeys = async () => {
    begun.resolve();
    await free.promise;
    return { Keys: [] };
  };
  const server = await startTestServer({ ListKeys });
  const answer = server.control('ListKeys', {});
  await begun.promise;
  const closed = server[Symbol.asyncDispose]();
  free.resolve();
  assert.deepEqual(await (await answer).json(), { Keys: [] });
  await closed;
  await assert.rejects(fetch(`${server.url}/health/live`));
});
