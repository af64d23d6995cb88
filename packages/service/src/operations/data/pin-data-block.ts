import {
  decodeHex,
  decryptPinBlock,
  encodeHex,
  encryptPinBlock,
  type PinBlockBinding,
  PinBlockError,
  type PinBlockFormat,
  type Secret,
} from '@keywright/crypto';
import type { PinBlockFormatForPinData } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { invalidPinBlock, pinBlockRefusal } from './pin-block-refusal.ts';
import type { WorkingKey } from './working-key.ts';

/** How requests on PINs name the format of the block and the card that it is bound to. */
export interface PinBlockShape {
  readonly PinBlockFormat: PinBlockFormatForPinData;
  readonly PrimaryAccountNumber?: string;
}

const FORMATS: Record<PinBlockFormatForPinData, PinBlockFormat> = {
  ISO_FORMAT_0: 'ISO_0',
  ISO_FORMAT_1: 'ISO_1',
  ISO_FORMAT_3: 'ISO_3',
  ISO_FORMAT_4: 'ISO_4',
};

/** Format 1 has no PAN; a request may have one all the same, for the PIN itself. */
function bindingOf(
  { PinBlockFormat, PrimaryAccountNumber }: PinBlockShape,
  working: WorkingKey,
): PinBlockBinding {
  const block = { format: FORMATS[PinBlockFormat], key: working.key, algorithm: working.cipher };
  if (PinBlockFormat === 'ISO_FORMAT_1') return block;
  if (PrimaryAccountNumber === undefined) {
    throw invalid(`PrimaryAccountNumber is required when PinBlockFormat is ${PinBlockFormat}.`);
  }
  return { ...block, pan: PrimaryAccountNumber };
}

function refusing<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof PinBlockError ? pinBlockRefusal(error, what) : error;
  }
}

/** @throws AwsException (ValidationException), the same whatever is wrong inside of the block */
export function decryptPin(shape: PinBlockShape, working: WorkingKey, digits: string): Secret {
  const binding = bindingOf(shape, working);
  if (digits.length % 2 !== 0) throw invalidPinBlock();
  const block = decodeHex(digits, 'EncryptedPinBlock');
  return refusing('read', () => decryptPinBlock({ ...binding, block }));
}

/** @throws AwsException (ValidationException) when the key does not fit the format */
export function encryptPin(shape: PinBlockShape, working: WorkingKey, pin: Secret): string {
  const binding = bindingOf(shape, working);
  return encodeHex(refusing('made', () => encryptPinBlock({ ...binding, pin })));
}
