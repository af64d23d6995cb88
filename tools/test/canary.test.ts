import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { encodeHex, keyCheckValue, randomBytes, Secret, wrapKeyBlock } from '@keywright/crypto';
import { signRequest } from '../../packages/service/test/access/sign.ts';
import { freePort } from '../../packages/service/test/http/free-port.ts';
import { createKek, type Kek } from './kek.ts';
import { credentials, emptyProject, REGION, ServiceProcess } from './service.ts';

const PAN = '5413330089020011';
const PIN = '739182';

/** Every way that a secret could be written; a part of it is enough to be found. */
function traces(secret: Uint8Array): (string | Buffer)[] {
  const hex = encodeHex(secret);
  const part = Buffer.from(secret.subarray(0, 12));
  return [hex.slice(0, 24), hex.slice(0, 24).toLowerCase(), part.toString('base64'), part];
}

interface Client {
  readonly answers: string[];
  post(path: string, body: object | string, target?: string): Promise<string>;
}

/** Sends signed requests as they are, bad ones too, and keeps every answer, headers included. */
function rawClient(url: string, directory: string): Client {
  const { host } = new URL(url);
  const answers: string[] = [];
  return {
    answers,
    async post(path, input, target) {
      const body = typeof input === 'string' ? input : JSON.stringify(input);
      const headers = {
        'content-type': 'application/json',
        ...(target && { 'x-amz-target': `PaymentCryptographyControlPlane.${target}` }),
      };
      const signed = await signRequest(
        host,
        credentials(directory),
        { method: 'POST', path, headers, body },
        { region: REGION },
      );
      const answer = await fetch(new URL(path, url), { method: 'POST', headers: signed.headers, body });
      const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      answers.push(text);
      return text;
    },
  };
}

/** Puts secrets where they do not belong, and breaks requests that carry them in every way. */
async function provoke({ post }: Client, kek: Kek, secretHex: string, block: string): Promise<void> {
  const tr31 = (WrappedKeyBlock: string, WrappingKeyIdentifier = kek.arn) => ({
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier, WrappedKeyBlock } },
  });
  await post('/', tr31(block), 'ImportKey');
  const changed = block.endsWith('0') ? '1' : '0';
  for (const end of [changed, 'Z', '']) await post('/', tr31(`${block.slice(0, -1)}${end}`), 'ImportKey');
  await post('/', tr31(secretHex), 'ImportKey');
  await post('/', tr31(block, secretHex), 'ImportKey');
  await post('/', { KeyIdentifier: secretHex }, 'GetKey');
  await post('/', { NextToken: secretHex }, 'ListKeys');
  await post('/', `{"KeyIdentifier": "${secretHex}"`, 'GetKey');
  await post('/', { KeyIdentifier: { [secretHex]: secretHex } }, 'GetKey');
  await post('/', {}, secretHex);
  await post(`/keys/${secretHex}/encrypt`, { PlainText: secretHex, EncryptionAttributes: {} });
  await post(`/${secretHex}`, {});
  const pan = { IsoFormat0: { PrimaryAccountNumber: PAN } };
  await post('/pindata/translate', {
    IncomingKeyIdentifier: kek.arn,
    OutgoingKeyIdentifier: kek.arn,
    IncomingTranslationAttributes: pan,
    OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: `${PAN}x` } },
    EncryptedPinBlock: Buffer.from(PIN).toString('hex'),
  });
}

function filesOf(directory: string): Buffer[] {
  const files = readdirSync(join(directory, '.keywright'), { recursive: true, withFileTypes: true });
  // The main key is in its file, and clear there; the keys looked for are not.
  return files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name)));
}

test('no key, PIN or PAN shows up in an answer, the log, the metrics or a file', async () => {
  using project = emptyProject();
  const { directory } = project;
  const metrics = `127.0.0.1:${await freePort()}`;
  await using service = await ServiceProcess.start(directory, { KEYWRIGHT_METRICS: metrics });
  const client = new PaymentCryptography({
    endpoint: service.url,
    region: REGION,
    credentials: credentials(directory),
  });
  using kek = await createKek(client);
  using secret = Secret.take(randomBytes(16));
  const header = {
    version: 'D',
    keyUsage: 'D0',
    algorithm: 'A',
    modeOfUse: 'B',
    keyVersion: '00',
    exportability: 'E',
    keyContext: '0',
    reserved: '0',
  } as const;
  const block = wrapKeyBlock({ kbpk: kek.key, key: secret, header });
  const raw = rawClient(service.url, directory);
  await provoke(raw, kek, secret.expose(encodeHex), block);
  assert.match(raw.answers[0]!, new RegExp(`"KeyCheckValue":"${keyCheckValue('AES', secret)}"`));
  assert.ok(raw.answers.slice(1).every((answer) => !answer.includes('"KeyCheckValue"')));
  const figures = await (await fetch(`http://${metrics}/metrics`)).text();
  await service.end('SIGTERM');

  const places: [string, Buffer][] = [
    ['the answers', Buffer.from(raw.answers.join('\n'))],
    ['the log', Buffer.from(service.log)],
    ['the metrics', Buffer.from(figures)],
    ['the files', Buffer.concat(filesOf(directory))],
  ];
  assert.match(service.log, /"operation":"ImportKey"/);
  assert.match(figures, /operation="ImportKey"/);
  const secrets = [kek.key, secret].flatMap((key) => key.expose(traces));
  for (const [place, content] of places) {
    for (const trace of [...secrets, PAN, Buffer.from(PIN).toString('hex')]) {
      assert.ok(!content.includes(trace), `a secret shows up in ${place}`);
    }
  }
});
