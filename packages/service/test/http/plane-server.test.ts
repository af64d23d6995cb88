// Connections that begin as plain ones: whatever comes over them is answered as node:http answers it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Exchange } from '../../src/http/exchange.ts';
import { PlaneServer } from '../../src/http/plane-server.ts';

/** Answers with what it was asked, but for `/other`; counts what node:http read. */
async function startServer(answer = echo) {
  const server = new PlaneServer(
    { keepAliveTimeout: 5000 },
    (exchange) => {
      if (exchange.url === '/other') return false;
      // A request that is cut off is not answered.
      void answer(exchange).catch((error) => assert.equal(error.code, 'SerializationException'));
      return true;
    },
    (request, response) => {
      request.resume().on('end', () => response.end('other'));
    },
  );
  let byNode = 0;
  server.on('request', () => {
    byNode += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server,
    get byNode() {
      return byNode;
    },
    async open(): Promise<Socket> {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function echo(exchange: Exchange): Promise<void> {
  const body = await exchange.readBody();
  const { method, url, headers } = exchange;
  const asked = JSON.stringify({ method, url, headers, body: body.toString('latin1') });
  exchange.answer(body.length % 2 ? 400 : 200, { 'content-type': 'application/json' }, asked);
}

const HEAD = 'POST /a?b=c HTTP/1.1\r\nHost: a\r\nX-Amz-Date: 20261126T061226Z\r\nAccept: */*\r\n';

function requestOf(body: string): string {
  return `${HEAD}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** What comes over a connection: an answer, until nothing more comes, and whether it was closed then. */
async function receive(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  const quiet = Promise.withResolvers<string>();
  const timer = setTimeout(() => quiet.resolve('waits'), 300);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    const all = Buffer.concat(chunks).toString('latin1');
    const end = all.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)\r$/im.exec(all)?.[1];
    if (/^connection: keep-alive\r$/im.test(all) && all.length >= end + 4 + Number(length)) {
      quiet.resolve('goes on');
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => quiet.resolve('is closed'));
  const end = await quiet.promise;
  clearTimeout(timer);
  socket.destroy();
  const answer = Buffer.concat(chunks).toString('latin1');
  return `${end}: ${answer.replace(/^Date: .*$/m, 'Date')}`;
}

type Started = Awaited<ReturnType<typeof startServer>>;

/** The bytes in one piece, and again with the first byte by itself, which makes them node:http's. */
async function both({ open }: Started, bytes: Buffer): Promise<[string, string]> {
  const whole = await open();
  whole.write(bytes);
  const split = await open();
  split.write(bytes.subarray(0, 1));
  await new Promise((resolve) => setTimeout(resolve, 2));
  split.write(bytes.subarray(1));
  return Promise.all([receive(whole), receive(split)]);
}

test('what is plain is answered, to the byte, as node:http would answer it', async () => {
  await using started = await startServer();
  for (const body of ['', '{}', '{"a":"é"}', 'x'.repeat(20_000), 'x'.repeat(50_001)]) {
    const [whole, split] = await both(started, Buffer.from(requestOf(body)));
    assert.equal(whole, split);
    assert.match(whole, /^goes on: HTTP\/1\.1 (200 OK|400 Bad Request)\r\n/);
  }
  assert.equal(started.byNode, 5);
});

test('whatever comes in one piece is answered as node:http would answer it', async () => {
  await using started = await startServer();
  const good = Buffer.from(requestOf('{"a":"b"}'));
  const piece = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      ' ',
      ':',
      '\0',
      '\t',
      '1',
      'é',
      'Host: b\r\n',
      'Connection: close\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Content-Length: 9\r\n',
      'Expect: 100-continue\r\n',
      'a: b\r\n c\r\n',
    ),
    fc.string({ maxLength: 3 }),
  );
  const change = fc.record({ at: fc.nat(good.length - 1), removed: fc.nat(3), piece });
  const property = fc.asyncProperty(fc.array(change, { maxLength: 2 }), async (changes) => {
    let bytes = good;
    for (const { at, removed, piece: put } of changes) {
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + removed)]);
    }
    if (bytes.length === 0) return;
    const [whole, split] = await both(started, bytes);
    assert.equal(whole, split);
  });
  await fc.assert(property, { numRuns: 150 });
});

test('a connection goes from plain requests to others, and on', async () => {
  await using started = await startServer();
  const socket = await started.open();
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const ask = async (request: string, expected: RegExp) => {
    received = '';
    socket.write(request);
    while (!expected.test(received)) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await ask(requestOf('1'), /"body":"1"\}$/);
  await ask(requestOf('2'), /"body":"2"\}$/);
  assert.equal(started.byNode, 0);
  await ask('POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n', /other/);
  await ask(requestOf('3'), /"body":"3"\}$/);
  assert.equal(started.byNode, 2);
  socket.destroy();
});

test('a request that comes before the answer to the one before is answered after it', async () => {
  const free = Promise.withResolvers<void>();
  await using started = await startServer(async (exchange) => {
    if (started.byNode === 0) await free.promise;
    await echo(exchange);
  });
  const socket = await started.open();
  socket.write(requestOf('1'));
  await new Promise((resolve) => setTimeout(resolve, 10));
  socket.write(requestOf('2'));
  await new Promise((resolve) => setTimeout(resolve, 10));
  socket.write(requestOf('3').replace('Accept: */*', 'Connection: close'));
  free.resolve();
  assert.deepEqual(
    [...(await text(socket)).matchAll(/"body":"(\d)"/g)].map(([, body]) => body),
    ['1', '2', '3'],
  );
});

test('an answer that is longer than what the connection takes at once comes whole, and the next after it', async () => {
  const long = 'é'.repeat(4_000_000);
  await using started = await startServer(async (exchange) => {
    exchange.answer(200, {}, String(await exchange.readBody()) === 'long' ? long : 'short');
  });
  const socket = await started.open();
  socket.pause();
  socket.write(requestOf('long'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.write(requestOf('short').replace('Accept: */*', 'Connection: close'));
  const answers = (await text(socket)).split(/HTTP\/1\.1 200 OK\r\n.*?\r\n\r\n/s);
  assert.ok(answers[1] === long);
  assert.equal(answers[2], 'short');
});

test('who sends no more after a request still gets its answer', async () => {
  const free = Promise.withResolvers<void>();
  await using started = await startServer(async (exchange) => {
    await free.promise;
    await echo(exchange);
  });
  const socket = await started.open();
  socket.end(requestOf('last'));
  setTimeout(free.resolve, 20);
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\nConnection: close\r\n.*"body":"last"/s);
});

test('a client that goes away before its answer hurts nobody', async () => {
  const free = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await using started = await startServer(async (exchange) => {
    begun.resolve();
    await free.promise;
    await echo(exchange);
  });
  const socket = await started.open();
  socket.write(requestOf('lost'));
  await begun.promise;
  socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  free.resolve();
  const other = await started.open();
  other.write(requestOf('next'));
  assert.match(await receive(other), /"body":"next"/);
});

test('a server that closes ends idle connections soon, and the others after their answer', async () => {
  const free = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { server, open } = await startServer(async (exchange) => {
    begun.resolve();
    await free.promise;
    await echo(exchange);
  });
  const idle = await open();
  const busy = await open();
  busy.write(requestOf('last'));
  await begun.promise;
  const closed = new Promise((resolve) => server.close(resolve));
  await text(idle);
  free.resolve();
  assert.match(await text(busy), /\r\nConnection: close\r\n.*"body":"last"/s);
  await closed;
});

test('a request that is on its way when the server closes is answered, the first of a connection and a later one', async () => {
  const { server, open } = await startServer();
  const [fresh, used] = [await open(), await open()];
  used.write(requestOf('1'));
  assert.match(String(await once(used, 'data')), /"body":"1"/);
  const closed = new Promise((resolve) => server.close(resolve));
  const answers = [fresh, used].map(text);
  for (const socket of [fresh, used]) socket.write(requestOf('last'));
  for (const answer of answers) assert.match(await answer, /\r\nConnection: close\r\n.*"body":"last"/s);
  await closed;
});

test('a connection that is idle for too long is closed, after an answer and before the first request', async () => {
  await using started = await startServer();
  started.server.keepAliveTimeout = 50;
  const answered = await started.open();
  answered.write(requestOf('1'));
  assert.match(await text(answered), /"body":"1"\}$/);
  started.server.headersTimeout = 50;
  assert.equal(await text(await started.open()), '');
});
