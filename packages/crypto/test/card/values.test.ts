import assert from 'node:assert/strict';
import { test } from 'node:test';
import published from '../../../../vectors/card-and-pin-values.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import {
  amexCardSecurityCode,
  cardholderAuthenticationVerificationValue,
  cardVerificationValue,
  decodeHex,
  dynamicCardVerificationCode3,
  dynamicCardVerificationValue,
  SERVICE_CODES,
  Secret,
  type ValueLength,
  verifyAmexCardSecurityCode,
  verifyCardholderAuthenticationVerificationValue,
  verifyCardVerificationValue,
  verifyDynamicCardVerificationCode3,
  verifyDynamicCardVerificationValue,
} from '../../src/index.ts';

interface Recorded {
  function: string;
  args: { cvk: { hex: string }; pan: string; expiry: string; service_code: string };
  result: string | null;
}

/** The value, with each of its digits replaced by another, must not verify. */
function verifiesOnly(value: string, verify: (value: string) => boolean) {
  assert.equal(verify(value), true);
  for (const [i, digit] of [...value].entries()) {
    const other = String((Number(digit) + 1) % 10);
    assert.equal(verify(value.slice(0, i) + other + value.slice(i + 1)), false);
  }
}

test('CVV: what psec gives and refuses', () => {
  const calls = (psec.vectors as unknown as Recorded[]).filter((v) => v.function === 'cvv.generate_cvv');
  assert.equal(calls.length, 11);
  for (const { args, result } of calls) {
    const { pan, expiry, service_code: serviceCode } = args;
    const generate = () =>
      cardVerificationValue({ key: Secret.fromHex(args.cvk.hex), pan, expiry, serviceCode });
    if (result === null) assert.throws(generate, { name: 'CardError' });
    else assert.equal(generate(), result);
  }
});

test('CVV, CVV2: jPOS, values of the live AWS service, and values of 4 and 5 digits', () => {
  assert.equal(published.cvv.length, 6);
  for (const { key: digits, value, source, ...card } of published.cvv) {
    const key = Secret.fromHex(digits);
    const length = value.length as ValueLength;
    assert.equal(cardVerificationValue({ ...card, key, length }), value, source);
    verifiesOnly(value, (presented) => verifyCardVerificationValue({ ...card, key, value: presented }));
  }
});

test('the service code tells CVV2 and iCVV from the value of the track', () => {
  assert.deepEqual(SERVICE_CODES, { CVV2: '000', ICVV: '999' });
  const [, , cvv, cvv2] = published.cvv;
  assert.equal(cvv2!.serviceCode, SERVICE_CODES.CVV2);
  const key = Secret.fromHex(cvv!.key);
  assert.equal(verifyCardVerificationValue({ ...cvv!, key, serviceCode: SERVICE_CODES.ICVV }), false);
});

test('CAVV: jPOS', () => {
  assert.equal(published.cavv.length, 2);
  for (const { key: digits, value, source, ...card } of published.cavv) {
    const key = Secret.fromHex(digits);
    assert.equal(cardholderAuthenticationVerificationValue({ ...card, key }), value, source);
    verifiesOnly(value, (presented) =>
      verifyCardholderAuthenticationVerificationValue({ ...card, key, value: presented }),
    );
    assert.equal(
      verifyCardholderAuthenticationVerificationValue({ ...card, key, value: `${value}0` }),
      false,
    );
  }
});

test('dCVV: jPOS and emv.dsc', () => {
  assert.equal(published.dcvv.length, 6);
  for (const { key: digits, counter, value, source, ...card } of published.dcvv) {
    const key = Secret.fromHex(digits);
    const input = { ...card, key, applicationTransactionCounter: decodeHex(counter) };
    assert.equal(dynamicCardVerificationValue(input), value, source);
    verifiesOnly(value, (presented) => verifyDynamicCardVerificationValue({ ...input, value: presented }));
    const next = { ...input, applicationTransactionCounter: decodeHex('0002') };
    assert.equal(verifyDynamicCardVerificationValue({ ...next, value }), false);
  }
});

test('dCVV of a counter with hexadecimal letters: by the formula of jPOS over the DES of OpenSSL', () => {
  using key = Secret.fromHex('88A19C2AEBDE37CB7DDFFCC49A8067AA');
  const card = { key, pan: '09409096207376', expiry: '2606', serviceCode: '640' };
  const applicationTransactionCounter = decodeHex('CCFC');
  assert.equal(dynamicCardVerificationValue({ ...card, applicationTransactionCounter, length: 5 }), '39604');
});

test('CVC3: jPOS, pyemv and emv.dsc; fewer digits are the rightmost ones', () => {
  assert.equal(published.cvc3.length, 7);
  for (const { key: digits, value, source, ...card } of published.cvc3) {
    const input = {
      key: Secret.fromHex(digits),
      trackData: decodeHex(card.trackData),
      unpredictableNumber: decodeHex(card.unpredictableNumber),
      applicationTransactionCounter: decodeHex(card.counter),
    };
    const length = value.length as ValueLength;
    assert.equal(dynamicCardVerificationCode3({ ...input, length }), value, source);
    assert.equal(dynamicCardVerificationCode3(input).slice(-length), value, source);
    verifiesOnly(value, (presented) => verifyDynamicCardVerificationCode3({ ...input, value: presented }));
  }
});

test('American Express CSC: 5, 4 and 3 digits of one cryptogram', () => {
  const [{ key: digits, pan, expiry, values }] = published.amexCsc as [(typeof published.amexCsc)[0]];
  const key = Secret.fromHex(digits);
  for (const value of Object.values(values)) {
    const length = value.length as ValueLength;
    assert.equal(amexCardSecurityCode({ key, pan, expiry, length }), value);
    verifiesOnly(value, (presented) => verifyAmexCardSecurityCode({ key, pan, expiry, value: presented }));
  }
});
