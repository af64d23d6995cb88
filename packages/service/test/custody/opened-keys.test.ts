import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { SealError } from '../../src/custody/main-key.ts';
import { type KeepingVault, keepOpened } from '../../src/custody/opened-keys.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { createVault, type Vault } from '../../src/custody/vault.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { someKey } from '../store/records.ts';

const HEX = '0123456789ABCDEFFEDCBA9876543210';
const WIPED = /was wiped/;

interface Kept {
  readonly vault: KeepingVault;
  readonly record: KeyRecord;
  /** The Secrets that came out of unsealing, in order. */
  readonly unsealed: Secret[];
}

/** A vault that keeps, with one sealed key, over one that tells what it unsealed. */
async function keeping(): Promise<Kept> {
  const plain = createVault(sealUnder(Secret.take(new Uint8Array(32).fill(1))));
  const unsealed: Secret[] = [];
  const telling: Vault = {
    ...plain,
    async openKey(record) {
      const secret = await plain.openKey(record);
      unsealed.push(secret);
      return secret;
    },
  };
  using clear = Secret.fromHex(HEX);
  return { vault: keepOpened(telling), record: await plain.sealKey(someKey(), clear), unsealed };
}

function isKey(secret: Secret): boolean {
  using expected = Secret.fromHex(HEX);
  return secret.equals(expected);
}

async function use({ vault }: Kept, record: KeyRecord): Promise<void> {
  using secret = await vault.openKey(record);
  assert.ok(isKey(secret));
}

function isWiped(secret: Secret): boolean {
  try {
    return !isKey(secret);
  } catch (error) {
    assert.match(String(error), WIPED);
    return true;
  }
}

function mockTimers(t: TestContext): TestContext['mock']['timers'] {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return t.mock.timers;
}

test('a key is unsealed once, whoever used it before', async () => {
  const kept = await keeping();
  for (let i = 0; i < 3; i += 1) await use(kept, kept.record);
  // The same row, read again.
  await use(kept, structuredClone(kept.record));
  assert.equal(kept.unsealed.length, 1);
  kept.vault.close();
});

test('a record that was changed outside does not open, however often the true one did', async () => {
  const kept = await keeping();
  const { vault, record } = kept;
  for (const change of [
    { enabled: false },
    { exportable: false },
    { keyId: record.keyId, region: 'eu-west-1' },
    { sealed: record.sealed!.map((byte, i) => (i === 30 ? byte ^ 1 : byte)) },
    { sealed: undefined },
  ]) {
    await use(kept, record);
    await assert.rejects(vault.openKey({ ...record, ...change }), SealError);
  }
  vault.close();
});

test('another material of the same key takes the place of the first, which is wiped', async () => {
  const kept = await keeping();
  await use(kept, kept.record);
  const disabled = await kept.vault.resealKey(kept.record, { enabled: false });
  assert.ok(isWiped(kept.unsealed[0]!));
  await use(kept, disabled);
  assert.equal(kept.unsealed.length, 2);
  kept.vault.close();
});

test('a key in use is wiped when its last user is done', async () => {
  const kept = await keeping();
  const [one, other] = [await kept.vault.openKey(kept.record), await kept.vault.openKey(kept.record)];
  const bytes = one.expose((lent) => lent);
  kept.vault.close();
  one[Symbol.dispose]();
  assert.ok(isKey(other));
  assert.ok(bytes.some((byte) => byte !== 0));
  other[Symbol.dispose]();
  assert.ok(bytes.every((byte) => byte === 0));
});

test('after a change, a key whose record is not seen again is wiped; one that is seen stays', async (t) => {
  const timers = mockTimers(t);
  const [seen, unseen] = [await keeping(), await keeping()];
  for (const kept of [seen, unseen]) {
    await use(kept, kept.record);
    kept.vault.doubt();
  }
  timers.tick(500);
  await use(seen, structuredClone(seen.record));
  timers.tick(1000);
  assert.ok(!isWiped(seen.unsealed[0]!));
  assert.ok(isWiped(unseen.unsealed[0]!));
  await use(unseen, unseen.record);
  assert.deepEqual([seen.unsealed.length, unseen.unsealed.length], [1, 2]);
  for (const { vault } of [seen, unseen]) vault.close();
});
