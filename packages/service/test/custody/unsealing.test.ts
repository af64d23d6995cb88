import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyErrorCode } from '../../src/custody/main-key.ts';
import { type Share, writeShare } from '../../src/custody/share.ts';
import {
  makeShareSet,
  openShares,
  readShareSet,
  type ShareSet,
  writeShareSet,
} from '../../src/custody/share-set.ts';
import { createUnsealing } from '../../src/custody/unsealing.ts';
import { newFolder } from '../store/folder.ts';

const folder = newFolder();
const made = makeShareSet({ shares: 5, threshold: 3 });
const { set } = made;
const shares = made.shares as [Share, Share, Share, Share, Share];
const text = (share: Share) => writeShare(share);

function refused(code: MainKeyErrorCode, message: RegExp, act: () => unknown): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof MainKeyError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

describe('unsealing', () => {
  it('takes shares one after the other until they make the main key', async () => {
    using unsealing = createUnsealing(set);
    assert.deepEqual(unsealing.progress, { given: 0, threshold: 3, shares: 5, setId: set.setId });
    assert.equal(unsealing.add(text(shares[4])), undefined);
    assert.equal(unsealing.add(text(shares[0])), undefined);
    assert.equal(unsealing.progress.given, 2);
    using mainKey = unsealing.add(text(shares[2]))!;
    assert.equal(mainKey.id, set.mainKeyId.toLowerCase());
    assert.equal(unsealing.progress.given, 0);
    using again = openShares(set, shares.slice(1, 4));
    using secret = Secret.fromHex('C0FFEE');
    const nothing = new Uint8Array();
    using opened = await again.open(await mainKey.seal(secret, nothing), nothing);
    assert.ok(opened.equals(secret));
  });

  it('refuses by name what does not belong, and keeps what does', () => {
    using unsealing = createUnsealing(set);
    unsealing.add(text(shares[1]));
    const other = makeShareSet({ shares: 5, threshold: 3 });
    refused('SHARE_REPEATED', /^share 2 was given already$/, () => unsealing.add(text(shares[1])));
    refused('SHARE_OF_ANOTHER_SET', new RegExp(`${other.set.setId}.*${set.setId}`), () =>
      unsealing.add(text(other.shares[2]!)),
    );
    const value = Secret.take(new Uint8Array(32).fill(5));
    const forged = () => unsealing.add(text({ ...shares[2], value }));
    refused('SHARE_FORGED', /^this is not the share 3 that was handed out$/, forged);
    refused('SHARE_FORGED', /share 6/, () => unsealing.add(text({ ...shares[2], index: 6 })));
    refused('SHARE_FORGED', /share 4/, () => unsealing.add(text({ ...shares[2], index: 4 })));
    refused('SHARE_CHECKSUM', /mistyped/, () =>
      unsealing.add(text(shares[2]).replace(/.(?=.$)/, (digit) => (digit === '0' ? '1' : '0'))),
    );
    assert.equal(unsealing.progress.given, 1);
    unsealing.add(text(shares[0]));
    unsealing.add(text(shares[2]))![Symbol.dispose]();
  });

  it('tells a wrong combination by the id of the main key, and keeps nothing of it', () => {
    const lying: ShareSet = { ...set, mainKeyId: '0000000000000000' };
    using unsealing = createUnsealing(lying);
    unsealing.add(text(shares[0]));
    unsealing.add(text(shares[1]));
    refused('WRONG_SHARES', /do not make the main key 0000000000000000$/, () =>
      unsealing.add(text(shares[2])),
    );
    assert.equal(unsealing.progress.given, 0);
    refused('WRONG_SHARES', /do not make/, () => openShares(set, shares.slice(0, 2)));
  });

  it('forgets what is there when somebody breaks off', () => {
    using unsealing = createUnsealing(set);
    unsealing.add(text(shares[0]));
    unsealing.clear();
    assert.equal(unsealing.progress.given, 0);
  });

  it('forgets what is there when nobody goes on for a quarter of an hour', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    using unsealing = createUnsealing(set);
    unsealing.add(text(shares[0]));
    context.mock.timers.tick(14 * 60_000);
    unsealing.add(text(shares[1]));
    context.mock.timers.tick(14 * 60_000);
    assert.equal(unsealing.progress.given, 2);
    context.mock.timers.tick(60_000);
    assert.equal(unsealing.progress.given, 0);
  });

  it('prints nothing of a share', () => {
    using unsealing = createUnsealing(set);
    unsealing.add(text(shares[0]));
    const printed =
      inspect([unsealing, shares], { depth: 9, showHidden: true }) + JSON.stringify([unsealing, shares]);
    const hex = shares[0].value.expose((bytes) => Buffer.from(bytes).toString('hex'));
    assert.ok(!printed.toLowerCase().includes(hex.slice(0, 16)));
  });
});

describe('the file of a share set', () => {
  it('says what is public of it, and is never replaced by another', () => {
    const path = join(folder, 'shares');
    writeShareSet(path, set);
    assert.deepEqual(readShareSet(path), set);
    refused('SHARE_OF_ANOTHER_SET', /is there already/, () =>
      writeShareSet(path, makeShareSet({ shares: 2, threshold: 2 }).set),
    );
    assert.deepEqual(readShareSet(path), set);
    const file = readFileSync(path);
    for (const { value } of shares) {
      value.expose((bytes) => assert.ok(!file.includes(Buffer.from(bytes).toString('hex').toUpperCase())));
    }
  });

  it('that is damaged is refused', () => {
    const path = join(folder, 'damaged');
    const changes = [
      { version: 2 },
      { setId: 'C0FFEE' },
      { shares: 10 },
      { threshold: 1 },
      { threshold: 6 },
      { mainKeyId: undefined },
      { commitments: set.commitments.slice(1) },
      { commitments: [...set.commitments.slice(1), 'AA'] },
    ];
    for (const content of [
      '',
      'null',
      '{',
      ...changes.map((change) => JSON.stringify({ ...set, ...change })),
    ]) {
      writeFileSync(path, content);
      refused('DAMAGED_FILE', /damaged/, () => readShareSet(path));
    }
    refused('NOT_MADE', /main-key init/, () => readShareSet(join(folder, 'none')));
  });
});
