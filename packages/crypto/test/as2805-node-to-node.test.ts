import assert from 'node:assert/strict';
import { test } from 'node:test';
import vectors from '../../../vectors/as2805-node-to-node.json' with { type: 'json' };
import {
  answerKekValidation,
  decodeHex,
  deriveSessionPinKey,
  encodeHex,
  type KekValidationMask,
  requestKekValidation,
  Secret,
} from '../src/index.ts';

test('the PIN encryption key of a transaction', () => {
  for (const { kpp: hex, stan, amount, kpe } of vectors.pinKeys) {
    using kpp = Secret.fromHex(hex);
    using derived = deriveSessionPinKey({ kpp, stan, amount });
    assert.equal(derived.expose(encodeHex), kpe);
    assert.equal(kpp.expose(encodeHex), hex);
  }
  assert.equal(vectors.pinKeys.length, 5);
});

test('the validation of a KEK: the request, and the answer that proves the KEK', () => {
  for (const { mask: name, kek: hex, random, send, receive } of vectors.kekValidations) {
    const mask = name as KekValidationMask;
    using kek = Secret.fromHex(hex);
    using randomKey = Secret.fromHex(random);
    const request = requestKekValidation({ kek, mask, randomKey });
    assert.deepEqual([request.send, request.receive].map(encodeHex), [send, receive]);
    assert.equal(encodeHex(answerKekValidation({ kek, mask, send: decodeHex(send) })), receive);
    assert.deepEqual(
      [kek, randomKey].map((key) => key.expose(encodeHex)),
      [hex, random],
    );
  }
  assert.equal(vectors.kekValidations.length, 24);
});

test('a node with another KEK, or with another mask, gives another answer', () => {
  const { kek: hex, send, receive } = vectors.kekValidations[0]!;
  using kek = Secret.fromHex(hex);
  using other = Secret.fromHex(vectors.kekValidations[2]!.kek);
  const answers = [
    answerKekValidation({ kek: other, mask: '82', send: decodeHex(send) }),
    answerKekValidation({ kek, mask: '82C0', send: decodeHex(send) }),
  ];
  for (const answer of answers) assert.notEqual(encodeHex(answer), receive);
});

test('lengths and fields that are not right are refused', () => {
  using kpp = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
  using short = Secret.fromHex('0123456789ABCDEF');
  using long = Secret.fromHex('0123456789ABCDEFFEDCBA98765432100123456789ABCDEF');
  const refusals: [() => unknown, string][] = [
    [
      () => deriveSessionPinKey({ kpp: long, stan: '000001', amount: '000000000001' }),
      'KPP must be 16 bytes, got 24',
    ],
    [
      () => deriveSessionPinKey({ kpp, stan: '00001', amount: '000000000001' }),
      'STAN must be 6 digits, got 5 characters',
    ],
    [
      () => deriveSessionPinKey({ kpp, stan: '00000A', amount: '000000000001' }),
      'STAN must be 6 digits, got 6 characters',
    ],
    [
      () => deriveSessionPinKey({ kpp, stan: '000001', amount: '1' }),
      'amount must be 12 digits, got 1 characters',
    ],
    [
      () => answerKekValidation({ kek: kpp, mask: '82', send: new Uint8Array(12) }),
      'KRs must be 8 or 16 or 24 bytes, got 12',
    ],
    [
      () => answerKekValidation({ kek: short, mask: '82', send: new Uint8Array(16) }),
      'KEK must be 16 or 24 bytes, got 8',
    ],
    [
      () => requestKekValidation({ kek: short, mask: '82', randomKey: kpp }),
      'KEK must be 16 or 24 bytes, got 8',
    ],
  ];
  for (const [call, message] of refusals) assert.throws(call, { name: 'RangeError', message });
});
