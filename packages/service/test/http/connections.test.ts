// How requests come over a connection: in pieces, several at once, too long, cut off, and while the server closes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { signRequest } from '../access/sign.ts';
import { credentials, startTestServer, type TestServer } from './fixture.ts';

const TARGET = { 'x-amz-target': 'PaymentCryptographyControlPlane.ListKeys' };

function empty(): Promise<TestServer> {
  return startTestServer({ ListKeys: async () => ({ Keys: [] }) });
}

/** A signed ListKeys as bytes: its head but for how long the body is, and its body. */
async function listKeys({ host }: TestServer, body = '{"MaxResults":1}'): Promise<[string, string]> {
  const request = { method: 'POST', path: '/', headers: TARGET, body };
  const { headers } = await signRequest(host, credentials, request);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return [`POST / HTTP/1.1\r\n${lines.join('')}`, body];
}

async function open({ url }: TestServer): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), 'localhost');
  await once(socket, 'connect');
  return socket;
}

async function listens(server: TestServer): Promise<boolean> {
  try {
    (await open(server)).destroy();
    return true;
  } catch {
    return false;
  }
}

function chunk(content: string): string {
  return `${content.length.toString(16)}\r\n${content}\r\n`;
}

test('a body in chunks, a byte in each packet', async () => {
  await using server = await empty();
  const [head, body] = await listKeys(server);
  const socket = await open(server);
  socket.setNoDelay(true);
  socket.write(`${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`);
  for (const character of body) {
    socket.write(chunk(character));
    await new Promise(setImmediate);
  }
  socket.write(chunk(''));
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n\{"Keys":\[\]\}$/s);
});

test('requests that come at once are answered in order, on one connection', async () => {
  await using server = await empty();
  const [head, body] = await listKeys(server);
  const good = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
  const bad = `${head}Content-Length: ${body.length}\r\n\r\n${body.replace('1', '2')}`;
  const last = 'GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  const socket = await open(server);
  socket.write(good + bad + good + last);
  const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  assert.deepEqual(statuses, ['200', '400', '200', '200']);
});

test('a body that is too long is refused before it has come, and its connection ends', async () => {
  await using server = await empty();
  const [head] = await listKeys(server);
  for (const rest of [
    `Content-Length: ${1024 * 1024 + 1}\r\n\r\n`,
    `Transfer-Encoding: chunked\r\n\r\n${chunk('x'.repeat(1024 * 1024 + 1))}`,
  ]) {
    const socket = await open(server);
    socket.on('error', () => undefined);
    socket.write(head + rest);
    assert.match(await text(socket), /^HTTP\/1\.1 413 .*connection: close.*RequestEntityTooLargeException/is);
  }
});

test('a request that is cut off is logged, and hurts no other', async () => {
  await using server = await empty();
  const [head] = await listKeys(server);
  const socket = await open(server);
  socket.write(`${head}Content-Length: 100\r\n\r\n{"Max`);
  const other = await open(server);
  other.write('GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await text(other);
  socket.destroy();
  while (server.log.length === 0) await new Promise(setImmediate);
  const { event, operation, code } = JSON.parse(server.log[0]!);
  assert.deepEqual([event, operation, code], ['request', 'ListKeys', 'SerializationException']);
  assert.equal((await server.control('ListKeys', {})).status, 200);
});

test('a server that closes tells the clients of its last answers to go', async () => {
  const begun = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const server = await startTestServer({
    ListKeys: async () => {
      begun.resolve();
      await free.promise;
      return { Keys: [] };
    },
  });
  const [head, body] = await listKeys(server);
  const socket = await open(server);
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  await begun.promise;
  const closed = server[Symbol.asyncDispose]();
  while (await listens(server)) await new Promise(setImmediate);
  free.resolve();
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\nconnection: close\r\n/is);
  await closed;
});
