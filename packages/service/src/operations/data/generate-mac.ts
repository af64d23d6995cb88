import { encodeHex } from '@keywright/crypto';
import { invalid } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';
import { messageMac, SHORTEST_MAC } from './message-mac.ts';

/** Makes the MAC of a message, and cuts it to the length asked for. */
export const generateMac: Operation<'GenerateMac'> = async (input, context) => {
  const request = { ...input, attributes: input.GenerationAttributes };
  const { answer, mac, usualLength } = await messageMac('Generate', request, context);
  const length = input.MacLength ?? usualLength;
  if (length > mac.length) {
    throw invalid(
      `MacLength must be ${SHORTEST_MAC} to ${mac.length} bytes with this algorithm, got ${length}.`,
    );
  }
  return { ...answer, Mac: encodeHex(mac.subarray(0, length)) };
};
