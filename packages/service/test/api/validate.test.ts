import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AwsException } from '../../src/api/exceptions.ts';
import type { Failure } from '../../src/api/failure.ts';
import { MODELS, type Plane } from '../../src/api/model.ts';
import { OPERATIONS, type OperationName } from '../../src/api/operations.ts';
import { shapeReaders } from '../../src/api/shape-reader.ts';
import { validateInput } from '../../src/api/validate.ts';
import { MOST_CHOICES, sample } from './sample.ts';

const KEY = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';

function refusal(operation: OperationName, input: unknown): AwsException {
  try {
    validateInput(operation, input);
  } catch (error) {
    assert.ok(error instanceof AwsException);
    return error;
  }
  assert.fail(`${operation} took it`);
}

function refuses(operation: OperationName, input: unknown, message: string): void {
  assert.equal(refusal(operation, input).message, message);
}

const createKey = {
  KeyAttributes: {
    KeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: 'AES_256',
    KeyModesOfUse: {},
  },
  Exportable: true,
};

test('32 and 15 operations', () => {
  const count = (plane: Plane) => Array.from(OPERATIONS.values()).filter((row) => row.plane === plane).length;
  assert.deepEqual([count('control'), count('data'), OPERATIONS.size], [32, 15, 47]);
});

test('every operation takes a full input, with every choice of its unions', () => {
  for (const { name, plane, input } of OPERATIONS.values()) {
    for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
      const value = sample(plane, input, choice);
      assert.deepEqual(validateInput(name, value), value);
    }
  }
});

test('every required member of every input is missed', () => {
  for (const { name, plane, input } of OPERATIONS.values()) {
    for (const member of MODELS[plane].shapes[input]!.required ?? []) {
      const value = { ...(sample(plane, input) as object), [member]: undefined };
      const path = member.charAt(0).toLowerCase() + member.slice(1);
      const message = `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`;
      refuses(name, value, message);
      refuses(name, { ...value, [member]: null }, message);
    }
  }
});

for (const plane of ['control', 'data'] as const) {
  for (const [name, { union, members = {} }] of Object.entries(MODELS[plane].shapes)) {
    if (!union) continue;
    test(`union ${name} of the ${plane} plane: exactly one member`, () => {
      const read = shapeReaders(MODELS[plane], 'ignored')(name);
      const failures = (value: unknown): string[] => {
        const found: Failure[] = [];
        read(value, 'x', found);
        return found.map(({ constraint }) => constraint);
      };
      const single = Object.keys(members).map((_, choice) => sample(plane, name, choice) as object);
      for (const value of single) assert.deepEqual(failures(value), []);
      assert.match(failures({}).join(), /^Member must have exactly one of \[.*\] set, not none$/);
      assert.match(failures({ Unheard: 1 }).join(), /not none$/);
      if (single.length === 1) return;
      assert.match(failures({ ...single[0], ...single[1] }).join(), /exactly one of \[.*\] set, not 2$/);
      assert.deepEqual(failures({ ...single[0], [Object.keys(single[1]!)[0]!]: null }), []);
    });
  }
}

test('an enumerated value', () => {
  refuses(
    'CreateKey',
    { ...createKey, KeyAttributes: { ...createKey.KeyAttributes, KeyClass: 'SECRET' } },
    "1 validation error detected: Value 'SECRET' at 'keyAttributes.keyClass' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [SYMMETRIC_KEY, ASYMMETRIC_KEY_PAIR, PRIVATE_KEY, PUBLIC_KEY]',
  );
});

test('patterns match the whole, and alternatives each', () => {
  const pattern = MODELS.control.shapes.KeyArnOrKeyAliasType!.pattern;
  for (const id of ['alias/a b', `x${KEY}`, `${KEY}!`, 'xalias/abc', 'alias/abcdef\n']) {
    refuses(
      'GetKey',
      { KeyIdentifier: id },
      `1 validation error detected: Value '${id}' at 'keyIdentifier' failed to satisfy constraint: ` +
        `Member must satisfy regular expression pattern: ${pattern}`,
    );
  }
  for (const id of [KEY, KEY.replace('key/', 'alias/'), 'alias/A-b_c/9']) {
    assert.deepEqual(validateInput('GetKey', { KeyIdentifier: id }), { KeyIdentifier: id });
  }
});

test('lengths of texts count characters', () => {
  const tag = (key: string) => ({ ResourceArn: KEY, Tags: [{ Key: key, Value: 'v' }] });
  const at = "1 validation error detected: Value '***' at 'tags.1.member.key' failed to satisfy constraint: ";
  refuses('TagResource', tag(''), `${at}Member must have length greater than or equal to 1`);
  refuses('TagResource', tag('k'.repeat(129)), `${at}Member must have length less than or equal to 128`);
  validateInput('TagResource', tag('🔑'.repeat(128)));
  refuses('TagResource', tag('🔑'.repeat(129)), `${at}Member must have length less than or equal to 128`);
});

test('lengths of lists, and a list with an item that is null', () => {
  const message = (what: string) => `1 validation error detected: Value ${what}`;
  refuses(
    'UntagResource',
    { ResourceArn: KEY, TagKeys: Array(201).fill('k') },
    message(
      "'***' at 'tagKeys' failed to satisfy constraint: Member must have length less than or equal to 200",
    ),
  );
  refuses(
    'UntagResource',
    { ResourceArn: KEY, TagKeys: ['a', null] },
    message("null at 'tagKeys.2.member' failed to satisfy constraint: Member must not be null"),
  );
});

test('ranges of integers', () => {
  const remove = (days: number) => ({ KeyIdentifier: KEY, DeleteKeyInDays: days });
  const at = (days: number) =>
    `1 validation error detected: Value '${days}' at 'deleteKeyInDays' failed to satisfy constraint: Member must have value `;
  refuses('DeleteKey', remove(2), `${at(2)}greater than or equal to 3`);
  refuses('DeleteKey', remove(181), `${at(181)}less than or equal to 180`);
  validateInput('DeleteKey', remove(3));
  validateInput('DeleteKey', remove(180));
});

test('keys and values of a map, which are sensitive', () => {
  const exportKey = (blocks: object) => ({
    ExportKeyIdentifier: KEY,
    KeyMaterial: {
      Tr31KeyBlock: { WrappingKeyIdentifier: KEY, KeyBlockHeaders: { OptionalBlocks: blocks } },
    },
  });
  const place =
    "Value '***' at 'keyMaterial.tr31KeyBlock.keyBlockHeaders.optionalBlocks' failed to satisfy constraint: ";
  validateInput('ExportKey', exportKey({ KS: '0123' }));
  refuses(
    'ExportKey',
    exportKey({ k: '!', KS: '' }),
    `2 validation errors detected: ${place}Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ` +
      `[0-9A-Z]{2}+, Member must have length greater than or equal to 2]; ${place}Map value must satisfy constraint: [Member must ` +
      'satisfy regular expression pattern: [0-9a-zA-Z]+, Member must have length greater than or equal to 1]',
  );
});

test('everything that is wrong is told at once, and field by field', () => {
  const error = refusal('CreateKey', { KeyAttributes: { KeyUsage: 'X' }, ReplicationRegions: ['here'] });
  assert.match(
    error.message,
    /^6 validation errors detected: Value 'X' at 'keyAttributes\.keyUsage' .*; Value null at /,
  );
  assert.deepEqual(
    (error.members.fieldList as { path: string }[]).map(({ path }) => path),
    [
      'keyAttributes.keyUsage',
      'keyAttributes.keyClass',
      'keyAttributes.keyAlgorithm',
      'keyAttributes.keyModesOfUse',
      'exportable',
      'replicationRegions.1.member',
    ],
  );
});

test('a very long list of failures is cut', () => {
  const error = refusal('UntagResource', { ResourceArn: KEY, TagKeys: Array(50_000).fill('') });
  assert.match(error.message, /^100 validation errors detected/);
});

test('a value of another JSON type', () => {
  const types: [unknown, string][] = [
    [5, "NUMBER_VALUE cannot be converted to String at 'keyIdentifier'"],
    [true, "BOOLEAN_VALUE cannot be converted to String at 'keyIdentifier'"],
    [[], "Start of list found where not expected at 'keyIdentifier'"],
    [{}, "Start of structure or map found where not expected at 'keyIdentifier'"],
  ];
  for (const [value, message] of types) refuses('GetKey', { KeyIdentifier: value }, message);
  const cases: [OperationName, object, string][] = [
    [
      'CreateKey',
      { ...createKey, Exportable: 'true' },
      "STRING_VALUE cannot be converted to Boolean at 'exportable'",
    ],
    ['ListKeys', { MaxResults: 1.5 }, "NUMBER_VALUE cannot be converted to Integer at 'maxResults'"],
    ['ListKeys', { MaxResults: '5' }, "STRING_VALUE cannot be converted to Integer at 'maxResults'"],
    ['CreateKey', { ...createKey, Tags: {} }, "Start of structure or map found where not expected at 'tags'"],
    [
      'CreateKey',
      { ...createKey, KeyAttributes: 'x' },
      "STRING_VALUE cannot be converted to Structure at 'keyAttributes'",
    ],
  ];
  for (const [operation, input, message] of cases) {
    assert.equal(refusal(operation, input).code, 'SerializationException');
    refuses(operation, input, message);
  }
});

test('members that the model does not know are dropped', () => {
  const input = JSON.parse('{"KeyIdentifier":"alias/abc","Extra":{"a":[1]},"__proto__":{"b":2}}');
  const read = validateInput('GetKey', input);
  assert.deepEqual(read, { KeyIdentifier: 'alias/abc' });
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

const CANARY = '0123456789ABCDEFFEDCBA9876543210';

test('a sensitive value is not echoed, nor one that looks like key material wherever it stands', () => {
  const block = `D0112P0AE00E0000${CANARY}`;
  const inputs: [OperationName, object][] = [
    ['EncryptData', { KeyIdentifier: CANARY, PlainText: `${CANARY}x`, EncryptionAttributes: {} }],
    ['GetKey', { KeyIdentifier: block }],
    ['GetKey', { KeyIdentifier: `alias/x ${CANARY}` }],
    ['CreateKey', { ...createKey, KeyCheckValueAlgorithm: CANARY, DeriveKeyUsage: '4111111111111111' }],
    [
      'ImportKey',
      { KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: KEY, WrappedKeyBlock: `${CANARY}!` } } },
    ],
    ['ListKeys', { NextToken: '', KeyState: Buffer.from(CANARY).toString('base64') }],
    ['TagResource', { ResourceArn: KEY, Tags: [{ Key: CANARY.repeat(9), Value: CANARY.repeat(9) }] }],
  ];
  for (const [operation, input] of inputs) {
    const { message, members } = refusal(operation, input);
    const said = message + JSON.stringify(members);
    assert.match(said, /'\*\*\*'/);
    for (const secret of [CANARY, '4111111111111111', Buffer.from(CANARY).toString('base64')]) {
      assert.ok(!said.includes(secret), `${operation} echoes`);
    }
  }
});

test('a long value is cut at 128 characters', () => {
  const { message } = refusal('GetKey', { KeyIdentifier: `alias/${'a b '.repeat(60)}` });
  const shown = /Value '(.*?)…' at/.exec(message)![1]!;
  assert.equal(shown.length, 128);
});

test('any JSON at all is either taken or refused in AWS’s words', () => {
  const names = [...OPERATIONS.keys()] as OperationName[];
  const keys = Array.from(OPERATIONS.values()).flatMap(({ plane, input }) =>
    Object.keys(MODELS[plane].shapes[input]!.members ?? {}),
  );
  const input = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(fc.constantFrom(...names), input, (operation, value) => {
      try {
        validateInput(operation, value);
      } catch (error) {
        assert.ok(error instanceof AwsException);
        assert.match(error.code, /^(Validation|Serialization)Exception$/);
      }
    }),
    { numRuns: 500 },
  );
});
