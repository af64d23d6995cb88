import assert from 'node:assert/strict';
import { test } from 'node:test';
import values from '../../../../vectors/emv-values.json' with { type: 'json' };
import {
  as2805Mac,
  type CryptogramKeyDerivation,
  decodeHex,
  deriveCryptogramKey,
  deriveIccMasterKey,
  deriveMessagingKey,
  encodeHex,
  generateArpcMethod1,
  generateArpcMethod2,
  generateArqc,
  generatePinChange,
  type MasterKeyDerivation,
  type MessagingKeyDerivation,
  type PinChangeMethod,
  Secret,
  verifyArqc,
  verifyIssuerScriptMac,
} from '../../src/index.ts';

interface Card {
  imk: string;
  pan: string;
  psn: string;
  option: string;
}

function masterKey({ imk, pan, psn, option }: Card): Secret {
  return deriveIccMasterKey(Secret.fromHex(imk), pan, psn, option as MasterKeyDerivation);
}

const BINARY = ['applicationTransactionCounter', 'applicationCryptogram', 'unpredictableNumber'];

/** The members of a derivation that are bytes, from their digits. */
function read<T>(derivation: Record<string, string | undefined>): T {
  const entries = Object.entries(derivation).map(([name, value]) => [
    name,
    BINARY.includes(name) ? decodeHex(value!) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

test('master keys of cards: aws-samples, AWS, M/Chip', () => {
  assert.equal(values.masterKeys.length, 14);
  for (const card of values.masterKeys) assert.equal(masterKey(card).expose(encodeHex), card.key);
});

for (const vector of values.cryptograms) {
  const { data, arqc, arpcMethod1, arpcMethod2, sessionKey, derivation, ...card } = vector;
  test(`ARQC ${arqc}, ${derivation.scheme}: ${card.source}`, () => {
    const key = deriveCryptogramKey(masterKey(card), read<CryptogramKeyDerivation>(derivation));
    if (sessionKey) assert.equal(key.expose(encodeHex), sessionKey);
    const transactionData = decodeHex(data);
    const cryptogram = decodeHex(arqc);
    assert.equal(encodeHex(generateArqc({ key, transactionData })), arqc);
    assert.equal(verifyArqc({ key, transactionData, cryptogram }), true);
    if (arpcMethod1) {
      const responseKey = 'masterKey' in arpcMethod1 ? masterKey(card) : key;
      const responseCode = decodeHex(arpcMethod1.responseCode);
      const arpc = generateArpcMethod1({ key: responseKey, cryptogram, responseCode });
      assert.equal(encodeHex(arpc), arpcMethod1.arpc);
    }
    if (arpcMethod2) {
      const cardStatusUpdate = decodeHex(arpcMethod2.cardStatusUpdate);
      assert.equal(encodeHex(generateArpcMethod2({ key, cryptogram, cardStatusUpdate })), arpcMethod2.arpc);
    }
  });
}

test('MACs of scripts: jPOS', () => {
  assert.equal(values.macs.length, 4);
  for (const { derivation, message, mac, ...card } of values.macs) {
    const key = deriveMessagingKey(masterKey(card), read<MessagingKeyDerivation>(derivation));
    const whole = { key, message: decodeHex(message) };
    assert.equal(verifyIssuerScriptMac({ ...whole, mac: decodeHex(mac) }), true);
    assert.equal(verifyIssuerScriptMac({ ...whole, mac: decodeHex(mac.slice(0, 8)) }), true);
    assert.equal(verifyIssuerScriptMac({ ...whole, mac: decodeHex(mac).with(0, 0) }), false);
  }
});

for (const change of values.pinChanges) {
  test(`PIN change, ${change.method.scheme}, ${change.encryptedPinBlock}: ${change.source}`, () => {
    const derive = (imk: string) => masterKey({ ...change, imk });
    const method = {
      ...read<Record<string, unknown>>(change.method),
      cryptogramMasterKey: derive(change.imkAc),
      ...('currentPin' in change ? { currentPin: Secret.copyOf(Buffer.from(change.currentPin!)) } : {}),
    } as unknown as PinChangeMethod;
    const answer = generatePinChange({
      pin: Secret.copyOf(Buffer.from(change.pin)),
      confidentialityMasterKey: derive(change.imkSmc),
      integrityMasterKey: derive(change.imkSmi),
      message: decodeHex(change.message),
      method,
    });
    assert.equal(encodeHex(answer.encryptedPinBlock), change.encryptedPinBlock);
    assert.equal(encodeHex(answer.mac), change.mac);
  });
}

test('AS 2805.4.1 MAC', () => {
  for (const { key, message, mac } of values.as2805Macs) {
    assert.equal(encodeHex(as2805Mac(Secret.fromHex(key), decodeHex(message), 8)), mac);
    assert.equal(encodeHex(as2805Mac(Secret.fromHex(key), decodeHex(message))), mac.slice(0, 8));
  }
});
