import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { startService } from '@keywright/service';

/** A fresh service, and a client of it that signs with the credentials that the service wrote. */
export async function freshService() {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'keywright-'));
  const log = new Writable({ write: (_chunk, _encoding, done) => done() });
  const service = await startService({
    host: '127.0.0.1',
    port: 0,
    dataDirectory,
    account: '111122223333',
    mainKey: { kind: 'file' },
    environment: 'development',
    quotas: {},
    rates: {},
    workers: 1,
    log,
  });
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(dataDirectory, 'aws-credentials');
  const client = new PaymentCryptography({ endpoint: service.url, region: 'us-east-2', maxAttempts: 1 });
  return {
    url: service.url,
    dataDirectory,
    client,
    async close() {
      client.destroy();
      await service.close();
      await rm(dataDirectory, { recursive: true });
    },
  };
}
