import { assertLength, concat, xor } from '../bytes/bytes.ts';
import { decodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';

const STAN = /^[0-9]{6}$/;
const AMOUNT = /^[0-9]{12}$/;

/** The two fields of a transaction that its key is made of: the STAN, filled on the right, and the amount, on the left. */
function derivationData(stan: string, amount: string): Uint8Array {
  if (!STAN.test(stan)) throw new RangeError(`STAN must be 6 digits, got ${stan.length} characters`);
  if (!AMOUNT.test(amount)) throw new RangeError(`amount must be 12 digits, got ${amount.length} characters`);
  return concat(
    decodeHex(stan.padEnd(16, '0'), 'STAN field'),
    decodeHex(amount.padStart(16, '0'), 'amount field'),
  );
}

/** The one-way function: the data, encrypted from their own MAC as IV, added to themselves. */
function oneWay(key: Secret, data: Uint8Array): Secret {
  const cipher = cipherOf('TDES', key);
  const mac = cipher.encryptCbc(new Uint8Array(8), data).subarray(-8);
  using encrypted = Secret.take(cipher.encryptCbc(mac, data));
  return Secret.take(encrypted.expose((bytes) => xor(bytes, data)));
}

/**
 * The PIN encryption key of one transaction, KPE (AS 2805.6.4), from the terminal's PIN protection key, KPP.
 *
 * @param o.kpp 16 bytes
 * @param o.stan system trace audit number: 6 digits
 * @param o.amount of the transaction: 12 digits
 * @returns KPE, 16 bytes; its parity is as it comes
 * @throws RangeError when a length is another, or a field is not of digits
 */
export function deriveSessionPinKey(o: { kpp: Secret; stan: string; amount: string }): Secret {
  assertLength(o.kpp, [16], 'KPP');
  return oneWay(o.kpp, derivationData(o.stan, o.amount));
}
