// Requests and signatures of AWS's published Signature Version 4 test suite, and its example of a derived key.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import {
  canonicalRequest,
  hashBody,
  stringToSign,
  type WireRequest,
} from '../../src/access/canonical-request.ts';
import { deriveSigningKey } from '../../src/access/signing-key.ts';

const secret = () => Secret.copyOf(Buffer.from('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'));
const TIME = '20150830T123600Z';
const SCOPE = '20150830/us-east-1/service/aws4_request';
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Case {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signature: string;
}

const SUITE: Record<string, Case> = {
  'get-vanilla': { signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31' },
  'post-vanilla': {
    method: 'POST',
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  'get-header-value-trim': {
    headers: { 'my-header1': 'value1', 'my-header2': '"a   b   c"' },
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  'get-header-key-duplicate': {
    headers: { 'my-header1': 'value2,value2,value1' },
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  'get-vanilla-query-order-encoded': {
    url: '/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    signature: '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
  },
  'get-vanilla-query-order-key-case': {
    url: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  'get-vanilla-query-unreserved': {
    url: `/?${UNRESERVED}=${UNRESERVED}`,
    signature: '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  },
  // The suite gives the path before the client's own encoding.
  'get-space-normalized': {
    url: '/example space/',
    signature: '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
  },
  'get-utf8': {
    url: '/ሴ',
    signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
  },
  'post-x-www-form-urlencoded': {
    method: 'POST',
    headers: {
      'content-length': '13',
      'content-type': 'application/x-www-form-urlencoded',
      'x-amz-content-sha256': '9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e',
    },
    body: 'Param1=value1',
    signature: 'd3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b',
  },
};

for (const [name, { method = 'GET', url = '/', headers = {}, body = '', signature }] of Object.entries(
  SUITE,
)) {
  test(`signature of ${name}`, () => {
    const all = { host: 'example.amazonaws.com', 'x-amz-date': TIME, ...headers };
    const request: WireRequest = { method, url, headers: all, body: Buffer.from(body) };
    const key = deriveSigningKey(secret(), '20150830', 'us-east-1', 'service');
    const signed = { signedHeaders: Object.keys(all).sort(), scope: SCOPE };
    assert.equal(key.sign(stringToSign(request, signed, hashBody(request.body), TIME)), signature);
  });
}

test('the example of a derived signing key, by what it signs', () => {
  const example = 'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9';
  const key = deriveSigningKey(secret(), '20150830', 'us-east-1', 'iam');
  for (const text of ['', 'a', 'x'.repeat(512)]) {
    const expected = createHmac('sha256', Buffer.from(example, 'hex')).update(text).digest('hex');
    assert.equal(key.sign(text), expected);
  }
  assert.throws(() => key.sign('x'.repeat(513)), RangeError);
  key[Symbol.dispose]();
  assert.throws(() => key.sign('a'), /was wiped/);
});

test('a signature is verified whole, whatever was verified before it', () => {
  using key = deriveSigningKey(secret(), '20150830', 'us-east-1', 'iam');
  const signature = key.sign('a');
  assert.ok(key.verify('a', signature));
  assert.ok(!key.verify('b', signature));
  assert.ok(key.verify('a', signature));
  for (const part of ['', signature.slice(0, 62), signature.slice(0, 63), `${signature.slice(0, 62)}xx`]) {
    assert.ok(!key.verify('a', part), part);
  }
});

test('a path that the client escaped is escaped again', () => {
  const request = { method: 'POST', url: '/keys/alias%2Fx/encrypt', headers: {} };
  const [method, path] = canonicalRequest(request, [], '').split('\n');
  assert.deepEqual([method, path], ['POST', '/keys/alias%252Fx/encrypt']);
});
