import assert from 'node:assert/strict';
import {
  cryptStream,
  decodeHex,
  encodeAscii,
  encodeHex,
  expandKey,
  Secret,
  type StreamMode,
} from '../src/index.ts';
import { testEngines } from './engines.ts';

const KEY = '0123456789ABCDEF';
const IV = decodeHex('1234567890ABCDEF');
const MESSAGE = encodeAscii('Now is the time for all ');

testEngines('NIST SP 800-67, appendix B.1: three keys', () => {
  using key = Secret.fromHex('0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123');
  using tdes = expandKey('TDES', key);
  const ciphertext = 'A826FD8CE53B855FCCE21C8112256FE668D5C05DD9B6B900';
  assert.equal(encodeHex(tdes.encryptEcb(encodeAscii('The qufck brown fox jump'))), ciphertext);
  assert.deepEqual(tdes.decryptEcb(decodeHex(ciphertext)), encodeAscii('The qufck brown fox jump'));
});

testEngines('FIPS 81, appendices B and C: single DES in ECB and CBC, as one key or as equal ones', () => {
  for (const digits of [KEY, KEY + KEY, KEY + KEY + KEY]) {
    using key = Secret.fromHex(digits);
    using des = expandKey('TDES', key);
    const ecb = '3FA40E8A984D48156A271787AB8883F9893D51EC4B563B53';
    const cbc = 'E5C7CDDE872BF27C43E934008C389C0F683788499A7C05F6';
    assert.equal(encodeHex(des.encryptEcb(MESSAGE)), ecb);
    assert.equal(encodeHex(des.encryptCbc(IV, MESSAGE)), cbc);
    assert.deepEqual(des.decryptCbc(IV, decodeHex(cbc)), MESSAGE);
  }
});

testEngines('FIPS 81, appendices D and E: single DES in CFB and OFB', () => {
  using key = Secret.fromHex(KEY + KEY);
  const expected: Partial<Record<StreamMode, string>> = {
    CFB8: 'F31FDA07011462EE187F43D80A7CD9B5B0D290DA6E5B9A87',
    CFB64: 'F3096249C7F46E51A69E839B1A92F78403467133898EA622',
    OFB: 'F3096249C7F46E5135F24A242EEB3D3F3D6D5BE3255AF8C3',
  };
  for (const [mode, ciphertext] of Object.entries(expected)) {
    const common = { cipher: 'TDES', mode: mode as StreamMode, key, iv: IV } as const;
    assert.equal(
      encodeHex(cryptStream({ ...common, direction: 'encrypt', data: MESSAGE })),
      ciphertext,
      mode,
    );
    const decrypted = cryptStream({ ...common, direction: 'decrypt', data: decodeHex(ciphertext) });
    assert.deepEqual(decrypted, MESSAGE, mode);
  }
});

testEngines('refuses keys and data of a wrong length', () => {
  for (const length of [0, 7, 15, 32]) {
    using key = Secret.take(new Uint8Array(length));
    assert.throws(() => expandKey('TDES', key), RangeError);
  }
  using key = Secret.fromHex(KEY + KEY);
  using tdes = expandKey('TDES', key);
  assert.throws(() => tdes.encryptEcb(new Uint8Array(7)), RangeError);
  assert.throws(() => tdes.ctr(IV, MESSAGE), TypeError);
});

testEngines('a cipher that was disposed of is dead', () => {
  using key = Secret.fromHex(KEY + KEY);
  const tdes = expandKey('TDES', key);
  tdes[Symbol.dispose]();
  assert.throws(() => tdes.encryptEcb(MESSAGE), TypeError);
});
