import type { VerificationFailedReason } from '../../api/data-plane.generated.ts';
import { AwsException } from '../../api/exceptions.ts';

/** AWS's words. What was wrong, and how near it came, is not told. */
const MESSAGES: Readonly<Record<VerificationFailedReason, string>> = {
  INVALID_AUTH_REQUEST_CRYPTOGRAM: 'Auth request cryptogram verification failed.',
  INVALID_MAC: 'Mac verification failed',
  INVALID_PIN: 'Pin block verification failed.',
  INVALID_VALIDATION_DATA: 'Card validation data verification failed.',
};

/** What was presented is not what it should be. */
export function verificationFailed(Reason: VerificationFailedReason): AwsException {
  return new AwsException('VerificationFailedException', MESSAGES[Reason], { Reason });
}
