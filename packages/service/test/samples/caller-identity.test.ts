import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleServices } from '../../src/samples/sample-service.ts';
import { type SendOptions, startTestServer } from '../http/fixture.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const ASKED = 'Action=GetCallerIdentity&Version=2011-06-15';
const STS: SendOptions = { headers: FORM, scope: { service: 'sts' } };

function start() {
  return startTestServer({}, {}, sampleServices());
}

/** The texts of the elements of that name. */
function texts(xml: string, name: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')), ([, text]) => text!);
}

test('GetCallerIdentity tells account and user, as XML', async () => {
  await using server = await start();
  const answer = await server.send('/', ASKED, STS);
  const xml = await answer.text();
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/xml']);
  assert.match(xml, /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">/);
  assert.deepEqual(texts(xml, 'Account'), ['111122223333']);
  assert.deepEqual(texts(xml, 'Arn'), ['arn:aws:iam::111122223333:user/administrator']);
  assert.deepEqual(texts(xml, 'RequestId'), [answer.headers.get('x-amzn-requestid')]);
  assert.match(server.log[0]!, /"operation":"sts"/);
});

test('refusals are XML that clients of STS read', async () => {
  await using server = await start();
  const unknown = { ...STS, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } };
  const wrong = { ...STS, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' } };
  for (const [body, options, code, message] of [
    [ASKED, unknown, 'UnrecognizedClientException', /security token/],
    [ASKED, wrong, 'InvalidSignatureException', /signature we calculated/],
    [ASKED, { headers: FORM }, 'InvalidSignatureException', /correct service: 'sts'/],
    ['Action=AssumeRole&RoleArn=a', STS, 'UnknownOperationException', /are: GetCallerIdentity\./],
    ['Action=constructor', STS, 'UnknownOperationException', /are: GetCallerIdentity\./],
    ['', STS, 'UnknownOperationException', /are: GetCallerIdentity\./],
  ] as const) {
    const answer = await server.send('/', body, options);
    const xml = await answer.text();
    assert.equal(answer.status, 400);
    assert.match(xml, /^<ErrorResponse xmlns=/);
    assert.deepEqual(texts(xml, 'Code'), [code]);
    assert.match(texts(xml, 'Message')[0]!, message);
  }
});

test('a signature for one service is none for another', async () => {
  await using server = await start();
  const listed = await server.control('ListKeys', {}, { scope: { service: 'sts' } });
  assert.equal(listed.status, 400);
  assert.match(
    ((await listed.json()) as { Message: string }).Message,
    /correct service: 'payment-cryptography'/,
  );
});

test('STS is unknown unless it is switched on, and has no path but the first', async () => {
  await using off = await startTestServer({});
  await using on = await start();
  for (const answer of [await off.send('/', ASKED, STS), await on.send('/keys/a', ASKED, STS)]) {
    const code =
      answer.headers.get('x-amzn-errortype') ?? ((await answer.json()) as { __type: string }).__type;
    assert.equal(code, 'UnknownOperationException');
  }
});
