// Both planes over real HTTP, with operations that only say what they were given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GetKeyCommand,
  ListKeysCommand,
  PaymentCryptographyClient,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-payment-cryptography';
import { notFound } from '../../src/api/exceptions.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { sample } from '../api/sample.ts';
import { credentials, startTestServer } from './fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ARN = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';

/** Every operation of the models, answering with its input, its name and the request's region. */
function echoAll(): object {
  const echo = (name: string) => async (input: object, context: { region: string }) => ({
    name,
    region: context.region,
    input,
  });
  return Object.fromEntries(Array.from(OPERATIONS.keys(), (name) => [name, echo(name)]));
}

test('every operation is found, gets its input and the region of the signature', async () => {
  await using server = await startTestServer(echoAll());
  for (const { name, plane, path, input: shape } of OPERATIONS.values()) {
    const input = sample(plane, shape) as Record<string, unknown>;
    const label = /\{(\w+)\}/.exec(path)?.[1];
    const url = path.replace(/\{\w+\}/, encodeURIComponent(String(input[label ?? ''])));
    const scope = { region: 'eu-west-1' };
    const response = await (plane === 'control'
      ? server.control(name, input, { scope })
      : server.send(url, input, { scope }));
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { name, region: 'eu-west-1', input });
    const type = plane === 'control' ? 'application/x-amz-json-1.0' : 'application/json';
    assert.equal(response.headers.get('content-type'), type);
    assert.match(response.headers.get('x-amzn-requestid')!, UUID);
  }
});

test('identifiers with slashes and colons come as one escaped label', async () => {
  await using server = await startTestServer(echoAll());
  const body = { PlainText: '00', EncryptionAttributes: { Symmetric: { Mode: 'ECB' } } };
  const alias = 'arn:aws:payment-cryptography:us-east-2:111122223333:alias/a/b_c-D';
  for (const id of [ARN, 'alias/x', 'alias/a/b', alias]) {
    const response = await server.send(`/keys/${encodeURIComponent(id)}/encrypt`, {
      ...body,
      KeyIdentifier: 'other',
    });
    const answer = (await response.json()) as { input: { KeyIdentifier: string } };
    assert.equal(answer.input.KeyIdentifier, id);
  }
  assert.equal((await server.send('/keys/alias/x/encrypt', body)).status, 404);
  assert.equal((await server.send('/keys//encrypt', body)).status, 404);
});

test('an empty body is an empty object', async () => {
  await using server = await startTestServer(echoAll());
  const response = await server.control('ListKeys', '');
  assert.deepEqual(((await response.json()) as { input: object }).input, {});
});

test('the AWS SDK works against it, and reads its exceptions', async () => {
  await using server = await startTestServer({
    ListKeys: async () => ({ Keys: [], NextToken: 'more' }),
    GetKey: async ({ KeyIdentifier }) => {
      throw notFound(KeyIdentifier);
    },
  });
  const client = new PaymentCryptographyClient({
    endpoint: server.url,
    region: 'us-east-2',
    credentials,
    maxAttempts: 1,
  });
  const { Keys, NextToken, $metadata } = await client.send(new ListKeysCommand({ MaxResults: 5 }));
  assert.deepEqual([Keys, NextToken, $metadata.httpStatusCode], [[], 'more', 200]);
  assert.match($metadata.requestId!, UUID);

  await assert.rejects(client.send(new GetKeyCommand({ KeyIdentifier: ARN })), (error) => {
    assert.ok(error instanceof ResourceNotFoundException);
    assert.equal(error.ResourceId, ARN);
    return true;
  });
  await assert.rejects(client.send(new GetKeyCommand({ KeyIdentifier: 'alias/a b' })), (error) => {
    assert.ok(error instanceof ValidationException);
    assert.match(error.message, /^1 validation error detected: Value 'alias\/a b' at 'keyIdentifier'/);
    return true;
  });
  client.destroy();
});
