import { decodeHex, encodeHex } from '@keywright/crypto';
import { invalid } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';
import { cryptData } from './data-cipher.ts';
import { type DataKeyRequest, openDataKey } from './data-key.ts';

/** A key that is stored as it is used. */
function isStatic({ attributes, wrapped }: DataKeyRequest): boolean {
  return attributes.Symmetric !== undefined && wrapped === undefined;
}

/** Takes data from one key to another, of which at least one lives no longer than a transaction; they are clear only inside. */
export const reEncryptData: Operation<'ReEncryptData'> = async (input, context) => {
  const incoming: DataKeyRequest = {
    identifier: input.IncomingKeyIdentifier,
    attributes: input.IncomingEncryptionAttributes,
    wrapped: input.IncomingWrappedKey,
    wrappedField: 'IncomingWrappedKey',
  };
  const outgoing: DataKeyRequest = {
    identifier: input.OutgoingKeyIdentifier,
    attributes: input.OutgoingEncryptionAttributes,
    wrapped: input.OutgoingWrappedKey,
    wrappedField: 'OutgoingWrappedKey',
  };
  if (isStatic(incoming) && isStatic(outgoing)) {
    throw invalid(
      'KeyUsages not allowed for this operation. Both keys are static; use Dukpt attributes or a wrapped key on one side at least.',
    );
  }
  using from = await openDataKey('decrypt', incoming, context);
  using to = await openDataKey('encrypt', outgoing, context);
  const cipherText = { field: 'CipherText', bytes: decodeHex(input.CipherText, 'CipherText') };
  const plainText = cryptData('decrypt', from, incoming.attributes, cipherText);
  try {
    const data = { field: 'The data in CipherText', bytes: plainText };
    return { ...to.answer, CipherText: encodeHex(cryptData('encrypt', to, outgoing.attributes, data)) };
  } finally {
    plainText.fill(0);
  }
};
