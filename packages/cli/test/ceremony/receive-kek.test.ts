import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Ceremony, receiveKek } from '../../src/ceremony/ceremony.ts';
import { Aborted } from '../../src/ceremony/prompts.ts';
import type { KeyService } from '../../src/ceremony/service-client.ts';
import { Failure } from '../../src/failure.ts';
import { ABORT, type Line, ScriptedPrompts } from './scripted-prompts.ts';
import { freshService } from './service.ts';

/** Sample components as they are published for key import; the KCVs were computed with OpenSSL. */
const COMPONENTS = [
  'AAAABBBBCCCCDDDD1111222233334444',
  '1111222233334444AAAABBBBCCCCDDDD',
  'FFFF0000FFFF00000000FFFF0000FFFF',
] as const;
const KCVS = {
  TDES: { components: ['0ABB88', '165619', '4B56C3'], key: 'C96561', long: 'C965618297AFA9EF' },
  AES: { components: ['31866B', '6D77CA', '860087'], key: '05D152', legacy: '10F74FCD' },
};

const START = ['K1', '', '3'];
const withKcvs = (kcvs: readonly string[]) => COMPONENTS.flatMap((component, i) => [component, kcvs[i]!]);

let fresh: Awaited<ReturnType<typeof freshService>>;
let keysBefore: number;
/** One token serves every test: the RSA keys behind one take a second to make. */
let parameters: Awaited<ReturnType<KeyService['getParametersForImport']>>;

async function countKeys(): Promise<number> {
  return (await fresh.client.listKeys({})).Keys?.length ?? 0;
}

before(async () => {
  fresh = await freshService();
  parameters = await fresh.client.getParametersForImport({
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_4096',
  });
});
after(() => fresh.close());
beforeEach(async () => {
  keysBefore = await countKeys();
});

function ceremony(script: readonly Line[], changes: Pick<Partial<Ceremony>, 'alias' | 'exportable'> = {}) {
  const prompts = new ScriptedPrompts(script);
  const { client } = fresh;
  const service: KeyService = {
    getParametersForImport: async () => parameters,
    createKey: (input) => client.createKey(input),
    getPublicKeyCertificate: (input) => client.getPublicKeyCertificate(input),
    importKey: (input) => client.importKey(input),
    createAlias: (input) => client.createAlias(input),
    deleteKey: (input) => client.deleteKey(input),
  };
  return { prompts, service, now: Date.now, exportable: false, ...changes } satisfies Ceremony;
}

/** Runs a ceremony that must fail, and checks that the service got no key and the script was followed to its end. */
async function assertRefused(
  script: readonly Line[],
  expected: RegExp,
  changes: Pick<Partial<Ceremony>, 'alias'> = {},
): Promise<void> {
  const held = ceremony(script, changes);
  await assert.rejects(receiveKek(held), (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.match(error.message, expected);
    assertNoComponent(error.message);
    return true;
  });
  assert.deepEqual(held.prompts.unused, []);
  assertNoComponent(held.prompts.screen.join('\n'));
  assert.equal(await countKeys(), keysBefore);
}

function assertNoComponent(text: string): void {
  for (const component of COMPONENTS) assert.ok(!text.includes(component.slice(8, 20)));
}

test('a TDES KEK of three components reaches the service, where it has the stated KCV and its alias', async () => {
  const script = [
    'TDES_2KEY',
    'K1',
    'partner-kek',
    '3',
    ...withKcvs(KCVS.TDES.components),
    KCVS.TDES.key,
    true,
  ];
  const held = ceremony(script);
  await receiveKek(held);
  const { Alias } = await fresh.client.getAlias({ AliasName: 'alias/partner-kek' });
  const { Key } = await fresh.client.getKey({ KeyIdentifier: Alias!.KeyArn! });
  assert.equal(Key!.KeyCheckValue, KCVS.TDES.key);
  assert.equal(Key!.KeyAttributes!.KeyUsage, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY');
  assert.equal(Key!.KeyAttributes!.KeyAlgorithm, 'TDES_2KEY');
  assert.equal(Key!.Exportable, false);
  const screen = held.prompts.screen.join('\n');
  assert.ok(screen.includes(Key!.KeyArn!) && screen.includes(KCVS.TDES.key));
  assertNoComponent(screen);
});

test('an AES KEK takes either case, grouping, K0, an exportable mark and an alias from the command line', async () => {
  const typed = COMPONENTS.map((component) => component.toLowerCase().replace(/.{4}/g, '$& -'));
  const sheets = typed.flatMap((component, i) => [component, KCVS.AES.components[i]!.toLowerCase()]);
  const script = ['AES_128', 'K0', '3', ...sheets, KCVS.AES.key, true];
  await receiveKek(ceremony(script, { alias: 'alias/aes-kek', exportable: true }));
  const { Alias } = await fresh.client.getAlias({ AliasName: 'alias/aes-kek' });
  const { Key } = await fresh.client.getKey({ KeyIdentifier: Alias!.KeyArn! });
  assert.deepEqual(
    [Key!.KeyCheckValue, Key!.KeyAttributes!.KeyUsage, Key!.Exportable],
    [KCVS.AES.key, 'TR31_K0_KEY_ENCRYPTION_KEY', true],
  );
});

test('a component whose KCV is not that of its sheet is typed again', async () => {
  const [first, ...others] = withKcvs(KCVS.TDES.components);
  const mistyped = first!.replace(/^AAAA/, '9AAA');
  const script = [
    'TDES_2KEY',
    ...START,
    mistyped,
    KCVS.TDES.components[0]!,
    first!,
    ...others,
    KCVS.TDES.key,
    false,
  ];
  const held = ceremony(script);
  await assert.rejects(receiveKek(held), /nothing was imported/);
  assert.match(
    held.prompts.screen.join('\n'),
    /warning: Component 1 of 3: what was typed has KCV [0-9A-F]{6}, not/,
  );
  assert.equal(await countKeys(), keysBefore);
});

test('what is no component is asked for again, without repeating it', async () => {
  const [first, ...others] = withKcvs(KCVS.TDES.components);
  const script: Line[] = [
    'TDES_2KEY',
    ...START,
    `${first}00`,
    'AAAABBBBCCCCDDDX',
    '',
    first!,
    'xyz',
    ...others,
    ABORT,
  ];
  const held = ceremony(script);
  await assert.rejects(receiveKek(held), Aborted);
  const refusals = held.prompts.screen.filter((line) => line.startsWith('refused'));
  assert.deepEqual(refusals, [
    'refused: 32 digits; you typed 34',
    'refused: hexadecimal digits only, grouped by spaces or dashes as you like',
    'refused: 32 digits; you typed 0',
    'refused: a KCV has 6 to 16 hexadecimal digits',
  ]);
  assertNoComponent(held.prompts.screen.join('\n'));
});

test('a sheet without a KCV is possible, and said', async () => {
  const sheets = COMPONENTS.flatMap((component) => [component, '']);
  const held = ceremony(['TDES_2KEY', ...START, ...sheets, KCVS.TDES.key, false]);
  await assert.rejects(receiveKek(held), /nothing was imported/);
  assert.match(held.prompts.screen.join('\n'), /warning: .*compared with nothing/);
});

test('a KEK whose KCV is not the one that the other party states is not imported', async () => {
  const script = ['TDES_2KEY', ...START, ...withKcvs(KCVS.TDES.components), 'ABCDEF'];
  await assertRefused(script, /the other party states ABCDEF: it is not the same key\. Nothing was imported/);
});

test('a longer KCV, or the older one of AES, is the same key', async () => {
  const aes = ceremony(['AES_128', ...START, ...withKcvs(KCVS.AES.components), KCVS.AES.legacy, false]);
  await assert.rejects(receiveKek(aes), /nothing was imported/);
  assert.match(aes.prompts.screen.join('\n'), /older one for AES/);
  await assertRefused(
    ['TDES_2KEY', ...START, ...withKcvs(KCVS.TDES.components), KCVS.TDES.long, false],
    /nothing was imported/,
  );
});

test('components that cannot make a key are refused by name', async () => {
  const twice = [COMPONENTS[0], '', COMPONENTS[1], '', COMPONENTS[0], ''];
  await assertRefused(['TDES_2KEY', ...START, ...twice], /component 3 is the same as component 1\. Nothing/);
  const zero = ['00'.repeat(16), '', COMPONENTS[1], '', COMPONENTS[0], ''];
  await assertRefused(['AES_128', ...START, ...zero], /component 1 is all zeros/);
});

test('whoever breaks off, at whichever question, leaves nothing', async () => {
  const script = ['TDES_2KEY', 'K1', '', '3', ...withKcvs(KCVS.TDES.components), KCVS.TDES.key, true];
  for (let i = 0; i < script.length; i += 1) {
    await assert.rejects(receiveKek(ceremony([...script.slice(0, i), ABORT])), Aborted);
  }
  assert.equal(await countKeys(), keysBefore);
});

test('a service that shows another KCV is not trusted, and its key is scheduled for deletion', async () => {
  const script = ['TDES_2KEY', ...START, ...withKcvs(KCVS.TDES.components), KCVS.TDES.key, true];
  const held = ceremony(script);
  let arn = '';
  held.service.importKey = async (input) => {
    const answer = await fresh.client.importKey(input);
    arn = answer.Key!.KeyArn!;
    return { ...answer, Key: { ...answer.Key!, KeyCheckValue: '000000' } };
  };
  await assert.rejects(receiveKek(held), /shows KCV 000000.*scheduled for deletion/);
  assert.equal((await fresh.client.getKey({ KeyIdentifier: arn })).Key!.KeyState, 'DELETE_PENDING');
});

test("the service's refusals and silence come out in its own words", async () => {
  const refused = ceremony(['TDES_2KEY']);
  refused.service.getParametersForImport = () =>
    fresh.client.getParametersForImport({
      KeyMaterialType: 'KEY_CRYPTOGRAM',
      WrappingKeyAlgorithm: 'AES_128',
    });
  await assert.rejects(receiveKek(refused), /^Failure: GetParametersForImport failed: ValidationException: /);
  const script = ['TDES_2KEY', ...START, ...withKcvs(KCVS.TDES.components), KCVS.TDES.key, true];
  const silent = ceremony(script);
  silent.service.importKey = () =>
    Promise.reject(Object.assign(new Error('no route'), { code: 'ECONNREFUSED' }));
  await assert.rejects(receiveKek(silent), /ImportKey failed: Error: ECONNREFUSED: no route/);
});

test('an alias that is taken is said; the key is there', async () => {
  const script = ['TDES_2KEY', 'K1', '3', ...withKcvs(KCVS.TDES.components), KCVS.TDES.key, true];
  await receiveKek(ceremony(script, { alias: 'taken' }));
  await assert.rejects(
    receiveKek(ceremony(script, { alias: 'taken' })),
    /the key was imported, but CreateAlias failed: ConflictException/,
  );
  assert.equal(await countKeys(), keysBefore + 2);
});

test('an alias that cannot be one is refused before anything is typed', async () => {
  await assertRefused(['TDES_2KEY'], /letters, digits/, { alias: 'a b' });
});
