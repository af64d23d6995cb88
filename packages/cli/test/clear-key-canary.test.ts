import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keywright } from './keywright.ts';

/** Keys that occur nowhere but in what is given; parts of them are as telling as the whole. */
const TDES = '1F2E3D4C5B6A79880F1E2D3C4B5A6978';
const AES = '9C8B7A6F5E4D3C2B1A0F9E8D7C6B5A4F3E2D1C0B9A8F7E6D5C4B3A2F1E0D9C8B';

function assertClean(output: string, what: string): void {
  const hex = output.toUpperCase();
  for (const key of [TDES, AES]) {
    for (let i = 0; i + 12 <= key.length; i += 4)
      assert.ok(!hex.includes(key.slice(i, i + 12)), `${what}: hex`);
    for (const encoding of ['base64', 'latin1'] as const) {
      assert.ok(
        !output.includes(Buffer.from(key, 'hex').toString(encoding).slice(0, 12)),
        `${what}: ${encoding}`,
      );
    }
  }
}

/** Every way in which the lines of a command can go wrong, and some in which they go well. */
function lines(good: Record<string, unknown>): string {
  const objects = [good, { ...good, note: TDES }];
  for (const name of Object.keys(good)) {
    const { [name]: value, ...others } = good;
    for (const bad of [
      undefined,
      5,
      [value],
      `${value}0`,
      `${value}xy`,
      `${String(value).slice(0, -4)}`,
      ` ${value}`,
      TDES,
      AES,
    ]) {
      objects.push({ ...others, [name]: bad });
    }
  }
  const text = objects.map((object) => JSON.stringify(object));
  return [...text, ...text.map((line) => line.slice(0, -3)), TDES, `"${AES}"`, `{"kbpk":${TDES}}`].join('\n');
}

const WRAP = {
  kbpk: TDES,
  header: 'B0000P0TE00N0000',
  key: TDES,
  optionalBlocks: { LB: 'label' },
  maskKeyLength: true,
};

const BATCHES: [string[], Record<string, unknown>][] = [
  [['keyblock', 'wrap'], WRAP],
  [['keyblock', 'wrap', '--profile', 'tolerant'], { ...WRAP, header: 'A0000P0TE00N0000' }],
  [['keyblock', 'wrap'], { kbpk: AES, header: 'D0000P0AE00N0000', key: AES }],
  [['dukpt', 'derive'], { bdk: TDES, ksn: 'FFFF9876543210E00001', usage: 'pin', keyType: 'TDES_2KEY' }],
  [['dukpt', 'derive'], { bdk: AES, ksn: '123456789012345600000001', usage: 'initial' }],
  [['kcv'], { key: AES, algorithm: 'AES' }],
];

test('no batch command says a clear key unless asked to', () => {
  for (const [command, good] of BATCHES) {
    const { stdout, stderr, status } = keywright([...command, '--ndjson'], lines(good));
    assert.equal(status, 0);
    assert.match(stdout, /"ok":true/);
    assertClean(stdout + stderr, command.join(' '));
  }
});

test('unwrapping says no clear key unless asked to', () => {
  const { stdout } = keywright(['keyblock', 'wrap', '--ndjson'], JSON.stringify(WRAP));
  const { block } = JSON.parse(stdout);
  const answers = keywright(['keyblock', 'unwrap', '--ndjson'], lines({ kbpk: TDES, block }));
  assertClean(answers.stdout + answers.stderr, 'unwrap');
  const clear = keywright(
    ['keyblock', 'unwrap', '--ndjson', '--show-clear'],
    JSON.stringify({ kbpk: TDES, block }),
  );
  assert.equal(JSON.parse(clear.stdout).key, TDES);
  assert.throws(() => assertClean(clear.stdout, 'the check itself'), /the check itself: hex/);
});
