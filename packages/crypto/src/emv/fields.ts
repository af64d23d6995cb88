import type { Secret } from '../bytes/secret.ts';
import { isPin } from '../pin/pin.ts';
import { EmvError, type EmvErrorCode } from './emv-error.ts';

/** @throws EmvError (KEY_LENGTH) unless the key is two-key TDES */
export function assertKey(key: Secret, title: string): void {
  if (key.length !== 16) throw new EmvError('KEY_LENGTH', `${title} must be 16 bytes, got ${key.length}`);
}

/** @throws EmvError of the code unless the field has the length */
export function assertBytes(bytes: Uint8Array, length: number, code: EmvErrorCode, title: string): void {
  if (bytes.length !== length) {
    throw new EmvError(code, `${title} must be ${length} bytes, got ${bytes.length}`);
  }
}

/** @throws EmvError (COUNTER_INVALID) */
export function assertCounter(counter: Uint8Array): void {
  assertBytes(counter, 2, 'COUNTER_INVALID', 'application transaction counter');
}

/** @throws EmvError (CRYPTOGRAM_INVALID) */
export function assertCryptogram(cryptogram: Uint8Array): void {
  assertBytes(cryptogram, 8, 'CRYPTOGRAM_INVALID', 'application cryptogram');
}

/** @throws EmvError (PIN_INVALID); its message does not tell the length */
export function assertPin(pin: Secret, title: string): void {
  if (!isPin(pin)) throw new EmvError('PIN_INVALID', `${title} must be 4 to 12 ASCII digits`);
}
