import {
  decodeHex,
  encodeHex,
  type PinBlockBinding,
  PinBlockError,
  type PinBlockFormat,
  translatePinBlock,
} from '@keywright/crypto';
import type { TranslationIsoFormats } from '../../api/data-plane.generated.ts';
import { onlyMember } from '../only-member.ts';
import type { Operation } from '../operation.ts';
import { pinBlockRefusal } from './pin-block-refusal.ts';
import { openPinKey } from './pin-key.ts';

interface PinBlockShape {
  readonly format: PinBlockFormat;
  readonly pan?: string;
}

/** The formats by their names in requests; AS 2805.3 writes its format 0 as ISO 9564 does. */
const FORMATS: Readonly<Record<keyof TranslationIsoFormats, PinBlockFormat>> = {
  IsoFormat0: 'ISO_0',
  IsoFormat1: 'ISO_1',
  IsoFormat3: 'ISO_3',
  IsoFormat4: 'ISO_4',
  As2805Format0: 'ISO_0',
};

function shapeOf(formats: TranslationIsoFormats): PinBlockShape {
  const name = onlyMember('The format', formats);
  const { PrimaryAccountNumber: pan } = formats[name] as { PrimaryAccountNumber?: string };
  return { format: FORMATS[name], ...(pan !== undefined && { pan }) };
}

function translate(block: Uint8Array, incoming: PinBlockBinding, outgoing: PinBlockBinding): Uint8Array {
  try {
    return translatePinBlock({ block, incoming, outgoing });
  } catch (error) {
    throw error instanceof PinBlockError ? pinBlockRefusal(error, 'translated') : error;
  }
}

/** Takes a PIN block from one key and format to another; the PIN is clear only inside. */
export const translatePinData: Operation<'TranslatePinData'> = async (input, context) => {
  const incoming = shapeOf(input.IncomingTranslationAttributes);
  const outgoing = shapeOf(input.OutgoingTranslationAttributes);
  const incomingKey = {
    identifier: input.IncomingKeyIdentifier,
    dukpt: input.IncomingDukptAttributes,
    as2805: input.IncomingAs2805Attributes,
    wrapped: input.IncomingWrappedKey,
    wrappedField: 'IncomingWrappedKey',
  };
  const outgoingKey = {
    identifier: input.OutgoingKeyIdentifier,
    dukpt: input.OutgoingDukptAttributes,
    wrapped: input.OutgoingWrappedKey,
    wrappedField: 'OutgoingWrappedKey',
  };
  using from = await openPinKey(incomingKey, 'Decrypt', context);
  using to = await openPinKey(outgoingKey, 'Encrypt', context);
  const pinBlock = translate(
    decodeHex(input.EncryptedPinBlock, 'EncryptedPinBlock'),
    { ...incoming, key: from.key, algorithm: from.cipher },
    { ...outgoing, key: to.key, algorithm: to.cipher },
  );
  return { PinBlock: encodeHex(pinBlock), ...to.answer };
};
