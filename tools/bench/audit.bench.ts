import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../packages/service/src/audit/audit-log.ts';
import { Call } from '../../packages/service/src/audit/call.ts';
import type { IncomingCall } from '../../packages/service/src/audit/call-event.ts';
import { AWS_SOURCE } from '../../packages/service/src/audit/event.ts';
import { originOf } from '../../packages/service/src/audit/identity.ts';
import { redactInput } from '../../packages/service/src/audit/redaction.ts';
import type { Row } from './row.ts';

export const title =
  'records of TranslatePinData, redacted, chained and on the disk (fdatasync); `CPU` is of this process, threads that sync included';

const MILLISECONDS = 1000;
const GROUPS = [1, 32, 200, 800];
const KEY = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
const INPUT = {
  IncomingKeyIdentifier: KEY,
  OutgoingKeyIdentifier: KEY.replace('kwapwa6qaifllw2h', 'ov6icy4ryas4zcza'),
  IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: '171234567890123' } },
  OutgoingTranslationAttributes: { IsoFormat4: { PrimaryAccountNumber: '171234567890123' } },
  IncomingDukptAttributes: { KeySerialNumber: 'FFFF9876543210E00001' },
  EncryptedPinBlock: 'AC17DC148BDA645E',
};
const CALLER = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  user: 'administrator',
  arn: 'arn:aws:iam::111122223333:user/administrator',
  region: 'us-east-2',
};

function incoming(requestId: string): IncomingCall {
  return {
    at: Date.now(),
    requestId,
    account: '111122223333',
    origin: originOf('127.0.0.1', 'aws-sdk-js/3.882.0 ua/2.1 os/linux lang/js md/nodejs'),
    authorization: undefined,
    eventSource: AWS_SOURCE,
    eventName: 'TranslatePinData',
    readOnly: true,
    category: 'Data',
  };
}

/** What a request costs on its way, all but the disk. */
async function recordOne(audit: AuditLog): Promise<void> {
  const call = new Call(audit, incoming('5a1f7a4e-6a6c-4d9d-9f6e-6f8f7c1c2d3e'));
  call.identify(CALLER);
  call.describe(redactInput('TranslatePinData', INPUT));
  await call.begin();
  for (const arn of [INPUT.IncomingKeyIdentifier, INPUT.OutgoingKeyIdentifier]) call.noteKey(arn);
  await call.succeed();
}

async function measure(audit: AuditLog, group: number): Promise<Row> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let count = 0;
  while (performance.now() - start < MILLISECONDS) {
    for (let i = 0; i < group; i += 1) await recordOne(audit);
    await audit.commit();
    count += group;
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  return {
    '': `groups of ${group}`,
    'records a second': Math.round(count / seconds),
    'CPU a record, µs': ((user + system) / count).toFixed(1),
  };
}

export async function* run(): AsyncIterable<Row> {
  const home = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const directory = join(home, 'audit');
  const audit = new AuditLog({
    directory,
    account: '111122223333',
    onFailure: (error) => console.error(error),
  });
  for (const group of GROUPS) await measure(audit, group);
  for (const group of GROUPS) yield await measure(audit, group);
  await audit[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
}
