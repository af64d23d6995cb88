import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { combineComponents, keyCheckValue, Secret } from '@keywright/crypto';
import { Office } from './people.ts';
import { emptyProject, ServiceProcess } from './service.ts';

const COMPONENTS = ['7A5B0C9E3D1F48266B8D20F1C4E3A597', '1F2E3D4C5B6A79880716253443526170'];
const CUSTODIANS = ['alice', 'bob'];

function idIn(output: string): string {
  return /^([a-z2-7]{16}) /m.exec(output)![1]!;
}

function kcvOf(digits: string): string {
  using key = Secret.fromHex(digits);
  return keyCheckValue('AES', key);
}

/** The text that a PDF of ours draws: its streams, inflated, with hexadecimal strings read. */
function textOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)];
  const drawn = streams.flatMap(([, body]) => {
    try {
      return [inflateSync(Buffer.from(body!, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
  const strings = drawn.join('\n').matchAll(/\[(.*?)\] TJ/g);
  return [...strings]
    .map(([, parts]) =>
      [...parts!.matchAll(/<([0-9a-f]*)>/g)]
        .map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1'))
        .join(''),
    )
    .join('\n');
}

suite('ceremonies at the command line, each person signed in alone', () => {
  const project = emptyProject();
  const { directory } = project;
  let service: ServiceProcess;
  let office: Office;

  before(async () => {
    service = await ServiceProcess.start(directory);
    office = new Office(directory, service);
    office.install('lp', `cat > "${directory}/printed"`);
    await office.hire('manager', 'key-manager');
    for (const name of CUSTODIANS) await office.hire(name, 'custodian');
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    project[Symbol.dispose]();
  });

  const parties = ['--key-name', 'ZMK-7', '--party', 'acquirer', '--custodian', ...CUSTODIANS];

  test('a KEK is received, and its protocol says who did what, and no component', async () => {
    const opened = await office.do(
      ['ceremony', 'receive', ...parties, '--algorithm', 'AES_128', '--exportable'],
      'manager',
    );
    const id = idIn(opened);
    for (const [i, name] of CUSTODIANS.entries()) {
      const component = COMPONENTS[i]!;
      const wrong = ['BAG-1', component, kcvOf(component.replace('7', '8').replace('1', '2'))];
      const right = [component, kcvOf(component)];
      const output = await office.do(['ceremony', 'enter', id], name, [...wrong, ...right]);
      assert.match(output, new RegExp(`its KCV is ${kcvOf(component)}`, 'i'));
      assert.ok(!output.includes(component));
    }
    const components = COMPONENTS.map((digits) => Secret.fromHex(digits));
    const { kcv } = combineComponents({ algorithm: 'AES', components });
    const refused = await office.run(['ceremony', 'complete', id], 'manager');
    assert.match(refused.output, /--kcv/);
    const completed = await office.do(['ceremony', 'complete', id, '--kcv', kcv], 'manager');
    assert.match(completed, /COMPLETED/);
    await office.do(['ceremony', 'protocol', id, '--output', 'protocol.pdf'], 'manager');
    const path = join(directory, 'protocol.pdf');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const text = textOf(readFileSync(path));
    for (const expected of ['alice', 'bob', 'BAG-1', kcv, 'ZMK-7', 'COMPLETED', kcvOf(COMPONENTS[0]!)]) {
      assert.ok(text.includes(expected), `${expected} is not in the protocol: ${text}`);
    }
    for (const digits of COMPONENTS) assert.ok(!text.replace(/\s/g, '').includes(digits));
    const again = await office.run(['ceremony', 'protocol', id, '--output', 'protocol.pdf'], 'manager');
    assert.equal(again.status, 1);
  });

  test('a KEK is sent: each custodian prints his sheet once, and the sheets make the key', async () => {
    const listed = await office.do(['ceremony', 'list'], 'manager');
    const shown = await office.do(['ceremony', 'show', idIn(listed)], 'manager');
    const [key] = /arn:\S+/.exec(shown)!;
    await office.hire('carol', 'custodian');
    await office.hire('dave', 'custodian');
    const custodians = ['carol', 'dave'];
    const sending = ['--key-name', 'ZMK-7b', '--party', 'bank', '--custodian', ...custodians];
    const id = idIn(await office.do(['ceremony', 'send', key, ...sending], 'manager'));
    const components: Secret[] = [];
    for (const name of custodians) {
      await office.do(['ceremony', 'print', id], name, ['BAG-9']);
      const text = textOf(readFileSync(join(directory, 'printed')));
      const digits = /^(?:(?:[0-9A-F]{4} ?){4}\n?){2}/m.exec(text)![0].replace(/\s/g, '');
      components.push(Secret.fromHex(digits));
      assert.ok(text.includes(kcvOf(digits)) && text.includes(name) && text.includes('BAG-9'));
      const again = await office.run(['ceremony', 'print', id], name, ['BAG-9']);
      assert.match(again.output, /PRINTED already/);
    }
    const received = COMPONENTS.map((digits) => Secret.fromHex(digits));
    const expected = combineComponents({ algorithm: 'AES', components: received }).key;
    assert.ok(combineComponents({ algorithm: 'AES', components }).key.equals(expected));
    assert.match(await office.do(['ceremony', 'complete', id], 'manager'), /COMPLETED/);
  });

  test('who received a component of a key is not a custodian when it is sent', async () => {
    const listed = await office.do(['ceremony', 'list'], 'manager');
    const shown = await office.do(['ceremony', 'show', idIn(listed)], 'manager');
    const [key] = /arn:\S+/.exec(shown)!;
    const sending = ['--key-name', 'other', '--party', 'bank', '--custodian', 'alice', 'bob'];
    const { status, output } = await office.run(['ceremony', 'send', key, ...sending], 'manager');
    assert.deepEqual([status, /has seen another component/.test(output)], [1, true]);
  });

  test('a ceremony that was aborted is over', async () => {
    const id = idIn(
      await office.do(
        [
          'ceremony',
          'receive',
          '--key-name',
          'ZMK-9',
          '--party',
          'x',
          '--custodian',
          ...CUSTODIANS,
          '--algorithm',
          'TDES_3KEY',
        ],
        'manager',
      ),
    );
    assert.match(await office.do(['ceremony', 'abort', id], 'manager'), /ABORTED/);
    const { status } = await office.run(['ceremony', 'enter', id], 'alice', ['BAG', '0'.repeat(48), '']);
    assert.equal(status, 1);
  });

  test('a component does not cross a network in clear', async () => {
    const { status, output } = await office.run(
      ['ceremony', 'enter', 'abcdefghijklmnop', '--endpoint-url', 'http://keys.example:3131'],
      'alice',
    );
    assert.deepEqual([status, /must be an https/.test(output)], [1, true]);
  });

  test('a KEK is rotated, and a compromise lists what hangs on it', async () => {
    const listed = await office.do(['ceremony', 'list'], 'manager');
    const sent = listed.split('\n').find((line) => line.includes('ZMK-7b'))!;
    const [key] = /arn:\S+/.exec(await office.do(['ceremony', 'show', idIn(sent)], 'manager'))!;
    const output = await office.do(['rotate', key, '--output', 'blocks.ndjson']);
    const rotation = /^rotation (\S+)$/m.exec(output)![1]!;
    const lines = readFileSync(join(directory, 'blocks.ndjson'), 'utf8').trimEnd().split('\n');
    const [item, ...more] = lines.map((line) => JSON.parse(line));
    assert.deepEqual([more.length, item.state, item.keyMaterial.slice(5, 9)], [0, 'DONE', 'K0AB']);
    assert.match(await office.do(['rotate', '--list']), new RegExp(`${rotation}  STARTED`));
    assert.match(await office.do(['rotate', '--roll-back', rotation]), /ROLLED_BACK/);
    const found = await office.do(['compromised', key]);
    assert.match(found, /The key is disabled/);
    assert.match(found, /went to bank by Components/);
    assert.match(found, /came from acquirer by Components/);
  });
});
