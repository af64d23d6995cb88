import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyProvider, SealError } from '../../src/custody/main-key.ts';
import { loadModule } from '../../src/custody/pkcs11/module.ts';
import { readTokenUri } from '../../src/custody/pkcs11/uri.ts';
import { openPkcs11MainKey } from '../../src/custody/pkcs11-main-key.ts';
import { createVault } from '../../src/custody/vault.ts';
import { newFolder } from '../store/folder.ts';
import { someKey } from '../store/records.ts';
import { newSoftToken, PIN } from './soft-token.ts';

const folder = newFolder();
const path = join(folder, 'main-key-token');
const AD = new TextEncoder().encode('associated data');
const clear = () => Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
let uri: string;
let tokens: string;
let mainKey: MainKeyProvider;

before(() => {
  ({ uri, tokens } = newSoftToken(folder, 'keywright test'));
  mainKey = openPkcs11MainKey(uri, path);
});

function refused(message: RegExp, act: () => unknown): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof MainKeyError, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(PIN));
    return true;
  });
}

describe('main key in a token', () => {
  it('is made at the first start, and is the same at the next', async () => {
    const sealed = await mainKey.seal(clear(), AD);
    using again = openPkcs11MainKey(uri, path);
    assert.equal(again.id, mainKey.id);
    using opened = await again.open(sealed, AD);
    assert.ok(opened.equals(clear()));
    assert.ok(!readFileSync(path, 'utf8').includes(PIN));
  });

  it('seals any length, and keys bound to their records', async () => {
    for (const length of [1, 16, 32, 2400]) {
      using secret = Secret.copyOf(new Uint8Array(length).fill(0x5a));
      using opened = await mainKey.open(await mainKey.seal(secret, AD), AD);
      assert.ok(opened.equals(secret));
    }
    const vault = createVault(mainKey, 'production');
    const record = await vault.sealKey(someKey(), clear());
    using opened = await vault.openKey(record);
    assert.ok(opened.equals(clear()));
    await assert.rejects(vault.openKey({ ...record, exportable: false }), SealError);
  });

  it('opens nothing that was changed, cut short or is of another main key', async () => {
    const sealed = await mainKey.seal(clear(), AD);
    for (const position of [0, 1, 8, 9, 20, 21, 36, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed);
      changed[position]! ^= 0x40;
      await assert.rejects(mainKey.open(changed, AD), SealError, `byte ${position}`);
    }
    for (const length of [0, 20, 36, sealed.length - 1]) {
      await assert.rejects(mainKey.open(sealed.subarray(0, length), AD), SealError);
    }
    await assert.rejects(mainKey.open(sealed, new Uint8Array()), SealError);
    using opened = await mainKey.open(sealed, AD);
    assert.ok(opened.equals(clear()));
  });

  it('cannot be read out of the token', () => {
    const pkcs11 = loadModule(readTokenUri(uri).modulePath) as unknown as Record<
      string,
      (...args: unknown[]) => never
    >;
    const [slot] = pkcs11.C_GetSlotList!(true) as unknown as Buffer[];
    const session = pkcs11.C_OpenSession!(slot, 4);
    pkcs11.C_FindObjectsInit!(session, [{ type: 0x102, value: Buffer.from(mainKey.id, 'hex') }]);
    const [key] = pkcs11.C_FindObjects!(session, 1) as unknown as Buffer[];
    pkcs11.C_FindObjectsFinal!(session);
    assert.throws(
      () => pkcs11.C_GetAttributeValue!(session, key, [{ type: 0x11 }]),
      /CKR_ATTRIBUTE_SENSITIVE/,
    );
    pkcs11.C_CloseSession!(session);
  });

  it('goes on when its sessions were closed, and when the token was taken away and put back', async () => {
    const sealed = await mainKey.seal(clear(), AD);
    const pkcs11 = loadModule(readTokenUri(uri).modulePath) as unknown as Record<
      string,
      (...args: unknown[]) => never
    >;
    const [slot] = pkcs11.C_GetSlotList!(true) as unknown as Buffer[];
    pkcs11.C_CloseAllSessions!(slot);
    using first = await mainKey.open(sealed, AD);
    assert.ok(first.equals(clear()));

    pkcs11.C_Finalize!();
    renameSync(tokens, `${tokens}.away`);
    await assert.rejects(
      mainKey.open(sealed, AD),
      (error) => error instanceof MainKeyError && error.code === 'TOKEN',
    );
    renameSync(`${tokens}.away`, tokens);
    using second = await mainKey.open(sealed, AD);
    assert.ok(second.equals(clear()));
  });

  it('is refused with what is wrong', () => {
    refused(/no token with the label "other"/, () =>
      openPkcs11MainKey(uri.replace('keywright%20test', 'other'), path),
    );
    refused(/library .* cannot be loaded/, () =>
      openPkcs11MainKey(uri.replace(/module-path=[^&]+/, 'module-path=/no/such.so'), path),
    );
    const other = join(folder, 'other');
    writeFileSync(other, JSON.stringify({ version: 1, token: 'a', object: 'b', mainKeyId: '00'.repeat(8) }));
    refused(/no AES key with the id 0000000000000000/, () => openPkcs11MainKey(uri, other));
    writeFileSync(other, '{}');
    refused(/damaged/, () => openPkcs11MainKey(uri, other));
  });

  it('takes no PIN from a file that others can read', () => {
    const pin = join(folder, 'pin');
    chmodSync(pin, 0o644);
    const pkcs11 = loadModule(readTokenUri(uri).modulePath) as unknown as Record<
      string,
      (...args: unknown[]) => never
    >;
    pkcs11.C_Finalize!();
    assert.throws(() => openPkcs11MainKey(uri, path), /mode 0644/);
    chmodSync(pin, 0o600);
    openPkcs11MainKey(uri, path)[Symbol.dispose]();
  });

  it('tries a wrong PIN once, so that the token does not lock', async () => {
    const pkcs11 = loadModule(readTokenUri(uri).modulePath) as unknown as Record<
      string,
      (...args: unknown[]) => never
    >;
    const sealed = await mainKey.seal(clear(), AD);
    writeFileSync(join(folder, 'pin'), '11111111');
    pkcs11.C_Finalize!();
    for (let i = 0; i < 20; i++)
      await assert.rejects(mainKey.open(sealed, AD), /the PIN is wrong \(0x000000A0\)/);
    refused(/the PIN is wrong/, () => openPkcs11MainKey(uri, path));
    writeFileSync(join(folder, 'pin'), PIN);
    using again = openPkcs11MainKey(uri, path);
    using opened = await again.open(sealed, AD);
    assert.ok(opened.equals(clear()));
  });
});

describe('the URI of a key in a token', () => {
  it('is read as RFC 7512 has it', () => {
    const text = 'pkcs11:token=My%20token;serial=1;object=a%3Bb?module-path=/l.so&pin-source=file:/run/pin';
    assert.deepEqual(readTokenUri(text), {
      token: 'My token',
      serial: '1',
      object: 'a;b',
      modulePath: '/l.so',
      pinFile: '/run/pin',
    });
  });

  it('has all that is needed, and no PIN', () => {
    for (const [text, message] of [
      ['token=a', /begin with/],
      ['pkcs11:object=b?module-path=c&pin-source=d', /must have token/],
      ['pkcs11:token=a?module-path=c&pin-source=d', /must have object/],
      ['pkcs11:token=a;object=b?pin-source=d', /must have module-path/],
      ['pkcs11:token=a;object=b?module-path=c', /must have pin-source/],
      ['pkcs11:token=a;object=b?module-path=c&pin-value=1234', /must not have "pin-value"/],
    ] as const) {
      assert.throws(() => readTokenUri(text), message);
    }
  });
});
