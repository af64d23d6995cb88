// Somebody who can write to the database file alone: what was disabled, denied or taken away stays so, and each attempt is on record.
import assert from 'node:assert/strict';
import { copyFileSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { attributes } from '../operations/service.ts';
import { OwnService } from '../own-api/own-service.ts';

const MAC = { MessageData: '00', GenerationAttributes: { Algorithm: 'CMAC' } };
const REFUSED = 'InternalServerException';

type Row = Record<string, SQLInputValue>;

function database<Result>(service: OwnService, use: (connection: DatabaseSync) => Result): Result {
  using connection = new DatabaseSync(service.database, { enableForeignKeyConstraints: false });
  return use(connection);
}

const rowsOf = (service: OwnService, table: string) =>
  database(service, (connection) => connection.prepare(`SELECT * FROM ${table}`).all()) as Row[];

/** Puts a table's rows back as they were. */
function putBack(service: OwnService, table: string, rows: readonly Row[]): void {
  database(service, (connection) => {
    connection.exec(`DELETE FROM ${table}`);
    for (const row of rows) {
      const places = Object.keys(row).map(() => '?');
      connection
        .prepare(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`)
        .run(...Object.values(row));
    }
  });
}

const recordsOf = (service: OwnService) =>
  globSync('audit/*/*.ndjson', { cwd: service.directory })
    .flatMap((path) => readFileSync(join(service.directory, path), 'utf8').split('\n'))
    .filter((line) => line.includes('"DetectTampering"'))
    .map((line) => JSON.parse(line).event);

/** Records are written in groups, soon. */
async function onRecord(service: OwnService, table: string) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = recordsOf(service).find(({ serviceEventDetails }) => serviceEventDetails.table === table);
    if (found) return found;
    await setTimeout(20);
  }
  assert.fail(`nothing of ${table} is on record`);
}

async function newMacKey(service: OwnService): Promise<string> {
  const input = {
    KeyAttributes: attributes('TR31_M6_ISO_9797_5_CMAC_KEY', 'AES_128', 'C'),
    Exportable: true,
  };
  return (await service.aws('CreateKey', input)).body.Key.KeyArn;
}

const macCode = async (service: OwnService, KeyIdentifier: string) =>
  (await service.aws('/mac/generate', { ...MAC, KeyIdentifier })).code;

test('a key that was disabled does not work again when its old row is put back', async (t) => {
  const service = await OwnService.start(t);
  const key = await newMacKey(service);
  assert.equal(await macCode(service, key), null);
  const old = rowsOf(service, 'keys');
  assert.equal((await service.aws('StopKeyUsage', { KeyIdentifier: key })).status, 200);
  assert.equal(await macCode(service, key), 'ValidationException');
  putBack(service, 'keys', old);
  assert.notEqual(await macCode(service, key), null);
  await service.restart();
  assert.equal(await macCode(service, key), REFUSED);
  const { resources, errorCode, awsRegion } = await onRecord(service, 'keys');
  assert.deepEqual([resources[0].ARN, errorCode, awsRegion], [key, 'TamperedDatabase', 'us-east-2']);
  for (const name of ['GetKey', 'StartKeyUsage', 'DeleteKey'])
    assert.equal((await service.aws(name, { KeyIdentifier: key })).code, REFUSED, name);
  // Others are as they were.
  assert.equal(await macCode(service, await newMacKey(service)), null);
});

test('a policy that denies is neither taken away nor written by others, nor does an alias lead elsewhere', async (t) => {
  const service = await OwnService.start(t);
  const [key, other] = [await newMacKey(service), await newMacKey(service)];
  const AliasName = 'alias/mac';
  assert.equal((await service.aws('CreateAlias', { AliasName, KeyArn: key })).status, 200);
  const Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'payment-cryptography:GenerateMac',
    Resource: '*',
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  assert.equal((await service.aws('PutResourcePolicy', { ResourceArn: key, Policy })).status, 200);
  assert.equal(await macCode(service, key), 'AccessDeniedException');
  const [policy] = rowsOf(service, 'resource_policies');
  const attacks: [string, readonly Row[]][] = [
    ['gone', []],
    ['another', [{ ...policy!, policy: Policy.replace('Deny', 'Allow') }]],
  ];
  for (const [what, rows] of attacks) {
    putBack(service, 'resource_policies', rows);
    await service.restart();
    assert.equal(await macCode(service, key), REFUSED, what);
  }
  putBack(service, 'resource_policies', [policy!]);
  await service.restart();
  assert.equal(await macCode(service, key), 'AccessDeniedException');
  await onRecord(service, 'resource_policies');
  const [alias] = rowsOf(service, 'aliases');
  putBack(service, 'aliases', [{ ...alias!, key_id: other.split('/')[1]! }]);
  await service.restart();
  assert.equal(await macCode(service, AliasName), REFUSED);
  await onRecord(service, 'aliases');
});

test('what nobody asks for is found by a look at all records', async (t) => {
  const service = await OwnService.start(t);
  const key = await newMacKey(service);
  const Tags = [{ Key: 'team', Value: 'acquiring' }];
  assert.equal((await service.aws('TagResource', { ResourceArn: key, Tags })).status, 200);
  await service.stop();
  database(service, (connection) => connection.exec("UPDATE tags SET tag_value = 'issuing'"));
  await service.restart();
  await onRecord(service, 'tags');
});

test('the whole database of before is not started with, and that is on record', async (t) => {
  const service = await OwnService.start(t);
  const key = await newMacKey(service);
  await service.stop();
  copyFileSync(service.database, `${service.database}.old`);
  await service.restart();
  assert.equal((await service.aws('StopKeyUsage', { KeyIdentifier: key })).status, 200);
  await service.stop();
  copyFileSync(`${service.database}.old`, service.database);
  await assert.rejects(service.restart(), /not the one that this service left/);
  const [{ errorCode }] = recordsOf(service);
  assert.equal(errorCode, 'TamperedDatabase');
  rmSync(service.database);
  await assert.rejects(service.restart(), /was put back, or is new/);
  assert.equal(recordsOf(service).length, 2);
});
