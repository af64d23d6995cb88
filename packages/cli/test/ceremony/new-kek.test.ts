import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKek } from '../../src/ceremony/new-kek.ts';
import { Aborted } from '../../src/ceremony/prompts.ts';
import { batch } from '../keywright.ts';
import { ABORT, type Line, ScriptedPrompts } from './scripted-prompts.ts';
import { freshService } from './service.ts';

let fresh: Awaited<ReturnType<typeof freshService>>;
before(async () => {
  fresh = await freshService();
});
after(() => fresh.close());

function ceremony(script: readonly Line[]) {
  return { prompts: new ScriptedPrompts(script), service: fresh.client, now: Date.now, exportable: false };
}

/** The component's digits on a sheet, and what the sheet says under a heading. */
function read(sheet: string, heading: string): string {
  const [, text = ''] = new RegExp(`^${heading} +((?:.+\n {15})*.+)$`, 'm').exec(sheet) ?? [];
  return text;
}
const digits = (sheet: string) => read(sheet, 'Value').replace(/\s/g, '');

function xorHex(components: readonly string[]): string {
  const sum = components.reduce((total, component) => total ^ BigInt(`0x${component}`), 0n);
  return sum.toString(16).toUpperCase().padStart(components[0]!.length, '0');
}

test('the components on the sheets make the key that the service has', async () => {
  const script = [
    'TDES_3KEY',
    'K0',
    'new-kek',
    'Acquirer KEK 7',
    '3',
    false,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
  ];
  const held = ceremony(script);
  await newKek(held, { import: true });
  assert.deepEqual(held.prompts.unused, []);
  const { Alias } = await fresh.client.getAlias({ AliasName: 'alias/new-kek' });
  const { Key } = await fresh.client.getKey({ KeyIdentifier: Alias!.KeyArn! });
  const { sheets } = held.prompts;
  assert.equal(sheets.length, 3);
  const [key, ...components] = batch(
    ['kcv', '--ndjson'],
    [
      { key: xorHex(sheets.map(digits)), algorithm: 'TDES' },
      ...sheets.map((sheet) => ({ key: digits(sheet), algorithm: 'TDES' })),
    ],
  );
  assert.equal(key.kcv, Key!.KeyCheckValue);
  for (const [i, sheet] of sheets.entries()) {
    assert.equal(read(sheet, 'Component KCV'), components[i].kcv);
    assert.equal(read(sheet, 'Whole key KCV'), key.kcv);
    assert.equal(read(sheet, 'Component'), `${i + 1} of 3`);
    assert.equal(read(sheet, 'Key'), 'Acquirer KEK 7');
    assert.equal(read(sheet, 'Algorithm'), 'TDES_3KEY');
    assert.match(read(sheet, 'Value'), /^(?:[0-9A-F]{4}\s+){11}[0-9A-F]{4}$/);
    assert.ok(!held.prompts.screen.join('').includes(digits(sheet).slice(0, 8)));
  }
});

test('with --no-import an AES-256 key is made and printed, and the service is not asked', async () => {
  const printed: string[] = [];
  const held = ceremony(['AES_256', 'KBPK', '2', true, true]);
  const service = new Proxy(fresh.client, {
    get() {
      throw new Error('the service was asked');
    },
  });
  await newKek({ ...held, service }, { import: false, print: async (sheet) => void printed.push(sheet) });
  assert.deepEqual([held.prompts.unused, held.prompts.sheets], [[], []]);
  const [{ kcv }] = batch(['kcv', '--ndjson'], [{ key: xorHex(printed.map(digits)), algorithm: 'AES' }]);
  assert.deepEqual(
    printed.map((sheet) => read(sheet, 'Whole key KCV')),
    [kcv, kcv],
  );
});

test('whoever breaks off while sheets are handed out, or says no at the end, leaves no key', async () => {
  const keys = (await fresh.client.listKeys({})).Keys!.length;
  const script = ['AES_128', 'K1', '', 'KEK', '2', true, true, true, true];
  await assert.rejects(newKek(ceremony([...script.slice(0, 7), ABORT]), { import: true }), Aborted);
  await assert.rejects(newKek(ceremony([...script, false]), { import: true }), /nothing was imported/);
  assert.equal((await fresh.client.listKeys({})).Keys!.length, keys);
});
