import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODELS, type Plane, type Shape } from '../../src/api/model.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import {
  FREE_TEXT,
  RECORDED,
  REDACTED,
  redactInput,
  redactMembers,
  redactOutput,
} from '../../src/audit/redaction.ts';
import { MOST_CHOICES } from '../api/sample.ts';

/** What no record may show: it fits as a key, a PAN and a text. */
const CANARY = '4929318274650193';

/** A value of a shape with the canary wherever a text is that the table does not let be recorded. */
function canaries(plane: Plane, name: string, choice: number): unknown {
  const shape = MODELS[plane].shapes[name]!;
  const of = (member: { readonly shape: string }) => canaries(plane, member.shape, choice);
  const make: Record<Shape['type'], () => unknown> = {
    structure: () => {
      const members = Object.entries(shape.members ?? {});
      const chosen = shape.union ? [members[choice % members.length]!] : members;
      return Object.fromEntries(chosen.map(([key, member]) => [key, of(member)]));
    },
    list: () => [of(shape.member!)],
    map: () => ({ [of(shape.key!) as string]: of(shape.value!) }),
    string: () => (shape.enum || RECORDED.has(name) ? 'recorded' : CANARY),
    integer: () => 7,
    boolean: () => true,
    timestamp: () => 1,
  };
  return make[shape.type]();
}

test('no operation records a text that the table does not name', () => {
  let redacted = 0;
  for (const { name, plane, input, output } of OPERATIONS.values()) {
    for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
      const texts = [
        redactInput(name, canaries(plane, input, choice)),
        redactOutput(name, canaries(plane, output, choice)),
      ];
      for (const text of texts) {
        JSON.parse(text);
        assert.ok(!text.includes(CANARY), `${name}: ${text}`);
        redacted += text.split(REDACTED).length - 1;
      }
    }
  }
  assert.ok(redacted > 100);
});

test('what the models call sensitive is in no list, and the lists name texts of the models only', () => {
  const shapes = Object.values(MODELS).flatMap((model) => Object.entries(model.shapes));
  const sensitive = shapes.filter(([, shape]) => shape.sensitive).map(([name]) => name);
  assert.ok(sensitive.includes('PrimaryAccountNumberType') && sensitive.length > 30);
  for (const name of sensitive) assert.ok(!RECORDED.has(name) && !FREE_TEXT.has(name), name);
  for (const name of [...RECORDED, ...FREE_TEXT]) {
    const found = shapes.filter(([shape]) => shape === name);
    assert.ok(
      found.length > 0 && found.every(([, { type, enum: values }]) => type === 'string' && !values),
      name,
    );
  }
});

test('a translation is recorded as CloudTrail has it', () => {
  const input = {
    IncomingKeyIdentifier: 'alias/incoming',
    IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: CANARY } },
    IncomingDukptAttributes: { KeySerialNumber: 'FFFF9876543210E00001' },
    EncryptedPinBlock: '0123456789ABCDEF',
    Unheard: CANARY,
  };
  assert.deepEqual(JSON.parse(redactInput('TranslatePinData', input)), {
    incomingKeyIdentifier: 'alias/incoming',
    incomingTranslationAttributes: { isoFormat0: { primaryAccountNumber: REDACTED } },
    encryptedPinBlock: REDACTED,
    incomingDukptAttributes: { keySerialNumber: 'FFFF9876543210E00001' },
  });
});

test('free texts are recorded but for what could be a key', () => {
  const Tags = [
    { Key: 'team', Value: 'acquiring "west"\n' },
    { Key: 'key', Value: `it is ${CANARY}!` },
  ];
  const ResourceArn = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
  assert.deepEqual(JSON.parse(redactInput('TagResource', { ResourceArn, Tags })).tags, [
    { key: 'team', value: 'acquiring "west"\n' },
    { key: 'key', value: 'it is ***!' },
  ]);
});

test('of a request without a model, the members that are named are recorded', () => {
  const members = {
    name: 'alice',
    roles: ['auditor'],
    password: CANARY,
    [CANARY]: 1,
    nested: { name: CANARY },
  };
  const text = redactMembers(members, ['name', 'roles', 'nested', 'missing']);
  assert.deepEqual(JSON.parse(text), { name: 'alice', roles: ['auditor'], nested: REDACTED });
});
