// Requests signed by @smithy/signature-v4, and what is refused of them.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { WireRequest } from '../../src/access/canonical-request.ts';
import { signatureVerifier } from '../../src/access/verify-signature.ts';
import { AwsException } from '../../src/api/exceptions.ts';
import { accessKeysOf } from './keys.ts';
import { type Credentials, type Request, type Scope, signRequest } from './sign.ts';

const HOST = '127.0.0.1:3131';
const NOW = Date.UTC(2026, 6, 4, 12, 0, 0);
const credentials: Credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'not/a+real/secret' };
const verify = signatureVerifier(accessKeysOf(credentials));

const PLAIN: Request = {
  method: 'POST',
  path: '/keys/arn%3Aaws%3Apayment-cryptography%3Aus-east-2%3A111122223333%3Aalias%2Fa%2Fb/encrypt',
  headers: { 'content-type': 'application/json', 'x-amz-target': 'X' },
  body: '{"a":1}',
};

function received({ method, path, headers, body }: Request): WireRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, url: path, headers: Object.fromEntries(lower), body: Buffer.from(body) };
}

async function signed(scope: Scope = {}, request = PLAIN, by = credentials): Promise<Request> {
  return signRequest(HOST, by, request, { date: new Date(NOW), ...scope });
}

function withHeader(request: Request, name: string, value: string | undefined): Request {
  const { [name]: _, ...others } = request.headers;
  return { ...request, headers: value === undefined ? others : { ...others, [name]: value } };
}

async function refuses(request: Request, code: string, message: RegExp): Promise<void> {
  await assert.rejects(verify(received(request), NOW), (error) => {
    assert.ok(error instanceof AwsException);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('a signed request is its signer’s, of the region of its scope', async () => {
  for (const region of ['us-east-2', 'eu-central-1', 'ap-southeast-10']) {
    const caller = await verify(received(await signed({ region })), NOW);
    const expected = {
      accessKeyId: 'AKIATEST',
      user: 'administrator',
      owner: undefined,
      role: 'administrator',
      identity: undefined,
      region,
    };
    assert.deepEqual(caller, expected);
  }
});

test('a query and characters that need escaping are part of the signature', async () => {
  const path = '/keys/a!(b)*c%27d/encrypt';
  const caller = await verify(received(await signed({}, { ...PLAIN, path })), NOW);
  assert.equal(caller.accessKeyId, 'AKIATEST');
  const request = await signed();
  await refuses({ ...request, path: `${request.path}?a=b` }, 'InvalidSignatureException', /does not match/);
  await refuses({ ...request, path: `${request.path}?a=%zz` }, 'IncompleteSignatureException', /query/);
});

const TAMPERED: Record<string, (request: Request) => Request> = {
  body: (request) => ({ ...request, body: '{"a":2}' }),
  method: (request) => ({ ...request, method: 'PUT' }),
  path: (request) => ({ ...request, path: request.path.replace('encrypt', 'decrypt') }),
  'escaping of the path': (request) => ({ ...request, path: request.path.replace('%2Fa', '/a') }),
  host: (request) => withHeader(request, 'host', 'elsewhere:3131'),
  'a signed header': (request) => withHeader(request, 'x-amz-target', 'Y'),
  'a signed header left out': (request) => withHeader(request, 'content-type', undefined),
  'the time within its day': (request) => withHeader(request, 'x-amz-date', '20260704T120001Z'),
  region: (request) => ({
    ...request,
    headers: {
      ...request.headers,
      authorization: request.headers.authorization!.replace('us-east-2', 'us-east-1'),
    },
  }),
};

for (const [what, tamper] of Object.entries(TAMPERED)) {
  test(`tampered: ${what}`, async () => {
    await refuses(
      tamper(await signed()),
      'InvalidSignatureException',
      /signature we calculated does not match/,
    );
  });
}

test('the secret of another key', async () => {
  const request = await signed({}, PLAIN, { ...credentials, secretAccessKey: 'another' });
  await refuses(request, 'InvalidSignatureException', /does not match/);
});

test('an access key that is not there, and a session token', async () => {
  const stranger = await signed({}, PLAIN, { ...credentials, accessKeyId: 'AKIAOTHER' });
  await refuses(
    stranger,
    'UnrecognizedClientException',
    /^The security token included in the request is invalid\.$/,
  );
  const session = await signed({}, PLAIN, { ...credentials, sessionToken: 'token' });
  await refuses(session, 'UnrecognizedClientException', /security token/);
});

test('no signature, and one in the query', async () => {
  const bare = withHeader(await signed(), 'authorization', undefined);
  await refuses(bare, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/);
  const presigned = { ...bare, path: `${bare.path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00` };
  await refuses(presigned, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/);
});

test('fifteen minutes either way are allowed, a second more is not', async () => {
  const at = (minutes: number, seconds = 0) =>
    signed({ date: new Date(NOW + minutes * 60_000 + seconds * 1000) });
  await verify(received(await at(-15)), NOW);
  await verify(received(await at(15)), NOW);
  const expired =
    /^Signature expired: 20260704T114459Z is now earlier than 20260704T114500Z \(20260704T120000Z - 15 min\.\)$/;
  const early =
    /^Signature not yet current: 20260704T121501Z is still later than 20260704T121500Z \(20260704T120000Z \+ 15 min\.\)$/;
  await refuses(await at(-15, -1), 'InvalidSignatureException', expired);
  await refuses(await at(15, 1), 'InvalidSignatureException', early);
});

test('a scope of another service, region, day or end', async () => {
  const wrongService = await signed({ service: 'kms' });
  await refuses(wrongService, 'InvalidSignatureException', /correct service: 'payment-cryptography'/);
  await refuses(await signed({ region: 'nowhere' }), 'InvalidSignatureException', /valid region/);
  const request = await signed();
  const edit = (from: string, to: string) =>
    withHeader(request, 'authorization', request.headers.authorization!.replace(from, to));
  await refuses(edit('20260704', '20260703'), 'InvalidSignatureException', /^Date in Credential scope/);
  await refuses(edit('aws4_request', 'aws5_request'), 'InvalidSignatureException', /terminator/);
});

test('a malformed Authorization header', async () => {
  const request = await signed();
  const authorization = request.headers.authorization!;
  const edits: [string | RegExp, string, RegExp][] = [
    ['AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1', /signing algorithm/],
    [/Signature=\w+/, '', /'Signature' parameter/],
    [/SignedHeaders=[\w;-]+,/, '', /'SignedHeaders' parameter/],
    [/Credential=[^,]+,/, '', /'Credential' parameter/],
    ['/us-east-2', '', /5 slash-delimited/],
    [/Signature=\w/, 'Signature=g', /64 lower-case/],
    ['host;', 'Host;', /lower case/],
    ['content-type;host', 'host;content-type', /in order/],
  ];
  for (const [from, to, message] of edits) {
    await refuses(
      withHeader(request, 'authorization', authorization.replace(from, to)),
      'IncompleteSignatureException',
      message,
    );
  }
  await refuses(
    withHeader(request, 'authorization', ''),
    'IncompleteSignatureException',
    /signing algorithm/,
  );
});

test('a time that is none', async () => {
  for (const time of ['', 'yesterday', '20260704T126100Z', '20260704', '20260732T120000Z']) {
    await refuses(withHeader(await signed(), 'x-amz-date', time), 'IncompleteSignatureException', /ISO-8601/);
  }
});

test('host and every x-amz header must be signed', async () => {
  const added = withHeader(await signed(), 'x-amz-extra', '1');
  await refuses(added, 'InvalidSignatureException', /^'x-amz-extra' must be a 'SignedHeader'/);
  const request = await signed();
  const without = request.headers.authorization!.replace('host;', '');
  await refuses(
    withHeader(request, 'authorization', without),
    'InvalidSignatureException',
    /^'host' must be/,
  );
});

test('a claimed hash of the body must be the body’s, UNSIGNED-PAYLOAD included', async () => {
  const claim = (value: string) =>
    signed({}, { ...PLAIN, headers: { ...PLAIN.headers, 'x-amz-content-sha256': value } });
  await verify(received(await claim(hash('sha256', PLAIN.body))), NOW);
  await refuses(await claim(hash('sha256', 'other')), 'InvalidSignatureException', /X-Amz-Content-Sha256/);
  await refuses(await claim('UNSIGNED-PAYLOAD'), 'InvalidSignatureException', /X-Amz-Content-Sha256/);
});

test('many days and regions do not lose a signing key', async () => {
  for (let i = 0; i < 200; i += 1) {
    const region = `us-east-${i}`;
    assert.equal((await verify(received(await signed({ region })), NOW)).region, region);
  }
  assert.equal((await verify(received(await signed({ region: 'us-east-0' })), NOW)).region, 'us-east-0');
});

test('the first requests of an access key may come all at once', async () => {
  const request = received(await signed());
  const fresh = signatureVerifier(accessKeysOf(credentials));
  const callers = await Promise.all(Array.from({ length: 20 }, () => fresh(request, NOW)));
  assert.ok(callers.every(({ accessKeyId }) => accessKeyId === 'AKIATEST'));
});
