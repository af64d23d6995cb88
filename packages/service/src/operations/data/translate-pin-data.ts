import {
  decodeHex,
  encodeHex,
  type PinBlockBinding,
  PinBlockError,
  type PinBlockFormat,
  translatePinBlock,
} from '@keywright/crypto';
import type {
  DataPlane,
  DukptDerivationAttributes,
  TranslationIsoFormats,
} from '../../api/data-plane.generated.ts';
import { type AwsException, invalid } from '../../api/exceptions.ts';
import { keyArn } from '../key-identifier.ts';
import type { Context, Operation } from '../operation.ts';
import { openDukptKey, openStaticKey, type WorkingKey } from './working-key.ts';

type Input = DataPlane['TranslatePinData']['input'];

/** What was wrong of a PIN block is not told: it would help somebody who tries PINs. */
const INVALID_PIN_BLOCK =
  'Pin block provided is invalid. Please check your input to ensure all field values are correct.';

const UNSUPPORTED = ['IncomingWrappedKey', 'OutgoingWrappedKey', 'IncomingAs2805Attributes'] as const;

interface PinBlockShape {
  readonly format: PinBlockFormat;
  readonly pan?: string;
}

function shapeOf(formats: TranslationIsoFormats): PinBlockShape {
  if (formats.IsoFormat0) return { format: 'ISO_0', pan: formats.IsoFormat0.PrimaryAccountNumber };
  if (formats.IsoFormat1) return { format: 'ISO_1' };
  if (formats.IsoFormat3) return { format: 'ISO_3', pan: formats.IsoFormat3.PrimaryAccountNumber };
  if (formats.IsoFormat4) return { format: 'ISO_4', pan: formats.IsoFormat4.PrimaryAccountNumber };
  throw invalid('As2805Format0 is not supported in this release: use IsoFormat0, 1, 3 or 4.');
}

function rejectUnsupported(input: Input): void {
  for (const member of UNSUPPORTED) {
    if (input[member] !== undefined)
      throw invalid(`${member} is not supported in this release: use a stored key.`);
  }
}

function openPinKey(
  identifier: string,
  dukpt: DukptDerivationAttributes | undefined,
  mode: 'Encrypt' | 'Decrypt',
  context: Context,
): Promise<WorkingKey> {
  if (dukpt !== undefined) return openDukptKey(identifier, dukpt, 'pin', context);
  return openStaticKey(identifier, { usage: 'TR31_P0_PIN_ENCRYPTION_KEY', mode }, context);
}

/** Inside of the block nothing is told apart; what is wrong with the request itself is said. */
function refusal({ code, message }: PinBlockError): AwsException {
  const inside = code === 'PIN_BLOCK_INVALID' || code === 'PIN_BLOCK_LENGTH';
  return invalid(inside ? INVALID_PIN_BLOCK : `The PIN block can't be translated: ${message}.`);
}

function translate(block: Uint8Array, incoming: PinBlockBinding, outgoing: PinBlockBinding): Uint8Array {
  try {
    return translatePinBlock({ block, incoming, outgoing });
  } catch (error) {
    throw error instanceof PinBlockError ? refusal(error) : error;
  }
}

/** Takes a PIN block from one key and format to another; the PIN is clear only inside. */
export const translatePinData: Operation<'TranslatePinData'> = async (input, context) => {
  rejectUnsupported(input);
  const incoming = shapeOf(input.IncomingTranslationAttributes);
  const outgoing = shapeOf(input.OutgoingTranslationAttributes);
  using from = await openPinKey(
    input.IncomingKeyIdentifier,
    input.IncomingDukptAttributes,
    'Decrypt',
    context,
  );
  using to = await openPinKey(input.OutgoingKeyIdentifier, input.OutgoingDukptAttributes, 'Encrypt', context);
  const pinBlock = translate(
    decodeHex(input.EncryptedPinBlock, 'EncryptedPinBlock'),
    { ...incoming, key: from.key, algorithm: from.cipher },
    { ...outgoing, key: to.key, algorithm: to.cipher },
  );
  return {
    PinBlock: encodeHex(pinBlock),
    KeyArn: keyArn(context.account, to.record.region, to.record.keyId),
    KeyCheckValue: to.record.checkValue,
  };
};
