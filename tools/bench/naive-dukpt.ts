// DUKPT as it is written when nobody thinks of speed: a cipher object for every step, made from the raw key.
import { createCipheriv } from 'node:crypto';

const KEY_MASK = Buffer.from('C0C0C0C000000000C0C0C0C000000000', 'hex');
const PIN_VARIANT = Buffer.from('00000000000000FF00000000000000FF', 'hex');

function add(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, i) => byte ^ right[i]!));
}

function encrypt(name: string, key: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv(name, key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function tdes(key: Uint8Array, data: Uint8Array): Buffer {
  const whole = Buffer.concat([key, key.subarray(0, 8), key.subarray(0, 8)]).subarray(0, 24);
  return encrypt('des-ede3', key.length === 8 ? Buffer.concat([key, key, key]) : whole, data);
}

function nextHalf(key: Uint8Array, register: Uint8Array): Buffer {
  return add(tdes(key.subarray(0, 8), add(register, key.subarray(8))), key.subarray(8));
}

/** The PIN key of a transaction from the BDK (ANSI X9.24-1:2009). */
export function naiveTdesPinKey(bdk: Uint8Array, ksn: string): Buffer {
  const serial = Buffer.from(ksn, 'hex');
  const counter = serial.readUInt32BE(6) & 0x1fffff;
  serial[7]! &= 0xe0;
  serial.fill(0, 8);
  const id = serial.subarray(0, 8);
  let key = Buffer.concat([tdes(bdk, id), tdes(add(bdk, KEY_MASK), id)]);
  const base = serial.readUInt32BE(6);
  let walked = 0;
  for (let bit = 0x100000; bit > 0; bit >>= 1) {
    if ((counter & bit) === 0) continue;
    walked |= bit;
    serial.writeUInt32BE((base | walked) >>> 0, 6);
    const register = serial.subarray(2);
    key = Buffer.concat([nextHalf(add(key, KEY_MASK), register), nextHalf(key, register)]);
  }
  return add(key, PIN_VARIANT);
}

function aesDerive(key: Uint8Array, usage: number, context: Uint8Array): Buffer {
  const bits = key.length * 8;
  const blocks = Array.from({ length: Math.ceil(key.length / 16) }, (_, i) => {
    const head = Buffer.from([1, i + 1, usage >> 8, usage & 0xff, 0, key.length / 8, bits >> 8, bits & 0xff]);
    return encrypt(`aes-${bits}-ecb`, key, Buffer.concat([head, context]));
  });
  return Buffer.concat(blocks).subarray(0, key.length);
}

/** The PIN key of a transaction, of the BDK's own type, from the BDK (ANSI X9.24-3:2017). */
export function naiveAesPinKey(bdk: Uint8Array, ksn: string): Buffer {
  const serial = Buffer.from(ksn, 'hex');
  const counter = serial.readUInt32BE(8);
  let key = aesDerive(bdk, 0x8001, serial.subarray(0, 8));
  const context = Buffer.from(serial.subarray(4));
  let walked = 0;
  for (let bit = 31; bit >= 0; bit -= 1) {
    if (((counter >>> bit) & 1) === 0) continue;
    walked = (walked | (1 << bit)) >>> 0;
    context.writeUInt32BE(walked, 4);
    key = aesDerive(key, 0x8000, context);
  }
  return aesDerive(key, 0x1000, context);
}
