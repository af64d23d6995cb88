import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlainRequest } from '../../src/http/plain-request.ts';

const LINES = ['Host: kms.example:3131', 'X-Amz-Date:20261126T061226Z', 'connection: Keep-Alive'];
const BODY = '{"a":"é"}';
const LENGTH = `Content-Length: ${Buffer.byteLength(BODY)}`;

function requestOf(
  lines: readonly string[],
  line = 'POST /mac/generate?a=%2F HTTP/1.1',
  body = BODY,
): Buffer {
  return Buffer.from(`${[line, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

const plain = requestOf([...LINES, LENGTH]);

test('a plain request is read with its fields by lower-case name', () => {
  const { method, url, headers, body } = readPlainRequest(plain)!;
  assert.deepEqual([method, url, body.toString()], ['POST', '/mac/generate?a=%2F', BODY]);
  assert.deepEqual(headers, {
    host: 'kms.example:3131',
    'x-amz-date': '20261126T061226Z',
    connection: 'Keep-Alive',
    'content-length': '10',
  });
});

test('white space around a value is none of it; an empty value is one', () => {
  const { headers } = readPlainRequest(requestOf([...LINES, LENGTH, 'a: \t b  c \t', 'empty:']))!;
  assert.deepEqual([headers.a, headers.empty], ['b  c', '']);
});

test('no part of a plain request is one, nor is one with more after it', () => {
  for (let length = 0; length < plain.length; length += 1) {
    assert.equal(readPlainRequest(plain.subarray(0, length)), undefined);
  }
  assert.equal(readPlainRequest(Buffer.concat([plain, Buffer.from('P')])), undefined);
  assert.equal(readPlainRequest(Buffer.concat([plain, plain])), undefined);
});

const OTHERS: Record<string, Buffer> = {
  'another method': requestOf([...LINES, LENGTH], 'PUT / HTTP/1.1'),
  'a method in lower case': requestOf([...LINES, LENGTH], 'post / HTTP/1.1'),
  'HTTP/1.0': requestOf([...LINES, LENGTH], 'POST / HTTP/1.0'),
  'an absolute URL': requestOf([...LINES, LENGTH], 'POST http://a/ HTTP/1.1'),
  'a fragment': requestOf([...LINES, LENGTH], 'POST /#a HTTP/1.1'),
  'a path that is no ASCII': requestOf([...LINES, LENGTH], 'POST /é HTTP/1.1'),
  'two spaces': requestOf([...LINES, LENGTH], 'POST  / HTTP/1.1'),
  'a line before it': Buffer.concat([Buffer.from('\r\n'), plain]),
  'no Host': requestOf([LENGTH]),
  'an empty Host': requestOf(['Host:', LENGTH]),
  'a field twice': requestOf([...LINES, LENGTH, 'a: 1', 'A: 1']),
  'a length twice': requestOf([...LINES, LENGTH, LENGTH]),
  'no length': requestOf(LINES),
  'a length with a sign': requestOf([...LINES, 'Content-Length: +10']),
  'a length in hexadecimal': requestOf([...LINES, 'Content-Length: 0xa']),
  'a list of lengths': requestOf([...LINES, 'Content-Length: 10, 10']),
  'a length and chunks': requestOf([...LINES, LENGTH, 'Transfer-Encoding: chunked']),
  'an expectation': requestOf([...LINES, LENGTH, 'Expect: 100-continue']),
  'an upgrade': requestOf([...LINES, LENGTH, 'Upgrade: websocket']),
  trailers: requestOf([...LINES, LENGTH, 'Trailer: a']),
  'a connection that ends': requestOf(['Host: a', LENGTH, 'Connection: close']),
  'a field without a colon': requestOf([...LINES, LENGTH, 'a']),
  'a field without a name': requestOf([...LINES, LENGTH, ': a']),
  'a space before the colon': requestOf([...LINES, LENGTH, 'a : b']),
  'a folded field': requestOf([...LINES, LENGTH, 'a: b', ' c']),
  'a value that is no ASCII': requestOf([...LINES, LENGTH, 'a: é']),
  'a NUL in a value': requestOf([...LINES, LENGTH, 'a: \0']),
  'a line feed alone': requestOf([...LINES, LENGTH, 'a: b\nc: d']),
  'a carriage return alone': requestOf([...LINES, LENGTH, 'a: b\rc: d']),
  'the name of what every object has': requestOf([...LINES, LENGTH, 'constructor: a']),
  'a head that is long': requestOf([...LINES, LENGTH, `a: ${'b'.repeat(9000)}`]),
  'line feeds alone': Buffer.from(plain.toString().replaceAll('\r\n', '\n')),
  TLS: Buffer.from('160301020001', 'hex'),
};

for (const [name, bytes] of Object.entries(OTHERS)) {
  test(`not plain: ${name}`, () => assert.equal(readPlainRequest(bytes), undefined));
}
