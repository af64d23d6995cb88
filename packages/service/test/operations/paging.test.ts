import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { attributes, DAY, Service } from './service.ts';

async function newKeys(service: Service, count: number): Promise<string[]> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  const arns: string[] = [];
  for (let i = 0; i < count; i += 1) {
    arns.push((await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key.KeyArn);
  }
  return arns.sort();
}

async function allKeys(service: Service, MaxResults: number): Promise<string[][]> {
  const pages: string[][] = [];
  let token: string | undefined;
  do {
    const request = token === undefined ? { MaxResults } : { MaxResults, NextToken: token };
    const { Keys, NextToken } = await service.call('ListKeys', request);
    pages.push(Keys.map(({ KeyArn }) => KeyArn));
    token = NextToken;
  } while (token !== undefined);
  return pages;
}

test('every key is on one page, and the last page has no token', async (t) => {
  const service = new Service(t);
  const arns = await newKeys(service, 5);
  assert.deepEqual(await allKeys(service, 2), [arns.slice(0, 2), arns.slice(2, 4), arns.slice(4)]);
  assert.deepEqual(await allKeys(service, 5), [arns]);
  assert.deepEqual(await allKeys(service, 4), [arns.slice(0, 4), arns.slice(4)]);
});

test('a page has 50 rows unless more or fewer are asked for, up to 100', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKeys(service, 1))[0]!;
  for (let i = 0; i < 51; i += 1)
    await service.call('CreateAlias', { AliasName: `alias/${i + 100}`, KeyArn: ResourceArn });
  const first = await service.call('ListAliases', {});
  assert.equal(first.Aliases.length, 50);
  assert.deepEqual(await service.call('ListAliases', { NextToken: first.NextToken! }), {
    Aliases: [{ AliasName: 'alias/150', KeyArn: ResourceArn }],
  });
  assert.equal((await service.call('ListAliases', { MaxResults: 100 })).Aliases.length, 51);
  for (const MaxResults of [0, 101]) {
    assert.equal((await service.refusal('ListAliases', { MaxResults })).code, 'ValidationException');
  }
});

test('keys are listed by state; deleted ones are listed too', async (t) => {
  const service = new Service(t);
  const [first, second, third] = await newKeys(service, 3);
  await service.call('DeleteKey', { KeyIdentifier: first!, DeleteKeyInDays: 3 });
  await service.call('DeleteKey', { KeyIdentifier: second!, DeleteKeyInDays: 4 });
  service.time += 3 * DAY;
  await destroyDueKeys(service.context);
  const { Keys } = await service.call('ListKeys', {});
  assert.deepEqual(
    Keys.map(({ KeyArn, KeyState, Enabled }) => [KeyArn, KeyState, Enabled]),
    [
      [first, 'DELETE_COMPLETE', false],
      [second, 'DELETE_PENDING', false],
      [third, 'CREATE_COMPLETE', true],
    ],
  );
  for (const { KeyArn, KeyState } of Keys) {
    const page = await service.call('ListKeys', { KeyState });
    assert.deepEqual(
      page.Keys.map((key) => key.KeyArn),
      [KeyArn],
    );
  }
});

test('aliases are listed by key', async (t) => {
  const service = new Service(t);
  const [first, second] = await newKeys(service, 2);
  for (const [AliasName, KeyArn] of [
    ['alias/a', first!],
    ['alias/b', second!],
    ['alias/c', first!],
  ] as const) {
    await service.call('CreateAlias', { AliasName, KeyArn });
  }
  const { Aliases } = await service.call('ListAliases', { KeyArn: first! });
  assert.deepEqual(
    Aliases.map(({ AliasName }) => AliasName),
    ['alias/a', 'alias/c'],
  );
  const KeyArn = `${first!.slice(0, -16)}aaaaaaaaaaaaaaaa`;
  assert.equal((await service.refusal('ListAliases', { KeyArn })).code, 'ResourceNotFoundException');
});

test('tags are paged', async (t) => {
  const service = new Service(t);
  const [ResourceArn] = await newKeys(service, 1);
  const Tags = ['a', 'b', 'c'].map((Key) => ({ Key, Value: 'v' }));
  await service.call('TagResource', { ResourceArn: ResourceArn!, Tags });
  const first = await service.call('ListTagsForResource', { ResourceArn: ResourceArn!, MaxResults: 2 });
  assert.deepEqual(first.Tags, Tags.slice(0, 2));
  const NextToken = first.NextToken!;
  const last = await service.call('ListTagsForResource', { ResourceArn: ResourceArn!, NextToken });
  assert.deepEqual(last, { Tags: Tags.slice(2) });
});

test('a token of another list, or of nobody, is refused', async (t) => {
  const service = new Service(t);
  const [first] = await newKeys(service, 2);
  const { NextToken } = await service.call('ListKeys', { MaxResults: 1, KeyState: 'CREATE_COMPLETE' });
  const token = NextToken!;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const message =
    'NextToken is not one that this list gave: use the token of the page before, with the same filters.';
  const refused = [
    await service.refusal('ListKeys', { NextToken: token }),
    await service.refusal('ListKeys', { NextToken: token, KeyState: 'DELETE_PENDING' }),
    await service.refusal(
      'ListKeys',
      { NextToken: token, KeyState: 'CREATE_COMPLETE' },
      { region: 'us-west-2' },
    ),
    await service.refusal('ListAliases', { NextToken: token }),
    await service.refusal('ListTagsForResource', { ResourceArn: first!, NextToken: token }),
  ];
  const forged = [
    'x',
    `${token}=`,
    ` ${token}`,
    encode({}),
    encode([]),
    encode(null),
    encode(['ListKeys', 1]),
  ];
  for (const NextToken of forged) {
    refused.push(await service.refusal('ListKeys', { NextToken, KeyState: 'CREATE_COMPLETE' }));
  }
  for (const refusal of refused)
    assert.deepEqual([refusal.code, refusal.message], ['ValidationException', message]);
});
