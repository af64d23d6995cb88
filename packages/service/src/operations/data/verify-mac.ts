import { decodeHex, equal } from '@keywright/crypto';
import { invalid } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';
import { messageMac, SHORTEST_MAC } from './message-mac.ts';
import { verificationFailed } from './verification-failed.ts';

function checkLength(length: number, whole: number, wanted: number | undefined): void {
  if (length < SHORTEST_MAC || length > whole) {
    throw invalid(
      `Mac must have ${SHORTEST_MAC * 2} to ${whole * 2} hexadecimal digits with this algorithm, got ${length * 2}.`,
    );
  }
  if (wanted !== undefined && wanted !== length) {
    throw invalid(
      `MacLength is ${wanted} bytes, but Mac has ${length}: send both the same, or no MacLength.`,
    );
  }
}

/** Verifies the MAC of a message, or its leading bytes, in constant time. */
export const verifyMac: Operation<'VerifyMac'> = async (input, context) => {
  const request = { ...input, attributes: input.VerificationAttributes };
  const { answer, mac } = await messageMac('Verify', request, context);
  const presented = decodeHex(input.Mac, 'Mac');
  checkLength(presented.length, mac.length, input.MacLength);
  if (!equal(presented, mac.subarray(0, presented.length))) throw verificationFailed('INVALID_MAC');
  return answer;
};
