import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tag } from '../../src/api/control-plane.generated.ts';
import { attributes, Service } from './service.ts';

async function newKey(service: Service): Promise<string> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  return (await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key.KeyArn;
}

function numbered(from: number, to: number): Tag[] {
  return Array.from({ length: to - from }, (_, i) => ({
    Key: `k${String(from + i).padStart(3, '0')}`,
    Value: 'v',
  }));
}

async function tagsOf(service: Service, ResourceArn: string): Promise<Tag[]> {
  return (await service.call('ListTagsForResource', { ResourceArn })).Tags;
}

test('tags are added, overwritten, listed in order and removed', async (t) => {
  const service = new Service(t);
  const ResourceArn = await newKey(service);
  const b = { Key: 'b', Value: '1' };
  assert.deepEqual(
    await service.call('TagResource', { ResourceArn, Tags: [b, { Key: 'a', Value: '1' }] }),
    {},
  );
  await service.call('TagResource', { ResourceArn, Tags: [{ Key: 'a', Value: '2' }] });
  assert.deepEqual(await tagsOf(service, ResourceArn), [{ Key: 'a', Value: '2' }, b]);
  assert.deepEqual(await service.call('UntagResource', { ResourceArn, TagKeys: ['a', 'none'] }), {});
  assert.deepEqual(await tagsOf(service, ResourceArn), [b]);
});

test('a key has at most 50 tags; a request that would add more stores none', async (t) => {
  const service = new Service(t);
  const ResourceArn = await newKey(service);
  await service.call('TagResource', { ResourceArn, Tags: numbered(0, 49) });
  const { code, message } = await service.refusal('TagResource', { ResourceArn, Tags: numbered(49, 51) });
  assert.deepEqual([code, message], ['ServiceQuotaExceededException', 'A key has at most 50 tags.']);
  assert.equal((await tagsOf(service, ResourceArn)).length, 49);
  await service.call('TagResource', { ResourceArn, Tags: numbered(48, 50) });
  assert.equal((await tagsOf(service, ResourceArn)).length, 50);
});

test('reserved and repeated tag keys are refused', async (t) => {
  const service = new Service(t);
  const ResourceArn = await newKey(service);
  const message = async (...Tags: Tag[]) =>
    (await service.refusal('TagResource', { ResourceArn, Tags })).message;
  const tag = { Key: 'a', Value: '1' };
  assert.equal(await message(tag, tag), 'Tag key a is given more than once: give each key once.');
  assert.equal(
    await message(tag, { Key: 'aws:b', Value: '1' }),
    'Tag key aws:b is reserved: use one that does not start with aws:.',
  );
  assert.deepEqual(await tagsOf(service, ResourceArn), []);
});

test('the tags of a key that is to be deleted stay as they are', async (t) => {
  const service = new Service(t);
  const ResourceArn = await newKey(service);
  const Tags = [{ Key: 'a', Value: '1' }];
  await service.call('TagResource', { ResourceArn, Tags });
  await service.call('DeleteKey', { KeyIdentifier: ResourceArn });
  const tagging = await service.refusal('TagResource', { ResourceArn, Tags: [{ Key: 'b', Value: '1' }] });
  const untagging = await service.refusal('UntagResource', { ResourceArn, TagKeys: ['a'] });
  assert.equal(tagging.code, 'ConflictException');
  assert.equal(
    tagging.message,
    `Key ${ResourceArn} is in state DELETE_PENDING: TagResource needs a key in state CREATE_COMPLETE.`,
  );
  assert.equal(untagging.code, 'ConflictException');
  assert.deepEqual(await tagsOf(service, ResourceArn), Tags);
});

test('an unknown key has no tags to list or change', async (t) => {
  const service = new Service(t);
  const ResourceArn = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/aaaaaaaaaaaaaaaa';
  const refusals = [
    await service.refusal('ListTagsForResource', { ResourceArn }),
    await service.refusal('TagResource', { ResourceArn, Tags: [] }),
    await service.refusal('UntagResource', { ResourceArn, TagKeys: [] }),
  ];
  for (const { code } of refusals) assert.equal(code, 'ResourceNotFoundException');
});
