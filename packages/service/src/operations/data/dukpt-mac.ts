import type { DukptUsage } from '@keywright/crypto';
import type { DukptKeyVariant, MacAlgorithmDukpt, MacAttributes } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import type { Context } from '../operation.ts';
import { BLOCK_CIPHER_MACS, type BlockCipherMacName, type WholeMac, wholeMac } from './block-cipher-mac.ts';
import { openDukptKey } from './working-key.ts';

export type DukptMacName = Extract<keyof MacAttributes, `Dukpt${string}`>;

const MACS: Record<DukptMacName, BlockCipherMacName> = {
  DukptIso9797Algorithm1: 'ISO9797_ALGORITHM1',
  DukptIso9797Algorithm3: 'ISO9797_ALGORITHM3',
  DukptCmac: 'CMAC',
};

/** X9.24-3 has a MAC key for each direction and one for both; X9.24-1 has none for both, which the library says. */
const MAC_USAGES: Record<DukptKeyVariant, DukptUsage> = {
  REQUEST: 'mac-request',
  RESPONSE: 'mac-response',
  BIDIRECTIONAL: 'mac-both',
};

const BLOCK = 8;

/** With DUKPT nothing is padded, and a block is the least. */
function checkMessage(name: DukptMacName, { length }: Uint8Array): void {
  const got = `got ${length * 2}`;
  if (length < BLOCK) {
    throw invalid(`MessageData must have at least ${BLOCK * 2} hexadecimal digits with ${name}, ${got}.`);
  }
  if (name !== 'DukptCmac' && length % BLOCK !== 0) {
    throw invalid(
      `MessageData must have a multiple of ${BLOCK * 2} hexadecimal digits with ${name}, ${got}: pad it first.`,
    );
  }
}

/**
 * The MAC of a message under a key derived from a B0 key for one transaction.
 *
 * @throws AwsException when there is no such key, it may not do this, or message, KSN and derivation type do not fit
 */
export async function dukptMac(
  name: DukptMacName,
  { DukptDerivationType, ...request }: MacAlgorithmDukpt,
  identifier: string,
  message: Uint8Array,
  context: Context,
): Promise<WholeMac> {
  checkMessage(name, message);
  const dukpt = {
    KeySerialNumber: request.KeySerialNumber,
    ...(DukptDerivationType && { DukptKeyDerivationType: DukptDerivationType }),
  };
  using working = await openDukptKey(identifier, dukpt, MAC_USAGES[request.DukptKeyVariant], context);
  if (working.cipher === 'AES' && name !== 'DukptCmac') {
    throw invalid(`${name} takes TDES keys: set DukptDerivationType to TDES_2KEY or TDES_3KEY.`);
  }
  return wholeMac(BLOCK_CIPHER_MACS[MACS[name]], working, message);
}
